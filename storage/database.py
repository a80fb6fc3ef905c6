"""A database and its transactions: on SQLite one writer at a time and durable commits, on PostgreSQL its own ways."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exc, select, union

from bot.rules.cases import Left
from bot.rules.refusals import NotRecorded
from bot.rules.scheduled_tasks import ScheduledTask
from storage import scheduled_tasks as steps
from storage.db.engine import engine_of
from storage.db.notify import Listening
from storage.db.sqlite_file import place_of
from storage.db.statements import Executor, Statements
from storage.gauges import Gauges, gauges
from storage.outbox.outbox import Outbox
from storage.tables.audit import audit, audit_head
from storage.tables.cases import matter
from storage.tables.customers import counter, customer
from storage.transaction import Transaction

WAIT_FOR_THE_LOCK = 1.0  # seconds; with SQLite's own wait it stays inside Slack's three seconds for an answer
THE_CLOCK_WAITS = 200  # milliseconds for a lock; well before PostgreSQL looks for a deadlock, at a second
# Mistakes of ours, by the names that SQLAlchemy and every driver have for them (PEP 249); all else that a database says
# is the state it is in.
MISTAKES = ("DataError", "IntegrityError", "NotSupportedError", "ProgrammingError")
_TEAMS = union(*(select(table.c.team) for table in (counter, customer, audit, audit_head)))


class Database:
    """One database. `begin` gives a transaction for one workspace, `read` a view that changes nothing.

    `changed` is called after each commit, so that the loop looks at once; see `listen` for what others commit.
    """

    def __init__(self, url: str, changed: Callable[[], None] = lambda: None) -> None:
        self._place = place_of(url)
        self.engine = engine_of(url, self._place)
        self.changed = changed
        self._is_sqlite = self.engine.dialect.name == "sqlite"
        self._statements = Statements(self.engine.dialect)
        self._writing_now = threading.Lock()
        self._writer: Executor | None = None
        self._listening = None if self._is_sqlite else Listening(self.engine, self.said_plainly)

    @contextmanager
    def begin(self, team: str) -> Iterator[Transaction]:
        """One transaction: everything in the block, or nothing.

        Raises:
            NotRecorded: the database is locked, read-only, full or gone; nothing was written.
        """
        with self._writing() as db:
            ledger = Transaction(db, team)
            yield ledger
            ledger.audit.seal()
            self._tell(db)
        self.changed()

    @contextmanager
    def read(self, team: str) -> Iterator[Transaction]:
        """A consistent view of the record.

        Raises:
            NotRecorded: the database cannot be read.
        """
        with self._pooled() as db:
            if not self._is_sqlite:  # a long look holds up nobody, however long it thinks
                db.connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield Transaction(db, team)

    @contextmanager
    def outbox(self) -> Iterator[Outbox]:
        """One transaction on what Slack is to show, over all workspaces. Raises NotRecorded as `begin` does."""
        with self._writing() as db:
            yield Outbox(db)

    @contextmanager
    def step(self, now: datetime) -> Iterator[tuple[ScheduledTask, Transaction] | None]:
        """The first step that is due, taken off, and its workspace's record: one transaction with what follows.

        Who asks for something goes first: where they hold what the step needs, it gives way and is tried again.
        Raises NotRecorded as `begin` does.
        """
        with self._writing() as db:
            if not self._is_sqlite:
                db.connection.exec_driver_sql(f"SET LOCAL lock_timeout = {THE_CLOCK_WAITS}")
            due = steps.take(db, now)
            if due is None:
                yield None
                return
            ledger = Transaction(db, due.team)
            yield due, ledger
            ledger.audit.seal()
            self._tell(db)
        self.changed()

    def next_step_at(self) -> datetime | None:
        """When the next step is due. Raises NotRecorded."""
        with self._pooled() as db:
            return steps.next_moment(db)

    def next_moments(self) -> tuple[datetime | None, datetime | None]:
        """When the next message may be sent, and when the next step is due. Raises NotRecorded."""
        with self._pooled() as db:
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
        with self._pooled() as db:
            return tuple(db.connection.scalars(stuck.order_by(matter.c.number).limit(20)))

    def gauges(self, now: datetime) -> Gauges:
        """Figures over all workspaces. Raises NotRecorded."""
        with self._pooled() as db:
            return gauges(db.connection, now)

    def teams(self) -> tuple[str, ...]:
        """Every workspace that anything is on record of."""
        with self._pooled() as db:
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
        with suppress(NotRecorded), self._one_writer():  # whoever is still at it after that second keeps it
            if self._writer:
                self._writer.connection.close()
            self._writer = None
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

    def _writing(self) -> AbstractContextManager[Executor]:
        """One transaction that may change the record."""
        return self._alone() if self._is_sqlite else self._pooled()

    @contextmanager
    def _pooled(self) -> Iterator[Executor]:
        """One transaction on a connection of the pool."""
        with self.said_plainly():
            self._refuse_another_place()
            with self.engine.connect() as connection, connection.begin(), self._noticed_when_lost(connection):
                yield Executor(connection, self._statements)

    @contextmanager
    def _alone(self) -> Iterator[Executor]:
        """One transaction of SQLite's only writer, whose connection is kept until something goes wrong on it.

        To take one from the pool, and have SQLAlchemy begin and commit, takes as long as several statements.
        """
        with self._one_writer(), self.said_plainly():
            self._refuse_another_place()
            db = self._writer or Executor(self.engine.connect().execution_options(sqlite_begin=""), self._statements)
            self._writer = None
            try:
                db.begin()
                yield db
                db.commit()
                self._writer = db
            finally:
                if not self._writer:
                    db.connection.close()  # which rolls back

    def _refuse_another_place(self) -> None:
        if self._place:
            self._place.refuse_another()

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
        if not self._writing_now.acquire(timeout=WAIT_FOR_THE_LOCK):
            raise NotRecorded
        try:
            yield
        finally:
            self._writing_now.release()
