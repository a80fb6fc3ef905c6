"""The engine and its transactions: on SQLite one writer at a time and durable commits, on PostgreSQL its own ways."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, select, union
from sqlalchemy.engine import make_url

from bot.desk.ports import Step
from bot.desk.refusals import NotRecorded
from bot.rules.values import Left
from storage import steps
from storage.gauges import Gauges, gauges
from storage.ledger import Ledger
from storage.listening import Listening
from storage.outbox import Outbox
from storage.place import Place
from storage.statements import Executor, Statements
from storage.tables import audit, audit_head, counter, customer, matter

WAIT_FOR_THE_LOCK = 1.0  # seconds; with SQLite's own wait it stays inside Slack's three seconds for an answer
WAIT_FOR_SQLITE = 1200  # milliseconds
WAIT_FOR_A_CONNECTION = 1.0  # seconds
RECYCLE = 300  # seconds after which a connection is made anew, before something on the way forgets it
# PostgreSQL, in milliseconds: who asks is answered inside Slack's three seconds, and a process that was stopped in
# the middle of a transaction does not hold its locks for good.
POSTGRES_WAITS = "-c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000"
THE_CLOCK_WAITS = 200  # milliseconds for a lock; well before PostgreSQL looks for a deadlock, at a second
# A network that drops everything without a word is noticed in half a minute, also by a session that only listens.
ALIVE = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
POSTGRES = {"connect_timeout": 2, "options": POSTGRES_WAITS, **ALIVE}
# Mistakes of ours, by the names that SQLAlchemy and every driver have for them (PEP 249); all else that a database says
# is the state it is in.
MISTAKES = ("DataError", "IntegrityError", "NotSupportedError", "ProgrammingError")
KEPT_BY_SQLITE = 500  # statements that a connection keeps parsed; there are fewer
_TEAMS = union(*(select(table.c.team) for table in (counter, customer, audit, audit_head)))


class Database:
    """One database. `begin` gives a transaction for one workspace, `read` a view that changes nothing.

    `changed` is called after each commit, so that the loop looks at once; see `listen` for what others commit.
    """

    def __init__(self, url: str, changed: Callable[[], None] = lambda: None) -> None:
        self._place = _place(url)
        self.engine = _engine(url, self._place)
        self.changed = changed
        self._is_sqlite = self.engine.dialect.name == "sqlite"
        self._statements = Statements(self.engine.dialect)
        self._writer = threading.Lock()
        self._listening = None if self._is_sqlite else Listening(self.engine, self.said_plainly)

    @contextmanager
    def begin(self, team: str) -> Iterator[Ledger]:
        """One transaction: everything in the block, or nothing.

        Raises:
            NotRecorded: the database is locked, read-only, full or gone; nothing was written.
        """
        with self._one_writer(), self._transaction(write=True) as db:
            ledger = Ledger(db, team)
            yield ledger
            ledger.audit.seal()
            self._tell(db)
        self.changed()

    @contextmanager
    def read(self, team: str) -> Iterator[Ledger]:
        """A consistent view of the record.

        Raises:
            NotRecorded: the database cannot be read.
        """
        with self._transaction(write=False) as db:
            if not self._is_sqlite:  # a long look holds up nobody, however long it thinks
                db.connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield Ledger(db, team)

    @contextmanager
    def outbox(self) -> Iterator[Outbox]:
        """One transaction on what Slack is to show, over all workspaces. Raises NotRecorded as `begin` does."""
        with self._one_writer(), self._transaction(write=True) as db:
            yield Outbox(db)

    @contextmanager
    def step(self, now: datetime) -> Iterator[tuple[Step, Ledger] | None]:
        """The first step that is due, taken off, and its workspace's record: one transaction with what follows.

        Who asks for something goes first: where they hold what the step needs, it gives way and is tried again.
        Raises NotRecorded as `begin` does.
        """
        with self._one_writer(), self._transaction(write=True) as db:
            if not self._is_sqlite:
                db.connection.exec_driver_sql(f"SET LOCAL lock_timeout = {THE_CLOCK_WAITS}")
            due = steps.take(db, now)
            if due is None:
                yield None
                return
            ledger = Ledger(db, due.team)
            yield due, ledger
            ledger.audit.seal()
            self._tell(db)
        self.changed()

    def next_step_at(self) -> datetime | None:
        """When the next step is due. Raises NotRecorded."""
        with self._transaction(write=False) as db:
            return steps.next_moment(db)

    def next_moments(self) -> tuple[datetime | None, datetime | None]:
        """When the next message may be sent, and when the next step is due. Raises NotRecorded."""
        with self._transaction(write=False) as db:
            if self._listening:
                self._listening.call(db.connection)
            return Outbox(db).next_moment(), steps.next_moment(db)

    def listen(self) -> None:
        """Call `changed` for what other processes commit as well, where the database tells of it, until `close`."""
        if self._listening:
            self._listening.start(self.changed)

    def hears_others(self) -> bool:
        """Whether it was so at the last `next_moments`; where not, only a look shows what others did."""
        return self._listening is not None and self._listening.hears()

    def nobody_left(self) -> tuple[int, ...]:
        """The open cases on which nobody is left to act, not even a director. Raises NotRecorded."""
        stuck = select(matter.c.number).where(matter.c.closed_at.is_(None), matter.c.left == Left.NOBODY.value)
        with self._transaction(write=False) as db:
            return tuple(db.connection.scalars(stuck.order_by(matter.c.number).limit(20)))

    def gauges(self, now: datetime) -> Gauges:
        """Figures over all workspaces. Raises NotRecorded."""
        with self._transaction(write=False) as db:
            return gauges(db.connection, now)

    def teams(self) -> tuple[str, ...]:
        """Every workspace that anything is on record of."""
        with self._transaction(write=False) as db:
            return tuple(sorted(db.connection.scalars(_TEAMS)))

    def scrub(self) -> None:
        """Leave nothing in the files of what is no longer in the record. Raises NotRecorded while others are at it."""
        outside = {"sqlite_begin": ""} if self._is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with self._one_writer(), self.said_plainly(), self.engine.connect() as connection:
            alone = connection.execution_options(**outside)
            alone.exec_driver_sql("VACUUM")
            if self._is_sqlite and alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
                raise NotRecorded

    def close(self) -> None:
        """Close every connection."""
        if self._listening:
            self._listening.stop()
        self.engine.dispose()

    @contextmanager
    def said_plainly(self) -> Iterator[None]:
        """Whatever keeps the database from taking part is NotRecorded; a mistake of ours stays what it is."""
        driver: Any = self.engine.dialect.dbapi
        try:
            yield
        except tuple(getattr(source, name) for source in (exc, driver) for name in MISTAKES):
            raise
        except (exc.DBAPIError, exc.TimeoutError, driver.Error) as failure:
            raise NotRecorded from failure

    def _tell(self, db: Executor) -> None:
        if self._listening:
            self._listening.tell(db.connection)

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[Executor]:
        with self.said_plainly():
            if self._place:
                self._place.refuse_another()
            with self.engine.connect() as connection:
                if self._is_sqlite and write:
                    connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
                with connection.begin(), self._noticed_when_lost(connection):
                    yield Executor(connection, self._statements)

    @contextmanager
    def _noticed_when_lost(self, connection: Connection) -> Iterator[None]:
        """A connection that the driver finds lost is thrown away, and all others with it: they are made anew."""
        dialect = self.engine.dialect
        try:
            yield
        except dialect.loaded_dbapi.Error as failure:
            if dialect.is_disconnect(failure, connection.connection.driver_connection, None):
                connection.invalidate(failure)
                self.engine.dispose()
            raise

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        """Queue this process's writers here: SQLite's own waiting is by polling and lets one starve."""
        if not self._is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=WAIT_FOR_THE_LOCK):
            raise NotRecorded
        try:
            yield
        finally:
            self._writer.release()


def _place(url: str) -> Place | None:
    """The file of an SQLite database that is in one."""
    where = make_url(url)
    path = where.database or ":memory:"
    in_a_file = where.get_backend_name() == "sqlite" and path != ":memory:" and not path.startswith("file:")
    return Place(path) if in_a_file else None


def _engine(url: str, place: Place | None) -> Engine:
    pool: dict[str, Any] = {"pool_size": 16, "pool_timeout": WAIT_FOR_A_CONNECTION}
    if make_url(url).get_backend_name() != "sqlite":
        # No ping before each use: the loop finds a lost connection within a second, and then all are made anew.
        return create_engine(url, pool_recycle=RECYCLE, pool_use_lifo=True, connect_args=POSTGRES, **pool)
    engine = create_engine(
        url, connect_args={"timeout": WAIT_FOR_SQLITE / 1000, "cached_statements": KEPT_BY_SQLITE}, **pool
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if place:
        event.listen(engine, "do_connect", lambda *_: place.refuse_another())
        event.listen(engine, "connect", lambda *_: place.opened())
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own record type
    del record
    connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
    for pragma in ("foreign_keys=ON", f"busy_timeout={WAIT_FOR_SQLITE}", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    if begin:
        driver.execute(begin)
