"""The weekly summary: once for each week and channel, whoever is there when it is due, and a known week in figures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from bot.rules.audit_chain import FIRST, Entry, link
from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.notices import NoticeKind
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import NotEntitled, Unknown
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.weekly_figures import Cases, Figures, Warned
from bot.rules.weeks import Slot, Week
from bot.usecases.audit import broken_chains
from bot.usecases.context import Context
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.scheduler import Scheduler
from bot.usecases.weekly.summaries import (
    TABLE,
    NotOver,
    ask_for_table,
    figures_of,
    plan_summary,
    post_summary,
    refresh_summary,
    seal_summary,
)
from storage.database import Database
from storage.tables.audit import audit, audit_head
from storage.tables.outbox import notice, step, summary
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
    a_context,
    before_a_decision,
    dropped,
    kept,
    read_from_slack,
    reported,
    someone,
    warned,
)

FIRM_OF_LONDON = replace(FIRM, summary_channel="C0SUMMARY", summary_at=Slot(0, time(9), "Europe/London"))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
W47 = Week(2026, 47)
NINE = timedelta(hours=9)


@pytest.fixture
def context(database: Database, clock: FrozenClock) -> Context:
    return a_context(database, clock, FIRM_OF_LONDON)


@pytest.fixture
def tick(context: Context, database: Database) -> Callable[[], None]:
    def until_nothing_is_due() -> None:
        scheduler = Scheduler(context, database)
        while scheduler.tick():
            pass

    return until_nothing_is_due


def posted(database: Database) -> list[tuple[int, str]]:
    with database.engine.connect() as connection:
        rows = connection.execute(select(summary).order_by(summary.c.posted_at, summary.c.week))
        return [(row.week, row.channel) for row in rows]


def wanted(database: Database, kind: str = NoticeKind.SUMMARY) -> list[tuple[int, str, int]]:
    with database.engine.connect() as connection:
        rows = connection.execute(
            select(notice).where(notice.c.kind == kind).order_by(notice.c.subject, notice.c.round)
        )
        return [(row.subject, row.target, row.wanted) for row in rows]


def planned(database: Database) -> datetime | None:
    with database.engine.connect() as connection:
        return connection.execute(select(step.c.at).where(step.c.kind == TaskKind.SUMMARY)).scalar()


def figures(context: Context, week: Week = W47) -> Figures:
    with context.read(TEAM) as tx:
        return figures_of(tx, context, week, context.clock())


def test_a_week_is_summed_up_on_monday_at_nine_and_not_before(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    plan_summary(context, TEAM)
    assert planned(database) == MONDAY
    clock.time = MONDAY - timedelta(seconds=1)
    tick()
    assert posted(database) == []
    clock.time = MONDAY
    tick()
    tick()
    assert posted(database) == [(202647, "C0SUMMARY")]
    assert wanted(database) == [(202647, "C0SUMMARY", 1)]
    assert planned(database) == MONDAY + timedelta(days=7)


def test_every_week_has_one_also_when_the_clocks_change(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    clock.time = datetime(2026, 10, 14, 12, tzinfo=UTC)
    plan_summary(context, TEAM)
    for _ in range(4 * 7 * 24):
        clock.forward(hours=1)
        tick()
    assert posted(database) == [(week, "C0SUMMARY") for week in (202642, 202643, 202644, 202645)]
    with database.engine.connect() as connection:
        hours = [at.hour for at in connection.scalars(select(summary.c.posted_at).order_by(summary.c.week))]
    assert hours == [8, 9, 9, 9]  # nine in London, all of them


def test_after_downtime_only_the_newest_missed_week_is_summed_up(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    plan_summary(context, TEAM)
    clock.time = MONDAY + timedelta(days=25)
    plan_summary(context, TEAM)  # the bot starts again
    tick()
    assert posted(database) == [(202650, "C0SUMMARY")]
    assert planned(database) == MONDAY + timedelta(days=28)


def test_a_start_neither_repeats_nor_forgets_and_follows_the_settings(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    plan_summary(context, TEAM)
    clock.time = MONDAY + timedelta(minutes=1)
    for _ in range(3):
        plan_summary(context, TEAM)
        tick()
    assert posted(database) == [(202647, "C0SUMMARY")]
    on_fridays = replace(context, firm=replace(context.firm, summary_at=Slot(4, time(16), "UTC")))
    plan_summary(on_fridays, TEAM)
    assert planned(database) == datetime(2026, 11, 27, 16, tzinfo=UTC)
    clock.time = datetime(2026, 11, 27, 16, tzinfo=UTC)
    assert Scheduler(on_fridays, database).tick()
    assert posted(database) == [(202647, "C0SUMMARY")]  # the same week is never told twice in one channel


def test_another_channel_gets_its_own(context: Context, clock: FrozenClock, database: Database) -> None:
    clock.time = MONDAY
    post_summary(context, TEAM, W47)
    elsewhere = replace(context, firm=replace(context.firm, summary_channel=""))
    post_summary(elsewhere, TEAM, W47)
    assert sorted(posted(database)) == [(202647, "C0MANAGE"), (202647, "C0SUMMARY")]


def test_a_clock_that_is_put_back_tells_no_week_again(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    plan_summary(context, TEAM)
    clock.time = MONDAY
    tick()
    clock.time = MONDAY - timedelta(days=1)
    plan_summary(context, TEAM)
    clock.time = MONDAY
    tick()
    assert posted(database) == [(202647, "C0SUMMARY")]
    assert wanted(database) == [(202647, "C0SUMMARY", 1)]


def test_of_two_processes_one_sums_up(
    context: Context, clock: FrozenClock, database_url: str, database: Database
) -> None:
    plan_summary(context, TEAM)
    clock.time = MONDAY
    together = Barrier(2)
    broke: list[BaseException] = []

    def process() -> None:
        mine = Database(database_url)
        theirs = replace(context, begin=mine.begin, read=mine.read)
        try:
            together.wait()
            plan_summary(theirs, TEAM)
            while Scheduler(theirs, mine).tick():
                pass
            plan_summary(theirs, TEAM)
            while Scheduler(theirs, mine).tick():
                pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test is told
            broke.append(error)
        finally:
            mine.close()

    threads = [Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broke == []
    assert posted(database) == [(202647, "C0SUMMARY")]
    assert wanted(database) == [(202647, "C0SUMMARY", 1)]
    assert planned(database) == MONDAY + timedelta(days=7)


def test_a_week_that_still_runs_is_not_posted(context: Context, clock: FrozenClock, database: Database) -> None:
    with pytest.raises(NotOver):
        post_summary(context, TEAM, W47)
    clock.time = MONDAY - NINE
    post_summary(context, TEAM, W47)
    post_summary(context, TEAM, W47)
    assert posted(database) == [(202647, "C0SUMMARY")]
    assert wanted(database) == [(202647, "C0SUMMARY", 2)]


def test_managers_refresh_it_in_place_and_nobody_else(context: Context, clock: FrozenClock, database: Database) -> None:
    clock.time = MONDAY
    post_summary(context, TEAM, W47)
    seal_summary(context, TEAM, W47, "C0SUMMARY")
    clock.forward(hours=3)
    read_from_slack(context)
    reported(context)
    for stranger in (someone("U0ANA"), someone("U0GUS"), someone("U0PRIYA", "T0OTHER")):
        with pytest.raises(NotEntitled):
            refresh_summary(context, stranger, W47, "C0SUMMARY")
        with pytest.raises(NotEntitled):
            ask_for_table(context, stranger, W47)
    assert wanted(database) == [(202647, "C0SUMMARY", 1)]
    with context.read(TEAM) as tx:
        before = tx.summaries.get(W47, "C0SUMMARY")
    refresh_summary(context, someone("U0PRIYA"), W47, "C0SUMMARY")
    seal_summary(context, TEAM, W47, "C0SUMMARY")
    with context.read(TEAM) as tx:
        after = tx.summaries.get(W47, "C0SUMMARY")
    assert (before.as_of, after.as_of) == (MONDAY, MONDAY + timedelta(hours=3))
    assert before.digest == after.digest
    assert wanted(database) == [(202647, "C0SUMMARY", 2)]
    with pytest.raises(Unknown):
        refresh_summary(context, someone("U0PRIYA"), Week(2026, 40), "C0SUMMARY")


def test_a_manager_who_asks_twice_at_once_gets_one_file_and_another_one_later(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    ask_for_table(context, someone("U0PRIYA"), W47)
    ask_for_table(context, someone("U0PRIYA"), W47)
    assert wanted(database, TABLE) == [(202647, "U0PRIYA", 2)]
    clock.forward(minutes=2)
    read_from_slack(context)
    ask_for_table(context, someone("U0PRIYA"), W47)
    assert len(wanted(database, TABLE)) == 2


def test_the_figures_of_a_known_week(context: Context, clock: FrozenClock) -> None:
    """FRIDAY is 20 November, 10:00. Zenith is warned and dropped, Acme kept with conditions, Borealis left open."""
    case = before_a_decision(context, clock)
    dropped(context, case, effective_on=date(2026, 11, 30))
    threat = reported(context, "U0JOE", "Acme Ltd", category="threat", wants_support=True).case
    assert threat is not None
    kept(context, threat.number)
    withdrawn = reported(context, "U0ANA", "Nobody Ltd")
    withdraw(context, Withdraw(someone("U0ANA"), withdrawn.report))
    reported(context, "U0ANA", "Borealis", severity=Severity.SERIOUS)
    clock.time = datetime(2026, 11, 26, 9, tzinfo=UTC)
    week = figures(context)
    assert {kind.category: kind.now for kind in week.kinds} == {"verbal_abuse": 4, "threat": 1}
    assert week.reports == (*(0,) * 11, 5)
    assert {choice: trend[-1] for choice, trend in week.decisions.items()} == {Choice.DROP: 1, Choice.KEEP: 1}
    assert (week.kept_with_conditions, week.decided, week.median_days) == (1, 2, 0.0)
    assert (week.reps, week.asked_support) == (3, 1)
    ended = {Outcome.WARNED: 1, Outcome.DROPPED: 1, Outcome.KEPT: 1, Outcome.WITHDRAWN: 1}
    assert week.cases == Cases(5, ended, 1)
    assert week.warned == Warned(1, 1, 0)
    assert week.standings == {Standing.DROPPED: 1, Standing.RESTRICTED: 1}
    assert [(late.customer, round(late.days, 1)) for late in week.late.items] == [("Borealis", 1.0)]
    assert (week.unheeded.total, week.coming.reviews) == (0, 0)
    assert [(each.customer, each.now, each.trend) for each in week.repeats.items] == [("Zenith Corp", 3, 3)]
    assert [(drop.customer, drop.reason_class, drop.effective_on) for drop in week.drops.items] == [
        ("Zenith Corp", next(iter(context.policy.reason_classes)), date(2026, 11, 30))
    ]
    following = figures(context, Week(2026, 48))
    assert (following.reports[-2:], following.cases.opened, following.drops.total) == ((5, 0), 0, 0)


def test_a_week_counts_its_own_days_in_the_firms_zone(context: Context, clock: FrozenClock) -> None:
    new_york = replace(context, firm=replace(context.firm, summary_at=Slot(0, time(9), "America/New_York")))
    clock.time = datetime(2026, 11, 23, 2, tzinfo=UTC)  # still Sunday there
    reported(context, happened_at=clock.time - timedelta(hours=1))
    clock.forward(days=7)
    assert (figures(context).reports[-1], figures(context, Week(2026, 48)).reports[-1]) == (0, 1)
    assert (figures(new_york).reports[-1], figures(new_york, Week(2026, 48)).reports[-1]) == (1, 0)


def test_a_customer_who_was_warned_and_reported_again_is_named_until_something_follows(
    context: Context, clock: FrozenClock
) -> None:
    first = reported(context, severity=Severity.SEVERE).case
    assert first is not None
    warned(context, first.number)
    assert figures(context).unheeded.total == 0
    clock.forward(days=1)
    read_from_slack(context)
    reported(context, "U0JOE", category="payment_withheld", severity=Severity.MINOR)
    named = figures(context).unheeded
    assert [(each.customer, each.warnings, each.reports) for each in named.items] == [("Zenith Corp", 1, 1)]
    clock.forward(days=1)
    read_from_slack(context)
    case = reported(context, "U0MIA", severity=Severity.SEVERE).case
    assert case is not None
    assert figures(context).unheeded.total == 0  # it is before management now
    kept(context, case.number)
    assert figures(context).unheeded.total == 0  # and was decided


@pytest.fixture
def tamper() -> None:
    """This test leaves a record that does not verify, on purpose."""


@pytest.fixture
def witnessed(context: Context, clock: FrozenClock, database: Database) -> Database:
    """Two customers with a chain each, a summary that witnesses both, and a report since."""
    reported(context)
    reported(context, "U0JOE", "Acme Ltd")
    clock.time = MONDAY
    post_summary(context, TEAM, W47)
    seal_summary(context, TEAM, W47, "C0SUMMARY")
    reported(context, "U0MIA")
    return database


def test_the_record_digest_holds_while_the_log_grows(witnessed: Database, context: Context) -> None:
    with context.read(TEAM) as tx:
        digest = tx.summaries.get(W47, "C0SUMMARY").digest
        assert digest != tx.summaries.heads().digest
    assert digest is not None
    assert len(digest) == 64
    assert list(broken_chains(witnessed)) == []


@pytest.mark.usefixtures("tamper")
def test_a_chain_that_was_written_anew_whole_shows_against_the_digest_and_nowhere_else(witnessed: Database) -> None:
    with witnessed.engine.begin() as connection:  # somebody who knows how: every hash is right again, and the head too
        last = FIRST
        for row in connection.execute(select(audit).where(audit.c.customer == 2).order_by(audit.c.n)).all():
            entry = Entry(row.n, row.at, "U0BRAD", row.act, row.facts, row.rows)
            last = link(last, TEAM, 2, entry)
            this = (audit.c.customer == 2) & (audit.c.n == row.n)
            connection.execute(update(audit).where(this).values(actor="U0BRAD", hash=last))
        connection.execute(update(audit_head).where(audit_head.c.customer == 2).values(hash=last))
    assert list(broken_chains(witnessed)) == [
        "T0FIRM, the audit log was not as it is when the summary of 2026-W47 was posted in C0SUMMARY."
    ]


@pytest.mark.usefixtures("tamper")
def test_a_digest_that_was_changed_in_the_record_does_not_hold(witnessed: Database) -> None:
    with witnessed.engine.begin() as connection:
        connection.execute(update(summary).values(digest="0" * 64))
    assert ["summary of 2026-W47" in problem for problem in broken_chains(witnessed)] == [True]
