"""Statements that SQLAlchemy compiles once and the database's driver executes.

SQLAlchemy gives a statement's text for the database and the conversions of its values. Asking for them at each
execution takes longer than the execution itself. `storage/db/executor.py` executes them.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Dialect, Executable, Insert

Values = dict[str, Any]
Convert = Callable[[Any], Any]
Row = Any
"""A row: a tuple whose values are also attributes with the names of their columns."""

LISTS_KEPT = 64  # lengths of lists for which a statement's text is kept; for others it is made each time
MOST_PADDED = 256  # a list for IN is filled up with its last value to a power of two, as far as this


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
        """The statement for these values.

        A list for IN has a placeholder for each of its values. It is filled up, so that lists of many lengths share a
        text: PostgreSQL prepares it, which it would not do for a text that it has not seen.
        """
        lengths = tuple([_padded(len(values[name])) for name in self._lists]) if self._lists else ()
        found = self._by_lengths.get(lengths)
        if found is None:
            padded = {name: _filled(values[name], length) for name, length in zip(self._lists, lengths, strict=True)}
            state = self._compiled.construct_expanded_state(values | padded)
            found = BoundStatement(state, values, self._to_driver)
            if len(self._by_lengths) < LISTS_KEPT:
                self._by_lengths[lengths] = found
        return found

    def rows(self, found: Iterable[tuple[Any, ...]]) -> list[Row]:
        """The rows that the driver fetched, with their values converted."""
        return [self.converted(each) for each in found] if self._from_driver else [self._row(*each) for each in found]

    def converted(self, found: tuple[Any, ...]) -> Row:
        """The row that the driver fetched, with its values converted."""
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
            given.update(zip(parts, _filled(given[name], len(parts)), strict=True))
        found = self._pick(given)
        return tuple(_converted(found, self._to_driver)) if self._to_driver else found


def _padded(length: int) -> int:
    return 1 << (length - 1).bit_length() if 1 < length <= MOST_PADDED else length


def _filled(values: Sequence[Any], length: int) -> Sequence[Any]:
    return [*values, *repeat(values[-1], length - len(values))] if len(values) < length else values


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
