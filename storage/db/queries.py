"""The clauses and inserts that many statements share. The workspace is bound to the name `our_team` in all of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    JSON,
    Alias,
    BindParameter,
    ColumnElement,
    Insert,
    String,
    Subquery,
    Table,
    TableValuedAlias,
    and_,
    bindparam,
    column,
    func,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class days_before(FunctionElement[Any]):  # noqa: N801 - named as SQL's functions are
    """The moment so many days of 24 hours before the one in a column: `days_before(column, days)`."""

    inherit_cache = True


@compiles(days_before, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as SQLAlchemy calls it
    """The fraction of the second is put behind again: SQLite knows milliseconds only, and rounds."""
    whole, days, fraction = (compiler.process(each, **kw) for each in (*element.clauses, next(iter(element.clauses))))
    return (
        f"(strftime('%Y-%m-%d %H:%M:%S', substr({whole}, 1, 19), '-' || {days} || ' days') || substr({fraction}, 20))"
    )


@compiles(days_before, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **kw: Any) -> str:  # noqa: ANN401 - as SQLAlchemy calls it
    moment, days = (compiler.process(each, **kw) for each in element.clauses)
    return f"({moment} - make_interval(hours => 24 * CAST({days} AS INTEGER)))"


DIALECTS = ("sqlite", "postgresql")

ByDialect = Mapping[str, Insert]
"""A statement for each database, by its dialect."""


def ours(table: Table | Alias | Subquery, *columns: str) -> ColumnElement[bool]:
    """Rows of this workspace in which each of these columns has the value that is bound to the column's name."""
    same = (table.c[name] == bindparam(name) for name in columns)
    return and_(table.c.team == bindparam("our_team"), *same)


def is_row(table: Table | Alias, column: ColumnElement[int], key: str = "number") -> ColumnElement[bool]:
    """The row of this workspace whose `key` is in this column of another table: what the two are joined on."""
    return and_(ours(table), table.c[key] == column)


def many(name: str) -> BindParameter[Any]:
    """The values of a list that is bound to this name, for `column.in_(…)`."""
    return bindparam(name, expanding=True)


def each_of(name: str, dialect: str) -> TableValuedAlias:
    """The texts of a list that is bound to this name, as rows of a column `value`: one bound value for any length."""
    rows_of = func.json_each if dialect == "sqlite" else func.json_array_elements_text
    return rows_of(bindparam(name, type_=JSON)).table_valued(column("value", String))


def bound(*columns: str) -> dict[str, BindParameter[Any]]:
    """For each column, the value that is bound to its name: for `update(…).values(**bound(…))`."""
    return {name: bindparam(name) for name in columns}


def insert(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    """INSERT with ON CONFLICT, which both databases know in the same words."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_or_ignore(table: Table) -> ByDialect:
    """Add a row, unless it conflicts with one that is there."""
    return {dialect: insert(table, dialect).on_conflict_do_nothing() for dialect in DIALECTS}


def upsert(table: Table, *updated: str, **first: object) -> ByDialect:
    """Add a row, or update these columns of the row with the same key. `first`: values that only a new row gets."""

    def statement(dialect: str) -> Insert:
        new = insert(table, dialect).values(first) if first else insert(table, dialect)
        return new.on_conflict_do_update(
            index_elements=list(table.primary_key), set_={name: new.excluded[name] for name in updated}
        )

    return {dialect: statement(dialect) for dialect in DIALECTS}
