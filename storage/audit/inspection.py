"""Everything that `audit verify` compares with the audit log."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, union

from storage.db.digested_tables import DIGESTED, DigestedTable, Values, by_key
from storage.db.queries import ours
from storage.db.repository import Repository
from storage.tables.audit import audit, audit_head
from storage.tables.cases import matter
from storage.tables.customers import counter, customer
from storage.tables.reports import policy, verdict

_KNOWN = select(customer.c.number).where(ours(customer))
_WITH_CUSTOMER = [kind.table for kind in DIGESTED.values() if "customer" in kind.table.c]
_NAMED = (select(table.c.customer).where(ours(table)) for table in (audit, audit_head, *_WITH_CUSTOMER))
_CUSTOMERS = union(_KNOWN, *_NAMED)
_COUNTED = select(counter.c.value).where(ours(counter), counter.c.name == "customer")
_POLICIES = select(policy.c.digest, policy.c.body).where(ours(policy))
_USED = select(verdict.c.policy).where(ours(verdict)).distinct()


class Inspection(Repository):
    """The rows of the record as they are, for comparison with the audit log."""

    def customers(self) -> tuple[int, ...]:
        """The number of every customer that is on record, that a row names, or that was ever counted."""
        counted = self.one(_COUNTED)
        named = {row[0] for row in self.db.connection.execute(_CUSTOMERS, {"our_team": self.team})}
        return tuple(sorted(named | set(range(1, (counted.value if counted else 0) + 1))))

    def known_customers(self) -> frozenset[int]:
        """The numbers of the customers on record."""
        return frozenset(row.number for row in self.all(_KNOWN))

    def rows(self, customer: int) -> Iterator[tuple[DigestedTable, str, Values]]:
        """Each digested row about the customer: its table, its name in the log, and its values."""
        for kind in DIGESTED.values():
            for row in self.all(_about(kind.table.name), customer=customer):
                values = row._asdict()
                yield kind, kind.name(tuple(values[name] for name in kind.key)), values

    def has_row(self, name: str) -> bool:
        """Whether there is a row of this name in the log, whichever customer it is about now."""
        table, _, key = name.rpartition(" ")
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
def _about(name: str) -> Select[Any]:
    table = DIGESTED[name].table
    if table is customer:
        return select(table).where(ours(table), table.c.number == bindparam("customer"))
    if "customer" in table.c:
        return select(table).where(ours(table, "customer"))
    cases = select(matter.c.number).where(ours(matter, "customer"))
    return select(table).where(ours(table), table.c.case.in_(cases))
