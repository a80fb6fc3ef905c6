"""A database and its transactions. On SQLite one writer at a time queues in the process; PostgreSQL needs no queue."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from bot.rules.refusals import NotRecorded
from bot.rules.scheduled_tasks import BrokenTask, ScheduledTask
from bot.rules.troubles import DatabaseTrouble
from storage import scheduled_tasks
from storage.audit.inspection import KNOWN_BY
from storage.db.engine import POSTGRES_WAITS, engine_of, is_pooled, reading_engine_of
from storage.db.errors import raising_not_recorded, replaced_when_lost
from storage.db.notify import Listener
from storage.db.reading import one_snapshot
from storage.db.sqlite_file import sqlite_file_of
from storage.db.statements import Executor, statements_of
from storage.db.write_probe import probe_write
from storage.gauges import Gauges, gauges, left_to_nobody
from storage.outbox.outbox import Outbox
from storage.transaction import Transaction

WAIT_FOR_THE_LOCK = 1.0  # seconds; together with SQLite's own wait less than Slack's three seconds for an answer
WAIT_OF_A_TASK = 200  # milliseconds for a lock; much less than the second after which PostgreSQL looks for a deadlock


class Database:
    """One database. `begin` gives a transaction for one workspace, `read` a view that changes nothing.

    `changed` is called after each commit, so that the worker looks at once; `listen` does the same for other processes.
    `refused` is called where a transaction that may write cannot be.
    """

    def __init__(self, url: str, changed: Callable[[], None] = lambda: None) -> None:
        self._file = sqlite_file_of(url)
        self.engine = engine_of(url, self._file)
        self.reading_engine = reading_engine_of(self.engine, self._file)
        self.changed = changed
        self.refused: Callable[[NotRecorded], None] = lambda _: None
        self._is_sqlite = self.engine.dialect.name == "sqlite"
        self._statements = statements_of(self.engine.dialect)
        self._write_lock = threading.Lock()
        self._writer: Executor | None = None
        self._listener = None if self._is_sqlite else Listener(self.engine)

    @contextmanager
    def begin(self, team: str) -> Iterator[Transaction]:
        """One transaction: everything in the block, or nothing. Raises NotRecorded: nothing was written."""
        with self._writing() as db:
            tx = Transaction(db, team)
            yield tx
            self._finish(db, tx)
        self.changed()

    @contextmanager
    def read(self, team: str) -> Iterator[Transaction]:
        """One snapshot of the record, as of the first statement: what is committed meanwhile is not seen.

        It locks nothing and waits for nobody.

        Raises:
            NotRecorded: the database cannot be read.
            WrittenWhileReading: something was written in the block.
        """
        with self._reading() as db:
            yield Transaction(db, team)

    @contextmanager
    def outbox(self) -> Iterator[Outbox]:
        """One transaction on the outbox of all workspaces. Raises as `begin`."""
        with self._writing() as db:
            yield Outbox(db)

    @contextmanager
    def read_outbox(self) -> Iterator[Outbox]:
        """The outbox of all workspaces, to look at only. Raises as `read`."""
        with self._reading() as db:
            yield Outbox(db)

    @contextmanager
    def next_task(self, now: datetime) -> Iterator[tuple[ScheduledTask, Transaction] | None]:
        """The first task that is due, removed, and its workspace's record: one transaction with what the block does.

        Requests go first: where one holds a lock that the task needs, the task fails soon and is tried again later.
        Raises as `begin`.
        """
        with self._writing() as db:
            if not self._is_sqlite:
                db.command(f"SET LOCAL lock_timeout = {WAIT_OF_A_TASK}")
            due = scheduled_tasks.take(db, now)
            if due is None:
                yield None
                return
            tx = Transaction(db, due.team)
            yield due, tx
            self._finish(db, tx)
        self.changed()

    def next_task_at(self) -> datetime | None:
        """When the next task is due; None where there is none. Raises NotRecorded."""
        with self._reading() as db:
            return scheduled_tasks.next_moment(db)

    def broken_tasks(self) -> tuple[BrokenTask, ...]:
        """The first 20 tasks that break again and again. Raises NotRecorded."""
        with self._reading() as db:
            return scheduled_tasks.broken(db)

    def next_moments(self) -> tuple[datetime | None, datetime | None]:
        """When the next message may be sent, and when the next task is due. Raises NotRecorded."""
        with self._reading() as db:
            if self._listener:
                self._listener.notify_self(db)
            return Outbox(db).next_moment(), scheduled_tasks.next_moment(db)

    def listen(self) -> None:
        """Call `changed` for the commits of other processes as well, until `close`. On SQLite it does nothing."""
        if self._listener:
            self._listener.start(self.changed)

    def hears_others(self) -> bool:
        """Whether other processes' commits are heard, as tested by the last `next_moments`; if not, poll for them."""
        return self._listener is not None and self._listener.hears()

    def cases_left_to_nobody(self) -> tuple[int, ...]:
        """The first 20 cases on which, or on an objection in which, not even a director may act. Raises NotRecorded."""
        with self._reading() as db:
            return left_to_nobody(db.connection)

    def gauges(self, now: datetime) -> Gauges:
        """Figures over all workspaces. Raises NotRecorded."""
        with self._reading() as db:
            return gauges(db.connection, now)

    @contextmanager
    def read_all(self) -> Iterator[list[Transaction]]:
        """One snapshot of every workspace's record that has anything on record. Raises as `read`."""
        with self._reading() as db:
            yield [Transaction(db, team) for team in sorted(db.connection.scalars(KNOWN_BY))]

    def teams(self) -> tuple[str, ...]:
        """Every workspace that has anything on record. Raises NotRecorded."""
        with self.read_all() as workspaces:
            return tuple(tx.audit.team for tx in workspaces)

    def try_to_write(self) -> None:
        """Write about as much as a report, and remove it in the same transaction. Raises NotRecorded."""
        with self._only_writer() if self._is_sqlite else self._pooled() as db:
            probe_write(db)

    def vacuum(self) -> None:
        """Remove from the database's files what was deleted. Raises NotRecorded while others use them."""
        outside = {"sqlite_begin": ""} if self._is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with self._one_writer(), raising_not_recorded(self.engine), self.engine.connect() as connection:
            alone = connection.execution_options(**outside)
            alone.exec_driver_sql("VACUUM")
            if self._is_sqlite and alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
                raise NotRecorded(DatabaseTrouble.LOCKED)

    def close(self) -> None:
        """Close every connection."""
        if self._listener:
            self._listener.stop()
        with suppress(NotRecorded), self._one_writer():  # a writer that is still busy keeps its connection
            if self._writer:
                self._writer.connection.close()
            self._writer = None
        self.engine.dispose()
        self.reading_engine.dispose()

    def _finish(self, db: Executor, tx: Transaction) -> None:
        tx.audit.seal()
        if self._listener:
            self._listener.notify_others(db)

    @contextmanager
    def _writing(self) -> Iterator[Executor]:
        """One transaction that may change the record."""
        try:
            with self._only_writer() if self._is_sqlite else self._pooled() as db:
                yield db
        except NotRecorded as failure:
            self.refused(failure)
            raise

    @contextmanager
    def _reading(self) -> Iterator[Executor]:
        """One transaction that only reads, on a connection of the pool."""
        with raising_not_recorded(self.engine):
            self._refuse_another_file()
            with (
                self.reading_engine.connect() as connection,
                connection.begin(),
                replaced_when_lost(self.engine, connection),
                one_snapshot(connection),
            ):
                db = Executor(connection, self._statements, reads_only=True)
                yield db
                db.commit()

    @contextmanager
    def _pooled(self) -> Iterator[Executor]:
        """One transaction that may write, on a connection of the pool."""
        with raising_not_recorded(self.engine):
            self._refuse_another_file()
            with self.engine.connect() as connection, connection.begin(), replaced_when_lost(self.engine, connection):
                db = Executor(connection, self._statements)
                if is_pooled(connection):
                    for wait in POSTGRES_WAITS:
                        db.command(f"SET LOCAL {wait}")
                yield db
                db.commit()

    @contextmanager
    def _only_writer(self) -> Iterator[Executor]:
        """One transaction of SQLite's only writer. Its connection is kept until a transaction on it fails.

        To take one from the pool, and have SQLAlchemy begin and commit, takes as long as several statements.
        """
        with self._one_writer(), raising_not_recorded(self.engine):
            self._refuse_another_file()
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

    def _refuse_another_file(self) -> None:
        if self._file:
            self._file.refuse_another()

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        """Queue this process's writers here: SQLite's own waiting is by polling, and a writer may starve."""
        if not self._is_sqlite:
            yield
            return
        if not self._write_lock.acquire(timeout=WAIT_FOR_THE_LOCK):
            raise NotRecorded(DatabaseTrouble.LOCKED)
        try:
            yield
        finally:
            self._write_lock.release()
