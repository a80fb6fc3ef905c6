"""The revision of a database, and which revisions this code cannot work with."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, inspect, text

NEWEST: Final = "r0001"  # the newest migration: a database that has it needs nothing
EARLIER: Final[tuple[str, ...]] = ()  # the other migrations, which earlier releases ended with
OF_DEVELOPMENT: Final = ("0001", "0002")  # revisions that no release had
PATIENCE: Final = 30_000  # milliseconds to wait for another process that migrates the same database
_WRITTEN = text("SELECT version_num FROM alembic_version")
_DEVELOPMENT = (
    "The database is at revision {revision}, which only development versions before the first release had. It cannot "
    "be upgraded: move it away and start with an empty one, or go back to the version that made it."
)
_NEWER = (
    "The database is at revision {revision}, which this release does not know: a later one brought it there. "
    "Start that release, or restore the backup made before it."
)


class OtherRevision(Exception):  # noqa: N818 - a refusal to start; it says what to do
    """The database is at a revision that this code does not know, so it must not touch it."""


_NOTHING: Final = "There is no record of Backstop in this database."
_OLDER: Final = (
    "The database is at revision {revision}, that of an earlier release; this one would first have to upgrade it, with "
    "`migrate`. Nothing was changed. Use the release that wrote it, or make a backup and run `migrate`."
)


def refuse_unless_newest(revision: str | None) -> None:
    """Raises OtherRevision for any other revision than this code's, and for a database without one."""
    if revision is None:
        raise OtherRevision(_NOTHING)
    if revision in EARLIER:
        raise OtherRevision(_OLDER.format(revision=revision))
    refuse_others(revision, (NEWEST,))


def revision_of(connection: Connection) -> str | None:
    """The database's revision; None where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    written: str | None = connection.execute(_WRITTEN).scalar()
    return written


def refuse_others(revision: str | None, known: Collection[str]) -> None:
    """Raises OtherRevision for a revision that is not `known`. An empty database has none."""
    if revision is not None and revision not in known:
        raise OtherRevision((_DEVELOPMENT if revision in OF_DEVELOPMENT else _NEWER).format(revision=revision))
