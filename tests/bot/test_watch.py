"""The database is tried every few seconds, and the threads that watch go on after errors."""

from __future__ import annotations

import json
import logging
import threading
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from bot import logs
from bot.loops import keep_going
from bot.rules.refusals import NotRecorded
from bot.rules.troubles import DatabaseTrouble as Trouble
from bot.watch import KEPT, LOCKED_AGAIN_IN, PATIENCE, TRY_AGAIN_IN, DatabaseWatch

if TYPE_CHECKING:
    from collections.abc import Iterator


class Base:
    """A database that fails as the test says, and time, which the test moves."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.failure: NotRecorded | None = None
        self.watch = DatabaseWatch(self.write, lambda: self.time)

    def write(self) -> None:
        if self.failure:
            raise self.failure

    def found(self) -> Trouble | None:
        failure = self.watch.failure()
        return failure.trouble if failure else None


@pytest.fixture
def base() -> Base:
    return Base()


@pytest.fixture
def logged() -> Iterator[StringIO]:
    before, said = logging.root.handlers[:], StringIO()
    logs.configure(said)
    yield said
    logging.root.handlers[:] = before


def test_a_failure_is_found_and_the_end_of_it_each_logged_once(base: Base, logged: StringIO) -> None:
    base.failure = NotRecorded(Trouble.FULL, "SQLITE_FULL")
    for _ in range(3):
        assert base.watch.look() == TRY_AGAIN_IN
        assert base.found() is Trouble.FULL
        base.time += 20
    base.failure = None
    base.watch.look()
    assert base.found() is None
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert [(line["event"], line["ids"]) for line in lines] == [
        ("nothing can be recorded", {"trouble": "full", "code": "SQLITE_FULL"}),
        ("the database is back", {"seconds": 60}),
    ]


def test_a_lock_counts_from_the_second_try_on(base: Base) -> None:
    base.failure = NotRecorded(Trouble.LOCKED)
    assert base.watch.look() == LOCKED_AGAIN_IN
    assert base.found() is None
    base.watch.look()
    assert base.found() is Trouble.LOCKED


def test_a_database_that_does_not_come_back_from_a_try_is_called_silent(base: Base) -> None:
    base.watch.look()
    base.time += PATIENCE
    assert base.found() is None
    base.time += 0.1
    assert base.found() is Trouble.SILENT


def test_what_a_use_case_found_counts_for_a_while_though_something_small_still_fits(base: Base) -> None:
    base.watch.refused(NotRecorded(Trouble.FULL))
    base.watch.look()
    assert base.found() is Trouble.FULL
    base.time += KEPT
    base.watch.look()
    assert base.found() is None


def test_that_a_use_case_had_to_wait_for_another_counts_for_nothing(base: Base) -> None:
    base.watch.refused(NotRecorded(Trouble.LOCKED))
    assert base.found() is None


def test_a_loop_goes_on_after_errors_and_ends_when_stopped() -> None:
    stopping, broke = threading.Event(), dict[str, str]()
    comes_to, seen = [None, NotRecorded(), None, LookupError(), None], []

    def look() -> float:
        seen.append("health failed with LookupError" in broke.get("watch", ""))
        came = comes_to.pop()
        if not comes_to:
            stopping.set()
        if came:
            raise came
        return 0

    keep_going("watch", look, lambda _: None, stopping, broke)
    assert seen == [False, False, True, False, False]
    assert broke == {}
