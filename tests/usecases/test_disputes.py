"""Warnings: delivered between issue and now, disputed once, and settled by somebody who was not involved."""

import threading
from datetime import datetime, timedelta

import pytest

from bot.rules.case_files import CaseFile, DisputeFile
from bot.rules.customers import Standing
from bot.rules.objections import Remedy
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import AlreadyClosed, AlreadyDisputed, Bar, NotEntitled, NothingToDispute, NotWarned, Wrong
from bot.rules.warnings import Delivery
from bot.usecases.context import Desk
from bot.usecases.decisions.decide import look_before_drop
from bot.usecases.objections.commands import RecordDispute, SettleDispute
from bot.usecases.objections.disputes import look_at_disputable, look_at_dispute, record_dispute, settle_dispute
from bot.usecases.scheduler import Clockwork
from bot.usecases.shared.read_models import report_file
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, NotNow, issue_warning, mark_delivered, not_now
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.cases import dispute
from storage.tables.outbox import notice
from tests.builders import (
    TEAM,
    FrozenClock,
    before_a_decision,
    dropped,
    read_from_slack,
    reported,
    rows,
    someone,
    warned,
)

SAYS = "I was not on that call; my son was."


def a_warning(desk: Desk, by: str = "U0PRIYA") -> int:
    case = reported(desk).case
    assert case is not None
    warned(desk, case.number, by)
    return case.number


def disputed(desk: Desk, case: int, by: str = "U0PRIYA", says: str = SAYS) -> CaseFile:
    return record_dispute(desk, RecordDispute(someone(by), case, says))


def settled(desk: Desk, remedy: Remedy, by: str = "U0BRAD", letter: str = "", number: int = 1) -> DisputeFile:
    return settle_dispute(desk, SettleDispute(someone(by), number, remedy, "I listened to the recording.", letter))


def delivered(desk: Desk, case: int, at: datetime) -> CaseFile:
    return mark_delivered(desk, MarkDelivered(someone("U0PRIYA"), case, Delivery.POST, at))


def test_a_dispute_goes_before_the_managers_and_shows_on_both_notices(desk: Desk, database: Database) -> None:
    file = disputed(desk, a_warning(desk))
    assert [(each.disputed, each.recorded_by, each.is_open) for each in file.disputes] == [(SAYS, "U0PRIYA", True)]
    assert ("dispute", 1, "C0MANAGE") in {(row.kind, row.subject, row.target) for row in rows(database, notice)}
    assert file.customer.standing is Standing.WARNED  # it counts until somebody says otherwise
    assert SAYS not in str([row.facts for row in rows(database, audit)])


def test_recorded_twice_it_is_recorded_once_and_another_is_told_who_was_first(desk: Desk, database: Database) -> None:
    case = a_warning(desk)
    assert disputed(desk, case) == disputed(desk, case)
    with pytest.raises(AlreadyDisputed) as refusal:
        disputed(desk, case, "U0BRAD", "It never happened.")
    assert refusal.value.by == "U0PRIYA"
    with pytest.raises(AlreadyDisputed):
        look_at_disputable(desk, someone("U0BRAD"), case)
    assert len(rows(database, dispute)) == 1


