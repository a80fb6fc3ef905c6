"""The file that an SQLite record is in, and whether it is still there."""

import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url


class Moved(sqlite3.OperationalError):
    """The database's file was moved away or replaced. Put it back, or start the bot again."""


class Place:
    """Where the record's file is.

    SQLite does not notice that its file was moved, deleted or replaced: it goes on writing into what nobody will read
    again, and a new connection makes an empty file instead. What is recorded there would be lost, so nothing is.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._opened: tuple[int, int] | None = None

    def opened(self) -> None:
        """From now on this very file is the record."""
        self._opened = self._opened or self._now()

    def refuse_another(self) -> None:
        """Raises Moved where the file that was opened is not there any more."""
        if self._opened and self._opened != self._now():
            raise Moved

    def _now(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def place_of(url: str) -> Place | None:
    """The file of an SQLite database that is in one."""
    where = make_url(url)
    path = where.database or ":memory:"
    in_a_file = where.get_backend_name() == "sqlite" and path != ":memory:" and not path.startswith("file:")
    return Place(path) if in_a_file else None
