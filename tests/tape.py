"""What a database was told: every statement with its parameters, transaction by transaction, thread by thread."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from storage.database import Database
from storage.db.executor import Executor

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

    def by_alchemy(_connection: object, _cursor: object, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401
        if not statement.startswith("BEGIN"):
            tape.heard(statement, parameters)

    named: list[tuple[str, Any]] = [
        ("begin", tape.begun),
        ("before_cursor_execute", by_alchemy),
        ("commit", tape.committed),
    ]
    hooks = [(engine, *hook) for engine in {database.engine, database.connections.reading_engine} for hook in named]
    for hook in hooks:
        event.listen(*hook)
    with _by_executors(tape):
        yield tape
    for hook in hooks:
        event.remove(*hook)


@contextmanager
def _by_executors(tape: Tape) -> Iterator[None]:
    bound, change_all, command = Executor._bound, Executor.change_all, Executor.command
    begin, commit = Executor.begin, Executor.commit

    def one(self: Executor, statement: Any, values: Any) -> Any:  # noqa: ANN401
        ready, text, parameters = bound(self, statement, values)
        tape.heard(text, parameters)
        return ready, text, parameters

    def many(self: Executor, statement: Any, rows: Any) -> None:  # noqa: ANN401
        for row in rows:
            one(self, statement, row)
        change_all(self, statement, rows)

    def commanded(self: Executor, text: str) -> None:
        tape.heard(text, ())
        command(self, text)

    def begun(self: Executor) -> None:
        tape.begun()
        begin(self)

    def committed(self: Executor) -> None:
        commit(self)
        if self.dialect == "sqlite":  # elsewhere SQLAlchemy says so itself
            tape.committed()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Executor, "_bound", one)
        patch.setattr(Executor, "change_all", many)
        patch.setattr(Executor, "command", commanded)
        patch.setattr(Executor, "begin", begun)
        patch.setattr(Executor, "commit", committed)
        yield
