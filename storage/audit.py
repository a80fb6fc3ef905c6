"""The audit log: one hash chain for each customer, and the head of each kept apart, so that a cut shows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.rules.chain import Entry, link
from storage.part import Part
from storage.tables import audit, audit_head

_HEADS = audit_head.c.team == bindparam("our_team")
_HEAD = select(audit_head.c.n, audit_head.c.hash).where(_HEADS, audit_head.c.customer == bindparam("customer"))
_ALL_HEADS = select(audit_head).where(_HEADS).order_by(audit_head.c.customer)
_ADVANCE = (
    update(audit_head)
    .where(_HEADS, audit_head.c.customer == bindparam("whose"))
    .values(n=bindparam("to_n"), hash=bindparam("to_hash"))
)
_CHAIN = (
    select(audit)
    .where(audit.c.team == bindparam("our_team"), audit.c.customer == bindparam("customer"))
    .order_by(audit.c.n)
)


class Audit(Part):
    """See `ports.Audit`."""

    def append(self, customer: int, actor: str, act: str, facts: dict[str, object], now: datetime) -> int:
        """Add an entry to the customer's chain; its number in it."""
        head = self.connection.execute(_HEAD, {"our_team": self.team, "customer": customer}).one()
        entry = Entry(n=head.n + 1, at=now, actor=actor, act=act, facts=facts)
        digest = link(head.hash, self.team, customer, entry)
        self.add_row(audit, customer=customer, n=entry.n, at=now, actor=actor, act=act, facts=facts, hash=digest)
        self.run(_ADVANCE, whose=customer, to_n=entry.n, to_hash=digest)
        return entry.n

    def heads(self) -> dict[int, tuple[int, str]]:
        """For each customer: how long the chain is, and its last hash."""
        return {row.customer: (row.n, row.hash) for row in self.all(_ALL_HEADS)}

    def chain(self, customer: int) -> Iterator[tuple[Entry, str]]:
        """The customer's entries with the hash kept beside each, oldest first."""
        for row in self.connection.execute(_CHAIN, {"our_team": self.team, "customer": customer}):
            yield _entry(row), row.hash


def _entry(row: Row[Any]) -> Entry:
    return Entry(n=row.n, at=row.at, actor=row.actor, act=row.act, facts=row.facts)
