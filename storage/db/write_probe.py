"""Whether something can be written now: a row that is removed in the transaction that adds it."""

import secrets
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import bindparam, delete, insert

from storage.db.executor import Executor
from storage.tables.outbox import pace

# SQLite takes about as many pages as for a report, and keeps them for the next one. On PostgreSQL a larger row would
# only fill the journal: what fails there is the commit, or the server.
LENGTH = {"sqlite": 64_000, "postgresql": 32}
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

_ADD = insert(pace).values(team="", rate_limit=bindparam("key"), free_at=LONG_AGO)
_REMOVE = delete(pace).where(pace.c.team == "", pace.c.rate_limit == bindparam("key"))


# A file has to grow for it. Not every few seconds: each such table leaves rows behind in the catalogue.
_GROW: Final = (
    "CREATE TEMP TABLE backstop_room ON COMMIT DROP AS "
    "SELECT md5(n::text || random()) AS filling FROM generate_series(1, 20000) AS n"
)


def probe_room(db: Executor) -> None:
    """Let a file of PostgreSQL's grow by a megabyte, which goes again with the transaction.

    A full disk may still take what is small, in pages that are there; SQLite's probe needs new ones anyway.
    """
    if db.dialect == "postgresql":
        db.command(_GROW)


def probe_write(db: Executor) -> None:
    """Write, so that the commit fails where a report's would."""
    key = {"key": secrets.token_hex(LENGTH[db.dialect] // 2)}
    db.change(_ADD, key)
    db.change(_REMOVE, key)
