"""100,000 customers from a list, against raw inserts of the rows that they become."""

import random
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from bot.rules.customer_import import ImportLine
from bot.usecases.customers.import_list import import_customers
from storage.database import Database
from storage.migrate import migrate
from tests.benchmarks.lookups import NAMES, some_names
from tests.benchmarks.table import ROUNDS, Line, Pair, over, seconds
from tests.builders import TEAM, FrozenClock, a_context

TABLES = (
    ("customer", "number"),
    ("customer_gram", "customer, gram"),
    ("audit_head", "customer"),
    ("audit", "customer"),
)
"""Each with the order in which its rows were added."""


def lines() -> list[Line]:
    """On SQLite. The pauses in which others write are part of the import."""
    listed = [ImportLine(line, name, f"CRM-{line}") for line, name in enumerate(some_names(random.Random(13)), 2)]
    pairs = [_round(listed) for _ in range(ROUNDS)]
    return [
        over(f"{NAMES:,} customers imported", pairs, "the same rows inserted with sqlite3, in one transaction", 6, "s")
    ]


def _round(listed: list[ImportLine]) -> Pair:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("ours.db", "raw.db")]
        for file in files:
            with closing(Database(f"sqlite:///{file}")) as database:
                migrate(database)
        with closing(Database(f"sqlite:///{files[0]}")) as database:
            context = a_context(database, FrozenClock())
            ours = seconds(lambda: import_customers(context, TEAM, listed))
        with closing(sqlite3.connect(files[0])) as read, closing(sqlite3.connect(files[1])) as raw:
            found = [read.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall() for table, order in TABLES]  # noqa: S608 - our own names
            raw.execute("PRAGMA journal_mode=WAL")
            raw.execute("PRAGMA synchronous=FULL")
            return ours, seconds(lambda: _inserted(raw, found))


def _inserted(raw: sqlite3.Connection, found: list[list[tuple[object, ...]]]) -> None:
    for (table, _), rows in zip(TABLES, found, strict=True):
        marks = ", ".join("?" * len(rows[0]))
        raw.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own names
    raw.commit()
