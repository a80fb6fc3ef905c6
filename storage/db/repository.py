"""What every part of the ledger has: the transaction, the workspace, and numbers that count up."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Delete, Insert, Select, Table, Update
from sqlalchemy.dialects import postgresql, sqlite

from storage.db.row_digests import KINDS, TouchedRows
from storage.db.statements import Executor, Found
from storage.tables.customers import counter


class Repository:
    """A part of one workspace's record, within one transaction, which notes what it touched that bears witness."""

    def __init__(self, db: Executor, team: str, touched: TouchedRows) -> None:
        self.db = db
        self.team = team
        self.touched = touched

    def one(self, query: Select[*tuple[Any, ...]], **values: object) -> Found | None:
        """The first row, or None. A query names the workspace `our_team`."""
        return self.db.first(query, {"our_team": self.team, **values})

    def all(self, query: Select[*tuple[Any, ...]], **values: object) -> list[Found]:
        """Every row."""
        return self.db.all(query, {"our_team": self.team, **values})

    def run(self, change: Update | Delete, **values: object) -> int:
        """Carry out a change; how many rows it touched."""
        table: Any = change.table
        if table.name in KINDS:
            return len(self.altered(change, **values))
        return self.db.change(change, {"our_team": self.team, **values})

    def altered(self, change: Update | Delete, **values: object) -> list[Found]:
        """Carry out a change of what bears witness; the rows that it touched, as they are now."""
        table: Any = change.table
        rows = self.db.all(_telling(change), {"our_team": self.team, **values})
        for row in rows:
            self.touched.stands(table, row._asdict())
        return rows

    def add_row(self, table: Table, **values: object) -> None:
        """Add a row of this workspace."""
        self.db.change(_into(table), {"team": self.team, **values})
        self.touched.added(table, values)

    def add_rows(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows of this workspace in one go."""
        self.db.add_all(_into(table), [{"team": self.team, **row} for row in rows])
        for row in rows:
            self.touched.added(table, row)

    def put(self, change: Mapping[str, Insert], **values: object) -> None:
        """Add a row of this workspace, or what the statement of this dialect does where there is one."""
        named = {"team": self.team, "our_team": self.team, **values}
        touched = self.db.change(change[self.db.dialect], named)
        table: Any = change["sqlite"].table
        if table.name in KINDS and touched:
            self.touched.changed(table, [tuple(values[name] for name in KINDS[table.name].key)])

    def next_number(self, name: str) -> int:
        """The next number of this kind. It is taken within the transaction, so that none is ever left out.

        Whoever takes several takes them in the order customer, report, case, warning: no two can wait for each other.
        """
        return int(self.db.one(_NEXT[self.db.dialect], {"team": self.team, "name": name}).value)


def insert(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    """INSERT with ON CONFLICT, which both databases know in the same words."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def _into(table: Table) -> Insert:
    return table.insert()


@cache
def _telling(change: Update | Delete) -> Any:  # noqa: ANN401 - as below
    table: Any = change.table
    if isinstance(change, Delete):
        raise TypeError(f"What bears witness stays: nothing is deleted from {table.name}.")
    return change.returning(*table.c)


def _next(dialect: str) -> Any:  # noqa: ANN401 - SQLAlchemy's type of a returning insert names the row's types
    start = insert(counter, dialect).values(value=1)
    return start.on_conflict_do_update(
        index_elements=[counter.c.team, counter.c.name], set_={"value": counter.c.value + 1}
    ).returning(counter.c.value)


_NEXT = {dialect: _next(dialect) for dialect in ("sqlite", "postgresql")}
