"""Statements that SQLAlchemy compiles once and the database's driver executes.

SQLAlchemy gives a statement's text for the database and the conversions of its values. Asking for them at each
execution takes longer than the execution itself. The driver executes the statements, so errors are its own.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Executable, Insert

from storage.db.pipeline import driver_of
from storage.db.read_ahead import ReadAhead

Values = dict[str, Any]
Convert = Callable[[Any], Any]
Row = Any
"""A row: a tuple whose values are also attributes with the names of their columns."""

LISTS_KEPT = 64  # lengths of lists for which a statement's text is kept; for others it is made each time


class Statements:
    """The statements compiled for one kind of database. They are constants of our modules, so none is ever dropped."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = _positional(dialect)
        self._ready: dict[object, Prepared] = {}

    def ready(self, statement: Executable, values: Values) -> "Prepared":
        """The compiled statement. An INSERT is compiled for the names of the values, so for each set of them once."""
        key = (statement, *values) if isinstance(statement, Insert) else statement
        found = self._ready.get(key)
        if found is None:
            found = self._ready[key] = Prepared(statement, list(values), self._dialect)
        return found


_compiled: dict[str, Statements] = {}


def statements_of(dialect: Dialect) -> Statements:
    """Every database of a kind shares what this process has compiled for it: compiling a report's takes 50 ms."""
    return _compiled.setdefault(dialect.name, Statements(dialect))


class Prepared:
    """A statement compiled for one database."""

    def __init__(self, statement: Executable, names: Sequence[str], dialect: Dialect) -> None:
        table: Any = getattr(statement, "table", None)
        inserted = [name for name in names if name in table.c] if isinstance(statement, Insert) else None
        self._compiled: Any = statement.compile(dialect=dialect, column_keys=inserted)  # type: ignore[attr-defined]
        binds = self._compiled.bind_names.items()
        self._lists = list(dict.fromkeys(name for bind, name in binds if bind.expanding and bind.required))
        to_driver = ((name, _to_driver(bind, dialect)) for bind, name in binds if not bind.expanding)
        self._to_driver = {name: convert for name, convert in to_driver if convert}
        self._by_lengths: dict[tuple[int, ...], BoundStatement] = {}
        columns = list(statement.exported_columns)  # type: ignore[attr-defined]
        self._row = _row_of([str(column.name) for column in columns])
        from_driver = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
        self._from_driver: list[tuple[int, Convert]] = [
            (position, convert) for position, convert in enumerate(from_driver) if convert
        ]

    def bound_to(self, values: Values) -> "BoundStatement":
        """The statement for these values: a list for IN has a placeholder for each of its values."""
        lengths = tuple([len(values[name]) for name in self._lists]) if self._lists else ()
        found = self._by_lengths.get(lengths)
        if found is None:
            found = BoundStatement(self._compiled.construct_expanded_state(values), values, self._to_driver)
            if len(self._by_lengths) < LISTS_KEPT:
                self._by_lengths[lengths] = found
        return found

    def rows(self, found: Iterable[tuple[Any, ...]]) -> list[Row]:
        """The rows that the driver fetched, with their values converted."""
        return [self._converted(each) for each in found] if self._from_driver else [self._row(*each) for each in found]

    def _converted(self, found: tuple[Any, ...]) -> Row:
        return self._row(*_converted(found, self._from_driver))


class BoundStatement:
    """A statement's text, and how the values for it are handed to the driver."""

    def __init__(self, state: Any, values: Values, to_driver: dict[str, Convert]) -> None:  # noqa: ANN401 - SQLAlchemy's ExpandedState, which it does not export
        self.text = state.statement
        self._lists = [(name, parts) for name, parts in state.parameter_expansion.items() if name in values]
        in_lists = {name for _, names in self._lists for name in names}
        self._own = {name: own for name, own in state.parameters.items() if name not in values and name not in in_lists}
        to_driver = to_driver | dict(state.processors)
        names = list(state.positiontup)
        self._pick = _picker(names)
        self._to_driver = [(position, to_driver[name]) for position, name in enumerate(names) if name in to_driver]

    def parameters(self, values: Values) -> tuple[Any, ...]:
        """The values as the driver expects them."""
        given = self._own | values if self._own or self._lists else values
        for name, parts in self._lists:
            given.update(zip(parts, given[name], strict=True))
        found = self._pick(given)
        return tuple(_converted(found, self._to_driver)) if self._to_driver else found


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


def _positional(dialect: Dialect) -> Dialect:
    """The dialect with the placeholders that the database itself has: ? for SQLite, $1 for PostgreSQL."""
    if dialect.name == "sqlite":
        return dialect
    kind: Any = type(dialect)
    positional: Dialect = kind(dbapi=dialect.loaded_dbapi, paramstyle="numeric_dollar")
    return positional


def _picker(names: list[str]) -> Callable[[Values], tuple[Any, ...]]:
    """Picks the values of these names out of all, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple([given[name] for name in names])


def _converted(values: Sequence[Any], conversions: list[tuple[int, Convert]]) -> list[Any]:
    found = list(values)
    for position, convert in conversions:
        found[position] = convert(found[position])
    return found


def _to_driver(bind: BindParameter[Any], dialect: Dialect) -> Convert | None:
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


def _row_of(names: list[str]) -> Callable[..., Row]:
    return namedtuple("Row", names, rename=True)  # noqa: PYI024 - the names are the statement's
