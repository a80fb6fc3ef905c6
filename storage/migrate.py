"""Bring a database up to date, or say that it is newer than this code."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from storage.database import Database, said_plainly

ONE_AT_A_TIME = 0x6261636B  # the key of the lock under which processes starting together take turns
PATIENCE = 30_000  # milliseconds for another process that brings the same database up to date
PLACE = Path(__file__).parent / "migrations"


class NewerThanTheCode(Exception):  # noqa: N818 - a refusal to start, with its mend
    """The database was brought up to date by a later release; this one must not touch it."""


def migrate(database: Database) -> str:
    """Bring the database to this code's revision, creating what is missing; the revision it has then.

    Raises:
        NewerThanTheCode: its revision is not one of ours.
        refusals.NotRecorded: it cannot be reached or written.
    """
    with said_plainly():
        try:
            return _upgrade(database.engine)
        finally:
            database.engine.dispose()  # its one connection so far waits longer than anybody's request may


def _upgrade(engine: Engine) -> str:
    config = Config()
    config.set_main_option("script_location", str(PLACE))
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    with engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE") as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE}")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        _refuse_newer(connection, ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return MigrationContext.configure(connection).get_current_revision() or ""


def _prepare_sqlite(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # a journal's mode cannot change within a transaction
        connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE}")  # another process may be at it
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def _refuse_newer(connection: Connection, ours: ScriptDirectory) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return
    try:
        ours.get_revision(revision)
    except CommandError as unknown:
        raise NewerThanTheCode(
            f"The database is at revision {revision}, which this release does not know: a later one brought it there. "
            "Start that release, or restore the backup made before it."
        ) from unknown
