"""Figures over all workspaces, for the operator's metrics."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from bot.rules.backup import HowEnded
from storage.outbox.notices import IS_BEHIND
from storage.rows import IS_BROKEN, IS_LEFT_TO_NOBODY
from storage.tables.backup import backup_call
from storage.tables.cases import matter
from storage.tables.columns import Moment
from storage.tables.customers import counter
from storage.tables.outbox import notice, step, summary

_NOTICES = select(
    func.count().label("behind"),
    func.min(notice.c.behind_since).label("since"),
    func.count().filter(notice.c.failures > 0).label("failing"),
    func.count().filter(notice.c.refused.is_(True)).label("refused"),
).where(IS_BEHIND)
_CASES = select(
    func.count().label("open"),
    func.count().filter(matter.c.due_at <= bindparam("now")).label("overdue"),
).where(matter.c.closed_at.is_(None))
_TO_NOBODY = select(func.count()).select_from(matter).where(IS_LEFT_TO_NOBODY)
_FIRST_TO_NOBODY = select(matter.c.number).where(IS_LEFT_TO_NOBODY).order_by(matter.c.number).limit(20)
_REPORTS = select(func.coalesce(func.sum(counter.c.value), 0)).where(counter.c.name == "report")
_STEP = select(func.min(step.c.at))
_SUMMARY = select(func.max(summary.c.posted_at))
_BROKEN = select(func.count()).select_from(step).where(IS_BROKEN)


_CALLS = select(
    func.count().label("made"),
    func.count().filter(backup_call.c.taken_at.is_not(None)).label("taken"),
    func.count().filter(backup_call.c.ended_how == HowEnded.MISSED.value).label("missed"),
    func.count().filter(backup_call.c.taken_at.is_(None), backup_call.c.ended_at.is_(None)).label("waiting"),
).where(backup_call.c.called_at >= bindparam("day_ago", type_=Moment))


@dataclass(frozen=True, slots=True)
class Gauges:
    """`behind`: messages that do not show the newest state, the first of them since `behind_since`. Of these, `failing`
    were tried and failed, `refused` are refused by Slack. `next_step`: when the next scheduled task is due.
    `steps_failing`: scheduled tasks that break again and again. `left_to_nobody`: cases on which nobody may act.
    `calls`, `calls_taken`, `calls_missed`, `calls_waiting`: calls for backup within a day, those to which somebody
    came, those that reached nobody in time, and those that wait. `summary_posted`: when a week was last
    summed up.
    """

    reports: int
    cases_open: int
    cases_overdue: int
    behind: int
    behind_since: datetime | None
    failing: int
    refused: int
    next_step: datetime | None
    steps_failing: int
    left_to_nobody: int
    summary_posted: datetime | None
    calls: int = 0
    calls_taken: int = 0
    calls_missed: int = 0
    calls_waiting: int = 0


def left_to_nobody(connection: Connection) -> tuple[int, ...]:
    """The first 20 cases on which nobody may act."""
    return tuple(connection.scalars(_FIRST_TO_NOBODY))


def gauges(connection: Connection, now: datetime) -> Gauges:
    """The figures now."""
    notices = connection.execute(_NOTICES).one()
    cases = connection.execute(_CASES, {"now": now}).one()
    calls = connection.execute(_CALLS, {"day_ago": now - timedelta(days=1)}).one()
    return Gauges(
        calls=calls.made,
        calls_taken=calls.taken,
        calls_missed=calls.missed,
        calls_waiting=calls.waiting,
        reports=int(connection.execute(_REPORTS).scalar_one()),
        cases_open=cases.open,
        cases_overdue=cases.overdue,
        behind=notices.behind,
        behind_since=notices.since,
        failing=notices.failing,
        refused=notices.refused,
        next_step=connection.execute(_STEP).scalar_one(),
        steps_failing=connection.execute(_BROKEN).scalar_one(),
        summary_posted=connection.execute(_SUMMARY).scalar_one(),
        left_to_nobody=connection.execute(_TO_NOBODY).scalar_one(),
    )
