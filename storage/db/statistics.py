"""What SQLite is told to expect of the record, so that its plans are those of a record that has grown.

Without statistics SQLite takes every first column of an index for a selective one. All of ours begin with the
workspace, which is nearly always the same: for the order's sake it then went through every warning of a firm to find
those of one customer. Statistics of its own it would make only of what is there, which at the start is nothing.
https://www.sqlite.org/optoverview.html#manual_control_of_query_plans_using_sqlite_stat_tables
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

ROWS: Final = 1_000_000  # in a table
IN_A_PART: Final = 5_000  # in an index of a part of a table, as of what is open
FEW_VALUES: Final = {"standing", "category", "kind", "state", "rung", "name"}
PEOPLE: Final = {"reporter", "rep", "by", "owner", "user", "target", "lane"}
MATTERS: Final = {"case", "warning", "report", "subject"}
MOST_OF: Final = "noskipscan"  # never go through an index without its first column


def expect_growth(connection: Connection) -> None:
    """Write down, for every index of an SQLite database, how many rows there are to a value of its columns."""
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table of statistics, and looks at nothing
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for row in list(_expected(connection)):
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", row)
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # has them read


def _expected(connection: Connection) -> Iterator[tuple[str, str, str]]:
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars().all()
    for table in tables:
        for index in connection.exec_driver_sql(f'PRAGMA index_list("{table}")').all():
            columns = connection.exec_driver_sql(f'PRAGMA index_info("{index.name}")').all()
            rows = IN_A_PART if index.partial else ROWS
            to_a_value = _to_a_value([column.name for column in columns], rows, unique=bool(index.unique))
            yield table, index.name, " ".join([*map(str, (rows, *to_a_value)), MOST_OF])


def _to_a_value(columns: Sequence[str], rows: int, *, unique: bool) -> list[int]:
    """After each column: how many rows have the same values up to here."""
    found: list[int] = []
    for column in columns:
        found.append(min([rows, *found[-1:], _share(column)]))
    return [*found[:-1], 1] if unique else found


def _share(column: str) -> int:
    """Rows that have the same value in a column."""
    if column == "team":
        return ROWS
    if column in FEW_VALUES:
        return ROWS // 8
    if column in PEOPLE:
        return ROWS // 400
    return 2 if column in MATTERS or column.endswith(("at", "_on", "number")) else 10
