"""What is to be done later, and when. A task is deleted in the transaction that does it, so it is done exactly once."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from bot.rules.scheduled_tasks import ScheduledTask, TaskKind
from storage.db.queries import ours, upsert
from storage.db.repository import Repository
from storage.db.statements import Executor
from storage.tables.outbox import step

_SET = upsert(step, "at")
_DELETE = delete(step).where(ours(step, "kind", "subject"))
_AT = select(step.c.at).where(ours(step, "kind", "subject"))
_DUE = select(step).where(step.c.at <= bindparam("now")).order_by(step.c.at).limit(1).with_for_update(skip_locked=True)
_NEXT = select(func.min(step.c.at).label("at"))


class ScheduledTasks(Repository):
    """What is to be done later: one task of each kind for a subject."""

    def set(self, kind: TaskKind, subject: int, at: datetime) -> None:
        """Schedule it for this time, instead of any other."""
        self.put(_SET, kind=kind, subject=subject, at=at)

    def postpone(self, task: ScheduledTask, at: datetime) -> None:
        """Schedule the task for this time, instead of any other."""
        self.put(_SET, kind=task.kind, subject=task.subject, at=at)

    def scheduled_at(self, kind: TaskKind, subject: int) -> datetime | None:
        """When it is to be done; None where it is not scheduled."""
        row = self.one(_AT, kind=kind, subject=subject)
        return None if row is None else row.at

    def cancel(self, kind: TaskKind, subject: int) -> None:
        """Delete it, if it is scheduled."""
        self.run(_DELETE, kind=kind, subject=subject)


def take(db: Executor, now: datetime) -> ScheduledTask | None:
    """The first task that is due, deleted, in any workspace."""
    row = db.first(_DUE, {"now": now})
    if row is None:
        return None
    db.change(_DELETE, {"our_team": row.team, "kind": row.kind, "subject": row.subject})
    return ScheduledTask(row.team, row.kind, row.subject)


def next_moment(db: Executor) -> datetime | None:
    """When the next task is due."""
    moment: datetime | None = db.one(_NEXT, {}).at
    return moment
