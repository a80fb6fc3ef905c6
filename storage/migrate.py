"""Bring a database to this code's revision, or refuse one of another code."""

import sqlite3
import time

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from storage.database import Database
from storage.db.errors import raising_not_recorded
from storage.db.revision import NEWEST, PATIENCE, refuse_unless_newest, revision_of


def migrate(database: Database) -> str:
    """Bring the database to this code's revision, an empty one too; the revision that it has then.

    Raises:
        OtherRevision: its revision is not one of ours.
        refusals.NotRecorded: it cannot be reached or written.
    """
    with raising_not_recorded(database.engine):
        try:
            return _migrate(database.engine)
        finally:
            database.engine.dispose()  # its connection waits longer for locks than a request may


def refuse_other_revisions(database: Database) -> None:
    """For what only reads. Raises OtherRevision where the database is not of this code's revision, and NotRecorded."""
    with raising_not_recorded(database.engine), database.connections.reading_engine.connect() as connection:
        refuse_unless_newest(revision_of(connection))


def _migrate(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    with engine.connect() as connection:
        revision = revision_of(connection)
    if revision != NEWEST:
        from storage.upgrade import upgrade  # noqa: PLC0415 - Alembic takes 11 MB and a third of a second

        upgrade(engine)
    return NEWEST


def _prepare_sqlite(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # a journal's mode cannot change within a transaction
        connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE}")  # another process may be migrating
        _keep_journal(connection, time.monotonic() + PATIENCE / 1000)


def _keep_journal(connection: Connection, until: float) -> None:
    """Have SQLite keep a journal. Where two processes ask so of a new file, it refuses one without waiting."""
    while True:
        try:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        except OperationalError as error:
            busy = getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
