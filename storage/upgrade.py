"""Runs the migrations with Alembic. Only this module imports it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from storage.migrate import PATIENCE, NewerThanTheCode

ONE_AT_A_TIME = 0x6261636B  # the key of the advisory lock: processes that start together migrate one after the other
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> str:
    """Bring the database to the newest revision; that revision. Raises NewerThanTheCode."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE") as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE}")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        _refuse_newer(connection, ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return MigrationContext.configure(connection).get_current_revision() or ""


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
