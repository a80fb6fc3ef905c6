"""The file of an SQLite database, and whether it is still there."""

import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import make_url

PRIVATE = ~(stat.S_IRWXG | stat.S_IRWXO)


IN_USE = (
    "Another `serve` (process {process}) runs on the database file {path}. SQLite is for one process: stop that one "
    "first, or use PostgreSQL. Nothing was changed."
)


class FileInUse(Exception):  # noqa: N818 - a refusal to start; it says what to do
    """Another process serves from the database's file."""


class FileMoved(sqlite3.OperationalError):
    """The database's file was moved away or replaced. Put it back, or start the bot again."""


class SqliteFile:
    """The file of an SQLite database.

    SQLite does not notice that its file was moved, deleted or replaced: it goes on writing into a file that nobody will
    read again, and a new connection creates an empty file instead. All that would be lost, so it is refused.
    """

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self._opened: tuple[int, int] | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is such a file."""
        return self.path.is_file()

    def opened(self) -> None:
        """A connection has been made: from the first one on, this file is the database."""
        self._opened = self._opened or self._identity()

    def make_private(self) -> None:
        """Let only the owner read the database and its journal, also files that an earlier release left readable.

        SQLite makes the journal's files like the database's. What belongs to another user stays as it is.
        """
        for suffix in ("", "-wal", "-shm", "-journal"):
            file = Path(f"{self.path}{suffix}")
            with suppress(FileNotFoundError):  # another process may be done with its journal at any moment
                found = file.stat()
                if found.st_uid == os.geteuid() and os.access(file, os.W_OK):
                    file.chmod(found.st_mode & PRIVATE)

    def refuse_another(self) -> None:
        """Raises FileMoved where the file that was opened is not there any more."""
        if self._opened and self._opened != self._identity():
            raise FileMoved

    @contextmanager
    def served_by_us(self) -> Iterator[None]:
        """Let no other process serve from the file meanwhile. Raises FileInUse where one does.

        The kernel releases the lock with the process, however that ends. It is on a file beside the database: closing
        the database's own file again would release the locks that SQLite has on it.
        """
        try:
            lock = os.open(f"{self.path}-serve", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:  # SQLite writes files beside the database too, and says why it cannot
            yield
            return
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                process = os.read(lock, 20).decode(errors="replace").strip()
                raise FileInUse(IN_USE.format(process=process, path=self.path)) from None
            os.truncate(lock, 0)
            os.write(lock, str(os.getpid()).encode())
            yield
        finally:
            os.close(lock)

    @property
    def place(self) -> str:
        """Where it is, which a copy of it is not; empty while there is none."""
        found = self._identity()
        return f"{self.path.resolve()} {found[1]}" if found else ""

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def place_of(url: str) -> str:
    """The place of the file of an SQLite database, also of one that is only read; empty for one in memory."""
    path = make_url(url).database or ""
    file = SqliteFile(unquote(urlsplit(path).path)) if path.startswith("file://") else sqlite_file_of(url)
    return file.place if file else ""


def sqlite_file_of(url: str) -> SqliteFile | None:
    """The file of the database; None where it is not SQLite, or in memory."""
    address = make_url(url)
    path = address.database or ":memory:"
    in_a_file = address.get_backend_name() == "sqlite" and path != ":memory:" and not path.startswith("file:")
    return SqliteFile(path) if in_a_file else None
