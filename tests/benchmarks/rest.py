"""What it costs to be there: the start on a long history, memory, and the work at rest."""

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg
from sqlalchemy import Table
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrate import migrate
from storage.tables.customers import customer
from storage.tables.reports import report
from tests.benchmarks.firm import MEGABYTE, a_bot, a_slack
from tests.benchmarks.table import ROUNDS, Line, at_most, seconds
from tests.builders import FrozenClock, a_context, reported

INCIDENTS, CUSTOMERS = 1_000_000, 100_000
QUIET = 30.0  # seconds at rest
SETTLED = 12.0  # seconds after which a bot is at rest; what a silent session did is in the statistics after ten
IMPORTS = "import slack_bolt, sqlalchemy"
HELD = f"{IMPORTS}; print(open('/proc/self/status').read().partition('VmRSS:')[2].split()[0])"


def lines(server: str) -> list[Line]:
    """The start, then a bot at rest on the PostgreSQL at `server`."""
    return [_start(), *_at_rest(server)]


def _start() -> Line:
    ours, floors = [], []
    with tempfile.TemporaryDirectory() as folder, a_slack() as slack:
        url = _long_history(Path(folder) / "record.db")
        for _ in range(ROUNDS):
            floors.append(seconds(lambda: _python(IMPORTS)))
            with a_bot(slack, url) as bot:
                ours.append(bot.started)
    ratios = [our / floor for our, floor in zip(ours, floors, strict=True)]
    middle = statistics.median(ratios)
    what = f"start on {INCIDENTS:,} incidents until ready, against importing slack_bolt and SQLAlchemy"
    figure = f"{middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f}; {statistics.median(ours):.2f} s)"
    return Line(what, figure, f"{statistics.median(floors):.2f} s", "≤ 2.50", middle <= 2.5)


def _long_history(file: Path) -> str:
    """One report, a million times over, of a hundred thousand customers."""
    url = f"sqlite:///{file}"
    with closing(Database(url)) as database:
        migrate(database)
        reported(a_context(database, FrozenClock()), category="other")
    with closing(sqlite3.connect(file)) as connection:
        _copied(connection, customer, CUSTOMERS, {"number": "n", "strict_key": "'k' || n", "loose_key": "'k' || n"})
        _copied(connection, report, INCIDENTS, {"number": "n", "form": "'F' || n", "customer": f"n % {CUSTOMERS} + 1"})
        connection.execute("UPDATE counter SET value = ?", (INCIDENTS,))
        connection.commit()
    return url


def _copied(connection: sqlite3.Connection, table: Table, rows: int, changed: dict[str, str]) -> None:
    names = [column.name for column in table.columns]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(changed.get(name, f'"{name}"') for name in names)
    numbers = f"WITH RECURSIVE s(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM s WHERE n < {rows})"  # noqa: S608 - ours
    one = f"(SELECT * FROM {table.name} WHERE number = 1)"  # noqa: S608 - likewise
    connection.execute(f"INSERT INTO {table.name} ({columns}) {numbers} SELECT {values} FROM s, {one}")  # noqa: S608


def _at_rest(server: str) -> list[Line]:
    url = make_url(server).set(database="bench_rest").render_as_string(hide_password=False)
    _on(server, "DROP DATABASE IF EXISTS bench_rest")
    _on(server, "CREATE DATABASE bench_rest")
    with closing(Database(url)) as database:
        migrate(database)  # an ordinary start: there is nothing to bring up to date
    with a_slack() as slack, a_bot(slack, url) as bot:
        time.sleep(SETTLED)
        begun, worked, start = _transactions(server), bot.processor(), time.monotonic()
        time.sleep(QUIET)
        passed = time.monotonic() - start
        worked = bot.processor() - worked
        memory = bot.memory()
        done = _transactions(server) - begun
    imported = int(_python(HELD)) / MEGABYTE
    return [
        at_most("memory idle", memory, 80, "MB", f"{imported:.0f} MB with slack_bolt and SQLAlchemy imported"),
        at_most("work at rest, on PostgreSQL: transactions a second", done / passed, 1, ""),
        at_most("the same: share of a core", 100 * worked / passed, 0.5, "%"),
    ]


def _python(said: str) -> str:
    return subprocess.run([sys.executable, "-c", said], check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours


def _transactions(server: str) -> int:
    counted = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'bench_rest'"
    return int(_on(server, counted))


def _on(server: str, statement: str) -> int:
    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]  # our own constants
        row = cursor.fetchone() if cursor.description else None
    return int(row[0]) if row else 0
