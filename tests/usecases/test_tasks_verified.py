"""`audit verify` works scheduled tasks out again: what ends a decision or has a rep asked cannot be taken away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.rules.audit import Act
from bot.rules.objections import Answer
from bot.rules.policy.verdicts import Severity
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.sent_letters import LetterKind
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.customers.safeguards import SetSafeguard, set_safeguard
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.reports.withdraw import Withdraw, withdraw
from storage.db.digested_tables import DIGESTED
from storage.tables.audit import audit
from storage.tables.outbox import step
from tests.builders import (
    TEAM,
    audit_problems,
    before_a_decision,
    kept,
    opened,
    reported,
    rows,
    run_due_tasks,
    someone,
    warned,
)
from tests.tampering import FOUND, TASKS, tasks_printed

if TYPE_CHECKING:
    from bot.usecases.context import Context
    from storage.database import Database
    from tests.builders import FrozenClock
    from tests.later import Later

NAMED = {
    "the review of the decision in case 2": ("review", 2, timedelta(days=190)),
    "the end of the warning of customer 2": ("warning_ends", 2, timedelta(days=366)),
    "the check-in about report 5": ("checkin", 5, timedelta(days=8)),
}


@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize("what", NAMED)
@pytest.mark.parametrize("done", ["removed", "put off"])
def test_a_task_that_is_removed_or_put_off_is_named(
    context: Context, clock: FrozenClock, database: Database, what: str, done: str
) -> None:
    """The review of a customer who was kept with conditions, the end of a warning, and how a rep is."""
    kept(context, before_a_decision(context, clock))
    warned(context, opened(context, "U0ANA", "Acme").number)
    reported(context, "U0JOE", "Globex")
    assert list(audit_problems(database, clock())) == []
    kind, subject, later = NAMED[what]
    its = (step.c.kind == kind, step.c.subject == subject)
    with database.engine.begin() as connection:
        change = step.delete() if done == "removed" else step.update().values(at=clock() + later)
        assert connection.execute(change.where(*its)).rowcount == 1
    assert list(audit_problems(database, clock())) == [f"{TEAM}, {what} is not scheduled as it should be."]


def much_is_scheduled(later: Later) -> None:
    """An objection to a decision, an overdue case, a safeguard that ends, and a warning."""
    later.objects(later.dropped())
    case = opened(later.context, "U0JOE", "Globex", category="threat").number
    until = later.clock().date() + timedelta(days=90)
    set_safeguard(later.context, SetSafeguard(someone("U0PRIYA"), case, "health", "Their daughter told us.", until))
    later.go_to(later.clock() + timedelta(days=20))
    warned(later.context, opened(later.context, "U0ANA", "Acme").number)


@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize("kind", TaskKind)
def test_of_each_kind_of_task_the_page_says_whether_it_is_missed(later: Later, kind: TaskKind) -> None:
    """Letters, an objection, an overdue case and one in time, a warning, a safeguard, a call, a rep to ask."""
    context, database, clock = later.context, later.database, later.clock
    much_is_scheduled(later)
    opened(context, "U0ANA", "Initech")
    call_backup(context, CallBackup(someone("U0ANA")))
    with database.engine.begin() as connection:
        removed = connection.execute(step.delete().where(step.c.kind == kind)).rowcount
    assert removed or TASKS[kind] != FOUND
    assert bool(list(audit_problems(database, clock()))) is (TASKS[kind] == FOUND)


ASKS = {Act.REMIND, Act.CHECK_IN, Act.ASK_WHAT_WAS_LEARNT, Act.OVERDUE, Act.OBJECTION_OVERDUE, Act.WIDEN_BACKUP}
"""What a task may do that comes too early: somebody is asked, once more. And the week that is over is summed up."""


@pytest.mark.usefixtures("tamper")
def test_a_task_that_is_put_in_does_only_what_the_record_calls_for(later: Later) -> None:
    context, database, clock = later.context, later.database, later.clock
    much_is_scheduled(later)
    opened(context, "U0ANA", "Initech")
    call_backup(context, CallBackup(someone("U0ANA")))
    run_due_tasks(context, database)
    before = {table: vouched_for(database, table) for table in DIGESTED}
    there = {(row.customer, row.n) for row in rows(database, audit)}
    for kind in TaskKind:
        with database.engine.begin() as connection:
            connection.execute(step.delete().where(step.c.kind == kind))
            put_in = {"team": TEAM, "kind": kind, "at": clock(), "failures": 0}
            connection.execute(step.insert(), [{**put_in, "subject": subject} for subject in range(6)])
        run_due_tasks(context, database)
        assert {table: vouched_for(database, table) for table in DIGESTED} == before, kind
    new = {row.act for row in rows(database, audit) if (row.customer, row.n) not in there}
    assert new <= ASKS | {Act.SUM_UP}


def vouched_for(database: Database, table: str) -> list[dict[str, Any]]:
    """The rows of a table, without what the log does not vouch for, and whom a call has asked."""
    out = {*DIGESTED[table].not_digested, "asked", "circle"}
    found = rows(database, DIGESTED[table].table)
    kept = ({name: value for name, value in row._mapping.items() if name not in out} for row in found)
    return sorted(kept, key=str)


def test_the_page_has_the_table_of_tasks() -> None:
    assert TASKS.keys() == set(TaskKind)
    assert tasks_printed() in (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8"), (
        "run python -m tests.tampering"
    )


@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize("answered", [False, True])
def test_a_letter_that_is_owed_is_missed_with_what_asks_for_it(later: Later, *, answered: bool) -> None:
    case = later.dropped()
    if answered:
        later.objects(case)
        later.answer(case, Answer.CANCELLED)
    assert list(audit_problems(later.database, later.clock())) == []
    with later.database.engine.begin() as connection:
        assert connection.execute(step.delete().where(step.c.kind == TaskKind.LETTER)).rowcount == 1
    what = "answer in" if answered else "letter of"
    problem = f"{TEAM}, what asks for the {what} case {case} is not scheduled as it should be."
    assert list(audit_problems(later.database, later.clock())) == [problem]
    later.sent(case, letter=LetterKind.ANSWER if answered else LetterKind.DECISION)
    assert list(audit_problems(later.database, later.clock())) == []


@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize(
    ("kind", "subject", "what", "changed"),
    [
        ("objection", 4, "the deadline of the objection in case 4", {"at": timedelta(days=60)}),
        ("objection", 2, "the deadline of the objection in case 2", {"at": timedelta(days=60)}),
        ("overdue", 3, "the deadline of case 3", {"at": timedelta(days=60)}),
        ("objection", 4, "what broke before (objection 4)", {"at": timedelta(days=20), "failures": 1}),
        ("safeguard", 1, "the end of safeguard 1", {"at": timedelta(days=60)}),
        ("safeguard", 1, "the end of safeguard 1", {}),
        ("letter", 2, "what asks for the letter of case 2", {"at": timedelta(days=60)}),
    ],
)
def test_no_deadline_and_no_end_is_put_off_unseen(
    later: Later, kind: str, subject: int, what: str, changed: dict[str, Any]
) -> None:
    """An objection to a decision that is overdue, one to a warning that is not, an overdue case, and a safeguard."""
    context, database, clock = later.context, later.database, later.clock
    much_is_scheduled(later)
    record_objection(context, RecordObjection(someone("U0PRIYA"), 4, "By letter", "It was not him."))
    assert list(audit_problems(database, clock())) == []
    its = (step.c.kind == kind, step.c.subject == subject)
    with database.engine.begin() as connection:
        values = changed | ({"at": clock() + changed["at"]} if changed else {})
        change = step.update().values(**values) if changed else step.delete()
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
