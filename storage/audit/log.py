"""The audit log: one hash chain for each customer. The end of each is kept apart, so that cutting a chain shows."""

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.rules.audit import CLOCK, WORKSPACE, Act, AuditEntry
from bot.rules.audit_chain import NO_HASH, Chain, counted_in
from bot.rules.vouching import CLOCKS_DIFFER
from storage.db.executor import Executor
from storage.db.mapping import columns_of, value_of
from storage.db.queries import bound, insert_or_ignore, ours
from storage.db.repository import Repository
from storage.db.row_digests import ChainEnd, TouchedRows
from storage.tables.audit import audit, audit_head
from storage.tables.customers import counter

_END = select(audit_head.c.n, audit_head.c.hash, audit_head.c.salt, audit_head.c.at).where(ours(audit_head, "customer"))
_LOCK_END = _END.with_for_update()
_BEGIN = insert_or_ignore(audit_head)
_ENDS = select(audit_head).where(ours(audit_head)).order_by(audit_head.c.customer)
_SET_END = update(audit_head).where(ours(audit_head, "customer")).values(**bound("n", "hash", "at"))
_CHAIN = select(audit).where(ours(audit, "customer")).order_by(audit.c.n)
_HASHES = select(audit.c.customer, audit.c.n, audit.c.hash).where(ours(audit))
_BY_FORM = select(audit.c.facts).where(ours(audit, "actor", "form")).limit(1)
_ONCE = select(audit.c.facts).where(ours(audit, "actor", "once", "act")).limit(1)
_ROWS_OF_ACT = select(audit.c.rows).where(ours(audit, "act"))
_COUNTED = select(counter.c.value, counter.c.digest).where(ours(counter), counter.c.name == "customer")
_SET_COUNTED = update(counter).where(ours(counter), counter.c.name == "customer").values(digest=bindparam("digest"))


NO_KEYS: Mapping[str, str | None] = {"form": None, "once": None}


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
        row = self.one(_BY_FORM, actor=actor, form=form) if form else None
        if row is None and once:
            row = self.one(_ONCE, actor=actor, act=act, once=once)
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
        "case 12". By either, `recorded` finds the entry. Both may be empty. Where the clock was put back since the last
        entry, another one says so first.
        """
        if customer not in self._ends:
            end = self.db.one(_END, {"our_team": self.team, "customer": customer})
            self._ends[customer] = ChainEnd(*end)
        before = self._ends[customer].at
        if before and now < before - CLOCKS_DIFFER and not self._new.get(customer):
            self._add(customer, AuditEntry(0, now, CLOCK, Act.CLOCK_PUT_BACK, {"before": before.isoformat()}))
        n = self._add(customer, AuditEntry(0, now, actor, act, facts))
        self._keys[customer, n] = {"form": form or None, "once": once or None}
        return n

    def _add(self, customer: int, entry: AuditEntry) -> int:
        new = self._new.setdefault(customer, [])
        new.append(replace(entry, n=self._ends[customer].n + len(new) + 1))
        return new[-1].n

    def lock_workspace(self) -> None:
        """Lock the chain of what is about no customer; begin it where there is none yet."""
        self.put(_BEGIN, customer=WORKSPACE, n=0, hash=NO_HASH, salt=secrets.token_hex(16))
        end = self.db.one(_LOCK_END, {"our_team": self.team, "customer": WORKSPACE})
        self._ends[WORKSPACE] = ChainEnd(*end)

    def seal(self) -> None:
        """Write the entries, the last of each chain with the digests of all rows that the transaction changed.

        Of an import each entry has only the digests of its own customer's rows: it changes many who have nothing in
        common, and each of them would have the digests of all.

        Raises:
            MissingAuditEntry: rows were changed and there is no entry.
        """
        self.db.settle()  # then it is known which rows were changed
        if self.touched and not self._new:
            raise MissingAuditEntry
        self.touched.read_again(self.db, self.team)
        digests = self._digests()
        written = [row for each, entries in self._new.items() for row in self._chained(entries, *digests[each])]
        ends = {row["customer"]: {"our_team": self.team, **row} for row in written}
        self.add_rows(audit, written)
        self.db.change_all(_SET_END, list(ends.values()))
        customers = sorted((row for row in written if row["customer"] != WORKSPACE), key=lambda row: row["customer"])
        self._count_in([row["hash"] for row in customers if row["n"] == 1])

    def _digests(self) -> dict[int, tuple[Chain, dict[str, str]]]:
        """By customer: the chain, and the digests for its last entry."""
        chains = [Chain(self.team, customer, self._ends[customer].salt) for customer in self._new]
        if all(entry.act == Act.IMPORT for entries in self._new.values() for entry in entries):
            apart = self.touched.digests_apart(chains)
            return {chain.customer: (chain, apart[chain.customer]) for chain in chains}
        return {chain.customer: (chain, self.touched.digests(chain)) for chain in chains}

    def _chained(self, entries: list[AuditEntry], chain: Chain, rows: dict[str, str]) -> Iterator[dict[str, Any]]:
        """The rows of these entries, which the chain's next ones are."""
        customer, digest = chain.customer, self._ends[chain.customer].hash
        for entry in [*entries[:-1], replace(entries[-1], rows=rows)]:
            digest = chain.hash(digest, entry)
            yield {
                "customer": customer,
                "hash": digest,
                **self._keys.get((customer, entry.n), NO_KEYS),
                **columns_of(entry),
            }

    def _count_in(self, first: list[str]) -> None:
        """Have the counter of customers vouch for the new ones, by the hashes of their first entries in their order.

        Whoever adds a customer holds the counter's lock until the end of the transaction.
        """
        if first:
            counted = self.one(_COUNTED)
            digest = counted_in(counted.digest if counted else None, first)
            self.run(_SET_COUNTED, digest=digest)

    def customers_counted(self) -> tuple[int, str]:
        """How many customers there are, and the digest of their first entries, as the counter says."""
        row = self.one(_COUNTED)
        return (row.value, row.digest or NO_HASH) if row else (0, NO_HASH)

    def chain_ends(self) -> dict[int, ChainEnd]:
        """For each customer: the end of their chain."""
        return {row.customer: ChainEnd(row.n, row.hash, row.salt, row.at) for row in self.all(_ENDS)}

    def whose(self, customer: int) -> Chain:
        """The customer's chain, with its salt."""
        return Chain(self.team, customer, self.db.one(_END, {"our_team": self.team, "customer": customer}).salt)

    def hashes_at(self, ends: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """By customer and `n`, the hash of the `n`th entry about them; nothing for one that is not there."""
        found: dict[tuple[int, int], str] = {}
        if not ends:
            return found
        for row in self.stream(_HASHES):
            if (row.customer, row.n) in ends:
                found[row.customer, row.n] = row.hash
        return found

    def rows_named_by(self, act: Act) -> frozenset[str]:
        """The names of all rows whose digests are in entries of this act."""
        return frozenset(name for row in self.all(_ROWS_OF_ACT, act=act) for name in row.rows)

    def chain(self, customer: int) -> Iterator[tuple[AuditEntry, str]]:
        """The customer's entries, each with the hash kept for it, oldest first."""
        for row in self.stream(_CHAIN, customer=customer):
            yield value_of(AuditEntry, row), row.hash
