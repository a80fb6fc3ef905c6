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


# What does not fit in so little memory goes to a file, which ends with the statement. A table would leave rows behind
# in the catalogue each time, and not everybody may make one.
_GROW: Final = ("SET LOCAL work_mem = '64kB'", "SELECT count(*) FROM generate_series(1, 20000)")
FILES_LIMITED: Final = "53400"  # the server allows temporary files of less than that


def probe_room(db: Executor) -> None:
    """Let PostgreSQL write a file of 280 kB. A full disk may still take what is small, in pages that are there.

    SQLite's `probe_write` needs new pages anyway.
    """
    for command in _GROW:
        db.command(command)


def probe_write(db: Executor) -> None:
    """Write, so that the commit fails where a report's would."""
    key = {"key": secrets.token_hex(LENGTH[db.dialect] // 2)}
    db.change(_ADD, key)
    db.change(_REMOVE, key)
