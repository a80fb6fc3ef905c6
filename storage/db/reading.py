"""Transactions that only read: one snapshot of the record, in which the database refuses every change."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, exc

from storage.db.engine import LOCK_TIMEOUT
from storage.db.pipeline import execute

# One message to the server. psycopg would begin by itself with the first statement, but READ COMMITTED, which is a new
# snapshot for each statement. A long read delays nobody, however long it pauses.
BEGIN = (
    f"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL {LOCK_TIMEOUT}; "
    "SET LOCAL idle_in_transaction_session_timeout = 0"
).encode()
REFUSED_BY_POSTGRES = "25006"  # SQLSTATE read_only_sql_transaction


class WrittenWhileReading(Exception):  # noqa: N818 - a mistake of ours
    """Something was written in a transaction that only reads. Nothing of it was recorded."""


@contextmanager
def one_snapshot(connection: Connection) -> Iterator[None]:
    """Make the transaction that has just begun read-only, and one snapshot as of its first statement.

    SQLite's transactions are snapshots in WAL mode, and the connection is to be of `engine.reading_engine_of`.

    Raises WrittenWhileReading where the database refuses a change.
    """
    try:
        if connection.dialect.name == "postgresql":  # on SQLite the connection itself refuses changes
            _begin_on_postgres(connection)
        yield
    except (exc.DBAPIError, connection.dialect.loaded_dbapi.Error) as failure:
        if _was_a_change(getattr(failure, "orig", failure)):
            raise WrittenWhileReading from failure
        raise


def _begin_on_postgres(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    psycopg: Any = connection.dialect.loaded_dbapi
    if not execute(driver, BEGIN):
        raise psycopg.OperationalError("The transaction could not begin.")


def _was_a_change(failure: BaseException) -> bool:
    """Whether the database refused it since the transaction only reads."""
    code = getattr(failure, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_READONLY or getattr(failure, "sqlstate", None) == REFUSED_BY_POSTGRES
