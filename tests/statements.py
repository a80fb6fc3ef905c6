"""Counts the statements that a database is given: SQLite's as it executes them, PostgreSQL's as libpq sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from storage.database import Database
from storage.db.pipeline import Pipeline

# What begins and ends a transaction, and tells other processes of it, the same for every use case. It is not counted.
AROUND = ("BEGIN", "COMMIT", "ROLLBACK", "SET ", "PRAGMA ", "NOTIFY ", "--")


class Count(list[str]):
    """The statements so far, in their order: `len(count)`. `executemany` is a statement for each of its rows."""

    def note(self, statement: str) -> None:
        if not statement.startswith(AROUND):
            self.append(statement)


@contextmanager
def counted(database: Database) -> Iterator[Count]:
    """Count every statement that this database is given in the block, by any thread."""
    count = Count()
    watched: list[Any] = []
    watch = _watch_sqlite if database.engine.dialect.name == "sqlite" else _watch_postgres

    def on_checkout(driver: Any, *_: object) -> None:  # noqa: ANN401 - the driver's connection
        watch(driver, count)
        watched.append(driver)

    if database.connections.writer:  # it keeps its connection, so the pool does not hand it out again
        on_checkout(database.connections.writer.connection.connection.driver_connection)
    engines = {database.engine, database.connections.reading_engine}
    for engine in engines:
        event.listen(engine, "checkout", on_checkout)
    send = Pipeline._send

    def sent(self: Pipeline, text: str, parameters: Any) -> bool:  # noqa: ANN401 - as libpq takes them
        if self._connection in watched:
            count.note(text)
        return send(self, text, parameters)

    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Pipeline, "_send", sent)
            yield count
    finally:
        for engine in engines:
            event.remove(engine, "checkout", on_checkout)
        for driver in watched:
            watch(driver, None)


def _watch_sqlite(driver: Any, count: Count | None) -> None:  # noqa: ANN401 - sqlite3.Connection
    driver.set_trace_callback(count.note if count is not None else None)


def _watch_postgres(driver: Any, count: Count | None) -> None:  # noqa: ANN401 - psycopg.Connection
    class Counting(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> Any:  # noqa: ANN401 - as psycopg's own
            if count is not None:
                count.note(str(query))
            return super().execute(query, params, **how)

        def executemany(self, query: Any, params_seq: Any, **how: Any) -> None:  # noqa: ANN401 - as psycopg's own
            rows = list(params_seq)
            if count is not None:
                for _ in rows:
                    count.note(str(query))
            super().executemany(query, rows, **how)

    driver.cursor_factory = Counting if count is not None else psycopg.Cursor
