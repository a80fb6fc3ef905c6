"""The report path against the same statements without us: what SQLAlchemy, the policy and the audit cost.

Ours runs twice from the same state: to be timed, and on a tape that keeps every statement with its parameters,
in its transaction. The floor plays the tape through the bare driver on a copy of the database as it stood before, with
the same commits. Ours and the floor end with equally many rows.
"""

import random
import sqlite3
import statistics
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path

import psycopg
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from bot.usecases.context import Context
from bot.usecases.reports.report import report
from storage.database import Database
from storage.migrate import migrate
from storage.tables.audit import audit
from tests.benchmarks.summary import EACH, INCIDENTS, a_desk_on, filled
from tests.benchmarks.table import ROUNDS, Line, ratio, seconds
from tests.builders import FrozenClock, a_context, a_report
from tests.tape import Said, Tape, recording

REPORTS = 320  # in each round
FEW = 10_000  # incidents on a small record
SOME = 200  # reports in each round, so that none is about the same customer as another on a small record
CUSTOMERS = 64


def lines(server: str) -> list[Line]:
    """The report path on SQLite, and on the PostgreSQL at `server` over one connection and over eight."""
    return [
        _on_sqlite(),
        _on_postgres(server, 1, "report path on PostgreSQL against raw psycopg, 1 connection", 0.60),
        _on_postgres(server, 8, "the same, 8 connections", 0.45),
        _as_the_record_grows(),
    ]


def _on_sqlite() -> Line:
    ours, floors = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            file, taped, copy = (Path(folder) / f"{name}.db" for name in ("ours", "taped", "raw"))
            database, context = _made_ready(f"sqlite:///{file}")
            _copy(file, taped)
            _copy(file, copy)
            tape = _taped(Database(f"sqlite:///{taped}"), 1)
            ours.append(REPORTS / _reported(context, 1))
            raw = _raw_sqlite(copy)
            floors.append(REPORTS / seconds(partial(_played_on_sqlite, raw, _only(tape))))
            _same_rows(database, raw.execute("SELECT count(*) FROM audit").fetchone()[0])
    return ratio("report path on SQLite against raw sqlite3, synchronous=FULL", floors, ours, 0.45)


