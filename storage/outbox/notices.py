"""Which messages Slack should show, as use cases ask for them; `storage.outbox.outbox` has them sent."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ARRAY, ColumnElement, Insert, Integer, Update, any_, bindparam, func, or_, select, true, update

from bot.rules.notices import NoticeKind
from storage.db.queries import insert, many, ours
from storage.db.repository import Repository
from storage.outbox.rate_limits import HOME
from storage.tables.outbox import notice
from storage.tables.reports import report

_NOW = bindparam("now", type_=notice.c.next_try_at.type)
BEHIND = {
    "wanted": notice.c.wanted + 1,
    "next_try_at": func.coalesce(notice.c.next_try_at, _NOW),
    "behind_since": func.coalesce(notice.c.behind_since, _NOW),
}
"""The update after which a message has to show the newest state, from `now` on."""
IS_BEHIND = notice.c.next_try_at > datetime.min.replace(tzinfo=UTC)
"""Whether a message does not show the newest state. It is a range, for which SQLite uses the index: for IS NOT NULL it
would read every message that there ever was.
"""
_BEHIND_AND_URGENT = BEHIND | {"urgent": or_(notice.c.urgent, bindparam("is_urgent", type_=notice.c.urgent.type))}


def _refresh(dialect: str) -> Insert:
    new = insert(notice, dialect)
    return new.on_conflict_do_update(
        index_elements=list(notice.primary_key),
        set_={
            "wanted": notice.c.wanted + 1,
            "urgent": or_(notice.c.urgent, new.excluded.urgent),
            "next_try_at": func.coalesce(notice.c.next_try_at, new.excluded.next_try_at),
            "behind_since": func.coalesce(notice.c.behind_since, new.excluded.behind_since),
        },
    )


def _refresh_reports(which: ColumnElement[bool], dialect: str) -> Update:
    """Have the messages to the reps about these reports show the newest state.

    PostgreSQL is told to find the numbers first: without statistics of a table it would compare every message with
    every report.
    """
    numbers = select(report.c.number).where(which)
    of_these = (
        notice.c.subject.in_(numbers)
        if dialect == "sqlite"
        else notice.c.subject == any_(func.array(numbers.scalar_subquery(), type_=ARRAY(Integer)))
    )
    return update(notice).where(ours(notice), notice.c.kind == NoticeKind.REPORT, of_these).values(BEHIND)


_DIALECTS = ("sqlite", "postgresql")
_REFRESH = {dialect: _refresh(dialect) for dialect in _DIALECTS}
_REFRESH_REPORTS = {dialect: _refresh_reports(ours(report, "case"), dialect) for dialect in _DIALECTS}
_REFRESH_REPORTS_ABOUT = {dialect: _refresh_reports(ours(report, "customer"), dialect) for dialect in _DIALECTS}
_REFRESH_ALL = update(notice).where(ours(notice, "kind", "subject")).values(BEHIND | {"urgent": true()})
_other = notice.alias()
_NEWEST_ROUND = (
    select(func.max(_other.c.round))
    .where(_other.c.team == notice.c.team, _other.c.kind == notice.c.kind, _other.c.subject == notice.c.subject)
    .scalar_subquery()
)
_REFRESH_NEWEST = (
    update(notice)
    .where(ours(notice, "subject"), notice.c.kind.in_(many("kinds")), notice.c.round == _NEWEST_ROUND)
    .values(_BEHIND_AND_URGENT)
)
_FIRST_ROUND = select(notice.c.ts, notice.c.next_try_at).where(
    ours(notice, "kind", "subject", "target"), notice.c.round == 0
)


class Notices(Repository):
    """Which messages Slack should show. To refresh a message is to have it show the newest state."""

    def refresh(
        self, kind: NoticeKind, subject: int, target: str, now: datetime, *, urgent: bool = False, round_: int = 0
    ) -> None:
        """Have the message posted, or edited where Slack shows it already.

        An `urgent` one goes before all that are not, until Slack shows it: somebody waits for it. `round_` tells
        messages apart that are posted again instead of edited, as a daily reminder is.
        """
        self.put(
            _REFRESH,
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

    def refresh_reports_of(self, case: int, now: datetime) -> None:
        """Refresh the messages to everybody who reported in the case."""
        self.run(_REFRESH_REPORTS[self.db.dialect], case=case, now=now)

    def refresh_reports_about(self, customer: int, now: datetime) -> None:
        """Refresh the messages to everybody who ever reported the customer."""
        self.run(_REFRESH_REPORTS_ABOUT[self.db.dialect], customer=customer, now=now)

    def refresh_all(self, kind: NoticeKind, subject: int, now: datetime) -> None:
        """Refresh, urgently, every message of this kind about the subject that there is."""
        self.run(_REFRESH_ALL, kind=kind, subject=subject, now=now)

    def refresh_newest(self, kinds: Sequence[NoticeKind], subject: int, now: datetime, *, urgent: bool = False) -> None:
        """Refresh, of each of these kinds, the messages of the last round, where there are any."""
        self.run(_REFRESH_NEWEST, kinds=list(kinds), subject=subject, now=now, is_urgent=urgent)

    def ts_of(self, kind: NoticeKind, subject: int, target: str) -> str | None:
        """The ts of the message's first round; None while Slack does not show it."""
        row = self.one(_FIRST_ROUND, kind=kind, subject=subject, target=target)
        return None if row is None else row.ts

    def shows_newest(self, kind: NoticeKind, subject: int, target: str) -> bool:
        """Whether Slack shows the newest state in the message's first round."""
        row = self.one(_FIRST_ROUND, kind=kind, subject=subject, target=target)
        return row is not None and row.ts is not None and row.next_try_at is None
