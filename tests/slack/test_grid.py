"""Enterprise Grid: an organisation of several workspaces, of which the bot serves one."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.app import assemble
from bot.cli.sandbox import SECRET, TOKEN, sandbox_settings, sandboxed
from bot.sandbox.person import Person
from bot.sandbox.server import start
from bot.sandbox.workspace import FIRM, User
from tests.slack.office import real_clock
from tests.slack.steps import reports, soon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.sandbox.server import Sandbox

MOVER = User("U0NIA", "nia", "Nia Owusu", "Rep", "T0SISTER", "2f6f5e", teams=("T0SISTER", FIRM.team_id))
SISTER = User("U0SUE", "sue", "Sue Park", "Rep", "T0SISTER", "2f6f5e", teams=("T0SISTER",))
GRID = replace(
    FIRM,
    users=(*FIRM.users, MOVER, SISTER),
    channels=tuple(replace(each, members=each.members | {MOVER.id, SISTER.id}) for each in FIRM.channels),
)


@pytest.fixture
def org() -> Iterator[Sandbox]:
    with sandboxed(real_clock, 0, threading.Event(), workspace=GRID) as sandbox:
        yield sandbox


def test_a_member_of_several_workspaces_reports_and_one_of_another_alone_hears_it_before_a_form_opens(
    org: Sandbox,
) -> None:
    reports(Person(org.url, MOVER.id))
    assert Person(org.url, MOVER.id).direct_message("Your report")
    refused = Person(org.url, SISTER.id).command("/report-abuse", "Zenith Corp")
    assert refused.title == "Nothing has changed"


def test_an_app_of_a_whole_organisation_says_so_and_takes_nothing(tmp_path: Path) -> None:
    sandbox = start(replace(FIRM, org_wide=True), signing_secret=SECRET, token=TOKEN, now=real_clock)
    bot = assemble(sandbox_settings(sandbox, tmp_path), real_clock)
    bot.worker.start()
    try:
        assert soon(lambda: "installed for a whole organisation" in bot.worker.roster.not_started())
        assert bot.worker.roster.our_team() == ""
    finally:
        bot.worker.stop()
        bot.database.close()
        sandbox.stop()
