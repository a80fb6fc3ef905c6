"""What a database was told: every statement with its parameters, transaction by transaction, thread by thread."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from storage.database import Database
from storage.db.statements import Executor

Said = tuple[str, Any]


class Tape:
    """By thread: its transactions that were committed, each a list of what was said. `said`: all of it in order."""

    def __init__(self) -> None:
        self.transactions: dict[int, list[list[Said]]] = defaultdict(list)
        self.said: list[Said] = []
        self._now = threading.local()

    def begun(self, *_: object) -> None:
        self._now.said = []

    def heard(self, statement: str, parameters: Any) -> None:  # noqa: ANN401 - as the driver takes them
        self._now.said.append((statement, parameters))
        self.said.append((statement, parameters))

    def committed(self, *_: object) -> None:
        self.transactions[threading.get_ident()].append(self._now.said)


@contextmanager
def recording(database: Database) -> Iterator[Tape]:
    """Everything that is carried out in the block, whether by SQLAlchemy or by our own statements."""
    tape = Tape()
    say, say_all, begin, commit = Executor._execute, Executor._execute_many, Executor.begin, Executor.commit

    def by_alchemy(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:  # noqa: ANN401
        if not statement.startswith("BEGIN"):
            tape.heard(statement, parameters)

    def one(self: Executor, text: str, bound: Any) -> Any:  # noqa: ANN401
        tape.heard(text, bound)
        return say(self, text, bound)

    def many(self: Executor, text: str, bound: list[Any]) -> None:
        for row in bound:
            tape.heard(text, row)
        say_all(self, text, bound)

    def begun(self: Executor) -> None:
        tape.begun()
        begin(self)

    def committed(self: Executor) -> None:
        commit(self)
        tape.committed()

    engines = {database.engine, database.reading_engine}
    named = [("begin", tape.begun), ("before_cursor_execute", by_alchemy), ("commit", tape.committed)]
    hooks = [(engine, *hook) for engine in engines for hook in named]
    for hook in hooks:
        event.listen(*hook)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Executor, "_execute", one)
        patch.setattr(Executor, "_execute_many", many)
        patch.setattr(Executor, "begin", begun)
        patch.setattr(Executor, "commit", committed)
        yield tape
    for hook in hooks:
        event.remove(*hook)
