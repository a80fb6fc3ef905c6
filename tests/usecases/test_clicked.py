"""Messages that somebody clicked are updated before all others, however many wait."""

import pytest

from bot.usecases.context import Context
from bot.usecases.reports.withdraw import Withdraw, withdraw
from storage.database import Database
from tests.builders import FrozenClock, before_a_decision, kept, read_from_slack, reported, someone
from tests.storage.claiming import claim, claimed, show


@pytest.fixture
def case(context: Context, database: Database, clock: FrozenClock) -> int:
    """A case to be decided, while the messages about twelve other customers wait for an edit."""
    to_decide = before_a_decision(context, clock)
    for number in range(12):
        reported(context, "U0ANA", f"Customer {number}")
    _show_all(database, clock)
    for number in range(12):
        reported(context, "U0JOE", f"Customer {number}")
    clock.forward(seconds=30)
    read_from_slack(context)
    return to_decide


def test_the_waiting_edits_are_not_urgent(case: int, database: Database, clock: FrozenClock) -> None:
    del case
    assert not claimed(database, clock()).urgent


def test_the_notice_of_a_decided_case_is_updated_first(
    case: int, context: Context, database: Database, clock: FrozenClock
) -> None:
    kept(context, case)
    job = claimed(database, clock())
    assert (job.kind, job.subject) == ("case", case)


def test_the_messages_about_a_withdrawn_report_are_updated_first(
    case: int, context: Context, database: Database, clock: FrozenClock
) -> None:
    del case
    withdraw(context, Withdraw(someone("U0ANA"), 5))
    jobs = [claimed(database, clock()) for _ in range(2)]
    assert {job.kind for job in jobs} == {"case", "report"}
    assert all(job.urgent for job in jobs)
    assert ("report", 5) in {(job.kind, job.subject) for job in jobs}


def _show_all(database: Database, clock: FrozenClock) -> None:
    for _ in range(200):
        if job := claim(database, clock()):
            show(database, job, clock(), f"1.{job.subject:06d}")
        clock.forward(seconds=0.25)
    with database.outbox() as outbox:
        assert outbox.behind() == (0, None)
