"""What every repository has: the transaction, the workspace, and numbers that count up."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Delete, Insert, Select, Table, Update
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from bot.rules.records import KEY
from bot.rules.refusals import Unknown
from storage.db.digested_tables import DIGESTED
from storage.db.executor import Executor
from storage.db.queries import DIALECTS, ByDialect, insert
from storage.db.row_digests import TouchedRows
from storage.db.statements import Row
from storage.tables.customers import counter

Value = TypeVar("Value")
Query = Select[*tuple[Any, ...]]


class Repository:
    """Reads and writes a few tables of one workspace within one transaction. It keeps track of changed digested rows.

    The names of `values` are those of the statement's bound parameters; `our_team` is added.
    """

    def __init__(self, db: Executor, team: str, touched: TouchedRows) -> None:
        self.db = db
        self.team = team
        self.touched = touched

    def one(self, query: Query, **values: object) -> Row | None:
        """The first row, or None."""
        return self.db.first(query, {"our_team": self.team, **values})

    def all(self, query: Query, **values: object) -> list[Row]:
        """Every row."""
        return self.db.all(query, {"our_team": self.team, **values})

    def stream(self, query: Query, **values: object) -> Iterator[Row]:
        """Every row, where they may be many: some are held at a time. It ends with the transaction."""
        for row in self.db.stream(query, {"our_team": self.team, **values}):
            yield self.db.converted(query, row)

    def maybe(self, made: Callable[[Row], Value], query: Query, **values: object) -> Value | None:
        """What is made of the first row, or None where there is none."""
        row = self.one(query, **values)
        return None if row is None else made(row)

    def known(self, kind: str, number: int, query: Query, /, **values: object) -> Row:
        """The first row.

        Raises:
            Unknown: there is none; it says that there is no such `kind` with this number.
        """
        row = self.one(query, **values)
        if row is None:
            raise Unknown(kind, number)
        return row

    def counted(self, query: Query, **values: object) -> int:
        """The one number that the query gives."""
        return int(self.db.one(query, {"our_team": self.team, **values})[0])

    def run(self, change: Update | Delete, **values: object) -> None:
        """Carry out a change, before anything else is read."""
        bound = {"our_team": self.team, **values}
        table: Any = change.table
        if table.name in DIGESTED:
            self.db.put_off(_returning(change), bound, lambda rows, _: self._touched_by(table, rows))
        else:
            self.db.put_off(change, bound)

    def changed(self, change: Update | Delete, **values: object) -> int:
        """Carry out a change; how many rows it changed."""
        table: Any = change.table
        if table.name in DIGESTED:
            return len(self.altered(change, **values))
        return self.db.change(change, {"our_team": self.team, **values})

    def altered(self, change: Update | Delete, **values: object) -> list[Row]:
        """Carry out a change of a digested table; the changed rows as they are now."""
        rows = self.db.all(_returning(change), {"our_team": self.team, **values})
        self._touched_by(change.table, rows)
        return rows

    def add_row(self, table: Table, **values: object) -> None:
        """Add a row of this workspace."""
        self.db.put_off(_into(table), {"team": self.team, **values})
        self.touched.added(table, values)

    def add_rows(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows of this workspace at once."""
        self.db.change_all(_into(table), [{"team": self.team, **row} for row in rows])
        for row in rows:
            self.touched.added(table, row)

    def put(self, change: ByDialect, **values: object) -> None:
        """Add a row of this workspace; where it conflicts with one that is there, do as the statement says."""
        bound = {"team": self.team, "our_team": self.team, **values}
        table: Any = change["sqlite"].table
        if table.name in DIGESTED:
            key = tuple(values[name] for name in DIGESTED[table.name].key)
            self.db.put_off(change[self.db.dialect], bound, lambda _, n: self.touched.changed(table, [key][:n]))
        else:
            self.db.put_off(change[self.db.dialect], bound)

    def put_all(self, change: ByDialect, rows: Sequence[Mapping[str, Any]]) -> None:
        """As `put` for several rows of a table without digests, with one call of the driver."""
        self.db.change_all(change[self.db.dialect], [{"team": self.team, **row} for row in rows])

    def next_number(self, name: str) -> int:
        """The next number of this kind. A transaction that fails gives its numbers back, so none is left out.

        Whoever takes several takes them in the order customer, report, case, warning: so no two transactions wait for
        each other.
        """
        return int(self.db.one(*self.next_number_of(name)).value)

    def next_number_of(self, name: str) -> tuple[Insert, dict[str, Any]]:
        """The statement of `next_number`, and its values."""
        return _NEXT[self.db.dialect], {"team": self.team, "name": name}

    def _touched_by(self, table: Any, rows: Sequence[Row]) -> None:  # noqa: ANN401 - what a change says it changes
        for row in rows:
            self.touched.read(table, row._asdict())


def new_key() -> str:
    """The random key of a new record: see `bot.rules.records`."""
    return secrets.token_hex(KEY // 2)


@cache
def _into(table: Table) -> Insert:
    return table.insert()


@cache
def _returning(change: Update | Delete) -> ReturningUpdate[Any] | ReturningDelete[Any]:
    table: Any = change.table
    if isinstance(change, Delete):
        raise TypeError(f"Rows with a digest stay: nothing is deleted from {table.name}.")
    return change.returning(*table.c)


def _next(dialect: str) -> Any:  # noqa: ANN401 - SQLAlchemy's type of a returning insert names the row's types
    start = insert(counter, dialect).values(value=1)
    return start.on_conflict_do_update(
        index_elements=[counter.c.team, counter.c.name], set_={"value": counter.c.value + 1}
    ).returning(counter.c.value)


_NEXT = {dialect: _next(dialect) for dialect in DIALECTS}
