"""What is done while two records are one stays right when they are two again."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.rules.objections import Answer
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Denial, NotRecorded, Outdated
from bot.rules.reports import PickedCustomer, TypedCustomer
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.decisions.approvals import TakeApprovalBack, take_approval_back
from bot.usecases.decisions.decide import drop
from bot.usecases.objections.answer import AnswerObjection, answer_objection
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.access import see_case
from bot.usecases.warnings.warn import IssueWarning, NotNow, issue_warning, not_now
from handlers.shared.confirmations import recorded_view
from storage.database import Database
from storage.tables.cases import matter
from storage.tables.outbox import notice
from storage.tables.reports import report as report_table
from tests.builders import (
    TEAM,
    FrozenClock,
    a_drop,
    denied,
    dropped,
    kept,
    opened,
    read_case,
    read_from_slack,
    reported,
    rows,
    run_due_tasks,
    someone,
    until_recorded,
    version_of,
    warned,
)
from tests.later import Later


def joined(context: Context, duplicate: int, into: int) -> None:
    merge(context, Merge(someone("U0CARLA"), duplicate, into))


def undone(context: Context, merger: int = 1) -> None:
    undo_merge(context, UndoMerge(someone("U0CARLA"), merger))


def wanted(database: Database) -> dict[tuple[str, int, str], int]:
    return {(row.kind, row.subject, row.target): row.wanted for row in rows(database, notice)}


def test_what_was_posted_during_a_merger_follows_its_case_afterwards(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = opened(context, "U0ANA", "Acme", category="threat").number
    reported(context, "U0JOE", "Zebra", severity=Severity.MINOR)
    joined(context, 1, 2)
    clock.forward(days=2)
    read_from_slack(context)
    run_due_tasks(context, database)  # escalated while merged: these messages say customer=2, and keep it
    undone(context)
    before = wanted(database)
    kept(context, case, "U0BRAD", conditions=())
    after = wanted(database)
    assert after["raised", case, "U0RUTH"] > before["raised", case, "U0RUTH"]


@pytest.mark.parametrize("late", [False, True])
def test_a_merger_that_is_undone_again_and_again_gives_nobody_more_time(
    context: Context, clock: FrozenClock, *, late: bool
) -> None:
    """Of two open cases the one without a written warning ends with the merger, and has what time it had left."""
    threat = opened(context, "U0ANA", "Acme", category="threat")
    issue_warning(context, IssueWarning(someone("U0PRIYA"), opened(context, "U0JOE", "Zebra").number, "Please stop."))
    clock.forward(hours=5 if late else 3)
    read_from_slack(context)
    for merger in (1, 2):
        joined(context, 1, 2)
        assert not read_case(context, threat.number).case.is_open
        clock.forward(minutes=10)
        undone(context, merger)
    longer = timedelta() if late else timedelta(minutes=20)
    assert read_case(context, threat.number).case.due_at == threat.due_at + longer


def test_an_objection_recorded_during_a_merger_is_shown_as_answered(context: Context, database: Database) -> None:
    case = opened(context, "U0ANA", "Acme", category="public_abuse", severity=Severity.SERIOUS).number
    reported(context, "U0JOE", "Zebra", severity=Severity.MINOR)
    warned(context, case)
    joined(context, 1, 2)
    record_objection(context, RecordObjection(someone("U0PRIYA"), case, "By phone", "It was not so."))
    undone(context)
    before = wanted(database)["objection", case, "C0MANAGE"]
    answer_objection(
        context, AnswerObjection(someone("U0BRAD"), case, Answer.CANCELLED, "It was not him.", "Dear customer, …")
    )
    assert wanted(database)["objection", case, "C0MANAGE"] > before


def test_a_rep_whose_report_stays_in_the_others_decided_case_reads_what_becomes_of_it(
    context: Context, later: Later, database: Database
) -> None:
    case = opened(context, "U0ANA", "Acme", category="threat").number
    reported(context, "U0JOE", "Zebra", severity=Severity.MINOR)
    joined(context, 1, 2)
    kept(context, case, "U0BRAD")
    undone(context)  # report 2, about Zebra, stays in the case, which is Acme's
    before = wanted(database)["report", 2, "U0JOE"]
    later.objects(case)
    later.answer(case, Answer.CANCELLED, by="U0PRIYA")
    assert wanted(database)["report", 2, "U0JOE"] > before


def test_erasing_reaches_the_check_in_that_was_sent_during_a_merger(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    opened(context, "U0ANA", "Acme", category="threat")
    reported(context, "U0JOE", "Zebra", severity=Severity.MINOR)
    joined(context, 1, 2)
    clock.forward(days=2)
    read_from_slack(context)
    run_due_tasks(context, database)
    undone(context)
    before = wanted(database)["checkin", 1, "U0ANA"]
    erase_customer(context, EraseCustomer(TEAM, 1, "root", even_with_an_open_case=True))
    assert wanted(database)["checkin", 1, "U0ANA"] > before  # it says "You reported Acme"


def two_threats(context: Context) -> list[int]:
    return [opened(context, *each, category="threat").number for each in (("U0ANA", "Acme"), ("U0JOE", "Zebra"))]


def test_an_approval_of_two_records_does_not_count_for_one(context: Context) -> None:
    context = replace(context, policy=replace(context.policy, approvals_to_drop=2))
    case, _ = two_threats(context)
    joined(context, 2, 1)
    dropped(context, case, "U0PRIYA")
    undone(context)
    assert read_case(context, case).approvals == ()
    dropped(context, case, "U0BRAD")
    assert read_case(context, case).case.is_open


def test_whoever_saw_the_reports_of_both_does_not_decide_about_one(context: Context) -> None:
    case, _ = two_threats(context)
    joined(context, 2, 1)
    form = a_drop(context, case)
    undone(context)
    with pytest.raises(Outdated):
        drop(context, form)


@pytest.mark.parametrize(("duplicate", "into"), [(1, 2), (2, 1)])
def test_after_not_now_a_merger_and_its_undoing_open_no_case(
    context: Context, database: Database, duplicate: int, into: int
) -> None:
    case = opened(context, "U0ANA", "Acme", category="public_abuse", severity=Severity.SERIOUS).number
    not_now(context, NotNow(someone("U0PRIYA"), case, version_of(context, case), "Once only."))
    withdraw(context, Withdraw(someone("U0JOE"), reported(context, "U0JOE", "Zebra").report))
    joined(context, duplicate, into)
    undone(context)
    open_ = {row.number for row in rows(database, matter) if row.closed_at is None}
    assert open_ <= {row.case for row in rows(database, report_table)}, "an open case has no report"
    assert open_ == set(), "the matter that was answered Not now is before management again"


def test_a_case_that_a_merger_opened_ends_when_nothing_is_left_of_it(context: Context, database: Database) -> None:
    for rep, name in (("U0ANA", "Acme"), ("U0JOE", "Zebra")):
        reported(context, rep, name, severity=Severity.MINOR)
    joined(context, 1, 2)
    undone(context)
    assert [row.number for row in rows(database, matter) if row.closed_at is None] == []


def test_who_stepped_aside_from_a_joined_case_stays_out_of_both(context: Context) -> None:
    first, second = two_threats(context)
    joined(context, 2, 1)
    recuse(context, Recuse(someone("U0BRAD"), first, "It is my brother."))
    undone(context)
    with denied(Denial.RECUSED):
        kept(context, second, "U0BRAD", conditions=())


def test_who_has_a_stake_in_anybody_reported_in_a_case_does_not_read_it_in_full(context: Context) -> None:
    case = opened(context, "U0ANA", "Acme", category="threat").number
    reported(context, "U0JOE", "Zebra", severity=Severity.MINOR)
    joined(context, 1, 2)
    dropped(context, case, "U0BRAD")
    undone(context)  # the case about Acme keeps what was reported of Zebra
    assert see_case(context, someone("U0PRIYA"), case, 1)
    reported(context, "U0PRIYA", "Zebra")
    with denied(Denial.REPORTER):
        see_case(context, someone("U0PRIYA"), case, 1)


def test_nobody_is_informed_of_an_approval_that_does_not_count(context: Context) -> None:
    context = replace(context, policy=replace(context.policy, approvals_to_drop=2))
    case = opened(context, "U0ANA", "Acme", category="threat").number
    form = replace(a_drop(context, case), by=replace(someone("U0PRIYA"), form="VP 1.a"))
    drop(context, form)
    take_approval_back(context, TakeApprovalBack(someone("U0PRIYA"), case))
    dropped(context, case, "U0BRAD")
    assert "your approval is recorded" not in str(recorded_view(drop(context, form)))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_report_about_the_duplicate_is_recorded_while_the_merger_is_undone(context: Context) -> None:
    lost = []
    for name in ("Into", "Dup"):
        reported(context, "U0ANA", TypedCustomer(name, new=True), category="other", severity=Severity.MINOR)

    def attempt(act: Callable[[], object]) -> None:
        try:
            act()
        except NotRecorded as failure:
            lost.append(type(failure.__cause__).__name__)
            until_recorded(act)

    for n in range(1, 21):
        joined(context, 2, 1)
        acts = (partial(undone, context, n), partial(reported, context, "U0JOE", PickedCustomer(2), category="other"))
        threads = [threading.Thread(target=attempt, args=(act,)) for act in acts]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        until_recorded(partial(undone, context, n))
    assert "DeadlockDetected" not in lost
