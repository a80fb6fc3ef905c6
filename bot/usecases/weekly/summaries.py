"""The weekly summary: once for each week and channel. After downtime only the newest missed week is summed up.

A week is counted when it is posted, and never again: its message and its table say the figures of that moment.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.audit import CLOCK, Act
from bot.rules.audit_chain import NO_HASH
from bot.rules.business_time import business_days_between
from bot.rules.notices import Notice, NoticeKind
from bot.rules.people import Person
from bot.rules.publications import Publication, Published
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.weekly_figures import (
    NAMING,
    TREND,
    Figures,
    FirstFew,
    OverdueCase,
    Summary,
    backup_figures,
    category_trends,
    decision_trends,
    median_days,
    named,
    shortened,
    tells_of_nobody,
)
from bot.rules.weeks import Week, week_bounds
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import refuse_unless_manager
from bot.usecases.shared.access import record_for_workspace
from storage.transaction import Transaction
from storage.weekly.publications import Grown
from storage.weekly.summaries import figures_digest

_SUBJECT = 0  # a workspace has one scheduled task of this kind, whatever the week
ZONES_DIFFER = timedelta(hours=14)  # so that it is the same day or the next one, whatever the zone was before
NAMED = 5  # of each list in the summary
MOST_NAMED = 1_000  # entries in each list of a table
SOON = timedelta(days=14)  # how far ahead reviews are announced


class NotOver(Exception):  # noqa: N818 - an answer on the command line
    """The week is not over yet."""

    text_in_log = False


def schedule_summary(context: Context, team: str) -> None:
    """Called at each start: schedule the next summary as the settings say now, and the beginning of the next week.

    A summary that became due during downtime keeps its time. Where the zone or the time was edited, and the week that
    was to be summed up later is due by now, that is done at once. Raises NotRecorded.
    """
    now, slot = context.clock(), context.firm.summary_at
    with context.begin(team) as tx:
        scheduled = tx.scheduled_tasks.scheduled_at(TaskKind.SUMMARY, _SUBJECT)
        if scheduled is None or scheduled > now:
            is_due = scheduled is not None and slot.due(now) >= slot.week_before(scheduled + ZONES_DIFFER)
            tx.scheduled_tasks.set(TaskKind.SUMMARY, _SUBJECT, now if is_due else slot.after(now))
        week_begins(tx, context, _SUBJECT)


def week_begins(tx: Transaction, context: Context, subject: int) -> None:
    """Scheduled for when a week begins: the Homes of management show the figures of this week."""
    now, zone = context.clock(), context.firm.summary_at.zone
    tx.homes.refresh((), context.firm.management, now)
    tx.scheduled_tasks.set(TaskKind.NEW_WEEK, subject, Week.of(now.astimezone(ZoneInfo(zone)).date()).ends_at(zone))


def plan_summary(tx: Transaction, context: Context, now: datetime) -> None:
    """Schedule the next summary for its next time, whatever it was scheduled for."""
    if tx.scheduled_tasks.scheduled_at(TaskKind.SUMMARY, _SUBJECT) is not None:
        tx.scheduled_tasks.set(TaskKind.SUMMARY, _SUBJECT, context.firm.summary_at.after(now))
        week_begins(tx, context, _SUBJECT)


def summary_due(tx: Transaction, context: Context, subject: int) -> None:
    """Scheduled weekly: sum up the newest week that is due, unless it has been, and schedule the next summary."""
    now = context.clock()
    tx.scheduled_tasks.set(TaskKind.SUMMARY, subject, context.firm.summary_at.after(now))
    post_newest(tx, context, now)


def post_newest(tx: Transaction, context: Context, now: datetime) -> None:
    """Sum up the newest week that is due, unless it has been in this channel."""
    week, channel = context.firm.summary_at.due(now), context.firm.summary_target
    figures, ended = _figures_to_post(context, tx.audit.team, week, now), week.ends_at(context.firm.summary_at.zone)
    if tx.summaries.add(week, channel, now, figures):
        tx.notices.refresh(NoticeKind.SUMMARY, week.key, channel, now)
    elif tx.summaries.repeat(week, channel, ended, now, figures):
        tx.notices.refresh(NoticeKind.SUMMARY, week.key, channel, now, round_=1)
    else:
        return
    _vouch(tx, week, channel, figures, now)


def post_summary(context: Context, team: str, week: Week) -> None:
    """Sum up a week now. Where it has been summed up, that message is drawn again, with the figures that it had.

    Raises:
        NotOver: the week still runs.
        NotRecorded.
    """
    now = context.clock()
    if not context.firm.summary_at.is_over(week, now):
        raise NotOver
    channel, figures = context.firm.summary_target, _figures_to_post(context, team, week, now)
    with context.begin(team) as tx:
        if tx.summaries.add(week, channel, now, figures):
            _vouch(tx, week, channel, figures, now)
        tx.notices.refresh(NoticeKind.SUMMARY, week.key, channel, now)


def _figures_to_post(context: Context, team: str, week: Week, now: datetime) -> Figures:
    """The figures with which the week was posted, in another channel too; otherwise those of now, of one snapshot.

    A week that a wrong clock had posted before it was over is counted again, but for how many asked for support:
    counted again, that would say who asked, where one report was withdrawn and the number is one less.
    """
    with context.read(team) as tx:
        before = tx.summaries.newest(week)
        if before and before.posted_at >= week.ends_at(context.firm.summary_at.zone):
            return before.figures
        counted = figures_of(tx, context, week, now, MOST_NAMED)
        return counted if before else replace(counted, asked_support=_asked_support(tx, context, week))


def _vouch(tx: Transaction, week: Week, channel: str, figures: Figures, now: datetime) -> None:
    """Have the audit log say which figures were posted: `audit verify` compares those that are stored with it."""
    facts = {"week": week.key, "channel": channel, "figures": figures_digest(figures)}
    record_for_workspace(tx, CLOCK, Act.SUM_UP, facts, now)


def _asked_support(tx: Transaction, context: Context, week: Week) -> int | None:
    starts, ends = week_bounds(week, 1, context.firm.summary_at.zone)
    return tells_of_nobody(tx.weeks.asked_support(starts, ends), tx.weeks.reps(starts, ends))


def request_table(context: Context, by: Person, week: Week, channel: str) -> None:
    """[Download CSV]: send the week to the manager as a file, by direct message, at most once a minute.

    Raises NotEntitled for whoever is no manager; Unknown where that week was not summed up there; NotRecorded.
    """
    now = context.clock()
    with context.begin(by.team) as tx:
        refuse_unless_manager(tx, context, by, now)
        tx.summaries.get(week, channel)
        tx.notices.refresh(NoticeKind.TABLE, week.key, by.user, now, round_=int(now.timestamp()) // 60)


def before_delivery(context: Context, notice: Notice) -> None:
    """Publish the digest of the audit log before a summary is posted. Raises NotRecorded."""
    if notice.kind == NoticeKind.SUMMARY:
        publish_digest(context, notice.team, Week.of_key(notice.subject), notice.target)


def publish_digest(context: Context, team: str, week: Week, channel: str) -> None:
    """Publish the digest of the audit log, once for each summary, as an answer in its thread that nobody edits.

    What was read for it is stored only if nothing else was published meanwhile: each digest has the one before in it.
    Raises NotRecorded.
    """
    published = False
    while not published:
        with context.read(team) as tx:
            if tx.publications.of_week(week, channel):
                return
            newest, grown = tx.publications.newest(), tx.publications.grown()
        published = _publish(context, team, week, channel, newest, grown)


def _publish(context: Context, team: str, week: Week, channel: str, newest: Published | None, grown: Grown) -> bool:
    """Store the publication after the newest one and have it posted. False where there is a newer one by now."""
    before, number = (newest.digest, newest.publication.number) if newest else (NO_HASH, 0)
    with context.begin(team) as tx:
        now = context.clock()
        current = tx.publications.newest()
        if (current.publication.number if current else 0) != number:
            return False
        said = Publication(team, number + 1, str(week), channel, now)
        digest = said.digest(before, grown.tree.leaves, grown.tree.root)
        tx.publications.add(Published(said, digest, grown.growth))
        tx.notices.refresh(NoticeKind.DIGEST, said.number, channel, now)
    return True


def posted_figures(tx: Transaction, summary: Summary, most: int) -> Figures:
    """The figures as they were posted, with `most` items of each list and the names that customers have now."""
    figures = shortened(summary.figures, most)
    naming = [item.number for name in NAMING for item in getattr(figures, name).items]
    names, lines = tx.week_lists.names(set(naming)), tx.week_lists.lines({each.case for each in figures.lessons.items})
    return named(figures, lambda number: names.get(number, ""), lambda case: lines.get(case, ""))


def figures_of(tx: Transaction, context: Context, week: Week, as_of: datetime, most: int = NAMED) -> Figures:
    """The figures of the week, as the record has them now, with `most` items of each list.

    How many asked for support is as it was when the week was summed up.
    """
    zone, weeks, lists = context.firm.summary_at.zone, tx.weeks, tx.week_lists
    trend = week_bounds(week, TREND, zone)
    starts, ends = trend[-2:]
    posted = tx.summaries.newest(week)
    return Figures(
        week=week,
        kinds=category_trends(weeks.reports(trend)),
        decisions=decision_trends(weeks.decisions(trend)),
        kept_with_conditions=weeks.kept_with_conditions(starts, ends),
        median_days=median_days(weeks.decided(starts, ends), context.policy.hours),
        reps=weeks.reps(starts, ends),
        asked_support=posted.figures.asked_support if posted else None,
        cases=weeks.cases(starts, ends),
        warned=weeks.warned(starts, ends),
        standings=weeks.standings(),
        late=_late(tx, context, as_of, most),
        unheeded=lists.unheeded(as_of, most),
        repeats=lists.repeats(trend[0], starts, ends, most),
        drops=lists.drops(starts, ends, most),
        lessons=lists.lessons(starts, ends, most),
        backup=backup_figures(tx.backup_calls.of_week(starts, ends)),
        coming=weeks.coming(as_of, context.policy.hours.local_date(as_of + SOON)),
    )


def _late(tx: Transaction, context: Context, as_of: datetime, most: int) -> FirstFew[OverdueCase]:
    late, hours = tx.week_lists.late(as_of, most), context.policy.hours
    items = (replace(case, days=business_days_between(case.due_at, as_of, hours)) for case in late.items)
    return replace(late, items=tuple(items))
