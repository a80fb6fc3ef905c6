"""The weekly summary: once for each week and channel, after any downtime the newest missed week only."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.rules.business_time import business_days_between
from bot.rules.people import Person
from bot.rules.weekly_figures import TREND, Figures, First, Late, decisions, kinds, median_days
from bot.rules.weeks import Week, bounds
from bot.usecases.context import Desk
from bot.usecases.permissions.permissions import refuse_unless_manager
from storage.transaction import Transaction

SUMMARY = "summary"
TABLE = "table"  # the kind of notice that brings a week as CSV
_THE_ONE = 0  # there is one such step in a workspace, whatever the week
NAMED = 5  # of each list in the summary
SOON = timedelta(days=14)  # how far ahead reviews are announced


class NotOver(Exception):  # noqa: N818 - an answer on the command line
    """The week still runs, and a week is summed up once."""

    text_in_log = False


def plan_summary(desk: Desk, team: str) -> None:
    """To be called at each start: the next summary is planned as the settings say now.

    One that became due while nobody was there stays planned as it was. Raises NotRecorded.
    """
    now = desk.clock()
    with desk.begin(team) as record:
        planned = record.steps.planned(SUMMARY, _THE_ONE)
        if planned is None or planned > now:
            record.steps.set(SUMMARY, _THE_ONE, desk.firm.summary_at.after(now))


def summary_due(record: Transaction, desk: Desk, subject: int) -> None:
    """The step "summary": sum up the newest week that is due, unless it has been, and plan the next one."""
    now = desk.clock()
    record.steps.set(SUMMARY, subject, desk.firm.summary_at.after(now))
    week, channel = desk.firm.summary_at.due(now), desk.firm.summed_up_in
    if record.summaries.add(week, channel, now):
        record.notices.want(SUMMARY, week.key, channel, now)


def post_summary(desk: Desk, team: str, week: Week) -> None:
    """Sum up a week now; where it has been summed up, its message is corrected in place.

    Raises:
        NotOver: the week still runs.
        NotRecorded: nothing was written.
    """
    now = desk.clock()
    if not desk.firm.summary_at.is_over(week, now):
        raise NotOver
    with desk.begin(team) as record:
        if not record.summaries.add(week, desk.firm.summed_up_in, now):
            record.summaries.refresh(week, desk.firm.summed_up_in, now)
        record.notices.want(SUMMARY, week.key, desk.firm.summed_up_in, now)


def refresh_summary(desk: Desk, by: Person, week: Week, channel: str) -> None:
    """[Refresh]: the message shows the record as it is now. Its record digest stays the one first posted.

    Raises:
        NotEntitled: only managers and directors may.
        Unknown: that week was not summed up there.
        NotRecorded: nothing was written.
    """
    now = desk.clock()
    with desk.begin(by.team) as record:
        refuse_unless_manager(record, desk, by, now)
        record.summaries.get(week, channel)
        record.summaries.refresh(week, channel, now)
        record.notices.want(SUMMARY, week.key, channel, now)


def ask_for_table(desk: Desk, by: Person, week: Week) -> None:
    """[Download CSV]: the week comes to the manager as a file, by direct message; once a minute however often asked.

    Raises:
        NotEntitled: only managers and directors may.
        NotRecorded: nothing was written.
    """
    now = desk.clock()
    with desk.begin(by.team) as record:
        refuse_unless_manager(record, desk, by, now)
        record.notices.want(TABLE, week.key, by.user, now, round_=int(now.timestamp()) // 60)


def seal_summary(desk: Desk, team: str, week: Week, channel: str) -> None:
    """Keep what the summary witnesses of the audit log, once, before anybody sees it. Raises Unknown, NotRecorded."""
    with desk.read(team) as record:
        if record.summaries.get(week, channel).digest:
            return
        heads = record.summaries.heads()
    with desk.begin(team) as record:
        record.summaries.seal(week, channel, heads)


def figures_of(record: Transaction, desk: Desk, week: Week, as_of: datetime, most: int = NAMED) -> Figures:
    """The week in figures, as the record has them now; `most` of each list are named."""
    zone, weeks, lists = desk.firm.summary_at.zone, record.weeks, record.week_lists
    trend = bounds(week, TREND, zone)
    starts, ends = trend[-2:]
    reps, asked_support = weeks.reps(starts, ends)
    return Figures(
        week=week,
        as_of=as_of,
        kinds=kinds(weeks.reports(trend)),
        decisions=decisions(weeks.decisions(trend)),
        kept_with_conditions=weeks.kept_with_conditions(starts, ends),
        median_days=median_days(weeks.decided(starts, ends), desk.policy.hours),
        reps=reps,
        asked_support=asked_support,
        cases=weeks.cases(starts, ends),
        warned=weeks.warned(starts, ends),
        standings=weeks.standings(),
        late=_late(record, desk, as_of, most),
        unheeded=lists.unheeded(as_of, most),
        repeats=lists.repeats(trend[0], starts, ends, most),
        drops=lists.drops(starts, ends, most),
        lessons=lists.lessons(starts, ends, most),
        coming=weeks.coming(as_of, desk.policy.hours.local_date(as_of + SOON)),
    )


def _late(record: Transaction, desk: Desk, as_of: datetime, most: int) -> First[Late]:
    late = record.week_lists.late(as_of, most)
    hours = desk.policy.hours
    return replace(
        late,
        items=tuple(replace(case, days=business_days_between(case.due_at, as_of, hours)) for case in late.items),
    )
