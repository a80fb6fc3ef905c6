"""Executes compiled statements on one connection. The driver executes them, so errors are its own."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Executable

from storage.db.driver import driver_of
from storage.db.read_ahead import ReadAhead
from storage.db.statements import Prepared, Row, Statements, Values

ROWS_HELD = 1_000  # rows of a query that are held at a time where they may be many


class Executor:
    """Executes statements within one transaction. `reads_only`: it can neither write nor lock."""

    def __init__(self, connection: Connection, statements: Statements, *, reads_only: bool = False) -> None:
        self.reads_only = reads_only
        self.dialect = connection.dialect.name
        self._connection = connection
        self._statements = statements
        self._driver = driver_of(connection)
        self._ahead = ReadAhead()

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection, with everything executed that was put off."""
        self._driver.flush()
        return self._connection

    def begin(self) -> None:
        """Begin a writing transaction on SQLite, without SQLAlchemy."""
        self._driver.give("BEGIN IMMEDIATE", ())

    def commit(self) -> None:
        """Execute what was put off, and commit."""
        self._driver.commit()

    def read_ahead(self, reads: Callable[[], object]) -> None:
        """Have what `reads` asks for read together with the next statement: PostgreSQL then answers all at once.

        `reads` only announces it: it is given no rows, and is not called on SQLite. Who asks for the same afterwards is
        given what was read, unless the transaction has changed the table since.
        """
        if self.dialect != "sqlite":
            self._ahead.announce(reads)

    def all(self, statement: Executable, values: Values) -> list[Row]:
        """Every row that the statement gives."""
        announced = self._announced(statement, values) if self._ahead else None
        if announced is not None:
            return announced
        ready, text, parameters = self._bound(statement, values)
        return ready.rows(self._driver.give(text, parameters)[0])

    def column(self, statement: Executable, values: Values) -> list[Any]:
        """The one value of each row, as the driver gives it."""
        _, text, parameters = self._bound(statement, values)
        return [value for (value,) in self._driver.give(text, parameters)[0]]

    def stream(self, query: Executable, values: Values) -> Iterator[tuple[Any, ...]]:
        """Every row that the query gives, as the driver gives it, of which it holds `ROWS_HELD` at a time.

        It ends with the transaction. PostgreSQL begins all that were asked for together in one message.
        """
        _, text, parameters = self._bound(query, values)
        return self._driver.stream(text, parameters, ROWS_HELD)

    def converted(self, query: Executable, row: tuple[Any, ...]) -> Row:
        """A row that `stream` gave, with its values converted. Raises what the conversion of a value does."""
        return self._statements.ready(query, {}).converted(row)

    def first(self, statement: Executable, values: Values) -> Row | None:
        """The first row that the statement gives, or None."""
        return next(iter(self.all(statement, values)), None)

    def one(self, statement: Executable, values: Values) -> Row:
        """The one row of a statement that always gives exactly one."""
        (row,) = self.all(statement, values)
        return row

    def change(self, statement: Executable, values: Values) -> int:
        """Execute the statement. Returns how many rows it changed."""
        self._ahead.forget(statement)
        _, text, parameters = self._bound(statement, values)
        return self._driver.give(text, parameters)[1]

    def put_off(
        self, statement: Executable, values: Values, take: Callable[[list[Row], int], None] | None = None
    ) -> None:
        """Execute the statement before whatever is read next, or before the commit, which raises its errors.

        `take` is then given its rows and how many it changed. PostgreSQL is sent all such statements at once.
        """
        self._ahead.forget(statement)
        ready, text, parameters = self._bound(statement, values)
        self._driver.put_off(text, parameters, take and (lambda found: take(ready.rows(found[0]), found[1])))

    def lock(self, statement: Executable, values: Values, take: Callable[[list[Row], int], None]) -> None:
        """As `put_off`, for a statement that may wait for a lock. What was read ahead of it is read again."""
        self._ahead.forget_all()
        self.put_off(statement, values, take)

    def change_all(self, statement: Executable, rows: Sequence[Values]) -> None:
        """Put off the statement for each of these rows, which have values of the same names."""
        if rows:
            self._ahead.forget(statement)
            bound = self._statements.ready(statement, rows[0]).bound_to(rows[0])
            self._driver.put_off_all(bound.text, [bound.parameters(row) for row in rows])

    def command(self, text: str) -> None:
        """Put off a command of PostgreSQL without values."""
        self._driver.put_off(text)

    def settle(self) -> None:
        """Execute what was put off, if anybody waits for its result."""
        self._driver.settle()

    def _announced(self, query: Executable, values: Values) -> list[Row] | None:
        """No rows where the query is announced; its rows where it was; None for any other statement."""
        if self._ahead.announcing:
            answer = self._ahead.expected(query, values)
            if answer is not None:
                self.put_off(query, values, lambda rows, _: answer.append(rows))
            return []
        self._ahead.forget(query)
        announced = self._ahead.taken(query, values)
        if announced is None:
            return None
        if not announced:  # it was not sent yet
            self._driver.flush()
        return list(announced[0])

    def _bound(self, statement: Executable, values: Values) -> tuple[Prepared, str, tuple[Any, ...]]:
        ready = self._statements.ready(statement, values)
        bound = ready.bound_to(values)
        return ready, bound.text, bound.parameters(values)
