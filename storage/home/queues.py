"""What awaits a manager: open cases, objections and reviews on which they may act, by deadline.

`bot.usecases.permissions` decides who may act. Here the same rules are written as SQL for many records at once, so
that the database can cut a list to its page.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from bot.rules.cases import Left
from bot.rules.home import Queue, QueueItem, QueueKind, Viewer
from bot.rules.notices import NoticeKind
from bot.rules.policy.verdicts import Rung
from storage.db.mapping import value_of
from storage.db.queries import is_row, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.involved import INVOLVED
from storage.stakes import WITH_STAKE
from storage.tables.cases import matter, objection, warning
from storage.tables.customers import customer
from storage.tables.decisions import decision, review
from storage.tables.outbox import notice, step

_NOW = bindparam("now", type_=matter.c.due_at.type)
_NOT_ONLY_LATE = not_(bindparam("late_only", type_=true().type))

_NO_STAKE = matter.c.customer.not_in(WITH_STAKE)
_WITH_DIRECTORS = or_(matter.c.due_at <= _NOW, matter.c.left != Left.MANAGERS.value)
_OBJECTION_WITH_DIRECTORS = or_(objection.c.due_at <= _NOW, objection.c.raised > 0)
_TOOK_NO_PART = matter.c.number.not_in(INVOLVED)
_ROUND = select(func.count()).where(is_row(review, matter.c.number, "case")).correlate(matter).scalar_subquery()
_ASKED_TO_RENEW = (
    select(notice.c.round)
    .where(is_row(notice, matter.c.number, "subject"), notice.c.kind == "review", notice.c.round == _ROUND)
    .exists()
)
_MATTER = {"case": matter.c.number, "customer": matter.c.customer, "rung": matter.c.rung}


def _columns(kind: QueueKind, subject: ColumnElement[int], **other: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """The columns of a line of the queue; `subject` and `round` are those of the notice that asks for it."""
    none = {"round": literal_column("0", Integer), "urgent": false()}
    columns = {"kind": literal_column(f"'{kind.value}'", String), "subject": subject, **_MATTER, **none, **other}
    return [column.label(name) for name, column in columns.items()]


# For each kind: all lines that are open; and which of them a viewer without a stake may act on.
_CASES = (
    select(*_columns(QueueKind.CASE, matter.c.number, due_at=matter.c.due_at, urgent=matter.c.urgent)).where(
        ours(matter), matter.c.closed_at.is_(None)
    ),
    or_(_NOT_ONLY_LATE, _WITH_DIRECTORS),
)
_OBJECTIONS = (
    select(*_columns(QueueKind.OBJECTION, matter.c.number, due_at=objection.c.due_at))
    .select_from(objection)
    .join(matter, is_row(matter, objection.c.case))
    .where(ours(objection), objection.c.answer.is_(None)),
    and_(_TOOK_NO_PART, or_(_NOT_ONLY_LATE, _OBJECTION_WITH_DIRECTORS)),
)
_REVIEWS = (  # asked for and not answered: the next scheduled task is the end of the decision
    select(*_columns(QueueKind.REVIEW, matter.c.number, due_at=step.c.at, round=_ROUND))
    .select_from(step)
    .join(matter, is_row(matter, step.c.subject))
    .join(decision, is_row(decision, step.c.subject, "case"))
    .where(ours(step), step.c.kind == literal_column("'review'"), step.c.at <= bindparam("ahead"))
    .where(decision.c.ended_at.is_(None), _ASKED_TO_RENEW),
    or_(_NOT_ONLY_LATE, _WITH_DIRECTORS),
)
_LETTERS = (  # asked for until sent: `due_at` is when somebody is asked next
    select(*_columns(QueueKind.LETTER, matter.c.number, due_at=step.c.at))
    .select_from(step)
    .join(matter, is_row(matter, step.c.subject))
    .where(ours(step), step.c.kind == literal_column("'letter'")),
    or_(_NOT_ONLY_LATE, _WITH_DIRECTORS),
)
_KINDS = (_CASES, _OBJECTIONS, _REVIEWS, _LETTERS)


def _figures_of(lines: Select[Any], may_act: ColumnElement[bool]) -> Select[Any]:
    theirs = and_(_NO_STAKE, may_act).label("theirs")
    every = lines.add_columns(theirs).subquery()
    late = and_(every.c.theirs, every.c.due_at <= _NOW, every.c.kind != QueueKind.LETTER.value)  # which has no deadline
    return select(
        func.min(every.c.kind).label("kind"),
        func.count().label("open"),
        func.coalesce(func.sum(case((every.c.theirs, 1), else_=0)), 0).label("theirs"),
        func.coalesce(func.sum(case((late, 1), else_=0)), 0).label("overdue"),
    ).select_from(every)


_FIGURES = union_all(*(_figures_of(*kind) for kind in _KINDS))
_AT_ITS_CASE = literal_column(f"'{NoticeKind.CASE.value}'", String)
_PAGE = (
    union_all(*(lines.where(_NO_STAKE, may_act) for lines, may_act in _KINDS))
    .order_by("due_at", "case", "kind", "subject")
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
    .subquery()
)
_AWAITING = (
    select(_PAGE, customer.c.name, warning.c.number.label("warning"), notice.c.channel, notice.c.ts)
    .join(customer, is_row(customer, _PAGE.c.customer))
    .outerjoin(warning, and_(is_row(warning, _PAGE.c.case, "case"), warning.c.delivered_at.is_(None)))
    .outerjoin(
        notice,
        and_(
            is_row(notice, _PAGE.c.subject, "subject"),
            notice.c.kind == case((_PAGE.c.kind == QueueKind.LETTER.value, _AT_ITS_CASE), else_=_PAGE.c.kind),
            notice.c.round == _PAGE.c.round,
            notice.c.target == bindparam("channel"),
        ),
    )
    .order_by(_PAGE.c.due_at, _PAGE.c.case, _PAGE.c.kind, _PAGE.c.subject)
)


class Queues(Repository):
    """What awaits a manager: open cases, objections, reviews and letters on which they may act."""

    def figures(self, viewer: Viewer) -> Queue:
        """What is open, in figures."""
        rows = [row for row in self.db.all(_FIGURES, self._values(viewer)) if row.open]
        theirs = {QueueKind(row.kind): int(row.theirs) for row in rows if row.theirs}
        return Queue(
            {kind: theirs[kind] for kind in QueueKind if kind in theirs},
            overdue=sum(int(row.overdue) for row in rows),
            others=sum(int(row.open) - int(row.theirs) for row in rows),
        )

    def page(self, viewer: Viewer, most: int, skip: int = 0) -> tuple[QueueItem, ...]:
        """What awaits the viewer, the earliest deadline first."""
        cut = {"most": most, "skip": skip, "channel": viewer.channel}
        return tuple(_awaiting(row) for row in self.db.all(_AWAITING, self._values(viewer) | cut))

    def _values(self, viewer: Viewer) -> dict[str, object]:
        return {
            "our_team": self.team,
            "user": viewer.user,
            "now": viewer.now,
            "stake_since": viewer.stake_since,
            "stake_days": viewer.stake_days,
            "late_only": viewer.late_only,
            "ahead": viewer.ahead,
        }


def _awaiting(row: Row) -> QueueItem:
    return value_of(
        QueueItem,
        row,
        kind=QueueKind(row.kind),
        customer=row.name,
        rung=Rung(row.rung),
        urgent=bool(row.urgent),
        issued=row.warning is not None,
    )
