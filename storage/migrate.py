"""Bring a database to this code's revision, or refuse one that is newer."""

from typing import Final

from sqlalchemy import Engine, inspect, text

from storage.database import Database

REVISION: Final = "0002"  # the newest migration: a database that has it needs nothing
PATIENCE: Final = 30_000  # milliseconds to wait for another process that migrates the same database
_WRITTEN = text("SELECT version_num FROM alembic_version")


class NewerThanTheCode(Exception):  # noqa: N818 - a refusal to start; it says what to do
    """The database was migrated by a later release; this one must not touch it."""


def migrate(database: Database) -> str:
    """Bring the database to this code's revision, an empty one too; the revision that it has then.

    Raises:
        NewerThanTheCode: its revision is not one of ours.
        refusals.NotRecorded: it cannot be reached or written.
    """
    with database.raising_not_recorded():
        try:
            return _migrate(database.engine)
        finally:
            database.engine.dispose()  # its connection waits longer for locks than a request may


def _migrate(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    if _revision(engine) == REVISION:
        return REVISION
    from storage.upgrade import upgrade  # noqa: PLC0415 - Alembic takes 11 MB and a third of a second

    return upgrade(engine)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        written: str | None = connection.execute(_WRITTEN).scalar()
        return written


def _prepare_sqlite(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # a journal's mode cannot change within a transaction
        connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE}")  # another process may be migrating
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
