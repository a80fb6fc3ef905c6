"""The errors of a database that cannot be used, as distinct from mistakes of ours, and why it cannot."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, exc

from bot.rules.refusals import NotRecorded
from bot.rules.troubles import DatabaseTrouble as Trouble
from storage.db.sqlite_file import FileMoved

# The errors that are mistakes of ours, by the names that SQLAlchemy and every driver have for them (PEP 249). All
# others mean that the database cannot be used now.
MISTAKES = ("DataError", "IntegrityError", "NotSupportedError", "ProgrammingError")

# By the first words of SQLite's name for the error (sqlite.org/rescode.html). The size of the file for WAL's index
# cannot be set where the disk is full.
_SQLITE = (
    ("SQLITE_FULL", Trouble.FULL),
    ("SQLITE_IOERR_SHMSIZE", Trouble.FULL),
    ("SQLITE_READONLY", Trouble.READ_ONLY),
    ("SQLITE_BUSY", Trouble.LOCKED),
    ("SQLITE_LOCKED", Trouble.LOCKED),
    ("SQLITE_CANTOPEN", Trouble.NOT_OPENED),
    ("SQLITE_PERM", Trouble.NOT_OPENED),
    ("SQLITE_CORRUPT", Trouble.DAMAGED),
    ("SQLITE_NOTADB", Trouble.DAMAGED),
    ("SQLITE_IOERR", Trouble.DISK),
)
# By the first characters of the SQLSTATE (PostgreSQL's manual, appendix A).
_SQLSTATE = (
    ("28P01", Trouble.WRONG_PASSWORD),
    ("28", Trouble.NOT_ALLOWED),
    ("42501", Trouble.NOT_ALLOWED),
    ("3D000", Trouble.NO_SUCH_DATABASE),
    ("25006", Trouble.READ_ONLY),
    ("53100", Trouble.FULL),
    ("53300", Trouble.TOO_MANY),
    ("53", Trouble.FULL),
    ("55P03", Trouble.LOCKED),
    ("40", Trouble.LOCKED),
    ("57P03", Trouble.STARTING),
    ("57", Trouble.LOST),
    ("08", Trouble.LOST),
    ("58", Trouble.DISK),
    ("XX", Trouble.DAMAGED),
)
# While a connection is made, psycopg passes on no SQLSTATE: there is only the text, the server's own in its language.
# Names, in quotes, are left out of it: a server may be called anything.
_QUOTED = re.compile(r'"[^"]*"')
_TEXTS = (
    ("role  does not exist", Trouble.NO_SUCH_USER, "28000"),
    ("database  does not exist", Trouble.NO_SUCH_DATABASE, "3D000"),
    ("password authentication failed", Trouble.WRONG_PASSWORD, "28P01"),
    ("no password supplied", Trouble.WRONG_PASSWORD, "28P01"),
    ("pg_hba.conf", Trouble.NOT_ALLOWED, "28000"),
    ("too many connections", Trouble.TOO_MANY, "53300"),
    ("too many clients", Trouble.TOO_MANY, "53300"),
    ("connection slots are reserved", Trouble.TOO_MANY, "53300"),
    ("is starting up", Trouble.STARTING, "57P03"),
    ("is shutting down", Trouble.STARTING, "57P03"),
    ("failed to resolve host", Trouble.NO_SUCH_HOST, ""),
    ("could not translate host name", Trouble.NO_SUCH_HOST, ""),
    ("timeout expired", Trouble.SILENT, ""),
    ("connection refused", Trouble.UNREACHABLE, ""),
    ("no such file or directory", Trouble.UNREACHABLE, ""),
    ("no route to host", Trouble.UNREACHABLE, ""),
    ("network is unreachable", Trouble.UNREACHABLE, ""),
    ("terminating connection", Trouble.LOST, "57P01"),
    ("server closed the connection", Trouble.LOST, ""),
    ("connection is lost", Trouble.LOST, ""),
    ("connection is closed", Trouble.LOST, ""),
    ("ssl", Trouble.TLS, ""),
    ("certificate", Trouble.TLS, ""),
    ("unable to open database file", Trouble.NOT_OPENED, ""),
)


@contextmanager
def raising_not_recorded(engine: Engine) -> Iterator[None]:
    """Turn the errors of a database that cannot be used into NotRecorded; mistakes of ours stay as they are."""
    driver: Any = engine.dialect.dbapi
    try:
        yield
    except tuple(getattr(source, name) for source in (exc, driver) for name in MISTAKES) as mistake:
        if _cause(mistake)[1] != "42501":
            raise
        raise _not_recorded(mistake) from mistake
    except (exc.DBAPIError, exc.TimeoutError, driver.Error) as failure:
        raise _not_recorded(failure) from failure


@contextmanager
def replaced_when_lost(engine: Engine, connection: Connection) -> Iterator[None]:
    """Close a connection that the driver finds lost, and with it the whole pool, which then makes new ones."""
    dialect = engine.dialect
    try:
        yield
    except dialect.loaded_dbapi.Error as failure:
        if dialect.is_disconnect(failure, connection.connection.driver_connection, None):
            connection.invalidate(failure)
            engine.dispose()
        raise


def _not_recorded(failure: Exception) -> NotRecorded:
    return NotRecorded(*_cause(failure))


def _cause(failure: Exception) -> tuple[Trouble, str]:
    """Why the database failed, and its own code for it; empty where it gave none."""
    if isinstance(failure, exc.TimeoutError):  # no connection of the pool became free
        return Trouble.TOO_MANY, ""
    error: Any = getattr(failure, "orig", None) or failure
    name = getattr(error, "sqlite_errorname", None)
    code = name or getattr(error, "sqlstate", None) or ""
    for start, trouble in _SQLITE if name else _SQLSTATE:
        if code.startswith(start):
            return trouble, code
    return (Trouble.UNKNOWN, code) if code else _by_text(error)


def _by_text(error: Exception) -> tuple[Trouble, str]:
    if isinstance(error, FileMoved):
        return Trouble.MOVED, ""
    said = _QUOTED.sub("", str(error).lower())
    return next(((trouble, code) for words, trouble, code in _TEXTS if words in said), (Trouble.UNKNOWN, ""))
