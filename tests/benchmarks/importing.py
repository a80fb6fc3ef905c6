"""100,000 customers from a list, against raw inserts of the rows that they become."""

import os
import random
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Json
from sqlalchemy.engine import make_url

from bot.rules.customer_import import ImportLine
from bot.usecases.customers.import_list import import_customers
from storage.database import Database
from storage.migrate import migrate
from tests.benchmarks.lookups import NAMES, some_names
from tests.benchmarks.table import ROUNDS, Line, Pair, over, seconds
from tests.builders import TEAM, FrozenClock, a_context

MANY = int(os.environ.get("IMPORTED", str(NAMES)))
TABLES = (
    ("customer", "number"),
    ("customer_gram", "customer, gram"),
    ("audit_head", "customer"),
    ("audit", "customer"),
)
"""Each with the order in which its rows were added."""
JSON = {"facts", "rows"}  # columns, whose values psycopg reads as dicts and writes only when told how
Rows = list[Sequence[Any]]


def lines(server: str) -> list[Line]:
    """On SQLite, and on the PostgreSQL at `server`. The pauses in which others write are part of the import."""
    names = some_names(random.Random(13))[:MANY]
    listed = [ImportLine(line, name, f"CRM-{line}") for line, name in enumerate(names, 2)]
    floor = "the same rows inserted with {}, in one transaction"
    what = f"{MANY:,} customers imported on "
    return [
        over(f"{what}SQLite", [_on_sqlite(listed) for _ in range(ROUNDS)], floor.format("sqlite3"), 8, "s"),
        over(f"{what}PostgreSQL", [_on_postgres(server, listed)], floor.format("psycopg"), 8, "s"),
    ]


def _on_sqlite(listed: list[ImportLine]) -> Pair:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("ours.db", "raw.db")]
        ours = _imported([f"sqlite:///{file}" for file in files], listed)
        with closing(sqlite3.connect(files[0])) as read, closing(sqlite3.connect(files[1])) as raw:
            found = [read.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall() for table, order in TABLES]  # noqa: S608 - our own names
            raw.execute("PRAGMA journal_mode=WAL")
            raw.execute("PRAGMA synchronous=FULL")
            raw.execute("PRAGMA foreign_keys=ON")
            return ours, seconds(lambda: _inserted(raw.executemany, found, "?", raw.commit))


def _on_postgres(server: str, listed: list[ImportLine]) -> Pair:
    urls = [make_url(server).set(database=name).render_as_string(hide_password=False) for name in ("ours", "raw")]
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as admin:
        for name in ("ours", "raw"):
            admin.execute(f"CREATE DATABASE {name}")
    ours = _imported(urls, listed)
    bare = [url.replace("+psycopg", "") for url in urls]
    with psycopg.connect(bare[0]) as read, psycopg.connect(bare[1]) as raw, raw.cursor() as cursor:
        found: list[Rows] = []
        for table, order in TABLES:
            rows = read.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - our own names
            columns = [column.name for column in rows.description or ()]
            found.append([_with_json(columns, row) for row in rows])
        # Without its ANALYZE, PostgreSQL reads all customers for each row that names one of them.
        return ours, seconds(
            lambda: _inserted(cursor.executemany, found, "%s", raw.commit, partial(raw.execute, "ANALYZE customer"))
        )


def _with_json(columns: Sequence[str], row: Sequence[Any]) -> Sequence[Any]:
    return [Json(value) if name in JSON else value for name, value in zip(columns, row, strict=True)]


def _imported(urls: Sequence[str], listed: list[ImportLine]) -> float:
    """Prepare the databases, and import the list into the first."""
    for url in urls:
        with closing(Database(url)) as database:
            migrate(database)
    with closing(Database(urls[0])) as database:
        context = a_context(database, FrozenClock())
        return seconds(lambda: import_customers(context, TEAM, listed))


def _inserted(
    executemany: Callable[[Any, Any], object],
    found: list[Rows],
    mark: str,
    commit: Callable[[], object],
    after_customers: Callable[[], object] = lambda: None,
) -> None:
    for (table, _), rows in zip(TABLES, found, strict=True):
        marks = ", ".join([mark] * len(rows[0]))
        executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own names
        if table == "customer":
            after_customers()
    commit()
