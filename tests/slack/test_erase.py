"""`erase`, typed beside a running bot: what Slack shows of the customer is edited."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.app import render_function
from bot.rules.notices import NoticeKind
from bot.usecases.customers.erase import erase_person
from storage.tables.outbox import notice
from tests.builders import FIRM, TEAM, a_context, a_profile, read_from_slack, reported
from tests.forked import command
from tests.slack.calling import order
from tests.slack.office import shown
from tests.slack.steps import is_ready, soon
from tests.slack.test_serve import serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.sandbox.person import Person
    from bot.sandbox.server import Sandbox
    from tests.slack.office import Office

FAULTS = (None, "500", "drop_after", "error:message_not_found")
NOTIFIED = {"What kind of conduct?": "Verbal abuse", "How serious?": "Minor", "What happened?": "She called me a gnu."}


def erase(folder: Path, sandbox: Sandbox, *words: str) -> tuple[int, str, str]:
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_SIGNING_SECRET": "shhh",
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'record.db'}",
        "MANAGEMENT_CHANNEL": "C0MANAGE",
        "MANAGERS": "S0MANAGERS",
    }
    return command(folder, {"PATH": os.environ["PATH"], **settings}, "erase", *words).result()


@pytest.fixture
def bot_beside(sandbox: Sandbox, tmp_path: Path) -> object:
    with serving(sandbox, tmp_path) as running:
        sandbox.bot_url = f"{running.url}slack/events"
        assert soon(lambda: is_ready(sandbox))
        yield running


@pytest.mark.usefixtures("bot_beside")
def test_the_reps_message_says_that_it_was_erased(
    sandbox: Sandbox, person: Callable[[str], Person], tmp_path: Path
) -> None:
    ana = person("U0ANA")
    form = ana.command("/report-abuse", "Zenith Corp")
    form.fill(NOTIFIED)
    form.submit()
    ana.direct_message("Your report on Zenith Corp")
    code, said, complaint = erase(tmp_path, sandbox, "--customer", "Zenith Corp")
    assert (code, said) == (2, "")
    assert "Add --yes. Nothing was erased." in complaint
    code, said, complaint = erase(tmp_path, sandbox, "--customer", "Zenith Corp", "--yes")
    assert (code, complaint) == (0, "")
    assert said.startswith("Found: customer 1, Zenith Corp, no reference, ")
    assert "Customer 1 is erased: names and texts, in records: 1." in said
    ana.direct_message("Your report on Erased customer 1")
    assert not [message for message in ana.direct_messages() if "Zenith" in str(message.raw)]


def kept_of_care(office: Office) -> list[int]:
    """The reports of which the outbox has a message to the care contact."""
    with office.database.engine.connect() as connection:
        return list(connection.scalars(select(notice.c.subject).where(notice.c.kind == NoticeKind.CARE)))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("posted", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_kept_of_the_care_message_once_slack_shows_that_it_was_erased(
    ours: Office, sandbox: Sandbox, fault: str | None, *, posted: bool
) -> None:
    """Also where the edit fails first; where the message was deleted, or not posted yet, nothing is posted."""
    context = a_context(ours.database, ours.clock, replace(FIRM, care_contact="U0CORA"))
    ours.render = render_function(context)
    read_from_slack(context)
    reported(context, "U0ANA", wants_support=True)
    reported(context, "U0JOE", wants_support=True)
    if posted:
        ours.attempts_within(seconds=30)
        assert "U0ANA" in "".join(shown(sandbox, "D0CORA", "U0CORA"))
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0ANA", ours.clock(), deactivated=True)])
    erase_person(context, TEAM, "U0ANA", "root")
    assert kept_of_care(ours) == [1, 2]
    if fault:
        order(sandbox, "chat.update", fault, times=9)
        ours.attempts_within(seconds=30)
    ours.attempts_within(seconds=1200)
    assert kept_of_care(ours) == [2]
    to_cora = "".join(shown(sandbox, "D0CORA", "U0CORA"))
    assert "U0JOE" in to_cora
    assert ("U0ANA" in to_cora) == (posted and fault == "error:message_not_found")  # Slack says that it is not there
