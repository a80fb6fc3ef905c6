"""Which messages Slack should show, as use cases ask for them; `storage.outbox.outbox` has them sent."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Insert,
    Integer,
    Table,
    Update,
    and_,
    any_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from bot.rules.notices import FILES, NoticeKind
from storage.db.queries import DIALECTS, bound, insert, is_row, many, ours
from storage.db.repository import Repository
from storage.outbox.rate_limits import EDIT, HOME
from storage.tables.cases import hearing, matter
from storage.tables.customers import customer
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


_OF_A_CASE = (
    NoticeKind.CASE, NoticeKind.ESCALATION, NoticeKind.ASKED, NoticeKind.OVERDUE, NoticeKind.REVIEW,
    NoticeKind.OBJECTION, NoticeKind.LESSON, NoticeKind.LETTER,
)  # fmt: skip
_BECOMES_URGENT = and_(
    bindparam("urgent_case", type_=notice.c.subject.type) == notice.c.subject, notice.c.kind.in_(_OF_A_CASE)
)
_RECORDS = select(customer.c.number).where(ours(customer), customer.c.number == bindparam("about")).cte(recursive=True)
_RECORDS = _RECORDS.union(select(customer.c.number).where(ours(customer), customer.c.merged_into == _RECORDS.c.number))


def _refresh_about(dialect: str) -> Update:
    """Have every message that shows the customer, or a record merged into theirs, show the newest state.

    The statement makes PostgreSQL find the records first: without statistics it would compare every message with each.
    """
    records = select(_RECORDS.c.number)
    of_these = (
        notice.c.customer.in_(records)
        if dialect == "sqlite"
        else notice.c.customer == any_(func.array(records.scalar_subquery(), type_=ARRAY(Integer)))
    )
    return (
        update(notice)
        .where(ours(notice), of_these)
        .values(BEHIND | {"urgent": or_(notice.c.urgent, func.coalesce(_BECOMES_URGENT, false()))})
    )


def _customer_of(records: Table) -> ColumnElement[int | None]:
    """The customer of the case of the record that a message shows."""
    found = select(matter.c.customer)
    if records is not matter:
        found = found.join(records, is_row(matter, records.c.case))
    return found.where(ours(records), records.c.number == notice.c.subject).correlate(notice).scalar_subquery()


_REPORTED = (
    select(report.c.customer)
    .where(ours(report), report.c.number == notice.c.subject)
    .correlate(notice)
    .scalar_subquery()
)
_FOLLOW = [
    update(notice)
    .where(ours(notice), notice.c.customer.in_(many("customers")), notice.c.kind.in_(kinds))
    .values(customer=whose)
    for kinds, whose in (
        (_OF_A_CASE, _customer_of(matter)),
        ((NoticeKind.REPORT,), func.coalesce(_customer_of(report), _REPORTED)),  # it says what was decided in the case
        ((NoticeKind.CHECK_IN,), _REPORTED),
        ((NoticeKind.HEARING,), _customer_of(hearing)),
    )
]
_OTHER = notice.alias()
_REDIRECT = (
    update(notice)
    .where(ours(notice, "kind"), notice.c.ts.is_(None), notice.c.target != bindparam("to"))
    .where(
        ~exists().where(
            *(_OTHER.c[key] == notice.c[key] for key in ("team", "kind", "subject", "round")),
            _OTHER.c.target == bindparam("to"),
        )
    )
    .values(
        BEHIND
        | {
            "target": bindparam("to"),
            "rate_limit": bindparam("to"),
            "next_try_at": _NOW,
            "attempt": notice.c.attempt + 1,
        }
        | {"state": "due", "doubt": False, "refused": False, "failures": 0, "error": None}
    )
)
_REFRESH_KIND = update(notice).where(ours(notice, "kind"), notice.c.created_at >= bindparam("since")).values(BEHIND)
_REFRESH_TO = (
    update(notice)
    .where(ours(notice), notice.c.kind.in_(many("kinds")), notice.c.target.in_(many("targets")))
    .values(BEHIND)
)
_REFRESH = {dialect: _refresh(dialect) for dialect in DIALECTS}
_REFRESH_ABOUT = {dialect: _refresh_about(dialect) for dialect in DIALECTS}
_FOUND = (
    update(notice)
    .where(ours(notice, "tag"))
    .values(BEHIND | bound("channel", "ts") | {"digest": None, "doubt": False, "rate_limit": EDIT})
)
_AGAIN = update(notice).where(ours(notice)).values(BEHIND | {"digest": None})
_HOMES = _AGAIN.where(notice.c.kind == NoticeKind.HOME)
_SHOWN = _AGAIN.where(notice.c.ts.is_not(None), notice.c.kind.not_in(FILES))
_HAS_TAG = select(notice.c.tag).where(ours(notice, "tag"))
_NEWEST_IN = select(func.max(notice.c.ts).label("ts")).where(ours(notice, "channel"))
_FIRST_ROUND = select(notice.c.ts, notice.c.next_try_at).where(
    ours(notice, "kind", "subject", "target"), notice.c.round == 0
)


class Notices(Repository):
    """Which messages Slack should show. To refresh a message is to have it show the newest state."""

    def refresh(
        self,
        kind: NoticeKind,
        subject: int,
        target: str,
        now: datetime,
        *,
        customer: int | None = None,
        urgent: bool = False,
        round_: int = 0,
    ) -> None:
        """Have the message posted, or edited where Slack shows it already.

        `customer`: whom it shows, so that `refresh_about` finds it. An `urgent` one goes before all that are not, until
        Slack shows it: somebody waits for it. `round_` tells messages apart that are posted again instead of edited, as
        a daily reminder is.
        """
        self.put(
            _REFRESH,
            kind=kind,
            subject=subject,
            target=target,
            round=round_,
            customer=customer,
            rate_limit=HOME if kind == NoticeKind.HOME else target,
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

    def refresh_about(self, customer: int, now: datetime, *, urgent_case: int | None = None) -> None:
        """Have every message that shows the customer, or a record merged into theirs, show the newest state.

        `urgent_case`: somebody waits for the messages about this case. A message that would say the same is not sent.
        """
        self.run(_REFRESH_ABOUT[self.db.dialect], about=customer, now=now, urgent_case=urgent_case)

    def refresh_kind(self, kind: NoticeKind, since: datetime, now: datetime) -> None:
        """Have every message of this kind that was asked for since then show the newest state."""
        self.run(_REFRESH_KIND, kind=kind, since=since, now=now)

    def refresh_to(self, kinds: Iterable[NoticeKind], targets: Iterable[str], now: datetime) -> None:
        """Have every message of these kinds to one of these people or channels show the newest state."""
        self.run(_REFRESH_TO, kinds=list(kinds), targets=list(targets), now=now)

    def redirect(self, kind: NoticeKind, target: str, now: datetime) -> None:
        """Have those of this kind that Slack does not show yet go to this target instead of another one."""
        self.run(_REDIRECT, kind=kind, to=target, now=now)

    def follow_records(self, customers: Sequence[int]) -> None:
        """Give each message about one of these customers the customer whom its record is about now."""
        for change in _FOLLOW:
            self.run(change, customers=list(customers))

    def found(self, tag: str, channel: str, ts: str, now: datetime) -> bool:
        """Slack shows the message with this tag here: have it drawn again. False where there is none on record."""
        return self.changed(_FOUND, tag=tag, channel=channel, ts=ts, now=now) > 0

    def knows_all(self, tags: Iterable[str]) -> bool:
        """Whether there is a message on record for each of these tags."""
        return all(self.one(_HAS_TAG, tag=tag) is not None for tag in tags)

    def newest_in(self, channel: str) -> str:
        """The ts of the newest message on record in the channel; empty where there is none."""
        return next((row.ts or "" for row in self.all(_NEWEST_IN, channel=channel)), "")

    def draw_again(self, now: datetime, *, messages: bool = False) -> int:
        """Have every App Home published again, and `messages` edited, even where it would show the same. How many."""
        return self.changed(_HOMES, now=now) + (self.changed(_SHOWN, now=now) if messages else 0)

    def ts_of(self, kind: NoticeKind, subject: int, target: str) -> str | None:
        """The ts of the message's first round; None while Slack does not show it."""
        row = self.one(_FIRST_ROUND, kind=kind, subject=subject, target=target)
        return None if row is None else row.ts

    def shows_newest(self, kind: NoticeKind, subject: int, target: str) -> bool:
        """Whether Slack shows the newest state in the message's first round."""
        row = self.one(_FIRST_ROUND, kind=kind, subject=subject, target=target)
        return row is not None and row.ts is not None and row.next_try_at is None
