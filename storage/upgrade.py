"""Runs the migrations with Alembic. Only this module imports it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from storage.db.revision import PATIENCE, refuse_others, revision_of
from storage.db.statistics import expect_growth

ONE_AT_A_TIME = 0x6261636B  # the key of the advisory lock: processes that start together migrate one after the other
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision, and SQLite's statistics to its indexes. Raises OtherRevision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    ours = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE") as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE}")
            connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        refuse_others(revision_of(connection), ours)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if engine.dialect.name == "sqlite":
            expect_growth(connection)
