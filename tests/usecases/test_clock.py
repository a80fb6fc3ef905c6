"""A clock that was a month ahead, or a month behind, and is put right: nothing stays silent, nothing looks altered."""

from __future__ import annotations

from argparse import Namespace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.cli import audit as command
from bot.cli.shared import DOTENV
from bot.rules.backup import HowEnded
from bot.rules.cases import Left
from bot.rules.people import ChangedProfile
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.weeks import Week
from bot.usecases.audit import Verification
from bot.usecases.backup.answer import EndCall, end_backup
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.customers.retention import schedule_retention
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.processes import ThisProcess
from bot.usecases.roster import profile_changed
from bot.usecases.weekly.summaries import publish_digest, schedule_summary
from storage.tables.audit import audit
from storage.tables.cases import objection as objection_table
from storage.tables.outbox import notice, step, summary
from tests.builders import (
    FRIDAY,
    TEAM,
    FrozenClock,
    a_profile,
    audit_problems,
    before_a_decision,
    dropped,
    opened,
    read_case,
    read_from_slack,
    reported,
    rows,
    someone,
)
from tests.later import MONDAY, Later

if TYPE_CHECKING:
    from bot.usecases.context import Context
    from storage.database import Database

A_MONTH = timedelta(days=30)
DAY = timedelta(days=1)
WEEK_50_ENDED = MONDAY + 21 * DAY


@pytest.fixture
def process(context: Context) -> ThisProcess:
    """The bot runs: it has planned its summaries and what is to be erased."""
    process = ThisProcess(context)
    process.start(TEAM)
    schedule_summary(context, TEAM)
    schedule_retention(context, TEAM)
    return process


def put_right(process: ThisProcess, later: Later, by: timedelta) -> None:
    """The clock is wrong for a while; then it is put right by so much."""
    later.clock.time += timedelta(minutes=5)
    process.check(TEAM)
    later.clock.time += by
    process.check(TEAM)
    later.wake_at(later.clock())


def planned(database: Database) -> dict[str, list[timedelta]]:
    """By kind of task, how long it is from Friday at ten until then."""
    found: dict[str, list[timedelta]] = {}
    for row in rows(database, step):
        found.setdefault(row.kind, []).append(row.at - FRIDAY)
    return found


def test_the_next_summary_and_the_next_night_come_when_they_would_have(
    process: ThisProcess, later: Later, database: Database
) -> None:
    later.go_to(FRIDAY + A_MONTH)
    put_right(process, later, -A_MONTH)
    assert planned(database)[TaskKind.SUMMARY] == [MONDAY - FRIDAY]
    assert planned(database)[TaskKind.RETENTION][0] < DAY
    later.go_to(MONDAY)
    assert Week.parse("2026-W47").key in {row.week for row in rows(database, summary)}


def test_a_week_that_was_summed_up_before_it_began_is_posted_again_when_it_is_over(
    process: ThisProcess, later: Later, context: Context, database: Database
) -> None:
    wrong = MONDAY + 4 * timedelta(days=7)
    later.go_to(wrong)
    (early,) = [row for row in rows(database, summary) if row.week == Week.parse("2026-W50").key]
    publish_digest(context, TEAM, Week.parse("2026-W50"), early.channel)
    put_right(process, later, FRIDAY - wrong)
    later.go_to(FRIDAY + 3 * timedelta(days=7))
    reported(context, "U0ANA", "Zenith Corp", wants_support=True)
    later.go_to(wrong)
    posted = [row for row in rows(database, notice) if row.kind == "summary" and row.subject == early.week]
    assert sorted(row.round for row in posted) == [0, 1]
    (now,) = [row for row in rows(database, summary) if row.week == early.week]
    assert now.posted_at == WEEK_50_ENDED
    assert [row.week for row in rows(database, summary)] == sorted({row.week for row in rows(database, summary)})


