"""What executes a connection's statements: PostgreSQL's all at once (`storage/db/pipeline.py`), SQLite's one by one."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from storage.db.engine import is_pooled
from storage.db.pipeline import Found, Pipeline, Take


class Driver(Protocol):
    """Executes the statements of one connection, in their order."""

    def give(self, text: str, parameters: Sequence[Any]) -> Found:
        """Execute the statement now. Raises also what earlier statements that were put off did wrong."""

    def put_off(self, text: str, parameters: Sequence[Any] = (), take: Take | None = None) -> None:
        """Execute the statement before the next one that is given, or before the commit, and hand its result on."""

    def put_off_all(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute the statement for each of these rows, likewise."""

    def stream(self, text: str, parameters: Sequence[Any], at_once: int) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, of which it holds so many at a time, until the transaction ends."""

    def flush(self) -> None:
        """Execute what was put off."""

    def settle(self) -> None:
        """Execute what was put off, if there is a result to hand on."""

    def commit(self) -> None:
        """Execute what was put off, and commit."""


class OneByOne:
    """SQLite's statements: there is nothing to wait for, so nothing is put off."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - sqlite3's connection
        self._connection = connection
        self._cursor = connection.cursor()  # one for all statements: the rows of each are fetched before the next

    def give(self, text: str, parameters: Sequence[Any]) -> Found:
        """See `Driver`."""
        cursor = self._cursor.execute(text, parameters)
        return cursor.fetchall(), cursor.rowcount

    def put_off(self, text: str, parameters: Sequence[Any] = (), take: Take | None = None) -> None:
        """See `Driver`."""
        found = self.give(text, parameters)
        if take:
            take(found)

    def put_off_all(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        """See `Driver`."""
        self._cursor.executemany(text, rows)

    def stream(self, text: str, parameters: Sequence[Any], at_once: int) -> Iterator[tuple[Any, ...]]:
        """See `Driver`."""
        found = self._connection.execute(text, parameters)
        found.arraysize = at_once
        while rows := found.fetchmany():
            yield from rows

    def flush(self) -> None:
        """See `Driver`."""

    def settle(self) -> None:
        """See `Driver`."""

    def commit(self) -> None:
        """See `Driver`."""
        self._connection.commit()


def driver_of(connection: Connection) -> Driver:
    """What executes the connection's statements. On PostgreSQL it is kept, since it knows what is prepared there."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        return OneByOne(driver)
    kept: Pipeline | None = connection.info.get("pipeline")
    if kept is None:
        kept = connection.info["pipeline"] = Pipeline(driver, prepares=not is_pooled(connection))
    kept.forget()
    return kept
