"""Rows that are read before they are asked for, since PostgreSQL answers several questions as fast as one."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.sql.util import find_tables

Values = dict[str, Any]
Asked = tuple[Executable, tuple[tuple[str, Any], ...]]


class ReadAhead:
    """What one transaction has read ahead, until it is asked for or the transaction changes the table."""

    def __init__(self) -> None:
        self.announcing = False
        self._answers: dict[Asked, list[Any]] = {}

    def __bool__(self) -> bool:
        return self.announcing or bool(self._answers)

    def announce(self, reads: Callable[[], object]) -> None:
        """Call `reads`; `announcing` is set meanwhile."""
        before, self.announcing = self.announcing, True
        try:
            reads()
        finally:
            self.announcing = before

    def expected(self, query: Executable, values: Values) -> list[Any] | None:
        """An empty list, to which the caller adds the answer to this query once it is known.

        None where the query was announced before and the answer has not been taken.
        """
        asked = _asked(query, values)
        if asked in self._answers:
            return None
        answer: list[Any] = []
        self._answers[asked] = answer
        return answer

    def taken(self, query: Executable, values: Values) -> list[Any] | None:
        """The list that was made for this query, once; None where none was."""
        return self._answers.pop(_asked(query, values), None)

    def forget_all(self) -> None:
        """Forget everything: the transaction waits for a lock, and others may change anything meanwhile."""
        self._answers.clear()

    def forget(self, change: Executable) -> None:
        """Forget what was read of the table that this changes. A query changes none."""
        table: Any = getattr(change, "table", None)
        if table is not None and self._answers:
            kept = {asked: answer for asked, answer in self._answers.items() if table not in _tables(asked[0])}
            self._answers = kept


def _asked(query: Executable, values: Values) -> Asked:
    return query, tuple((name, tuple(v) if isinstance(v, list) else v) for name, v in values.items())


@cache
def _tables(query: Executable) -> frozenset[Any]:
    return frozenset(find_tables(query))  # type: ignore[arg-type]  # it takes any clause
