"""Bring a database up to date, or say that it is newer than this code."""

from typing import Final

from sqlalchemy import Engine, inspect, text

from storage.database import Database

REVISION: Final = "0002"  # the newest there is: a database that has it needs nothing
PATIENCE: Final = 30_000  # milliseconds for another process that brings the same database up to date
_WRITTEN = text("SELECT version_num FROM alembic_version")


class NewerThanTheCode(Exception):  # noqa: N818 - a refusal to start, with its mend
    """The database was brought up to date by a later release; this one must not touch it."""


def migrate(database: Database) -> str:
    """Bring the database to this code's revision, creating what is missing; the revision it has then.

    Raises:
        NewerThanTheCode: its revision is not one of ours.
        refusals.NotRecorded: it cannot be reached or written.
    """
    with database.said_plainly():
        try:
            return _brought_up_to_date(database.engine)
        finally:
            database.engine.dispose()  # its one connection so far waits longer than anybody's request may


def _brought_up_to_date(engine: Engine) -> str:
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
        connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE}")  # another process may be at it
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
