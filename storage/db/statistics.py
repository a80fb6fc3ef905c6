"""Statistics for SQLite's planner, as of a database that has grown.

Without them SQLite takes the first column of every index for a selective one. All of ours begin with the workspace,
which is nearly always the same: to avoid sorting, it then read every warning of a firm to find those of one customer.
SQLite's own ANALYZE knows only the rows that are there, and at the start there are none.
https://www.sqlite.org/optoverview.html#manual_control_of_query_plans_using_sqlite_stat_tables
"""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

ROWS: Final = 1_000_000  # in a table
PARTIAL_ROWS: Final = 5_000  # in a partial index, as that of open cases
FEW_VALUES: Final = {"standing", "category", "kind", "state", "rung", "name"}
PEOPLE: Final = {"reporter", "rep", "by", "owner", "user", "target", "rate_limit"}
RECORDS: Final = {"case", "warning", "report", "subject"}
NO_SKIP_SCAN: Final = "noskipscan"  # never scan an index without its first column


def expect_growth(connection: Connection) -> None:
    """Set, for every index of an SQLite database, how many rows share a value of its columns."""
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # creates the table of statistics and reads no rows
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for row in list(_expected(connection)):
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", row)
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # loads them


def _expected(connection: Connection) -> Iterator[tuple[str, str, str]]:
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars().all()
    for table in tables:
        for index in connection.exec_driver_sql(f'PRAGMA index_list("{table}")').all():
            columns = connection.exec_driver_sql(f'PRAGMA index_info("{index.name}")').all()
            rows = PARTIAL_ROWS if index.partial else ROWS
            rows_per_value = _rows_per_value([column.name for column in columns], rows, unique=bool(index.unique))
            yield table, index.name, " ".join([*map(str, (rows, *rows_per_value)), NO_SKIP_SCAN])


def _rows_per_value(columns: Sequence[str], rows: int, *, unique: bool) -> list[int]:
    """For each column: how many rows share its value and those of the columns before it."""
    found: list[int] = []
    for column in columns:
        found.append(min([rows, *found[-1:], _share(column)]))
    return [*found[:-1], 1] if unique else found


def _share(column: str) -> int:
    """How many rows share a value of this column."""
    if column == "team":
        return ROWS
    if column in FEW_VALUES:
        return ROWS // 8
    if column in PEOPLE:
        return ROWS // 400
    return 2 if column in RECORDS or column.endswith(("at", "_on", "number")) else 10