def test_only_a_delivered_warning_that_counts_is_disputed(desk: Desk, clock: FrozenClock) -> None:
    case = reported(desk).case
    assert case is not None
    issue_warning(desk, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    with pytest.raises(NothingToDispute):
        disputed(desk, case.number)
    delivered(desk, case.number, clock())
    clock.forward(days=366)
    read_from_slack(desk)
    with pytest.raises(NothingToDispute):
        disputed(desk, case.number)


@pytest.mark.parametrize(
    ("user", "bar"),
    [("U0PRIYA", Bar.ISSUER), ("U0ANA", Bar.NOT_A_MANAGER), ("U0GUS", Bar.GUEST), ("U0CARLA", Bar.REPORTER)],
)
def test_nobody_involved_settles_it(desk: Desk, user: str, bar: Bar) -> None:
    case = reported(desk, "U0CARLA").case
    assert case is not None
    warned(desk, case.number)
    disputed(desk, case.number)
    for act in (
        lambda: settled(desk, Remedy.WITHDRAWN, user),
        lambda: look_at_dispute(desk, someone(user), 1),
    ):
        with pytest.raises(NotEntitled) as refusal:
            act()
        assert refusal.value.bar is bar


def test_a_director_may_settle_it_so_that_small_firms_are_not_stuck(desk: Desk) -> None:
    disputed(desk, a_warning(desk))
    assert settled(desk, Remedy.STANDS, "U0RUTH").dispute.remedy is Remedy.STANDS


def test_what_stands_goes_on_counting(desk: Desk) -> None:
    disputed(desk, a_warning(desk))
    file = settled(desk, Remedy.STANDS)
    assert (file.dispute.settled_by, file.warning.withdrawn_at) == ("U0BRAD", None)
    with desk.read(TEAM) as record:
        assert record.customers.get(1).standing is Standing.WARNED


def test_what_is_corrected_needs_another_letter_and_keeps_the_one_that_was_issued(desk: Desk) -> None:
    disputed(desk, a_warning(desk))
    for letter in (" ", "Please stop shouting at our colleagues."):
        with pytest.raises(Wrong) as refusal:
            settled(desk, Remedy.CORRECTED, letter=letter)
        assert set(refusal.value.fields) == {"letter"}
    file = settled(desk, Remedy.CORRECTED, letter="Please see to it that nobody shouts at our colleagues.")
    assert file.dispute.letter == "Please see to it that nobody shouts at our colleagues."
    assert file.warning.letter == "Please stop shouting at our colleagues."


def test_what_is_withdrawn_counts_no_more_and_the_standing_follows(desk: Desk, database: Database) -> None:
    case = a_warning(desk)
    disputed(desk, case)
    file = settled(desk, Remedy.WITHDRAWN)
    assert file.warning.withdrawn_at is not None
    with desk.read(TEAM) as record:
        assert record.customers.get(1).standing is Standing.CLEAR
        assert record.cases.open_about(1) is None  # nothing new happened
        assert record.verdicts.newest(1).rung is Rung.WARN
        told = report_file(record, desk, 1)
    assert told.warning is not None
    assert told.warning.withdrawn_at is not None
    assert [row.act for row in rows(database, audit)][-1] == "settle dispute"


def test_an_open_decision_falls_back_when_the_warning_it_rests_on_is_withdrawn(desk: Desk, clock: FrozenClock) -> None:
    case = before_a_decision(desk, clock)
    with desk.read(TEAM) as record:
        first, due_at = record.warnings.about(1)[0].case, record.cases.get(case).due_at
    disputed(desk, first)
    settled(desk, Remedy.WITHDRAWN)
    with desk.read(TEAM) as record:
        now = record.cases.get(case)
    assert (now.rung, now.due_at) == (Rung.WARN, due_at)


def test_without_a_warning_that_counts_neither_the_form_opens_nor_the_drop_is_taken(
    desk: Desk, clock: FrozenClock
) -> None:
    case = before_a_decision(desk, clock)
    look_before_drop(desk, someone("U0PRIYA"), case)
    clock.forward(days=366)
    read_from_slack(desk)
    with pytest.raises(NotWarned):
        look_before_drop(desk, someone("U0PRIYA"), case)
    with pytest.raises(NotWarned):
        dropped(desk, case)


def test_settled_twice_it_is_settled_once_and_another_is_told_who_was_first(desk: Desk, database: Database) -> None:
    disputed(desk, a_warning(desk))
    assert settled(desk, Remedy.WITHDRAWN) == settled(desk, Remedy.WITHDRAWN)
    with pytest.raises(AlreadyDisputed) as refusal:
        settled(desk, Remedy.STANDS, "U0CARLA")
    assert refusal.value.by == "U0BRAD"
    assert [row.act for row in rows(database, audit)].count("settle dispute") == 1


def test_of_two_who_settle_it_at_once_one_does(desk: Desk) -> None:
    disputed(desk, a_warning(desk))
    said: list[str] = []

    def settle(user: str, remedy: Remedy) -> None:
        try:
            said.append(str(settled(desk, remedy, user).dispute.settled_by))
        except AlreadyDisputed as refusal:
            said.append(refusal.by)

    both = [("U0BRAD", Remedy.WITHDRAWN), ("U0CARLA", Remedy.STANDS)]
    threads = [threading.Thread(target=settle, args=pair) for pair in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 2
    assert len(set(said)) == 1


def test_a_dispute_that_waits_is_said_again_each_business_day_until_it_is_settled(
    desk: Desk, database: Database, clock: FrozenClock
) -> None:
    disputed(desk, a_warning(desk))
    clockwork = Clockwork(desk, database)

    def said() -> int:
        while clockwork.tick():
            pass
        return sum(row.kind == "dispute" for row in rows(database, notice))

    assert said() == 1
    clock.forward(days=4, hours=7)  # Tuesday, 17:00: two business days after a Friday
    assert said() == 2
    clock.forward(days=1)
    assert said() == 3
    clock.forward(days=14)  # a downtime: said once, not once for each day
    assert said() == 4
    read_from_slack(desk)
    settled(desk, Remedy.STANDS)
    clock.forward(days=3)
    assert said() == 4


@pytest.mark.parametrize("minutes", [-3, 3])
def test_a_delivery_lies_between_the_issue_and_now(desk: Desk, clock: FrozenClock, minutes: int) -> None:
    case = reported(desk).case
    assert case is not None
    issue_warning(desk, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    with pytest.raises(Wrong) as refusal:
        delivered(desk, case.number, clock() + timedelta(minutes=minutes))
    assert set(refusal.value.fields) == {"at"}
    file = delivered(desk, case.number, clock() - timedelta(seconds=40))  # the form knows whole minutes only
    assert file.warnings[0].delivered_at == clock()


def test_delivered_twice_or_not_now_twice_answers_the_same(desk: Desk, clock: FrozenClock, database: Database) -> None:
    case = reported(desk).case
    assert case is not None
    issue_warning(desk, IssueWarning(someone("U0PRIYA"), case.number, "Please stop."))
    assert delivered(desk, case.number, clock()) == delivered(desk, case.number, clock())
    other = reported(desk, customer="Acme").case
    assert other is not None
    once = NotNow(someone("U0PRIYA"), other.number, 1, "One bad day.")
    assert not_now(desk, once) == not_now(desk, once)
    with pytest.raises(AlreadyClosed):
        not_now(desk, NotNow(someone("U0BRAD"), other.number, 1, "One bad day."))
    acts = [row.act for row in rows(database, audit)]
    assert (acts.count("deliver warning"), acts.count("not now")) == (1, 1)
