"""The audit log: one hash chain for each customer. The end of each is kept apart, so that cutting a chain shows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update

from bot.rules.audit import Act, AuditEntry, entry_hash
from storage.db.mapping import columns_of, value_of
from storage.db.queries import ours
from storage.db.repository import Repository
from storage.db.row_digests import TouchedRows
from storage.db.statements import Executor
from storage.tables.audit import audit, audit_head

_END = select(audit_head.c.n, audit_head.c.hash).where(ours(audit_head, "customer"))
_ENDS = select(audit_head).where(ours(audit_head)).order_by(audit_head.c.customer)
_SET_END = update(audit_head).where(ours(audit_head, "customer")).values(n=bindparam("n"), hash=bindparam("hash"))
_CHAIN = select(audit).where(ours(audit, "customer")).order_by(audit.c.n)
_SAME = or_(audit.c.form == bindparam("form"), and_(audit.c.once == bindparam("once"), audit.c.act == bindparam("act")))
_RECORDED = select(audit.c.facts).where(ours(audit, "actor"), _SAME).limit(1)
_ROWS_OF_ACT = select(audit.c.rows).where(ours(audit, "act"))


class MissingAuditEntry(Exception):  # noqa: N818 - a mistake of ours, which must not be committed
    """A digested row was changed, and the transaction has no entry of the log for it."""


class Audit(Repository):
    """The audit log, which only grows. `append` keeps an entry; `seal` writes it, at the end of the transaction."""

    def __init__(self, db: Executor, team: str, touched: TouchedRows) -> None:
        super().__init__(db, team, touched)
        self._new: dict[int, list[AuditEntry]] = {}
        self._keys: dict[tuple[int, int], dict[str, str | None]] = {}
        self._ends = touched.chain_ends

    def recorded(self, actor: str, act: Act, form: str, once: str) -> Mapping[str, object] | None:
        """The facts of what this person recorded before by the same form, or by this act to the same thing.

        `form`: the key of the form that was sent, or empty. `once`: see `append`. None: nothing was recorded.
        """
        row = self.one(_RECORDED, actor=actor, act=act, form=form, once=once)
        return None if row is None else row.facts

    def append(
        self,
        customer: int,
        actor: str,
        act: Act,
        facts: Mapping[str, object],
        now: datetime,
        *,
        form: str = "",
        once: str = "",
    ) -> int:
        """Add an entry to the customer's chain; its number in it.

        `form`: the key of the form that was sent. `once`: what the actor can do this act to only once, such as
        "case 12". By either, `recorded` finds the entry. Both may be empty.
        """
        if customer not in self._ends:
            end = self.db.one(_END, {"our_team": self.team, "customer": customer})
            self._ends[customer] = (end.n, end.hash)
        new = self._new.setdefault(customer, [])
        new.append(AuditEntry(n=self._ends[customer][0] + len(new) + 1, at=now, actor=actor, act=act, facts=facts))
        self._keys[customer, new[-1].n] = {"form": form or None, "once": once or None}
        return new[-1].n

    def seal(self) -> None:
        """Write the entries, the last of each chain with the digests of all rows that the transaction changed.

        Raises:
            MissingAuditEntry: rows were changed and there is no entry.
        """
        self.db.settle()  # then it is known which rows were changed
        if self.touched and not self._new:
            raise MissingAuditEntry
        rows = self.touched.digests(self.db, self.team)
        written = [
            row
            for customer, entries in self._new.items()
            for row in self._chained(customer, [*entries[:-1], replace(entries[-1], rows=rows)])
        ]
        ends = {row["customer"]: {"our_team": self.team, **row} for row in written}
        self.add_rows(audit, written)
        self.db.change_all(_SET_END, list(ends.values()))

    def _chained(self, customer: int, entries: list[AuditEntry]) -> Iterator[dict[str, Any]]:
        """The rows of these entries, which the chain's next ones are."""
        _, digest = self._ends[customer]
        for entry in entries:
            digest = entry_hash(digest, self.team, customer, entry)
            yield {"customer": customer, "hash": digest, **self._keys[customer, entry.n], **columns_of(entry)}

    def chain_ends(self) -> dict[int, tuple[int, str]]:
        """For each customer: how long the chain is, and its last hash."""
        return {row.customer: (row.n, row.hash) for row in self.all(_ENDS)}

    def rows_named_by(self, act: Act) -> frozenset[str]:
        """The names of all rows whose digests are in entries of this act."""
        return frozenset(name for row in self.all(_ROWS_OF_ACT, act=act) for name in row.rows)

    def chain(self, customer: int) -> Iterator[tuple[AuditEntry, str]]:
        """The customer's entries, each with the hash kept for it, oldest first."""
        for row in self.db.connection.execute(_CHAIN, {"our_team": self.team, "customer": customer}):
            yield value_of(AuditEntry, row), row.hash
