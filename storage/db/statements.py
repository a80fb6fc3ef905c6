"""Statements made ready once, and from then on carried out by the driver itself.

SQLAlchemy says what a statement is in a database's words, and how values go in and come out. Asked at each execution,
that takes longer than the database does; so it is asked once. What goes wrong then is raised as the driver says it.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Executable, Insert

Values = dict[str, Any]
Convert = Callable[[Any], Any]
Found = Any
"""A row: a tuple whose values also go by the names of their columns."""

LISTS_KEPT = 64  # lengths of lists for which a statement's text is kept; for others it is written anew each time


class Statements:
    """What one engine has made ready so far. Statements are constants of ours, so each is kept for good."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._ready: dict[object, Prepared] = {}

    def ready(self, statement: Executable, values: Values) -> "Prepared":
        """The statement made ready; a row to insert has a value for each of these names, and no other."""
        key = (statement, *values) if isinstance(statement, Insert) else statement
        found = self._ready.get(key)
        if found is None:
            found = self._ready[key] = Prepared(statement, list(values), self._dialect)
        return found


class Prepared:
    """A statement in the words of one database."""

    def __init__(self, statement: Executable, names: Sequence[str], dialect: Dialect) -> None:
        table: Any = getattr(statement, "table", None)
        inserted = [name for name in names if name in table.c] if isinstance(statement, Insert) else None
        self._compiled: Any = statement.compile(dialect=dialect, column_keys=inserted)  # type: ignore[attr-defined]
        binds = self._compiled.bind_names.items()
        self._lists = list(dict.fromkeys(name for bind, name in binds if bind.expanding and bind.required))
        inward = ((name, _inward(bind, dialect)) for bind, name in binds if not bind.expanding)
        self._inward = {name: convert for name, convert in inward if convert}
        self._spoken: dict[tuple[int, ...], Spoken] = {}
        columns = list(statement.exported_columns)  # type: ignore[attr-defined]
        self._row = _row_of([str(column.name) for column in columns])
        outward = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
        self._outward: list[tuple[int, Convert]] = [
            (place, convert) for place, convert in enumerate(outward) if convert
        ]

    def spoken(self, values: Values) -> "Spoken":
        """Its text for values like these: a list of things to be among is written out at its length."""
        lengths = tuple([len(values[name]) for name in self._lists]) if self._lists else ()
        found = self._spoken.get(lengths)
        if found is None:
            found = Spoken(self._compiled.construct_expanded_state(values), values, self._inward)
            if len(self._spoken) < LISTS_KEPT:
                self._spoken[lengths] = found
        return found

    def rows(self, found: Iterable[tuple[Any, ...]]) -> list[Found]:
        """What the driver found, as rows."""
        return [self._converted(each) for each in found] if self._outward else [self._row(*each) for each in found]

    def _converted(self, found: tuple[Any, ...]) -> Found:
        return self._row(*_converted(found, self._outward))


class Spoken:
    """A statement's text, and how values are handed over with it."""

    def __init__(self, state: Any, values: Values, inward: dict[str, Convert]) -> None:  # noqa: ANN401 - SQLAlchemy's ExpandedState, which it does not export
        self.text = state.statement
        self._lists = [(name, parts) for name, parts in state.parameter_expansion.items() if name in values]
        among = {name for _, names in self._lists for name in names}
        self._own = {name: own for name, own in state.parameters.items() if name not in values and name not in among}
        inward = inward | dict(state.processors)
        names = list(state.parameters if state.positiontup is None else state.positiontup)
        self._names = names if state.positiontup is None else None
        self._taken = _taking(names)
        self._inward = [(place, inward[name]) for place, name in enumerate(names) if name in inward]

    def bound(self, values: Values) -> Any:  # noqa: ANN401 - a sequence or a mapping, as the driver wants it
        """The values as the driver takes them."""
        given = self._own | values if self._own or self._lists else values
        for name, parts in self._lists:
            given.update(zip(parts, given[name], strict=True))
        found = self._taken(given)
        if self._inward:
            found = tuple(_converted(found, self._inward))
        return found if self._names is None else dict(zip(self._names, found, strict=True))


class Executor:
    """A transaction as the parts of the ledger use it."""

    def __init__(self, connection: Connection, statements: Statements) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self._statements = statements
        driver: Any = connection.connection.driver_connection
        self._driver = driver
        self._cursor = driver.cursor()  # one for all: what a statement gives is fetched before the next

    def begin(self) -> None:
        """Begin a transaction that is to change something, where SQLAlchemy is not to do so."""
        self._driver.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Commit what `begin` began."""
        self._driver.commit()

    def all(self, statement: Executable, values: Values) -> list[Found]:
        """Carry it out; every row that it gives."""
        ready = self._statements.ready(statement, values)
        spoken = ready.spoken(values)
        found = self._say(spoken.text, spoken.bound(values)).fetchall()
        return ready.rows(found) if found else []

    def column(self, statement: Executable, values: Values) -> list[Any]:
        """Carry it out; the one value of each row, as the driver gives it."""
        spoken = self._statements.ready(statement, values).spoken(values)
        return [value for (value,) in self._say(spoken.text, spoken.bound(values)).fetchall()]

    def first(self, statement: Executable, values: Values) -> Found | None:
        """Carry it out; the first row that it gives, or None."""
        rows = self.all(statement, values)
        return rows[0] if rows else None

    def one(self, statement: Executable, values: Values) -> Found:
        """Carry it out; the row that it gives, and there is always one."""
        (row,) = self.all(statement, values)
        return row

    def change(self, statement: Executable, values: Values) -> int:
        """Carry it out; how many rows it touched."""
        spoken = self._statements.ready(statement, values).spoken(values)
        touched: int = self._say(spoken.text, spoken.bound(values)).rowcount
        return touched

    def add_all(self, statement: Insert, rows: Sequence[Values]) -> None:
        """Add these rows, which have values of the same names, in one go."""
        if rows:
            spoken = self._statements.ready(statement, rows[0]).spoken(rows[0])
            self._say_all(spoken.text, [spoken.bound(row) for row in rows])

    def _say(self, text: str, bound: Any) -> Any:  # noqa: ANN401 - the driver's cursor
        return self._cursor.execute(text, bound)

    def _say_all(self, text: str, bound: list[Any]) -> None:
        self._cursor.executemany(text, bound)


def _taking(names: list[str]) -> Callable[[Values], tuple[Any, ...]]:
    """How to take the values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple([given[name] for name in names])


def _converted(values: Sequence[Any], places: list[tuple[int, Convert]]) -> list[Any]:
    found = list(values)
    for place, convert in places:
        found[place] = convert(found[place])
    return found


def _inward(bind: BindParameter[Any], dialect: Dialect) -> Convert | None:
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


def _row_of(names: list[str]) -> Callable[..., Found]:
    return namedtuple("Row", names, rename=True)  # noqa: PYI024 - the names are the statement's
