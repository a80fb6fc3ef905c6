"""An acknowledged report is never lost or doubled, though the bot is killed at random moments."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.person import Person
from tests.slack.calling import order
from tests.slack.crowd import Rep
from tests.slack.killing import SOON_AGAIN, kill_repeatedly
from tests.slack.steps import pressed, reports, with_letter

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.server import Sandbox

KILLS = int(os.environ.get("KILLS", "8"))
SEED = int(os.environ.get("SEED", "4"))


@pytest.mark.timeout(600 + 20 * KILLS)
def test_nothing_acked_is_lost_halved_or_doubled_by_kills(database_url: str, tmp_path: Path) -> None:
    found = kill_repeatedly(tmp_path, database_url, kills=KILLS, seed=SEED, min_reported=11, waits=SOON_AGAIN)
    assert found.forms == found.acked > 10
    assert found.faults() == {}, found


def test_a_withdrawal_that_comes_too_late_does_not_count_as_acked_though_no_form_can_open(firm: Sandbox) -> None:
    """The soak counted such a click as acked, and so its withdrawal as lost."""
    rep, priya = Rep(firm.url, "U0ANA", random.Random(1), most=0, rest=0), Person(firm.url, "U0PRIYA")
    reports(rep.person, category="Threat", severity="Severe")
    rep.person.direct_message("Zenith Corp")
    order(firm, "chat.update", "429", 50)  # so the button is still there once the case has ended
    form = pressed(priya, priya.message("C0MANAGE", "Zenith Corp"), "Keep customer")
    form.fill({"Why?": "It was said in anger."}).submit()
    with_letter(form)
    assert form.title == "Recorded"
    order(firm, "views.open", "error:expired_trigger_id")
    rep.take_back()
    assert rep.withdrawn == set()
