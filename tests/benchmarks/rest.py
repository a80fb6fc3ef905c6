"""What it costs to be there: the start on a long history, memory, and the work at rest."""

import sqlite3
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
from tests.benchmarks.firm import MEGABYTE, Serving, a_bare_listener, a_bot, a_slack
from tests.benchmarks.table import ROUNDS, Line, Pair, at_most, in_turn, over, seconds
from tests.builders import FrozenClock, a_context, reported

INCIDENTS, CUSTOMERS = 1_000_000, 100_000
QUIET, SPANS = 10.0, 5  # seconds at rest, so many times
SETTLED = 12.0  # seconds after which a bot is at rest; what a silent session did is in the statistics after ten
IMPORTED = "importing slack_bolt and SQLAlchemy"
IMPORTS = "import slack_bolt, sqlalchemy"
HELD = f"{IMPORTS}; print(open('/proc/self/status').read().partition('VmRSS:')[2].split()[0])"


def lines(server: str) -> list[Line]:
    """The start, then a bot at rest on the PostgreSQL at `server`."""
    return [_start(), *_at_rest(server)]


def _start() -> Line:
    with tempfile.TemporaryDirectory() as folder, a_slack() as slack:
        url = _long_history(Path(folder) / "record.db")

        def ours() -> float:
            with a_bot(slack, url) as bot:
                return bot.started

        pairs = in_turn(ours, lambda: seconds(lambda: _python(IMPORTS)))
    return over(f"start on {INCIDENTS:,} incidents until ready", pairs, IMPORTED, 2.5, "s")


def _long_history(file: Path) -> str:
    """One report, a million times over, of a hundred thousand customers."""
    url = f"sqlite:///{file}"
    with closing(Database(url)) as database:
        migrate(database)
        reported(a_context(database, FrozenClock()), category="other")
    with closing(sqlite3.connect(file)) as connection:
        _copied(connection, customer, CUSTOMERS, {"number": "n", "strict_key": "'k' || n", "loose_key": "'k' || n"})
        _copied(connection, report, INCIDENTS, {"number": "n", "customer": f"n % {CUSTOMERS} + 1"})
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
    with a_slack() as slack, a_bot(slack, url) as bot, a_bare_listener() as bare:
        time.sleep(SETTLED)
        begun, start = _transactions(server), time.monotonic()
        shares = [_shares(bot, bare) for _ in range(SPANS)]
        passed = time.monotonic() - start
        done = _transactions(server) - begun
        memory = [(bot.memory(), int(_python(HELD)) / MEGABYTE) for _ in range(ROUNDS)]
    return [
        over("memory idle", memory, IMPORTED, 1.9, "MB"),
        at_most("work at rest, on PostgreSQL: transactions a second", done / passed, 1, ""),
        over("the same: share of a core", shares, "a bare Bolt listener at rest", 3, "%"),
    ]


def _shares(*processes: Serving) -> Pair:
    """Which share of a core each of the two used during the same span."""
    begun = [each.processor() for each in processes]
    time.sleep(QUIET)
    ours, floor = ((each.processor() - before) / QUIET for each, before in zip(processes, begun, strict=True))
    return ours, floor


def _python(said: str) -> str:
    return subprocess.run([sys.executable, "-c", said], check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours


def _transactions(server: str) -> int:
    counted = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'bench_rest'"
    return int(_on(server, counted))


def _on(server: str, statement: str) -> int:
    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(statement)  # our own constants
        row = cursor.fetchone() if cursor.description else None
    return int(row[0]) if row else 0
