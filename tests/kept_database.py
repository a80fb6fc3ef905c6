"""One PostgreSQL database, which a test after another is given empty, with the sessions of the one before.

docs/decisions/databases-of-the-tests.md says why, and what it saves.
"""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import event
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrate import migrate
from storage.tables.columns import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    Session = psycopg.Connection[Any]

MOST_SESSIONS: Final = 2  # that are kept; few tests need more
ROOM: Final = 8_000_000  # bytes by which the database may grow: rows that were deleted stay in its files
_names = count(1)
# What a test can change besides the rows of our tables: tables, indexes, columns, how many rows PostgreSQL believes
# there are, functions, triggers, settings, the revision, and the size of the files.
_BESIDES_ROWS: Final = """
    SELECT (SELECT md5(string_agg(concat_ws(' ', oid, xmin, reltuples), ',' ORDER BY oid))
            FROM pg_class WHERE relnamespace = 'public'::regnamespace),
           (SELECT count(*) FROM pg_namespace WHERE nspname !~ '^pg_'),
           (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_statistic),
           (SELECT string_agg(setconfig::text, ' ') FROM pg_db_role_setting),
           (SELECT string_agg(version_num, ' ') FROM alembic_version),
           pg_database_size(current_database()) > %s
"""
# By its name a test that looks at other sessions leaves this one out.
KEPT: Final = "kept by tests"
_END_OTHERS: Final = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> %s
"""
_EMPTY: Final = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))  # noqa: S608 - our own names


class KeptDatabase:
    """Gives each test an empty database that is up to date: the same one, or a new one where that was changed."""

    def __init__(self, server: str, name: str = "backstop_template") -> None:
        self._server = server
        self._template = f"{name}_{os.getpid()}"
        execute(server, f"DROP DATABASE IF EXISTS {self._template}", f"CREATE DATABASE {self._template}")
        bring_up_to_date(_named(server, self._template))
        self._one: _OneDatabase | None = None

    def given(self) -> str:
        """The address of an empty database."""
        if self._one is None:
            self._one = _OneDatabase(self._server, self._template)
        return self._one.address

    def lend_sessions(self, engine: Engine) -> None:
        """Let an engine for the database that was given take the sessions of those before it, and leave its own."""
        assert self._one is not None
        self._one.lend_sessions(engine)

    def take_back(self) -> None:
        """Empty the database for the next test."""
        if self._one is not None and not self._one.emptied():
            self._one.drop()
            self._one = None

    def drop(self) -> None:
        """Drop everything."""
        if self._one is not None:
            self._one.drop()
        execute(self._server, f"DROP DATABASE {self._template}")


class _OneDatabase:
    def __init__(self, server: str, template: str) -> None:
        self._server = server
        self._name = f"backstop_test_{os.getpid()}_{next(_names)}"
        execute(server, f"CREATE DATABASE {self._name} TEMPLATE {template} STRATEGY file_copy")
        self.address = _named(server, self._name)
        self._admin = psycopg.connect(_plain(self.address), autocommit=True, application_name=KEPT)
        self._admin.execute("SET lock_timeout = 5000")
        self._sessions: list[Session] = []
        (size,) = self._asked("SELECT pg_database_size(current_database())")
        self._most = size + ROOM
        self._new = self._besides_rows()

    def emptied(self) -> bool:
        """Empty it; whether it is as new: not where the test left more than rows, or a lock that prevents it."""
        try:
            self._admin.execute(_END_OTHERS, (KEPT,))
            self._admin.execute(_EMPTY)
            return self._besides_rows() == self._new
        except psycopg.Error:  # such as a table that was dropped
            return False

    def lend_sessions(self, engine: Engine) -> None:
        event.listen(engine, "do_connect", lambda *_: next(self._usable(), None))
        engine.dialect.do_close = self._close

    def drop(self) -> None:
        for session in (*self._sessions, self._admin):
            session.close()
        execute(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")

    def _usable(self) -> Iterator[Session]:
        """Sessions with nothing in them of who used them before."""
        while self._sessions:
            session = self._sessions.pop()
            if _done(session, "DISCARD ALL"):
                yield session
            session.close()

    def _close(self, session: Session) -> None:
        """Keep it, unless it listens, is lost, or is in the middle of something."""
        idle = session.pgconn.transaction_status == TransactionStatus.IDLE
        kept = idle and not session.autocommit and len(self._sessions) < MOST_SESSIONS
        if kept and _done(session, f"SET application_name = '{KEPT}'"):
            self._sessions.append(session)
        else:
            session.close()

    def _besides_rows(self) -> tuple[Any, ...]:
        return self._asked(_BESIDES_ROWS, self._most)

    def _asked(self, query: str, *values: object) -> tuple[Any, ...]:
        (row,) = self._admin.execute(query, values).fetchall()
        return row


def _done(session: Session, command: str) -> bool:
    """Whether the session did this; False where a test has ended it."""
    try:
        return session.pgconn.exec_(command.encode()).status == ExecStatus.COMMAND_OK
    except psycopg.OperationalError:
        return False


def bring_up_to_date(url: str) -> None:
    """Migrate the database at this address."""
    database = Database(url)
    migrate(database)
    database.close()


def execute(server: str, *statements: str) -> None:
    """Execute statements on the server, each by itself."""
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _plain(address: str) -> str:
    return make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
