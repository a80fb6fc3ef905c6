"""The audit log: one hash chain for each customer, and the head of each kept apart, so that a cut shows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.audit_acts import Act
from bot.rules.audit_chain import Entry, link
from storage.db.repository import Repository
from storage.db.row_digests import TouchedRows
from storage.db.statements import Executor, Found
from storage.tables.audit import audit, audit_head

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
_TOLD_BY = select(audit.c.rows).where(audit.c.team == bindparam("our_team"), audit.c.act == bindparam("which_act"))


class Unwitnessed(Exception):  # noqa: N818 - a mistake of ours, which must not be committed
    """Something that bears witness was changed, and no entry of the log tells of it."""


class Audit(Repository):
    """See `ports.Audit`. Entries are written by `seal`, when all that they tell of has been done."""

    def __init__(self, db: Executor, team: str, touched: TouchedRows) -> None:
        super().__init__(db, team, touched)
        self._new: dict[int, list[Entry]] = {}
        self._heads = touched.heads

    def append(self, customer: int, actor: str, act: Act, facts: dict[str, object], now: datetime) -> int:
        """Add an entry to the customer's chain; its number in it."""
        if customer not in self._heads:
            head = self.db.one(_HEAD, {"our_team": self.team, "customer": customer})
            self._heads[customer] = (head.n, head.hash)
        new = self._new.setdefault(customer, [])
        new.append(Entry(n=self._heads[customer][0] + len(new) + 1, at=now, actor=actor, act=act, facts=facts))
        return new[-1].n

    def seal(self) -> None:
        """Write the entries, the last of each chain with the digests of all that the transaction touched.

        Raises Unwitnessed where there is no entry that could tell of it.
        """
        if self.touched and not self._new:
            raise Unwitnessed
        rows = self.touched.digests(self.db, self.team)
        for customer, entries in self._new.items():
            self._write(customer, [*entries[:-1], replace(entries[-1], rows=rows)])

    def _write(self, customer: int, entries: list[Entry]) -> None:
        n, digest = self._heads[customer]
        for entry in entries:
            n, digest = entry.n, link(digest, self.team, customer, entry)
            self.add_row(audit, customer=customer, hash=digest, **_columns(entry))
        self.run(_ADVANCE, whose=customer, to_n=n, to_hash=digest)

    def heads(self) -> dict[int, tuple[int, str]]:
        """For each customer: how long the chain is, and its last hash."""
        return {row.customer: (row.n, row.hash) for row in self.all(_ALL_HEADS)}

    def told_by(self, act: Act) -> frozenset[str]:
        """The names of all rows that entries of this act tell of."""
        return frozenset(name for row in self.all(_TOLD_BY, which_act=act) for name in row.rows)

    def chain(self, customer: int) -> Iterator[tuple[Entry, str]]:
        """The customer's entries with the hash kept beside each, oldest first."""
        for row in self.db.connection.execute(_CHAIN, {"our_team": self.team, "customer": customer}):
            yield _entry(row), row.hash


def _entry(row: Found) -> Entry:
    return Entry(n=row.n, at=row.at, actor=row.actor, act=row.act, facts=row.facts, rows=row.rows)


def _columns(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in ("n", "at", "actor", "act", "facts", "rows")}
