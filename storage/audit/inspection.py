"""Everything that `audit verify` reads: all customers that anything tells of, and every row that bears witness."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, union

from storage.db.repository import Repository
from storage.db.row_digests import KINDS, Values, Witness, one
from storage.tables import customers as tables_customers
from storage.tables.audit import audit, audit_head
from storage.tables.cases import matter
from storage.tables.customers import counter
from storage.tables.reports import policy, verdict

_TOLD_OF = union(
    *(
        select(column).where(column.table.c.team == bindparam("our_team"))
        for column in (
            tables_customers.customer.c.number,
            audit.c.customer,
            audit_head.c.customer,
            *(kind.table.c.customer for kind in KINDS.values() if "customer" in kind.table.c),
        )
    )
)
_KNOWN = select(tables_customers.customer.c.number).where(tables_customers.customer.c.team == bindparam("our_team"))
_COUNTED = select(counter.c.value).where(counter.c.team == bindparam("our_team"), counter.c.name == "customer")
_POLICIES = select(policy.c.digest, policy.c.body).where(policy.c.team == bindparam("our_team"))
_USED = select(verdict.c.policy).where(verdict.c.team == bindparam("our_team")).distinct()


class Inspection(Repository):
    """The record as it lies there, for comparison with the log."""

    def told_of(self) -> tuple[int, ...]:
        """Every customer that is on record or should be, by number."""
        counted = self.one(_COUNTED)
        there = {row[0] for row in self.db.connection.execute(_TOLD_OF, {"our_team": self.team})}
        return tuple(sorted(there | set(range(1, (counted.value if counted else 0) + 1))))

    def known(self) -> frozenset[int]:
        """Those of them that are."""
        return frozenset(row.number for row in self.all(_KNOWN))

    def rows(self, customer: int) -> Iterator[tuple[Witness, str, Values]]:
        """Each row about the customer that bears witness: its kind, its name, and its values."""
        for kind in KINDS.values():
            for row in self.all(_about(kind.table.name), whose=customer):
                values = row._asdict()
                yield kind, kind.name(tuple(values[name] for name in kind.key)), values

    def is_anywhere(self, name: str) -> bool:
        """Whether there is a row of this name, whichever customer it is about now."""
        table, _, key = name.rpartition(" ")
        kind, parts = KINDS.get(table), key.split("/")
        if kind is None or len(parts) != len(kind.key):
            return False
        types = (kind.table.c[column].type.python_type for column in kind.key)
        values = {f"its_{column}": as_(part) for column, as_, part in zip(kind.key, types, parts, strict=True)}
        return self.one(one(table), **values) is not None

    def policies(self) -> dict[str, Any]:
        """The bodies of the policies that are kept, by digest."""
        return {row.digest: row.body for row in self.all(_POLICIES)}

    def policies_used(self) -> frozenset[str]:
        """The digests of those that verdicts name."""
        return frozenset(row.policy for row in self.all(_USED))


@cache
def _about(name: str) -> Select[Any]:
    table = KINDS[name].table
    rows = select(table).where(table.c.team == bindparam("our_team"))
    if "customer" in table.c:
        return rows.where(table.c.customer == bindparam("whose"))
    cases = select(matter.c.number).where(
        matter.c.team == bindparam("our_team"), matter.c.customer == bindparam("whose")
    )
    return rows.where(table.c.case.in_(cases))
