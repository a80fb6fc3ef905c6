"""The weekly summary: once for each week and channel, whoever is there when it is due, and a known week in figures."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from threading import Barrier

import pytest

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.erasure import instead_of_name
from bot.rules.notices import Notice, NoticeKind
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import NotEntitled, Unknown
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.weekly_figures import CaseFigures, Figures, WarningFigures
from bot.rules.weeks import SummaryTime, Week
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.delivery.content import content
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.scheduler import Scheduler
from bot.usecases.transport import Message
from bot.usecases.weekly.summaries import (
    NotOver,
    figures_of,
    post_summary,
    publish_digest,
    request_table,
    schedule_summary,
)
from handlers.notices import NoticeRenderer
from storage.database import Database
from storage.tables.outbox import notice, step, summary
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
    a_context,
    at_once,
    audit_problems,
    before_a_decision,
    dropped,
    kept,
    opened,
    read_from_slack,
    reported,
    rows,
    run_due_tasks,
    someone,
    until_recorded,
    warned,
)

FIRM_OF_LONDON = replace(FIRM, summary_channel="C0SUMMARY", summary_at=SummaryTime(0, time(9), "Europe/London"))
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
W47 = Week(2026, 47)
NINE = timedelta(hours=9)


@pytest.fixture
def context(database: Database, clock: FrozenClock) -> Context:
    return a_context(database, clock, FIRM_OF_LONDON)


@pytest.fixture
def tick(context: Context, database: Database) -> Callable[[], None]:
    return lambda: run_due_tasks(context, database)


def posted(database: Database) -> list[tuple[int, str]]:
    found = sorted(rows(database, summary), key=lambda row: (row.posted_at, row.week))
    return [(row.week, row.channel) for row in found]


def wanted(database: Database, kind: str = NoticeKind.SUMMARY) -> list[tuple[int, str, int]]:
    found = sorted(rows(database, notice), key=lambda row: (row.subject, row.round))
    return [(row.subject, row.target, row.wanted) for row in found if row.kind == kind]


def planned(database: Database) -> datetime | None:
    return next((row.at for row in rows(database, step) if row.kind == TaskKind.SUMMARY), None)


def figures(context: Context, week: Week = W47) -> Figures:
    with context.read(TEAM) as tx:
        return figures_of(tx, context, week, context.clock())


def test_a_week_is_summed_up_on_monday_at_nine_and_not_before(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    schedule_summary(context, TEAM)
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
    schedule_summary(context, TEAM)
    for _ in range(4 * 7 * 24):
        clock.forward(hours=1)
        tick()
    assert posted(database) == [(week, "C0SUMMARY") for week in (202642, 202643, 202644, 202645)]
    hours = [row.posted_at.hour for row in sorted(rows(database, summary), key=lambda row: row.week)]
    assert hours == [8, 9, 9, 9]  # nine in London, all of them


def test_after_downtime_only_the_newest_missed_week_is_summed_up(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    schedule_summary(context, TEAM)
    clock.time = MONDAY + timedelta(days=25)
    schedule_summary(context, TEAM)  # the bot starts again
    tick()
    assert posted(database) == [(202650, "C0SUMMARY")]
    assert planned(database) == MONDAY + timedelta(days=28)


def test_a_start_repeats_no_summary_and_forgets_none_and_follows_the_settings(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    schedule_summary(context, TEAM)
    clock.time = MONDAY + timedelta(minutes=1)
    for _ in range(3):
        schedule_summary(context, TEAM)
        tick()
    assert posted(database) == [(202647, "C0SUMMARY")]
    on_fridays = replace(context, firm=replace(context.firm, summary_at=SummaryTime(4, time(16), "UTC")))
    schedule_summary(on_fridays, TEAM)
    assert planned(database) == datetime(2026, 11, 27, 16, tzinfo=UTC)
    clock.time = datetime(2026, 11, 27, 16, tzinfo=UTC)
    assert Scheduler(on_fridays, database).tick()
    assert posted(database) == [(202647, "C0SUMMARY")]  # a week is never posted twice in one channel


def test_another_channel_gets_its_own(context: Context, clock: FrozenClock, database: Database) -> None:
    clock.time = MONDAY
    post_summary(context, TEAM, W47)
    elsewhere = replace(context, firm=replace(context.firm, summary_channel=""))
    post_summary(elsewhere, TEAM, W47)
    assert sorted(posted(database)) == [(202647, "C0MANAGE"), (202647, "C0SUMMARY")]


def test_no_week_is_summed_up_again_when_the_clock_is_put_back(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    schedule_summary(context, TEAM)
    clock.time = MONDAY
    tick()
    clock.time = MONDAY - timedelta(days=1)
    schedule_summary(context, TEAM)
    clock.time = MONDAY
    tick()
    assert posted(database) == [(202647, "C0SUMMARY")]
    assert wanted(database) == [(202647, "C0SUMMARY", 1)]


def test_of_two_processes_one_sums_up(
    context: Context, clock: FrozenClock, database_url: str, database: Database
) -> None:
    schedule_summary(context, TEAM)
    clock.time = MONDAY
    together = Barrier(2)
    broke: list[BaseException] = []

    def process() -> None:
        mine = Database(database_url)
        theirs = replace(context, begin=mine.begin, read=mine.read)
        try:
            together.wait()
            for act in 2 * (partial(schedule_summary, theirs, TEAM), partial(run_due_tasks, theirs, mine)):
                until_recorded(act)
        except BaseException as error:  # noqa: BLE001 - checked below
            broke.append(error)
        finally:
            mine.close()

    at_once(process, process)
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


def received(context: Context, kind: NoticeKind = NoticeKind.SUMMARY) -> Message:
    """The posted week as it is drawn now: as the message, or as the table that a manager downloads."""
    target = "C0SUMMARY" if kind == NoticeKind.SUMMARY else "U0PRIYA"
    drawn = Notice(TEAM, kind, W47.key, target, 0, None, None, "tag", "", 1, 0, 0, in_doubt=False, created_at=MONDAY)
    with context.read(TEAM) as tx:
        return NoticeRenderer(context.policy, context.firm).render(drawn, content(tx, context, drawn))


def test_a_posted_week_and_its_table_stay_as_posted_whatever_is_withdrawn_reported_or_decided(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = before_a_decision(context, clock)
    withdrawn = reported(context, "U0ANA", "Acme Ltd", severity=Severity.SERIOUS)
    clock.time = MONDAY + timedelta(days=7)
    read_from_slack(context)
    post_summary(context, TEAM, W47)
    publish_digest(context, TEAM, W47, "C0SUMMARY")
    message, table = received(context), received(context, NoticeKind.TABLE)
    assert "4 reports by 3 reps" in message.text
    assert table.file is not None
    assert "Acme Ltd" in message.text
    assert "Acme Ltd" in table.file.content.decode()
    withdraw(context, Withdraw(someone("U0ANA"), withdrawn.report))
    dropped(context, case, effective_on=date(2026, 12, 15))
    clock.forward(days=1)
    read_from_slack(context)
    reported(context, "U0JOE", "Zenith Corp")
    post_summary(context, TEAM, W47)
    assert (received(context), received(context, NoticeKind.TABLE)) == (message, table)
    assert figures(context).reports[-1] == 3  # counted now, as in the terminal
    assert list(audit_problems(database)) == []


def test_another_channel_gets_the_figures_that_were_posted(context: Context, clock: FrozenClock) -> None:
    made = reported(context)
    clock.time = MONDAY
    read_from_slack(context)
    post_summary(context, TEAM, W47)
    withdraw(context, Withdraw(someone("U0ANA"), made.report))
    clock.forward(minutes=1)
    post_summary(replace(context, firm=replace(context.firm, summary_channel="C0OTHER")), TEAM, W47)
    with context.read(TEAM) as tx:
        first, second = tx.summaries.get(W47, "C0SUMMARY"), tx.summaries.get(W47, "C0OTHER")
    assert first.figures == second.figures
    assert first.figures.reports[-1] == 1


def test_no_name_is_stored_and_an_erased_customer_is_shown_as_erased(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = before_a_decision(context, clock)
    dropped(context, case, effective_on=date(2026, 11, 30))
    clock.time = MONDAY
    read_from_slack(context)
    post_summary(context, TEAM, W47)
    assert "Dropped: Zenith Corp" in received(context).text
    (row,) = rows(database, summary)
    assert "Zenith" not in json.dumps(row.figures)
    assert not any(rep in json.dumps(row.figures) for rep in ("U0ANA", "U0JOE", "U0MIA"))
    erase_customer(context, EraseCustomer(TEAM, 1, "root"))
    table = received(context, NoticeKind.TABLE)
    assert table.file is not None
    for said in (received(context).text, table.file.content.decode()):
        assert "Zenith" not in said
        assert instead_of_name(1) in said
    assert list(audit_problems(database)) == []


def test_a_posted_week_is_drawn_again_when_a_customer_that_it_names_gets_another_name(
    context: Context, clock: FrozenClock, database: Database, tick: Callable[[], None]
) -> None:
    schedule_summary(context, TEAM)
    for rep, name in (("U0ANA", "Zenith Corp"), ("U0JOE", "Acme")):
        reported(context, rep, name, category="other", severity=Severity.MINOR)
    clock.time = MONDAY
    read_from_slack(context)
    tick()
    times = [wanted(database)[0][2]]
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 1, "Zenith Group", "", "", ""))
    times.append(wanted(database)[0][2])
    merge(context, Merge(someone("U0PRIYA"), 1, 2))
    times.append(wanted(database)[0][2])
    undo_merge(context, UndoMerge(someone("U0PRIYA"), 1))
    times.append(wanted(database)[0][2])
    assert times == sorted(set(times)), "after an edit, a merger or its undoing the week still has the former name"


def test_a_merged_customer_is_named_by_the_record_that_they_are_part_of(context: Context, clock: FrozenClock) -> None:
    reported(context, "U0ANA", "Zenith Copr", severity=Severity.SERIOUS)
    reported(context, "U0JOE", "Larkspur", severity=Severity.SERIOUS)
    clock.time = MONDAY + timedelta(days=7)
    read_from_slack(context)
    post_summary(context, TEAM, W47)
    assert "Zenith Copr" in received(context).text
    merge(context, Merge(someone("U0PRIYA"), 1, 2))
    assert "Zenith" not in received(context).text


def test_managers_download_the_table_and_nobody_else(context: Context, clock: FrozenClock, database: Database) -> None:
    clock.time = MONDAY
    post_summary(context, TEAM, W47)
    read_from_slack(context)
    for stranger in (someone("U0ANA"), someone("U0GUS"), someone("U0OLEK", "T0OTHER")):
        with pytest.raises(NotEntitled):
            request_table(context, stranger, W47, "C0SUMMARY")
    for week, channel in ((Week(2026, 40), "C0SUMMARY"), (W47, "C0OTHER")):
        with pytest.raises(Unknown):
            request_table(context, someone("U0PRIYA"), week, channel)
    assert wanted(database, NoticeKind.TABLE) == []


def test_a_manager_who_asks_twice_at_once_gets_one_file_and_another_one_later(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    clock.time = MONDAY
    read_from_slack(context)
    post_summary(context, TEAM, W47)
    request_table(context, someone("U0PRIYA"), W47, "C0SUMMARY")
    request_table(context, someone("U0PRIYA"), W47, "C0SUMMARY")
    assert wanted(database, NoticeKind.TABLE) == [(202647, "U0PRIYA", 2)]
    clock.forward(minutes=2)
    read_from_slack(context)
    request_table(context, someone("U0PRIYA"), W47, "C0SUMMARY")
    assert len(wanted(database, NoticeKind.TABLE)) == 2


def test_how_many_asked_for_support_stays_as_posted_whatever_is_withdrawn(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    reps = [f"U0REP{n}" for n in range(7)]
    made = [reported(context, rep, f"Firm {n}", wants_support=n < 4).report for n, rep in enumerate(reps)]
    assert figures(context).asked_support is None
    clock.time = MONDAY
    read_from_slack(context)
    post_summary(context, TEAM, W47)
    assert (figures(context).reps, figures(context).asked_support) == (7, 4)
    withdraw(context, Withdraw(someone(reps[0]), made[0]))
    assert (figures(context).reps, figures(context).asked_support) == (6, 4)
    elsewhere = replace(context, firm=replace(context.firm, summary_channel="C0OTHER"))
    clock.forward(minutes=-1)
    post_summary(elsewhere, TEAM, W47)
    assert {row.channel: row.figures["asked_support"] for row in rows(database, summary)} == {
        "C0SUMMARY": 4,
        "C0OTHER": 4,
    }
    assert figures(context, Week(2026, 46)).asked_support is None


def test_the_figures_of_a_known_week(context: Context, clock: FrozenClock) -> None:
    """FRIDAY is 20 November, 10:00. Zenith is warned and dropped, Acme kept with conditions, Borealis left open."""
    case = before_a_decision(context, clock)
    dropped(context, case, effective_on=date(2026, 11, 30))
    threat = opened(context, "U0JOE", "Acme Ltd", category="threat", wants_support=True)
    kept(context, threat.number)
    withdrawn = reported(context, "U0ANA", "Nobody Ltd")
    withdraw(context, Withdraw(someone("U0ANA"), withdrawn.report))
    reported(context, "U0ANA", "Borealis", severity=Severity.SERIOUS)
    clock.time = datetime(2026, 11, 26, 9, tzinfo=UTC)
    week = figures(context)
    assert {kind.category: kind.now for kind in week.kinds} == {"verbal_abuse": 4, "threat": 1}
    assert week.reports == (*(0,) * 11, 5)
    assert {choice: trend[-1] for choice, trend in week.decisions.items()} == {Choice.DROP: 1, Choice.KEEP: 1}
    assert (week.kept_with_conditions, sum(trend[-1] for trend in week.decisions.values()), week.median_days) == (
        1,
        2,
        0.0,
    )
    assert (week.reps, week.asked_support) == (3, None)
    ended = {Outcome.WARNED: 1, Outcome.DROPPED: 1, Outcome.KEPT: 1, Outcome.WITHDRAWN: 1}
    assert week.cases == CaseFigures(5, ended, 1)
    assert week.warned == WarningFigures(1, 1, 0)
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
    new_york = replace(context, firm=replace(context.firm, summary_at=SummaryTime(0, time(9), "America/New_York")))
    clock.time = datetime(2026, 11, 23, 2, tzinfo=UTC)  # still Sunday there
    reported(context, happened_at=clock.time - timedelta(hours=1))
    clock.forward(days=7)
    assert (figures(context).reports[-1], figures(context, Week(2026, 48)).reports[-1]) == (0, 1)
    assert (figures(new_york).reports[-1], figures(new_york, Week(2026, 48)).reports[-1]) == (1, 0)


def test_a_customer_who_was_warned_and_reported_again_is_named_until_something_follows(
    context: Context, clock: FrozenClock
) -> None:
    first = opened(context, severity=Severity.SEVERE)
    warned(context, first.number)
    assert figures(context).unheeded.total == 0
    clock.forward(days=1)
    read_from_slack(context)
    reported(context, "U0JOE", category="payment_withheld", severity=Severity.MINOR)
    named = figures(context).unheeded
    assert [(each.customer, each.warnings, each.reports) for each in named.items] == [("Zenith Corp", 1, 1)]
    clock.forward(days=1)
    read_from_slack(context)
    case = opened(context, "U0MIA", severity=Severity.SEVERE)
    assert figures(context).unheeded.total == 0  # it is before management now
    kept(context, case.number)
    assert figures(context).unheeded.total == 0  # and was decided
