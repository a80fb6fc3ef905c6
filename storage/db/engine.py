"""The engine: how connections to each database are made, how long they wait, and how they begin a transaction."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from storage.db.sqlite_file import SqliteFile

WAIT_FOR_SQLITE = 1200  # milliseconds
WAIT_FOR_A_CONNECTION = 1.0  # seconds
RECYCLE = 300  # seconds after which a connection is replaced, before a firewall or pooler on the way drops it
# PostgreSQL, in milliseconds: a request is answered within Slack's three seconds, and a process that was stopped in the
# middle of a transaction does not hold its locks for good. PgBouncer takes no options with a connection.
LOCK_TIMEOUT = "lock_timeout = 2000"
POSTGRES_WAITS = (LOCK_TIMEOUT, "idle_in_transaction_session_timeout = 10000")
# So a network that drops everything silently is noticed in half a minute, also by a session that only listens.
KEEPALIVE = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
# `storage/db/pipeline.py` prepares statements. psycopg, if it did so too, would have all forgotten after a rollback.
POSTGRES = {"connect_timeout": 2, "prepare_threshold": None, **KEEPALIVE}
SQLITE = (
    "foreign_keys=ON",
    f"busy_timeout={WAIT_FOR_SQLITE}",
    "synchronous=FULL",
    "secure_delete=ON",
)  # pragmas of each connection
POOL: dict[str, Any] = {"pool_size": 16, "pool_timeout": WAIT_FOR_A_CONNECTION}
KEPT_BY_SQLITE = 500  # parsed statements that a connection keeps; there are fewer


def engine_of(url: str, file: SqliteFile | None) -> Engine:
    """The engine with its pool. The option `sqlite_begin` of an SQLite connection is what begins its transactions."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, file)
    # No ping before each use: the worker finds a lost connection within a second, and then all are replaced.
    engine = create_engine(url, pool_recycle=RECYCLE, pool_use_lifo=True, connect_args=POSTGRES, **POOL)
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def is_pooled(connection: Connection) -> bool:
    """Whether a pooler such as PgBouncer is in between: then each transaction may be on another session.

    What is set or prepared in one session does not hold in the next, and what one listens for is not passed on.
    """
    return bool(connection.info.get("pooled"))


def reading_engine_of(engine: Engine, file: SqliteFile | None) -> Engine:
    """The engine for transactions that only read. On SQLite its connections refuse every change.

    They are apart from the others since a change of `query_only` makes SQLite forget what it has parsed. PostgreSQL
    refuses changes by transaction, so there it is the same engine.
    """
    if engine.dialect.name != "sqlite":
        return engine
    return _sqlite(engine.url.render_as_string(hide_password=False), file, "query_only=ON")


def read_only(url: str) -> str:
    """The address of the same database, with which SQLite neither creates nor changes its file.

    In a folder in which nothing may be written, SQLite cannot make the files that it needs for reading beside others. A
    copy that nobody has open there, such as a backup, is read as one that does not change.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return url
    file = Path(address.database).absolute()
    in_use = any(file.with_name(f"{file.name}{suffix}").exists() for suffix in ("-wal", "-shm"))
    unchanging = {} if in_use or os.access(file.parent, os.W_OK, effective_ids=True) else {"immutable": "1"}
    query = {"mode": "ro", "uri": "true", **unchanging}
    return address.set(database=file.as_uri(), query=query).render_as_string(hide_password=False)


def _sqlite(url: str, file: SqliteFile | None, *pragmas: str) -> Engine:
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
        for pragma in (*SQLITE, *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    connect_args = {"timeout": WAIT_FOR_SQLITE / 1000, "cached_statements": KEPT_BY_SQLITE}
    engine = create_engine(url, connect_args=connect_args, **POOL)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin_sqlite)
    if file:
        event.listen(engine, "do_connect", lambda *_: file.refuse_another())
        event.listen(engine, "connect", lambda *_: file.opened())
        if not pragmas:  # what only reads changes nothing, and comes second where both are used
            event.listen(engine, "connect", lambda *_: file.make_private())
    return engine


def _prepare_postgres(driver: Any, made: ConnectionPoolEntry) -> None:  # noqa: ANN401 - psycopg's connection
    """A pooler does not say that it is one, but it makes up the process ID with which a session begins."""
    pid = driver.pgconn.exec_(b"SELECT pg_backend_pid()").get_value(0, 0)
    made.info["pooled"] = pid is None or int(pid) != driver.pgconn.backend_pid
    if not made.info["pooled"]:
        driver.pgconn.exec_("; ".join(f"SET {wait}" for wait in POSTGRES_WAITS).encode())


def _begin_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    if begin:
        driver.execute(begin)
