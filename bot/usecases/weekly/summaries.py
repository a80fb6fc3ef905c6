"""The weekly summary: once for each week and channel, after any downtime the newest missed week only."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.rules.business_time import business_days_between
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.weekly_figures import TREND, Figures, First, Late, decisions, kinds, median_days
from bot.rules.weeks import Week, bounds
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import refuse_unless_manager
from storage.transaction import Transaction

_THE_ONE = 0  # there is one such step in a workspace, whatever the week
NAMED = 5  # of each list in the summary
SOON = timedelta(days=14)  # how far ahead reviews are announced


class NotOver(Exception):  # noqa: N818 - an answer on the command line
    """The week still runs, and a week is summed up once."""

    text_in_log = False


def plan_summary(context: Context, team: str) -> None:
    """To be called at each start: the next summary is planned as the settings say now.

    One that became due while nobody was there stays planned as it was. Raises NotRecorded.
    """
    now = context.clock()
    with context.begin(team) as tx:
        planned = tx.scheduled_tasks.planned(TaskKind.SUMMARY, _THE_ONE)
        if planned is None or planned > now:
            tx.scheduled_tasks.set(TaskKind.SUMMARY, _THE_ONE, context.firm.summary_at.after(now))


def summary_due(tx: Transaction, context: Context, subject: int) -> None:
    """The step "summary": sum up the newest week that is due, unless it has been, and plan the next one."""
    now = context.clock()
    tx.scheduled_tasks.set(TaskKind.SUMMARY, subject, context.firm.summary_at.after(now))
    week, channel = context.firm.summary_at.due(now), context.firm.summed_up_in
    if tx.summaries.add(week, channel, now):
        tx.notices.want(NoticeKind.SUMMARY, week.key, channel, now)


def post_summary(context: Context, team: str, week: Week) -> None:
    """Sum up a week now; where it has been summed up, its message is corrected in place.

    Raises:
        NotOver: the week still runs.
        NotRecorded: nothing was written.
    """
    now = context.clock()
    if not context.firm.summary_at.is_over(week, now):
        raise NotOver
    with context.begin(team) as tx:
        if not tx.summaries.add(week, context.firm.summed_up_in, now):
            tx.summaries.refresh(week, context.firm.summed_up_in, now)
        tx.notices.want(NoticeKind.SUMMARY, week.key, context.firm.summed_up_in, now)


def refresh_summary(context: Context, by: Person, week: Week, channel: str) -> None:
    """[Refresh]: the message shows the record as it is now. Its record digest stays the one first posted.

    Raises:
        NotEntitled: only managers and directors may.
        Unknown: that week was not summed up there.
        NotRecorded: nothing was written.
    """
    now = context.clock()
    with context.begin(by.team) as tx:
        refuse_unless_manager(tx, context, by, now)
        tx.summaries.get(week, channel)
        tx.summaries.refresh(week, channel, now)
        tx.notices.want(NoticeKind.SUMMARY, week.key, channel, now)


def ask_for_table(context: Context, by: Person, week: Week) -> None:
    """[Download CSV]: the week comes to the manager as a file, by direct message; once a minute however often asked.

    Raises:
        NotEntitled: only managers and directors may.
        NotRecorded: nothing was written.
    """
    now = context.clock()
    with context.begin(by.team) as tx:
        refuse_unless_manager(tx, context, by, now)
        tx.notices.want(NoticeKind.TABLE, week.key, by.user, now, round_=int(now.timestamp()) // 60)


def seal_summary(context: Context, team: str, week: Week, channel: str) -> None:
    """Keep what the summary witnesses of the audit log, once, before anybody sees it. Raises Unknown, NotRecorded."""
    with context.read(team) as tx:
        if tx.summaries.get(week, channel).digest:
            return
        heads = tx.summaries.heads()
    with context.begin(team) as tx:
        tx.summaries.seal(week, channel, heads)


def figures_of(tx: Transaction, context: Context, week: Week, as_of: datetime, most: int = NAMED) -> Figures:
    """The week in figures, as the record has them now; `most` of each list are named."""
    zone, weeks, lists = context.firm.summary_at.zone, tx.weeks, tx.week_lists
    trend = bounds(week, TREND, zone)
    starts, ends = trend[-2:]
    reps, asked_support = weeks.reps(starts, ends)
    return Figures(
        week=week,
        as_of=as_of,
        kinds=kinds(weeks.reports(trend)),
        decisions=decisions(weeks.decisions(trend)),
        kept_with_conditions=weeks.kept_with_conditions(starts, ends),
        median_days=median_days(weeks.decided(starts, ends), context.policy.hours),
        reps=reps,
        asked_support=asked_support,
        cases=weeks.cases(starts, ends),
        warned=weeks.warned(starts, ends),
        standings=weeks.standings(),
        late=_late(tx, context, as_of, most),
        unheeded=lists.unheeded(as_of, most),
        repeats=lists.repeats(trend[0], starts, ends, most),
        drops=lists.drops(starts, ends, most),
        lessons=lists.lessons(starts, ends, most),
        coming=weeks.coming(as_of, context.policy.hours.local_date(as_of + SOON)),
    )


def _late(tx: Transaction, context: Context, as_of: datetime, most: int) -> First[Late]:
    late = tx.week_lists.late(as_of, most)
    hours = context.policy.hours
    return replace(
        late,
        items=tuple(replace(case, days=business_days_between(case.due_at, as_of, hours)) for case in late.items),
    )
