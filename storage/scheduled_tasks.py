"""What the clock is to do, and when. A step is taken off in the transaction that carries it out: once, or not yet."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from bot.rules.scheduled_tasks import ScheduledTask, TaskKind
from storage.db.repository import Repository, insert
from storage.db.statements import Executor
from storage.tables.outbox import step

_SET = {
    dialect: (change := insert(step, dialect)).on_conflict_do_update(
        index_elements=[step.c.team, step.c.kind, step.c.subject], set_={"at": change.excluded.at}
    )
    for dialect in ("sqlite", "postgresql")
}
_THIS = delete(step).where(
    step.c.team == bindparam("our_team"), step.c.kind == bindparam("its_kind"), step.c.subject == bindparam("whose")
)
_PLANNED = select(step.c.at).where(
    step.c.team == bindparam("our_team"), step.c.kind == bindparam("its_kind"), step.c.subject == bindparam("whose")
)
_DUE = select(step).where(step.c.at <= bindparam("now")).order_by(step.c.at).limit(1).with_for_update(skip_locked=True)
_NEXT = select(func.min(step.c.at).label("at"))


class ScheduledTasks(Repository):
    """See `ports.ScheduledTasks`."""

    def set(self, kind: TaskKind, subject: int, at: datetime) -> None:
        """Do it at this time; an earlier plan for it is replaced."""
        self.put(_SET, kind=kind, subject=subject, at=at)

    def postpone(self, task: ScheduledTask, at: datetime) -> None:
        """Do it at this time instead."""
        self.put(_SET, kind=task.kind, subject=task.subject, at=at)

    def planned(self, kind: TaskKind, subject: int) -> datetime | None:
        """When it is to be done; None where it is not planned."""
        row = self.one(_PLANNED, its_kind=kind, whose=subject)
        return None if row is None else row.at

    def cancel(self, kind: TaskKind, subject: int) -> None:
        """Do not do it, where it was planned."""
        self.run(_THIS, its_kind=kind, whose=subject)


def take(db: Executor, now: datetime) -> ScheduledTask | None:
    """The first step that is due, taken off."""
    row = db.first(_DUE, {"now": now})
    if row is None:
        return None
    db.change(_THIS, {"our_team": row.team, "its_kind": row.kind, "whose": row.subject})
    return ScheduledTask(row.team, row.kind, row.subject)


def next_moment(db: Executor) -> datetime | None:
    """When the next step is due."""
    moment: datetime | None = db.one(_NEXT, {}).at
    return moment
