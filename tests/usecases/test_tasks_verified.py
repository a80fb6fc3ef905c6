"""`audit verify` works scheduled tasks out again: what ends a decision or has a rep asked cannot be taken away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.rules.policy.verdicts import Severity
from bot.usecases.reports.withdraw import Withdraw, withdraw
from storage.tables.outbox import step
from tests.builders import TEAM, audit_problems, before_a_decision, kept, opened, reported, someone, warned

if TYPE_CHECKING:
    from bot.usecases.context import Context
    from storage.database import Database
    from tests.builders import FrozenClock
    from tests.later import Later

TASKS = {
    "the review of the decision in case 2": ("review", 2, timedelta(days=190)),
    "the end of the warning of customer 2": ("warning_ends", 2, timedelta(days=366)),
    "the check-in about report 5": ("checkin", 5, timedelta(days=8)),
}


@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize("what", TASKS)
@pytest.mark.parametrize("done", ["removed", "put off"])
def test_a_task_that_is_removed_or_put_off_is_named(
    context: Context, clock: FrozenClock, database: Database, what: str, done: str
) -> None:
    """The review of a customer who was kept with conditions, the end of a warning, and how a rep is."""
    kept(context, before_a_decision(context, clock))
    warned(context, opened(context, "U0ANA", "Acme").number)
    reported(context, "U0JOE", "Globex")
    assert list(audit_problems(database, clock())) == []
    kind, subject, later = TASKS[what]
    its = (step.c.kind == kind, step.c.subject == subject)
    with database.engine.begin() as connection:
        change = step.delete() if done == "removed" else step.update().values(at=clock() + later)
        assert connection.execute(change.where(*its)).rowcount == 1
    assert list(audit_problems(database, clock())) == [f"{TEAM}, {what} is not scheduled as it should be."]


def test_a_check_in_that_was_made_or_need_not_be_is_not_missed(context: Context, later: Later) -> None:
    """Nobody is asked who has withdrawn the report, or whose profile was never read."""
    reported(context, "U0ANA", "Acme", severity=Severity.MINOR)
    reported(context, "U0NEW", "Acme", severity=Severity.MINOR)
    withdraw(context, Withdraw(someone("U0JOE"), reported(context, "U0JOE", "Acme", severity=Severity.MINOR).report))
    for days in (0, 1, 3, 4):
        later.go_to(later.clock() + timedelta(days=days, hours=1))
        assert list(audit_problems(later.database, later.clock())) == []
