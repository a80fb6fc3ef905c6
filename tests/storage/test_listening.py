"""On PostgreSQL a process hears of what others commit, and knows whether it does."""

from __future__ import annotations

import threading
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.db import notify as listening
from tests.builders import FRIDAY, TEAM
from tests.storage.sessions import end_listeners, sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
SOON = 1.0  # seconds


class Ear:
    """A process that listens, and what it heard."""

    def __init__(self, url: str) -> None:
        self.heard = threading.Event()
        self.database = Database(url, self.heard.set)
        self.database.listen()

    def hears(self) -> bool:
        """As the loop finds out: look, and a moment later ask."""
        self.database.next_moments()
        return within(SOON, self.database.hears_others)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def ear(database_url: str) -> Iterator[Ear]:
    ear = Ear(database_url)
    with closing(ear.database):
        assert ear.heard.wait(SOON)  # that it begins to listen
        assert ear.hears()
        ear.heard.clear()
        yield ear


def write(database: Database) -> None:
    with database.begin(TEAM) as tx:
        tx.scheduled_tasks.set("remind", 1, FRIDAY)


def cannot_write(database: Database) -> None:
    with suppress(ZeroDivisionError), database.begin(TEAM) as tx:
        tx.scheduled_tasks.set("remind", 1, FRIDAY)
        raise ZeroDivisionError


def take_a_step(database: Database) -> None:
    with database.step(FRIDAY) as due:
        assert due


@on_postgresql
def test_what_another_process_commits_is_heard(ear: Ear, database: Database) -> None:
    for act in (write, take_a_step):
        act(database)
        assert ear.heard.wait(SOON)
        ear.heard.clear()


@on_postgresql
def test_what_came_to_nothing_and_the_looks_of_others_are_not(ear: Ear, database: Database) -> None:
    cannot_write(database)
    database.next_moments()
    with database.outbox() as outbox:
        outbox.claim(FRIDAY, FRIDAY - FRIDAY)
    assert not ear.heard.wait(0.3)


@on_postgresql
def test_ones_own_work_is_told_once(ear: Ear) -> None:
    write(ear.database)
    assert ear.heard.is_set()
    ear.heard.clear()
    assert not ear.heard.wait(0.3)


@on_postgresql
def test_a_lost_session_is_noticed_at_once_and_made_anew(
    ear: Ear, database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert end_listeners(database_url) == 1
    assert ear.heard.wait(SOON)
    assert not ear.database.hears_others()
    ear.heard.clear()
    assert ear.heard.wait(listening.AGAIN_IN + SOON)  # it listens again
    assert ear.hears()
    ear.heard.clear()
    write(database)
    assert ear.heard.wait(SOON)
    assert not caplog.records


@on_postgresql
def test_who_is_told_nothing_knows_it(ear: Ear) -> None:
    """As behind a pooler that takes LISTEN and passes nothing on."""
    own = ear.database._listening
    assert own
    own._take = lambda _: None  # type: ignore[method-assign]
    assert not ear.hears()
    del own._take
    assert ear.hears()


@on_postgresql
def test_who_does_not_listen_relies_on_nothing(database: Database) -> None:
    database.next_moments()
    assert not database.hears_others()


@on_postgresql
def test_no_session_is_left_after_the_end(database_url: str) -> None:
    ear = Ear(database_url)
    with closing(ear.database):
        assert ear.heard.wait(SOON)
        assert ear.hears()
        assert len(sessions(database_url)) == 2  # the listener, and the pool's
    assert within(SOON, lambda: not sessions(database_url))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_sqlite_only_a_look_shows_what_others_did(database: Database) -> None:
    database.listen()
    database.next_moments()
    assert not database.hears_others()
