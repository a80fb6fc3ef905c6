"""Warnings: delivered between issue and now, disputed once, and settled by somebody who was not involved."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.rules.case_files import CaseFile, DisputeFile
from bot.rules.customers import Standing
from bot.rules.objections import Remedy
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import AlreadyClosed, AlreadyDisputed, Denial, NothingToDispute, NotWarned, WrongRung
from bot.rules.warnings import Delivery
from bot.usecases.context import Context
from bot.usecases.decisions.decide import check_drop
from bot.usecases.objections.disputes import (
    RecordDispute,
    SettleDispute,
    check_dispute,
    check_settle_dispute,
    record_dispute,
    settle_dispute,
)
from bot.usecases.shared.case_access import for_form
from bot.usecases.shared.read_models import case_file, dispute_file, report_file
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, NotNow, issue_warning, mark_delivered, not_now
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.cases import dispute
from storage.tables.outbox import notice
from tests.builders import (
    TEAM,
    FrozenClock,
    at_once,
    before_a_decision,
    denied,
    dropped,
    opened,
    read_case,
    read_from_slack,
    rows,
    run_due_tasks,
    someone,
    warned,
    wrong,
)

SAYS = "I was not on that call; my son was."
SKEW, MOMENT = timedelta(minutes=2), timedelta(microseconds=1)


def a_warning(context: Context, by: str = "U0PRIYA") -> int:
    case = opened(context)
    warned(context, case.number, by)
    return case.number


def disputed(context: Context, case: int, by: str = "U0PRIYA", says: str = SAYS) -> CaseFile:
    record_dispute(context, RecordDispute(someone(by), case, says))
    return read_case(context, case)


def settled(context: Context, remedy: Remedy, by: str = "U0BRAD", letter: str = "", number: int = 1) -> DisputeFile:
    return settle_dispute(context, SettleDispute(someone(by), number, remedy, "I listened to the recording.", letter))


def delivered(context: Context, case: int, at: datetime) -> CaseFile:
    mark_delivered(context, MarkDelivered(someone("U0PRIYA"), case, Delivery.POST, at))
    return read_case(context, case)


def test_a_dispute_goes_before_the_managers_and_shows_on_both_notices(context: Context, database: Database) -> None:
    file = disputed(context, a_warning(context))
    assert [(each.disputed, each.recorded_by, each.is_open) for each in file.disputes] == [(SAYS, "U0PRIYA", True)]
    assert ("dispute", 1, "C0MANAGE") in {(row.kind, row.subject, row.target) for row in rows(database, notice)}
    assert file.customer.standing is Standing.WARNED  # it counts until somebody says otherwise
    assert SAYS not in str([row.facts for row in rows(database, audit)])


def test_a_dispute_is_recorded_once_and_another_manager_is_told_who_was_first(
    context: Context, database: Database
) -> None:
    case = a_warning(context)
    disputed(context, case)
    for by in ("U0PRIYA", "U0BRAD"):
        with pytest.raises(AlreadyDisputed) as refusal:
            disputed(context, case, by, "It never happened.")
        assert refusal.value.by == "U0PRIYA"
    with pytest.raises(AlreadyDisputed):
        for_form(context, someone("U0BRAD"), case, check_dispute, case_file)
    assert len(rows(database, dispute)) == 1


def test_only_a_delivered_warning_that_counts_can_be_disputed(context: Context, clock: FrozenClock) -> None:
    case = opened(context)
    issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    with pytest.raises(NothingToDispute):
        disputed(context, case.number)
    delivered(context, case.number, clock())
    clock.forward(days=365)  # the moment at which it expires
    read_from_slack(context)
    with pytest.raises(NothingToDispute):
        disputed(context, case.number)
    clock.time -= MOMENT
    assert disputed(context, case.number).disputes


@pytest.mark.parametrize(
    ("user", "denial"),
    [
        ("U0PRIYA", Denial.TOOK_PART),
        ("U0ANA", Denial.NOT_A_MANAGER),
        ("U0GUS", Denial.GUEST),
        ("U0CARLA", Denial.REPORTER),
    ],
)
def test_nobody_involved_settles_it(context: Context, user: str, denial: Denial) -> None:
    case = opened(context, "U0CARLA")
    warned(context, case.number)
    disputed(context, case.number)
    for act in (
        lambda: settled(context, Remedy.WITHDRAWN, user),
        lambda: for_form(context, someone(user), 1, check_settle_dispute, dispute_file),
    ):
        with denied(denial):
            act()


def test_a_director_may_settle_it_so_that_small_firms_are_not_stuck(context: Context) -> None:
    disputed(context, a_warning(context))
    assert settled(context, Remedy.STANDS, "U0RUTH").dispute.remedy is Remedy.STANDS


def test_a_warning_that_stands_still_counts(context: Context) -> None:
    disputed(context, a_warning(context))
    file = settled(context, Remedy.STANDS)
    assert (file.dispute.settled_by, file.warning.withdrawn_at) == ("U0BRAD", None)
    with context.read(TEAM) as tx:
        assert tx.customers.get(1).standing is Standing.WARNED


def test_a_correction_needs_another_letter_and_the_issued_one_is_kept(context: Context) -> None:
    disputed(context, a_warning(context))
    for letter in (" ", "Please stop shouting at our colleagues."):
        with wrong({"letter"}):
            settled(context, Remedy.CORRECTED, letter=letter)
    file = settled(context, Remedy.CORRECTED, letter="Please see to it that nobody shouts at our colleagues.")
    assert file.dispute.letter == "Please see to it that nobody shouts at our colleagues."
    assert file.warning.letter == "Please stop shouting at our colleagues."


def test_a_withdrawn_warning_no_longer_counts_and_the_standing_follows(context: Context, database: Database) -> None:
    case = a_warning(context)
    disputed(context, case)
    file = settled(context, Remedy.WITHDRAWN)
    assert file.warning.withdrawn_at is not None
    with context.read(TEAM) as tx:
        assert tx.customers.get(1).standing is Standing.CLEAR
        assert tx.cases.open_about(1) is None  # nothing new happened
        assert tx.verdicts.newest(1).rung is Rung.WARN
        report = report_file(tx, context, 1)
    assert report.warning is not None
    assert report.warning.withdrawn_at is not None
    assert [row.act for row in rows(database, audit)][-1] == "settle dispute"


def test_an_open_decision_falls_back_when_the_warning_it_rests_on_is_withdrawn(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock)
    with context.read(TEAM) as tx:
        first, due_at = tx.warnings.about(1)[0].case, tx.cases.get(case).due_at
    disputed(context, first)
    settled(context, Remedy.WITHDRAWN)
    now = read_case(context, case).case
    assert (now.rung, now.due_at) == (Rung.WARN, due_at)


def test_without_a_warning_that_counts_neither_the_form_opens_nor_the_drop_is_taken(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock)
    for_form(context, someone("U0PRIYA"), case, check_drop, case_file)
    clock.forward(days=366)
    read_from_slack(context)
    with pytest.raises(NotWarned):
        for_form(context, someone("U0PRIYA"), case, check_drop, case_file)
    with pytest.raises(NotWarned):
        dropped(context, case)


def test_a_dispute_is_settled_once_and_another_manager_is_told_who_was_first(
    context: Context, database: Database
) -> None:
    disputed(context, a_warning(context))
    settled(context, Remedy.WITHDRAWN)
    for remedy, by in ((Remedy.WITHDRAWN, "U0BRAD"), (Remedy.STANDS, "U0CARLA")):
        with pytest.raises(AlreadyDisputed) as refusal:
            settled(context, remedy, by)
        assert refusal.value.by == "U0BRAD"
    assert [row.act for row in rows(database, audit)].count("settle dispute") == 1


def test_of_two_who_settle_a_dispute_at_the_same_time_one_does(context: Context) -> None:
    disputed(context, a_warning(context))
    said: list[str] = []

    def settle(user: str, remedy: Remedy) -> None:
        try:
            said.append(str(settled(context, remedy, user).dispute.settled_by))
        except AlreadyDisputed as refusal:
            said.append(refusal.by)

    both = [("U0BRAD", Remedy.WITHDRAWN), ("U0CARLA", Remedy.STANDS)]
    at_once(*(partial(settle, *pair) for pair in both))
    assert len(said) == 2
    assert len(set(said)) == 1


def test_an_overdue_dispute_is_posted_again_each_business_day_until_it_is_settled(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    disputed(context, a_warning(context))

    def said() -> int:
        run_due_tasks(context, database)
        return sum(row.kind == "dispute" for row in rows(database, notice))

    assert said() == 1
    clock.forward(days=4, hours=7)  # Tuesday, 17:00: two business days after a Friday
    assert said() == 2
    clock.forward(days=1)
    assert said() == 3
    clock.forward(days=14)  # a downtime: said once, not once for each day
    assert said() == 4
    read_from_slack(context)
    settled(context, Remedy.STANDS)
    clock.forward(days=3)
    assert said() == 4


@pytest.mark.parametrize("off", [-SKEW - MOMENT, SKEW + MOMENT])
def test_a_delivery_lies_between_the_issue_and_now(context: Context, clock: FrozenClock, off: timedelta) -> None:
    case = opened(context)
    issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    with wrong({"at"}):
        delivered(context, case.number, clock() + off)
    file = delivered(context, case.number, clock() - timedelta(seconds=40))  # the form knows whole minutes only
    assert file.warnings[0].delivered_at == clock()


@pytest.mark.parametrize("off", [-SKEW, SKEW])
def test_a_phones_clock_may_be_two_minutes_off(context: Context, clock: FrozenClock, off: timedelta) -> None:
    case = opened(context)
    issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    assert delivered(context, case.number, clock() + off).warnings[0].delivered_at == clock()


def test_mark_delivered_and_not_now_are_recorded_once(context: Context, clock: FrozenClock, database: Database) -> None:
    case = opened(context)
    issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    with pytest.raises(WrongRung):
        issue_warning(context, IssueWarning(someone("U0PRIYA"), case.number, "Please stop at once."))
    delivered(context, case.number, clock())
    with pytest.raises(AlreadyClosed):
        delivered(context, case.number, clock() - timedelta(days=1))
    other = opened(context, customer="Acme")
    once = NotNow(someone("U0PRIYA"), other.number, 1, "One bad day.")
    assert not_now(context, once) == not_now(context, once)
    with pytest.raises(AlreadyClosed):
        not_now(context, NotNow(someone("U0BRAD"), other.number, 1, "One bad day."))
    acts = [row.act for row in rows(database, audit)]
    assert (acts.count("deliver warning"), acts.count("not now")) == (1, 1)
