"""The engine: how connections to each database are made, how long they wait, and how they begin a transaction."""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from storage.db.sqlite_file import Place

WAIT_FOR_SQLITE = 1200  # milliseconds
WAIT_FOR_A_CONNECTION = 1.0  # seconds
RECYCLE = 300  # seconds after which a connection is made anew, before something on the way forgets it
# PostgreSQL, in milliseconds: who asks is answered inside Slack's three seconds, and a process that was stopped in
# the middle of a transaction does not hold its locks for good.
POSTGRES_WAITS = "-c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000"
# A network that drops everything without a word is noticed in half a minute, also by a session that only listens.
ALIVE = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
POSTGRES = {"connect_timeout": 2, "options": POSTGRES_WAITS, **ALIVE}
KEPT_BY_SQLITE = 500  # statements that a connection keeps parsed; there are fewer


def engine_of(url: str, place: Place | None) -> Engine:
    """The engine with its pool. A transaction of an SQLite connection begins as its option `sqlite_begin` says."""
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


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own record type
    connection.isolation_level = None  # the driver begins nothing by itself: _begin_sqlite does
    for pragma in ("foreign_keys=ON", f"busy_timeout={WAIT_FOR_SQLITE}", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    if begin:
        driver.execute(begin)
