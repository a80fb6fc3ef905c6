"""Everything that `audit verify` compares with the audit log, in the order of customers."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, select, union

from bot.rules.audit import AuditEntry
from bot.rules.audit_chain import StoredEntry
from storage.db.digested_tables import DIGESTED, DigestedTable, Values, by_key
from storage.db.queries import is_row, many, ours
from storage.db.repository import Repository
from storage.db.row_digests import ChainEnd
from storage.tables.audit import audit, audit_head
from storage.tables.cases import matter
from storage.tables.customers import counter, customer
from storage.tables.outbox import publication
from storage.tables.reports import policy, verdict

_STREAMS: tuple[Table, ...] = (audit_head, audit, *(kind.table for kind in DIGESTED.values()))
_POLICIES = select(policy.c.digest, policy.c.body).where(ours(policy))
_USED = select(verdict.c.policy).where(ours(verdict)).distinct()
KNOWN_BY = union(*(select(table.c.team) for table in (*_STREAMS, counter, publication)))
"""Every workspace that a row belongs to."""


@dataclass
class CustomerRows:
    """What the record has about a customer: the end of the chain, the entries, and the digested rows.

    `unreadable`: there is something besides that Backstop never wrote. Customer 0 has the rows that are about nobody.
    """

    customer: int
    end: ChainEnd | None = None
    chain: list[StoredEntry] = field(default_factory=list)
    rows: list[tuple[DigestedTable, Values]] = field(default_factory=list)
    unreadable: bool = False

    @property
    def is_known(self) -> bool:
        """Whether the customer's own row is there."""
        return any(kind.table is customer for kind, _ in self.rows)

    def add(self, table: Table, row: dict[str, Any]) -> None:
        """Add a row of one of the tables."""
        if table is audit_head:
            self.end = ChainEnd(row["n"], row["hash"], row["salt"], row["at"])
        elif table is audit:
            entry = AuditEntry(*(row[name] for name in ("n", "at", "actor", "act", "facts", "rows")))
            self.chain.append((entry, row["hash"]))
        else:
            self.rows.append((DIGESTED[table.name], row))


class Inspection(Repository):
    """The rows of the record as they are, for comparison with the audit log."""

    def by_customer(self, among: Sequence[int] = ()) -> Iterator[CustomerRows]:
        """For each customer whom any row names, in the order of their numbers: all that is about them.

        It holds one customer's rows at a time, and some of each table's. `among`: only these customers.
        """
        queries = [_ordered(table.name, some=bool(among)) for table in _STREAMS]
        streams = [self._stream(number, query, list(among)) for number, query in enumerate(queries)]
        for whose, found in groupby(heapq.merge(*streams, key=itemgetter(0, 1)), key=itemgetter(0)):
            about = CustomerRows(whose)
            for _, number, row in found:
                table = _STREAMS[number]
                try:
                    values = self.db.converted(queries[number], row)
                    about.add(table, dict(zip(table.c.keys(), values, strict=False)))
                except (TypeError, ValueError, AttributeError):
                    about.unreadable = True
            yield about

    def _stream(self, number: int, query: Select[Any], among: list[int]) -> Iterator[tuple[int, int, Any]]:
        """Rows as the driver gives them: one that cannot be converted must not hide the others."""
        rows = self.db.stream(query, {"our_team": self.team, **({"among": among} if among else {})})
        return ((row[-1] if isinstance(row[-1], int) else 0, number, row) for row in rows)

    def rows(self, customer: int) -> Iterator[tuple[DigestedTable, str, Values]]:
        """Each digested row about the customer: its table, its name in the log, and its values."""
        for about in self.by_customer([customer]):
            for kind, values in about.rows:
                yield kind, kind.name(tuple(values[name] for name in kind.key)), values

    def has_row(self, name: str) -> bool:
        """Whether there is a row of this name in the log, whichever customer it is about now."""
        table, _, key = name.partition(" ")
        kind, parts = DIGESTED.get(table), key.split("/")
        if kind is None or len(parts) != len(kind.key):
            return False
        types = (kind.table.c[column].type.python_type for column in kind.key)
        values = {column: as_(part) for column, as_, part in zip(kind.key, types, parts, strict=True)}
        return self.one(by_key(table), **values) is not None

    def policies(self) -> dict[str, str]:
        """The texts of the policies that are kept, by digest."""
        return {row.digest: row.body for row in self.all(_POLICIES)}

    def policies_used(self) -> frozenset[str]:
        """The digests of the policies that verdicts name."""
        return frozenset(row.policy for row in self.all(_USED))


@cache
def _ordered(name: str, *, some: bool) -> Select[Any]:
    """All rows of the table in the order of customers, whose number is the last column."""
    table = next(each for each in _STREAMS if each.name == name)
    whose = _customer_of(table)
    query: Any = select(*table.c, whose.label("whose_row")).where(ours(table))
    if "customer" not in table.c and table is not customer:  # a row of a case that is not there is about nobody
        query = query.outerjoin(matter, is_row(matter, table.c.case))
    if some:
        query = query.where(whose.in_(many("among")))
    order = [table.c.n] if table is audit else []
    ordered: Select[Any] = query.order_by(whose, *order)
    return ordered


def _customer_of(table: Table) -> ColumnElement[int]:
    if table is customer:
        return table.c.number
    return table.c.customer if "customer" in table.c else func.coalesce(matter.c.customer, 0)
