"""Which messages Slack should show, as the desk asks for them; `storage/outbox.py` works them off."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Update, any_, bindparam, func, or_, select, true, update

from bot.rules.notices import NoticeKind
from storage.db.repository import Repository, insert
from storage.outbox.rate_limits import HOME
from storage.tables.outbox import notice
from storage.tables.reports import report

_NOW = bindparam("now", type_=notice.c.next_try_at.type)
BEHIND = {
    "wanted": notice.c.wanted + 1,
    "next_try_at": func.coalesce(notice.c.next_try_at, _NOW),
    "behind_since": func.coalesce(notice.c.behind_since, _NOW),
}
"""What makes a message that is there show the newest state, from `now` on."""
IS_BEHIND = notice.c.next_try_at > datetime.min.replace(tzinfo=UTC)
"""Whether a message does not show the newest state. Said as a range, for which SQLite takes the index: to see whether
there is a time at all, it would go through every message that there ever was.
"""
_BEHIND_AND_URGENT = BEHIND | {"urgent": or_(notice.c.urgent, bindparam("is_urgent", type_=notice.c.urgent.type))}


def _want(dialect: str) -> Any:  # noqa: ANN401 - the two dialects' inserts share no type
    change = insert(notice, dialect)
    return change.on_conflict_do_update(
        index_elements=[notice.c.team, notice.c.kind, notice.c.subject, notice.c.target, notice.c.round],
        set_={
            "wanted": notice.c.wanted + 1,
            "urgent": or_(notice.c.urgent, change.excluded.urgent),
            "next_try_at": func.coalesce(notice.c.next_try_at, change.excluded.next_try_at),
            "behind_since": func.coalesce(notice.c.behind_since, change.excluded.behind_since),
        },
    )


_WANT = {dialect: _want(dialect) for dialect in ("sqlite", "postgresql")}


def _want_reports(which: ColumnElement[bool], dialect: str) -> Update:
    """Have what reps are shown of these reports show the newest state.

    PostgreSQL is told to find the numbers first: while it has no statistics of a table, it would hold every message
    against every report.
    """
    numbers = select(report.c.number).where(report.c.team == bindparam("our_team"), which)
    among = (
        notice.c.subject.in_(numbers)
        if dialect == "sqlite"
        else notice.c.subject == any_(func.array(numbers.scalar_subquery(), type_=ARRAY(Integer)))
    )
    ours = update(notice).where(notice.c.team == bindparam("our_team"), notice.c.kind == NoticeKind.REPORT)
    return ours.where(among).values(BEHIND)


_IN_CASE, _ABOUT = report.c.case == bindparam("of_case"), report.c.customer == bindparam("about")
_WANT_REPORTS = {dialect: _want_reports(_IN_CASE, dialect) for dialect in ("sqlite", "postgresql")}
_WANT_REPORTS_ABOUT = {dialect: _want_reports(_ABOUT, dialect) for dialect in ("sqlite", "postgresql")}
_WANT_AGAIN = (
    update(notice)
    .where(notice.c.team == bindparam("our_team"), notice.c.kind == bindparam("of_kind"))
    .where(notice.c.subject == bindparam("about"))
    .values(BEHIND | {"urgent": true()})
)
_other = notice.alias()
_WANT_NEWEST = (
    update(notice)
    .where(notice.c.team == bindparam("our_team"), notice.c.subject == bindparam("about"))
    .where(notice.c.kind.in_(bindparam("kinds", expanding=True)))
    .where(
        notice.c.round
        == select(func.max(_other.c.round))
        .where(_other.c.team == notice.c.team, _other.c.kind == notice.c.kind, _other.c.subject == notice.c.subject)
        .scalar_subquery()
    )
    .values(_BEHIND_AND_URGENT)
)
_STANDS_AT = select(notice.c.ts, notice.c.next_try_at).where(
    notice.c.team == bindparam("our_team"),
    notice.c.kind == bindparam("its_kind"),
    notice.c.subject == bindparam("about"),
    notice.c.target == bindparam("its_target"),
    notice.c.round == 0,
)


class Notices(Repository):
    """See `ports.Notices`."""

    def want(
        self, kind: NoticeKind, subject: int, target: str, now: datetime, *, urgent: bool = False, round_: int = 0
    ) -> None:
        """The message is to show the newest state: posted if it is not there yet, edited if it is."""
        self.put(
            _WANT,
            kind=kind,
            subject=subject,
            target=target,
            round=round_,
            lane=HOME if kind == NoticeKind.HOME else target,
            tag=secrets.token_hex(16),
            urgent=urgent,
            wanted=1,
            shown=0,
            state="due",
            doubt=False,
            refused=False,
            attempt=0,
            failures=0,
            next_try_at=now,
            behind_since=now,
            created_at=now,
        )

    def want_reports_of(self, case: int, now: datetime) -> None:
        """The messages to everybody who reported in the case are to show the newest state."""
        self.run(_WANT_REPORTS[self.db.dialect], of_case=case, now=now)

    def want_reports_about(self, customer: int, now: datetime) -> None:
        """The messages to everybody who ever reported the customer are to show the newest state."""
        self.run(_WANT_REPORTS_ABOUT[self.db.dialect], about=customer, now=now)

    def want_again(self, kind: NoticeKind, subject: int, now: datetime) -> None:
        """Every message of this kind about it that was ever wanted is to show the newest state, urgently."""
        self.run(_WANT_AGAIN, of_kind=kind, about=subject, now=now)

    def want_newest(self, kinds: Sequence[NoticeKind], subject: int, now: datetime, *, urgent: bool = False) -> None:
        """Of each of these kinds, the messages of the last round are to show the newest state, where there are any."""
        self.run(_WANT_NEWEST, kinds=list(kinds), about=subject, now=now, is_urgent=urgent)

    def stands_at(self, kind: NoticeKind, subject: int, target: str) -> str | None:
        """The ts of a message's first round; None while Slack does not show it."""
        row = self.one(_STANDS_AT, its_kind=kind, about=subject, its_target=target)
        return None if row is None else row.ts

    def is_in_step(self, kind: NoticeKind, subject: int, target: str) -> bool:
        """Whether a message's first round shows what it should."""
        row = self.one(_STANDS_AT, its_kind=kind, about=subject, its_target=target)
        return row is not None and row.ts is not None and row.next_try_at is None