def _on_postgres(server: str, connections: int, what: str, to_reach: float) -> Line:
    ours, floors = [], []
    for _ in range(ROUNDS):
        _command(server, "DROP DATABASE IF EXISTS bench_ours", "CREATE DATABASE bench_ours")
        database, context = _made_ready(_named(server, "bench_ours"))
        database.close()
        for name in ("bench_taped", "bench_raw"):
            _command(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE bench_ours")
        tape = _taped(Database(_named(server, "bench_taped")), connections)
        ours.append(REPORTS / _reported(context, connections))
        floors.append(REPORTS / _played_on_postgres(_named(server, "bench_raw"), list(tape.transactions.values())))
        with psycopg.connect(_libpq(_named(server, "bench_raw"))) as raw:
            _same_rows(database, raw.execute("SELECT count(*) FROM audit").fetchone()[0])
    return ratio(what, floors, ours, to_reach)


def _as_the_record_grows() -> Line:
    """Beside it how much slower raw sqlite3 becomes, of the same statements on copies: that is SQLite's own share."""
    chance = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        few, many = (_Grown(Path(folder), incidents, chance) for incidents in (FEW, INCIDENTS))
        rounds = range(1, ROUNDS + 1)  # the round before them warms both up
        ours = [(few.ours(n), many.ours(n)) for n in (0, *rounds)][1:]
        raw = [(few.raw(n), many.raw(n)) for n in (0, *rounds)][1:]
    line = ratio(
        f"report path at {INCIDENTS:,} incidents against {FEW:,}",
        [one for one, _ in ours],
        [other for _, other in ours],
        0.90,
    )
    beside = statistics.median(large / small for small, large in raw)
    return replace(line, floor=f"{line.floor}; raw sqlite3: {beside:.2f}")


class _Grown:
    """A record of so many incidents, and as many reports in each round, each about another customer.

    Of few customers, many would soon have an open case, and a report that opens none does with less.
    """

    def __init__(self, folder: Path, incidents: int, chance: random.Random) -> None:
        file, taped, raw = (folder / f"{incidents} {what}.db" for what in ("ours", "taped", "raw"))
        filled(file, incidents)
        _copy(file, taped)
        _copy(file, raw)
        self._raw = _raw_sqlite(raw)
        self._desk = a_desk_on(str(file))
        customers = iter(chance.sample(range(1, incidents // EACH + 1), (ROUNDS + 1) * SOME))
        rounds = [list(islice(customers, SOME)) for _ in range(ROUNDS + 1)]
        self._news = [[a_report(self._desk, customer=f"Firm {number}") for number in each] for each in rounds]
        with closing(Database(f"sqlite:///{taped}")) as database:
            context = a_context(database, FrozenClock(self._desk.clock()))
            with recording(database) as tape:
                for new in chain.from_iterable(self._news):
                    report(context, new)
        transactions = iter(_only(tape))
        self._tapes = [list(islice(transactions, SOME)) for _ in range(ROUNDS + 1)]

    def ours(self, round_: int) -> float:
        """Reports a second."""
        return SOME / seconds(lambda: [report(self._desk, new) for new in self._news[round_]])

    def raw(self, round_: int) -> float:
        """The same of the bare driver."""
        return SOME / seconds(lambda: _played_on_sqlite(self._raw, self._tapes[round_]))


def _made_ready(url: str) -> tuple[Database, Context]:
    """A database with every customer reported once."""
    database = Database(url)
    migrate(database)
    context = a_context(database, FrozenClock())
    for number in range(CUSTOMERS):
        report(context, a_report(context, customer=f"Customer {number}", category="other"))
    return database, context


def _taped(database: Database, threads: int) -> Tape:
    context = a_context(database, FrozenClock())
    with closing(database), recording(database) as tape:
        _reported(context, threads)
    return tape


def _reported(context: Context, threads: int) -> float:
    """How long `REPORTS` reports took, from so many threads about customers of their own."""
    news = [
        a_report(context, f"U0REP{n % 9}", f"Customer {n % CUSTOMERS}", category="unreasonable_demands")
        for n in range(REPORTS)
    ]

    def work(thread: int) -> None:
        for new in news[thread::threads]:
            report(context, new)

    return _together(threads, work)


def _together(threads: int, work: Callable[[int], None]) -> float:
    with ThreadPoolExecutor(threads) as pool:
        return seconds(lambda: list(pool.map(work, range(threads))))


def _only(tape: Tape) -> Sequence[Sequence[Said]]:
    return next(iter(tape.transactions.values()))


def _copy(file: Path, copy: Path) -> None:
    with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()


def _raw_sqlite(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def _played_on_sqlite(connection: sqlite3.Connection, transactions: Sequence[Sequence[Said]]) -> None:
    for transaction in transactions:
        connection.execute("BEGIN IMMEDIATE")
        for statement, parameters in transaction:
            connection.execute(statement, parameters).fetchall()
        connection.execute("COMMIT")


def _played_on_postgres(url: str, threads: Sequence[Sequence[Sequence[Said]]]) -> float:
    connections = [psycopg.connect(_libpq(url), cursor_factory=psycopg.RawCursor) for _ in threads]  # they take $1

    def work(number: int) -> None:
        for transaction in threads[number]:
            with connections[number].transaction():
                for statement, parameters in transaction:
                    cursor = connections[number].execute(statement, parameters)
                    if cursor.description:
                        cursor.fetchall()

    took = _together(len(threads), work)
    for connection in connections:
        connection.close()
    return took


def _same_rows(database: Database, played: int) -> None:
    with database.engine.connect() as connection:
        ours = connection.execute(select(func.count()).select_from(audit)).scalar_one()
    database.close()
    if not ours == played == CUSTOMERS + REPORTS:
        raise AssertionError(f"{ours} and {played} audit entries where {CUSTOMERS + REPORTS} were to be")


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _command(server: str, *statements: str) -> None:
    with psycopg.connect(_libpq(server), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # our own constants
