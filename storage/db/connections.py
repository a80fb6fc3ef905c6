"""A database's connections, and transactions on them.

On SQLite one writer at a time queues in the process; PostgreSQL needs no queue.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.exc import DBAPIError

from bot.rules.refusals import NotRecorded
from bot.rules.troubles import DatabaseTrouble
from storage.db.engine import POSTGRES_WAITS, engine_of, is_pooled, reading_engine_of
from storage.db.errors import raising_not_recorded, replaced_when_lost
from storage.db.executor import Executor
from storage.db.reading import one_snapshot
from storage.db.sqlite_file import place_of, sqlite_file_of
from storage.db.statements import statements_of

# A standby that takes over has the identifier of the server before, and is the same database.
_PLACE = (
    "SELECT system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "FROM pg_control_system()"
)
WAIT_FOR_THE_LOCK = 1.0  # seconds; together with SQLite's own wait less than Slack's three seconds for an answer


class Connections:
    """The connections to one database. `writing` and `reading` give a transaction on one of them."""

    def __init__(self, url: str) -> None:
        self._file = sqlite_file_of(url)
        self.engine = engine_of(url, self._file)
        self.reading_engine = reading_engine_of(self.engine, self._file)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.writer: Executor | None = None
        self._statements = statements_of(self.engine.dialect)
        self._write_lock = threading.Lock()

    @contextmanager
    def writing(self) -> Iterator[Executor]:
        """One transaction that may change the record: everything in the block, or nothing. Raises NotRecorded."""
        with self._only_writer() if self.is_sqlite else self._pooled() as db:
            yield db

    @contextmanager
    def reading(self) -> Iterator[Executor]:
        """One transaction that only reads one snapshot, on a connection of the pool. Raises NotRecorded."""
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

    def place(self) -> str:
        """Where the database is, which a copy of it is not; empty where nobody can tell. Raises NotRecorded."""
        if self.is_sqlite:
            return place_of(str(self.engine.url))
        try:
            with self.reading() as db:
                return " ".join(map(str, db.connection.exec_driver_sql(_PLACE).one()))
        except NotRecorded as failure:
            if failure.trouble is DatabaseTrouble.NOT_ALLOWED:
                return ""
            raise
        except DBAPIError:  # there is no such function, or it is not supported, as on some hosted servers
            return ""

    def vacuum(self) -> None:
        """Remove from the database's files what was deleted. Raises NotRecorded while others use them."""
        outside = {"sqlite_begin": ""} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with self._one_writer(), raising_not_recorded(self.engine), self.engine.connect() as connection:
            alone = connection.execution_options(**outside)
            alone.exec_driver_sql("VACUUM")
            if self.is_sqlite and alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
                raise NotRecorded(DatabaseTrouble.LOCKED)

    def close(self) -> None:
        """Close every connection."""
        with suppress(NotRecorded), self._one_writer():  # a writer that is still busy keeps its connection
            if self.writer:
                self.writer.connection.close()
            self.writer = None
        self.engine.dispose()
        self.reading_engine.dispose()

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
            db = self.writer or Executor(self.engine.connect().execution_options(sqlite_begin=""), self._statements)
            self.writer = None
            try:
                db.begin()
                yield db
                db.commit()
                self.writer = db
            finally:
                if not self.writer:
                    db.connection.close()  # which rolls back

    def _refuse_another_file(self) -> None:
        if self._file:
            self._file.refuse_another()

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        """Queue this process's writers here: SQLite's own waiting is by polling, and a writer may starve."""
        if not self.is_sqlite:
            yield
            return
        if not self._write_lock.acquire(timeout=WAIT_FOR_THE_LOCK):
            raise NotRecorded(DatabaseTrouble.LOCKED)
        try:
            yield
        finally:
            self._write_lock.release()
