"""The notices that were sent or are to be: to whom, and which ask for something where management looks no more."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Exists, Table, and_, bindparam, func, or_, select, update

from bot.rules.notices import EARLY, Notice, NoticeKind
from bot.rules.scheduled_tasks import TaskKind
from storage.db.queries import ours
from storage.db.repository import Repository
from storage.outbox.notices import BEHIND
from storage.tables.cases import matter, objection
from storage.tables.decisions import decision, lesson, review
from storage.tables.outbox import notice, step, summary


def _is(kind: NoticeKind, asks: ColumnElement[bool] | Exists) -> ColumnElement[bool]:
    return and_(notice.c.kind == kind, asks)


def _has(table: Table, key: str, *conditions: ColumnElement[bool]) -> Exists:
    return (
        select(table.c.team)
        .where(ours(table), table.c[key] == notice.c.subject, *conditions)
        .correlate(notice)
        .exists()
    )


_REVIEWED = (
    select(func.count())
    .select_from(review)
    .where(ours(review), review.c.case == notice.c.subject)
    .correlate(notice)
    .scalar_subquery()
)
_ASKS = or_(
    _is(NoticeKind.CASE, _has(matter, "number", matter.c.closed_at.is_(None))),
    _is(NoticeKind.OBJECTION, _has(objection, "case", objection.c.answer.is_(None))),
    _is(
        NoticeKind.REVIEW,
        and_(_has(decision, "case", decision.c.ended_at.is_(None)), notice.c.round % EARLY == _REVIEWED),
    ),
    _is(NoticeKind.LESSON, ~_has(lesson, "case")),
)
_IN_A_CHANNEL = or_(notice.c.target.startswith("C"), notice.c.target.startswith("G"))
_LEFT_BEHIND = select(notice.c.kind, notice.c.subject, notice.c.target, notice.c.round, notice.c.customer).where(
    ours(notice), _IN_A_CHANNEL, notice.c.target != bindparam("present"), _ASKS
)
_IS_THERE = select(notice.c.tag).where(ours(notice, "kind", "subject", "target", "round"))
_LAST_ROUND = select(func.max(notice.c.round).label("round")).where(ours(notice, "kind", "subject", "target"))
_REPLACE_EARLIER = (
    update(notice)
    .where(ours(notice, "kind", "subject", "target"), notice.c.round < bindparam("round"))
    .where(notice.c.customer.is_not(None))
    .values(BEHIND | {"customer": None})
)
_SET_BACK = (
    update(notice).where(ours(notice), notice.c.created_at > bindparam("now")).values(created_at=bindparam("now"))
)
_TARGETS = select(notice.c.target).where(ours(notice), notice.c.kind != NoticeKind.HOME).distinct()
_SHOWN_AS = select(notice.c.ts, notice.c.next_try_at).where(ours(notice, "tag"))
_SENT_TO = select(notice.c.target).where(ours(notice, "kind", "subject")).distinct()
_ESCALATED = and_(ours(notice, "target"), notice.c.kind == NoticeKind.ESCALATION)
_ESCALATED_SINCE = (
    select(notice.c.tag)
    .join(matter, and_(ours(matter), matter.c.number == notice.c.subject))
    .where(_ESCALATED, notice.c.created_at >= bindparam("since"), matter.c.urgent.is_(False))
    .limit(1)
)
_LAST_ESCALATED = (
    select(func.max(notice.c.created_at))
    .where(_ESCALATED, notice.c.subject == matter.c.number)
    .correlate(matter)
    .scalar_subquery()
)
_TASK_BREAKS = (
    select(step.c.kind)
    .where(ours(step), step.c.kind.in_((TaskKind.DEADLINE, TaskKind.OVERDUE)), step.c.failures > 0)
    .where(step.c.subject == matter.c.number)
    .correlate(matter)
    .exists()
)
_LATE_BY_LAST_NOTICE = (
    select(matter.c.number)
    .where(ours(matter), matter.c.closed_at.is_(None), matter.c.due_at <= bindparam("now"), matter.c.urgent.is_(False))
    .where(~_TASK_BREAKS)
    .order_by(_LAST_ESCALATED.asc().nulls_first(), matter.c.due_at, matter.c.number)
)
_SUMMARY_NOT_SHOWN = (
    select(summary.c.week)
    .join(notice, and_(ours(notice), notice.c.kind == NoticeKind.SUMMARY, notice.c.subject == summary.c.week))
    .where(ours(summary), notice.c.target == summary.c.channel, summary.c.channel != bindparam("present"))
    .where(notice.c.ts.is_(None))
    .order_by(summary.c.week.desc())
    .limit(1)
)


class LeftBehind(NamedTuple):
    """A message that asks for something, in a channel that management has left."""

    kind: str
    subject: int
    target: str
    round: int
    customer: int | None


class SentNotices(Repository):
    """The notices that were sent or are to be, and those that ask for something in a channel that was left."""

    def left_behind(self, present: str) -> Iterator[LeftBehind]:
        """The messages in any other channel than the present one that ask for something."""
        yield from (LeftBehind(*row) for row in self.all(_LEFT_BEHIND, present=present))

    def is_in(self, channel: str, this: Notice) -> bool:
        """Whether this message is, or is to be, in the channel as well."""
        found = self.one(_IS_THERE, kind=this.kind, subject=this.subject, target=channel, round=this.round)
        return found is not None

    def last_round(self, kind: str, subject: int, target: str) -> int:
        """The round of the newest of these messages; 0 where there is none."""
        row = self.one(_LAST_ROUND, kind=kind, subject=subject, target=target)
        return (row.round or 0) if row else 0

    def is_escalated_since(self, target: str, since: datetime) -> bool:
        """Whether a message to this director about a case that is not urgent was begun since then."""
        return self.one(_ESCALATED_SINCE, target=target, since=since) is not None

    def late_by_last_notice(self, target: str, now: datetime) -> tuple[int, ...]:
        """The late cases that are not urgent: by when this director was notified last; never first.

        One whose task breaks is not among them: nobody is notified of it by the task, and it would hold up the others.
        """
        return tuple(row.number for row in self.all(_LATE_BY_LAST_NOTICE, target=target, now=now))

    def set_back(self, now: datetime) -> None:
        """The clock was put back: what was begun in the future was begun now, and holds nothing back on a later day."""
        self.run(_SET_BACK, now=now)

    def replace_earlier(self, kind: str, subject: int, target: str, round_: int, now: datetime) -> None:
        """Have the earlier ones of these messages say that this round came after them; nothing later changes them."""
        self.run(_REPLACE_EARLIER, kind=kind, subject=subject, target=target, round=round_, now=now)

    def targets(self) -> tuple[str, ...]:
        """Every channel and person that a message on record is for."""
        return tuple(row.target for row in self.all(_TARGETS))

    def shows(self, tag: str, ts: str) -> bool:
        """Whether this is the message on record with this tag, and shows the newest state."""
        row = self.one(_SHOWN_AS, tag=tag)
        return row is not None and row.ts == ts and row.next_try_at is None

    def sent_to(self, kind: NoticeKind, subject: int) -> tuple[str, ...]:
        """Every person and channel that was or is to be sent this message."""
        return tuple(row.target for row in self.all(_SENT_TO, kind=kind, subject=subject))

    def week_not_shown(self, present: str) -> int | None:
        """The key of the newest week whose summary was to be posted in another channel, and never was."""
        row = self.one(_SUMMARY_NOT_SHOWN, present=present)
        return None if row is None else int(row.week)
