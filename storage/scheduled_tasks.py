"""What is to be done later, and when. A task is deleted in the transaction that does it, so it is done exactly once."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Insert, bindparam, delete, func, or_, select, true, update

from bot.rules.scheduled_tasks import BrokenTask, ScheduledTask, TaskKind
from storage.db.executor import Executor
from storage.db.mapping import value_of
from storage.db.queries import DIALECTS, bound, insert, ours, upsert
from storage.db.repository import Repository
from storage.rows import IS_BROKEN
from storage.tables.cases import matter, objection
from storage.tables.outbox import step

LONGEST_ERROR = 64

_SET = upsert(step, "at")
_DELETE = delete(step).where(ours(step, "kind", "subject"))
_AT = select(step.c.at).where(ours(step, "kind", "subject"))
_DUE = select(step).where(step.c.at <= bindparam("now")).order_by(step.c.at).limit(1).with_for_update(skip_locked=True)
_BROKE = (
    update(step)
    .where(ours(step, "kind", "subject"), step.c.at == bindparam("was_at"))
    .values(failures=step.c.failures + 1, **bound("at", "error"))
)
_BRING_FORWARD = (
    update(step)
    .where(ours(step, "kind"), step.c.at > bindparam("latest", type_=step.c.at.type))
    .values(at=bindparam("instead"))
)
_BROKEN = select(step).where(IS_BROKEN).order_by(step.c.failures.desc(), step.c.at).limit(20)
_NEXT = select(func.min(step.c.at).label("at"))
_LETTER: Any = step.alias()
_OBJECTED = select(objection.c.case).where(ours(objection), objection.c.answer.is_(None))
_WITH_LETTER = select(_LETTER.c.subject).where(ours(_LETTER), _LETTER.c.kind == TaskKind.LETTER)
_WAITING: Final = or_(matter.c.closed_at.is_(None), matter.c.number.in_(_OBJECTED), matter.c.number.in_(_WITH_LETTER))


def _for_cases(dialect: str, which: ColumnElement[bool]) -> Insert:
    kind, at = bindparam("kind", type_=step.c.kind.type), bindparam("at", type_=step.c.at.type)
    cases = select(matter.c.team, kind, matter.c.number, at).where(ours(matter), _WAITING, which)
    tasks = insert(step, dialect).from_select(["team", "kind", "subject", "at"], cases.order_by(matter.c.number))
    return tasks.on_conflict_do_update(index_elements=list(step.primary_key), set_={"at": at})


_SET_FOR_ALL = {dialect: _for_cases(dialect, true()) for dialect in DIALECTS}
_SET_FOR_CUSTOMER = {dialect: _for_cases(dialect, matter.c.customer == bindparam("about")) for dialect in DIALECTS}


class ScheduledTasks(Repository):
    """What is to be done later: one task of each kind for a subject."""

    def set(self, kind: TaskKind, subject: int, at: datetime) -> None:
        """Schedule it for this time, instead of any other."""
        self.put(_SET, kind=kind, subject=subject, at=at)

    def set_for_all(self, kind: TaskKind, at: datetime) -> None:
        """Schedule it for each case that waits for somebody for this time, instead of any other.

        A case that has ended does as long as an objection waits for its answer, or a letter to be sent.
        """
        self.db.change(_SET_FOR_ALL[self.db.dialect], {"our_team": self.team, "kind": kind, "at": at})

    def set_for_customer(self, kind: TaskKind, customer: int, at: datetime) -> None:
        """The same, for this customer's cases alone."""
        values = {"our_team": self.team, "about": customer, "kind": kind, "at": at}
        self.db.put_off(_SET_FOR_CUSTOMER[self.db.dialect], values)

    def bring_forward(self, kind: TaskKind, latest: datetime, instead: datetime) -> None:
        """Schedule those of this kind that are scheduled for after `latest` for this time instead."""
        self.run(_BRING_FORWARD, kind=kind, latest=latest, instead=instead)

    def broke(self, task: ScheduledTask, error: str, at: datetime) -> None:
        """Store that the task broke with an error of this class, and try it again at this time.

        Does nothing where the task was done or scheduled again since, as by another process.
        """
        was = {"kind": task.kind, "subject": task.subject, "was_at": task.at}
        self.run(_BROKE, **was, at=at, error=error[:LONGEST_ERROR])

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
    return value_of(ScheduledTask, row)


def next_moment(db: Executor) -> datetime | None:
    """When the next task is due."""
    moment: datetime | None = db.one(_NEXT, {}).at
    return moment


def broken(db: Executor) -> tuple[BrokenTask, ...]:
    """The first 20 tasks of all workspaces that break again and again, the worst first."""
    return tuple(value_of(BrokenTask, row) for row in db.all(_BROKEN, {}))
