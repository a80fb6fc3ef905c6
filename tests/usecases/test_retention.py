"""The clock erases what the policy keeps no longer, in short steps, also after downtime; the chain stays whole."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.app import render_function
from bot.rules.business_time import add_months
from bot.rules.notices import NoticeKind
from bot.rules.objections import Answer
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import CheckInAnswer, Evidence
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.customers import retention
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.customers.retention import BEGINNING, erase_what_is_due, schedule_retention
from bot.usecases.objections.answer import AnswerObjection, answer_objection
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.reports.check_ins import AnswerCheckIn, answer_check_in
from bot.usecases.scheduler import Scheduler
from storage.tables.audit import audit
from storage.tables.backup import backup_call
from storage.tables.customers import customer
from storage.tables.outbox import notice, step
from storage.tables.reports import check_in, report
from tests.builders import (
    TEAM,
    before_a_decision,
    dropped,
    kept,
    opened,
    read_from_slack,
    reported,
    rows,
    run_due_tasks,
    someone,
    warned,
)
from tests.tape import recording
from tests.usecases.test_erase import SECRET, lived_through, whole_file

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.context import Context
    from storage.database import Database
    from tests.builders import FrozenClock
    from tests.later import Later

FILE = Evidence("file", f"https://files.slack.com/{SECRET}.pdf", "call.pdf")
LINK = Evidence("link", "https://example.com/ticket", "ticket")


@pytest.fixture
def keeping(context: Context) -> Context:
    """The clock looks every night."""
    schedule_retention(context, TEAM)
    return context


def by_the_clock(database: Database, number: int = 1) -> list[dict[str, object]]:
    """What the audit log says the clock erased."""
    found = [row for row in rows(database, audit) if (row.customer, row.actor, row.act) == (number, "clock", "erase")]
    return [{name: row.facts[name] for name in ("texts", "files", "reports") if row.facts[name]} for row in found]


def months_later(moment: datetime, months: int, days: int = 1) -> datetime:
    return moment + (add_months(moment.date(), months) - moment.date()) + timedelta(days=days)


def test_each_kind_goes_at_its_own_time_and_the_chain_stays_whole(
    keeping: Context, clock: FrozenClock, database: Database, later: Later
) -> None:
    start = clock()
    reported(keeping, narrative=SECRET, severity=Severity.MINOR, evidence=(FILE, LINK), wants_support=True)
    call_backup(keeping, CallBackup(someone("U0ANA"), f"Zenith Corp, {SECRET}"))
    for months, expected in ((6, {"reports": 1}), (36, {"files": 1}), (72, {"texts": 2})):
        later.wake_at(months_later(start, months, days=-2))
        before = by_the_clock(database)
        later.wake_at(months_later(start, months, days=2))
        assert by_the_clock(database) == [*before, expected]
        if months == 36:
            (row,) = rows(database, report)
            assert (row.narrative, [each[0] for each in row.evidence]) == (SECRET, ["link"])
    (row,) = rows(database, report)
    assert (row.narrative, row.evidence, row.salt, row.wants_support) == ("Erased on 22 Nov 2032.", [], "", False)
    (call,) = rows(database, backup_call)
    assert (call.words, call.salt, call.caller) == ("Erased on 22 Nov 2032.", "", "U0ANA")
    assert SECRET not in whole_file(database)


def test_nothing_goes_while_it_is_needed(keeping: Context, clock: FrozenClock, database: Database) -> None:
    """Of an open case, and of one whose decision binds; a keep without conditions binds nobody."""
    reported(keeping, "U0ANA", "Open Ltd")
    bound = before_a_decision(keeping, clock, "Bound Ltd")
    kept(keeping, bound)
    free = before_a_decision(keeping, clock, "Free Ltd")
    kept(keeping, free, conditions=())
    clock.time = months_later(clock(), 80)
    with database.begin(TEAM) as tx:
        limits = retention._limits(keeping)
        assert tx.retention.first_due(0, 1, limits) == 1  # whether they asked for support goes by its age alone
        removed = [tx.retention.erase_due(n, limits, "gone", "fresh", clock()) for n in (1, 2, 3)]
        assert [each.texts for each in removed][:2] == [0, 0]
        assert removed[2].texts > 3
        for number in (1, 2, 3):
            tx.audit.append(number, "clock", "erase", {}, clock())


def erased_by(context: Context, database: Database, *numbers: int) -> list[int]:
    """How many texts of each of these customers go when they are kept no longer."""
    with database.begin(TEAM) as tx:
        limits, now = retention._limits(context), context.clock()
        removed = [tx.retention.erase_due(n, limits, "gone", "fresh", now).texts for n in numbers]
        for number in numbers:
            tx.audit.append(number, "clock", "erase", {}, now)
    return removed


def test_what_an_objection_is_about_stays_until_it_is_answered(
    keeping: Context, clock: FrozenClock, database: Database
) -> None:
    case = opened(keeping).number
    warned(keeping, case)
    record_objection(keeping, RecordObjection(someone("U0PRIYA"), case, "By phone", "It was not me."))
    clock.time = months_later(clock(), 80)
    assert erased_by(keeping, database, 1) == [0]
    read_from_slack(keeping)
    answer_objection(keeping, AnswerObjection(someone("U0BRAD"), case, Answer.STANDS, "It was.", "Dear customer, …"))
    assert erased_by(keeping, database, 1) != [0]


def test_a_report_in_a_case_of_another_customer_stays_for_as_long_as_that_case_does(
    keeping: Context, clock: FrozenClock, database: Database
) -> None:
    """The two records were one while the case was decided; what was decided still binds the other customer."""
    case = opened(keeping, "U0ANA", "Acme", category="threat").number
    reported(keeping, "U0JOE", "Zebra", severity=Severity.MINOR, narrative=SECRET, evidence=(FILE,))
    merge(keeping, Merge(someone("U0CARLA"), 1, 2))
    kept(keeping, case, "U0BRAD")
    undo_merge(keeping, UndoMerge(someone("U0CARLA"), 1))
    assert {(row.customer, row.case) for row in rows(database, report)} == {(1, case), (2, case)}
    clock.time = months_later(clock(), 80)
    assert erased_by(keeping, database, 1, 2) == [0, 0]
    assert {(row.narrative, len(row.evidence)) for row in rows(database, report) if row.customer == 2} == {(SECRET, 1)}


def test_a_dropped_customers_details_go_six_years_after_the_drop_ended(
    keeping: Context, clock: FrozenClock, database: Database, later: Later
) -> None:
    lived_through(keeping, clock, f"Quibble {SECRET} Ltd", f"Mr {SECRET}")
    later.wake_at(months_later(clock(), 30))
    answer_objection(
        keeping, AnswerObjection(someone("U0BRAD"), 1, Answer.STANDS, "We listened to it.", "Dear customer, …")
    )
    assert SECRET in rows(database, customer)[0].name
    later.wake_at(months_later(clock(), 96))  # and the bot was down for eight years
    assert rows(database, customer)[0].name == "Erased customer 1"
    assert SECRET not in whole_file(database).lower()


def test_a_customer_reported_since_keeps_their_name(keeping: Context, clock: FrozenClock, database: Database) -> None:
    dropped(keeping, before_a_decision(keeping, clock))
    end = clock()
    clock.time = months_later(end, 30)
    run_due_tasks(keeping, database)
    reported(keeping, severity=Severity.MINOR, category="other")
    clock.time = months_later(end, 96)
    run_due_tasks(keeping, database)
    assert rows(database, customer)[0].name == "Zenith Corp"


def all_shown(context: Context, database: Database) -> None:
    """Slack shows every message that it is to show."""
    with database.outbox() as outbox, database.read(TEAM) as tx:
        while claimed := outbox.claim(context.clock(), timedelta(seconds=20)):
            drawn = render_function(context)(tx, claimed)
            outbox.shown(claimed, "D0CORA", "1.0", context.clock(), forget=drawn.forgotten)
            context.clock.forward(seconds=2)  # type: ignore[attr-defined]  # the tests' clock


def test_nothing_tells_who_asked_for_support_when_its_time_is_over(
    keeping: Context, clock: FrozenClock, database: Database, later: Later
) -> None:
    """Two reps, of whom one asked twice: what is left of both is alike, also in the log and in the outbox."""
    reported(keeping, "U0ANA", "Acme", wants_support=True)
    reported(keeping, "U0JOE", "Globex")
    later.go_to(clock() + timedelta(days=1, hours=1))
    answer_check_in(keeping, AnswerCheckIn(someone("U0ANA"), 1, 1, CheckInAnswer.TALK))
    answer_check_in(keeping, AnswerCheckIn(someone("U0JOE"), 2, 1, CheckInAnswer.FINE))
    later.wake_at(months_later(clock(), 6, days=3))
    later.go_to(clock() + timedelta(days=2))
    all_shown(keeping, database)
    assert {row.wants_support for row in rows(database, report)} == {False}
    assert {(row.answer, row.care_at) for row in rows(database, check_in)} == {(None, None)}
    assert [row.subject for row in rows(database, notice) if row.kind == NoticeKind.CARE] == []
    assert by_the_clock(database, 1) == by_the_clock(database, 2) == [{"reports": 1}]


def test_who_does_not_want_to_be_asked_is_not_asked_again(
    keeping: Context, clock: FrozenClock, database: Database, later: Later
) -> None:
    reported(keeping)
    later.go_to(clock() + timedelta(days=1, hours=1))
    answer_check_in(keeping, AnswerCheckIn(someone("U0ANA"), 1, 1, CheckInAnswer.DECLINED))
    later.wake_at(months_later(clock(), 12))
    assert [row.answer for row in rows(database, check_in)] == [CheckInAnswer.DECLINED]


@pytest.mark.usefixtures("tamper")  # other tasks are taken away
def test_a_step_is_about_one_customer_and_goes_on_where_it_stopped(
    keeping: Context, clock: FrozenClock, database: Database
) -> None:
    for name in ("Acme", "Globex", "Initech"):
        reported(keeping, customer=name, narrative=SECRET)
    clock.time = months_later(clock(), 7)
    with database.engine.begin() as connection:
        connection.execute(step.delete().where(step.c.kind != "retention"))
    left = []
    while Scheduler(keeping, database).tick():
        left.append(sum(1 for row in rows(database, report) if row.support_salt))
        (task,) = rows(database, step)
    assert left == [2, 1, 0, 0]
    assert (task.subject, task.at.hour, task.at > clock()) == (0, 3, True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_records_that_were_merged_are_locked_before_their_customer_as_by_whoever_undoes_the_merger(
    keeping: Context, clock: FrozenClock, database: Database
) -> None:
    for name in ("Zenith Corp", "Zenit Corporatoin"):
        reported(keeping, "U0ANA", name, category="unreasonable_demands")
    merge(keeping, Merge(someone("U0BRAD"), 2, 1))
    clock.time = months_later(clock(), 120)
    with recording(database) as tape, database.begin(TEAM) as tx:
        erase_what_is_due(tx, keeping, BEGINNING)
    locks = [values for said, values in tape.said if "FROM audit_head" in said and said.endswith("FOR UPDATE")]
    assert list(dict.fromkeys(values[-1] for values in locks)) == [2, 1]
    assert by_the_clock(database)