def test_an_overdue_case_is_chased_on_the_next_business_day(
    process: ThisProcess, later: Later, database: Database
) -> None:
    opened(later.context, "U0ANA", "Acme Ltd", category="threat")
    later.go_to(FRIDAY + A_MONTH)
    put_right(process, later, 3 * DAY - A_MONTH)
    (chase,) = planned(database)[TaskKind.OVERDUE]
    assert chase < 5 * DAY
    received = len(later.shown("raised"))
    later.go_to(FRIDAY + 7 * DAY)
    assert len(later.shown("raised")) > received


def test_a_letter_is_asked_for_on_the_next_business_day(process: ThisProcess, later: Later, database: Database) -> None:
    later.go_to(FRIDAY + A_MONTH)
    later.dropped()
    put_right(process, later, -A_MONTH)
    (asked,) = planned(database)[TaskKind.LETTER]
    assert asked < 4 * DAY
    later.go_to(FRIDAY + 4 * DAY)
    assert later.shown("letter")


def test_a_report_is_asked_for_the_day_after_a_call_for_backup(
    process: ThisProcess, later: Later, database: Database
) -> None:
    later.go_to(FRIDAY + A_MONTH)
    call = call_backup(later.context, CallBackup(someone("U0ANA"))).call
    end_backup(later.context, EndCall(someone("U0ANA"), call.number, HowEnded.CALMED))
    put_right(process, later, -A_MONTH)
    (asked,) = planned(database)[TaskKind.BACKUP_REPORT]
    assert asked <= DAY + timedelta(minutes=5)


def test_a_case_that_was_late_by_the_wrong_clock_only_is_chased_when_it_is_late(
    process: ThisProcess, later: Later, database: Database
) -> None:
    reported(later.context, "U0ANA", "Zenith Corp")
    case = opened(later.context, "U0JOE", "Zenith Corp")
    later.go_to(FRIDAY + A_MONTH)
    put_right(process, later, -A_MONTH)
    assert planned(database)[TaskKind.DEADLINE] == [case.due_at - FRIDAY]
    assert TaskKind.OVERDUE not in planned(database)
    assert not read_case(later.context, case.number).overdue


def test_a_case_that_was_opened_by_the_wrong_clock_is_due_as_if_opened_now(
    process: ThisProcess, later: Later, database: Database, clock: FrozenClock
) -> None:
    later.go_to(FRIDAY + A_MONTH)
    wrong = opened(later.context, "U0ANA", "Acme Ltd", category="threat")
    put_right(process, later, -A_MONTH)
    now = read_case(later.context, wrong.number)
    assert now.case.due_at < clock() + DAY
    assert now.case.left is Left.MANAGERS
    assert planned(database)[TaskKind.DEADLINE] == [now.case.due_at - FRIDAY]
    (check_in,) = planned(database)[TaskKind.CHECK_IN]
    assert check_in < 2 * DAY
    later.go_to(FRIDAY + 4 * DAY)
    assert later.shown("raised")


@pytest.fixture
def objected(later: Later) -> tuple[int, int]:
    """A case that ended with a warning, and one with a drop; the customer objects to each."""
    context = later.context
    dropped_in = before_a_decision(context, later.clock)
    dropped(context, dropped_in)
    warned_in = dropped_in - 1
    return warned_in, dropped_in


def objects(later: Later, warned_in: int, dropped_in: int) -> None:
    for case, words in ((warned_in, "Nobody screamed."), (dropped_in, "He is sorry.")):
        record_objection(later.context, RecordObjection(someone("U0PRIYA"), case, "Himself", words))


def test_objections_that_were_late_by_the_wrong_clock_only_are_chased_when_they_are_late(
    process: ThisProcess, later: Later, database: Database, objected: tuple[int, int]
) -> None:
    objects(later, *objected)
    start, before = later.clock(), planned(database)
    later.go_to(start + A_MONTH)
    put_right(process, later, -A_MONTH)
    assert sorted(planned(database)[TaskKind.OBJECTION_DUE]) == sorted(before[TaskKind.OBJECTION_DUE])
    assert list(audit_problems(database)) == []


def test_late_objections_are_chased_on_the_next_business_day(
    process: ThisProcess, later: Later, database: Database, objected: tuple[int, int]
) -> None:
    objects(later, *objected)
    later.go_to(later.clock() + 2 * A_MONTH)
    put_right(process, later, -A_MONTH)
    chased = planned(database)[TaskKind.OBJECTION_DUE]
    assert len(chased) == 2
    assert all(later.clock() < FRIDAY + chase < later.clock() + 5 * DAY for chase in chased)


def test_objections_that_were_recorded_by_the_wrong_clock_are_due_as_if_recorded_now(
    process: ThisProcess, later: Later, database: Database, objected: tuple[int, int]
) -> None:
    right = later.clock()
    later.clock.time += timedelta(days=5)
    process.check(TEAM)
    read_from_slack(later.context)
    objects(later, *objected)
    wrong = planned(database)[TaskKind.OBJECTION_DUE]
    put_right(process, later, right - later.clock())
    now = planned(database)[TaskKind.OBJECTION_DUE]
    assert all(after < before for after, before in zip(sorted(now), sorted(wrong), strict=True))
    assert sorted(FRIDAY + at for at in now) == sorted(row.due_at for row in rows(database, objection_table))
    assert list(audit_problems(database)) == []


@pytest.mark.parametrize("clocks_differ", [1, -1])
def test_a_profile_is_read_again_once_it_is_too_old_whichever_clock_is_wrong(
    context: Context, clock: FrozenClock, clocks_differ: int
) -> None:
    for ago, stale in ((DAY, ()), (DAY + timedelta(microseconds=1), ("U0PRIYA",))):
        with context.begin(TEAM) as tx:
            tx.people.save_profiles([a_profile("U0PRIYA", clock() - clocks_differ * ago)])
            assert tx.people.stale(["U0PRIYA"], clock(), DAY) == stale


def test_whoever_was_read_by_the_wrong_clock_is_read_again_and_events_count(
    context: Context, clock: FrozenClock
) -> None:
    clock.time += A_MONTH
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0PRIYA", clock())])
    clock.time -= A_MONTH
    with context.read(TEAM) as tx:
        assert tx.people.stale(["U0PRIYA"], clock(), DAY) == ("U0PRIYA",)
    event = a_profile("U0PRIYA", clock(), deactivated=True)
    profile_changed(context, ChangedProfile(TEAM, event))
    with context.read(TEAM) as tx:
        assert tx.people.profiles(["U0PRIYA"])["U0PRIYA"].deactivated


def test_the_log_says_that_the_clock_was_put_back_and_verifies(
    process: ThisProcess, later: Later, database: Database, clock: FrozenClock, database_url: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    clock.time += A_MONTH
    reported(later.context, "U0ANA", "Zenith Corp")
    wrong = clock()
    put_right(process, later, -A_MONTH)
    reported(later.context, "U0JOE", "Zenith Corp")
    assert list(audit_problems(database)) == []
    (entry,) = [row for row in rows(database, audit) if row.act == "clock put back"]
    assert (entry.actor, entry.facts) == ("clock", {"before": wrong.isoformat()})
    with database.read_all() as (tx,):
        check = Verification(tx)
        assert list(check.problems()) == []
        assert check.clock_put_back == 1
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir("/")
    assert command.run(Namespace(against=[], json=False, env_file=DOTENV)) == 0
    assert "The clock was put back: 1 of the entries" in capsys.readouterr().out


def test_a_clock_that_was_a_month_behind_leaves_nothing_undone(
    process: ThisProcess, later: Later, database: Database, clock: FrozenClock
) -> None:
    clock.time -= A_MONTH
    process.check(TEAM)
    opened(later.context, "U0ANA", "Acme Ltd", category="threat")
    clock.time += timedelta(minutes=5)
    process.check(TEAM)
    later.wake_at(MONDAY)
    process.check(TEAM)
    assert later.shown("raised")  # it is late by what is on record, and the directors hear it
    assert Week.parse("2026-W47").key in {row.week for row in rows(database, summary)}
    assert list(audit_problems(database)) == []
