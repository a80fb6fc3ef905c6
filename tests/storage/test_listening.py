"""On PostgreSQL a process hears of others' commits, and knows whether it does."""

from __future__ import annotations

import threading
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from tests.builders import FRIDAY, PATIENCE, TEAM
from tests.storage.sessions import end_listeners, sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
A_MOMENT = 0.3  # seconds in which nothing is heard


class ListeningProcess:
    """A process that listens, and whether it heard something."""

    def __init__(self, url: str) -> None:
        self.heard = threading.Event()
        self.database = Database(url, self.heard.set)
        self.database.listen()

    def hears(self, soon: float = PATIENCE) -> bool:
        """As the worker finds out: it calls `next_moments`, and asks a moment later."""
        self.database.next_moments()
        return within(soon, self.database.hears_others)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


@pytest.fixture
def process(database_url: str) -> Iterator[ListeningProcess]:
    process = ListeningProcess(database_url)
    with closing(process.database):
        assert process.heard.wait(PATIENCE)  # that it begins to listen
        assert process.hears()
        process.heard.clear()
        yield process


def write(database: Database) -> None:
    with database.begin(TEAM) as tx:
        tx.scheduled_tasks.set("remind", 1, FRIDAY)


def cannot_write(database: Database) -> None:
    with suppress(ZeroDivisionError), database.begin(TEAM) as tx:
        tx.scheduled_tasks.set("remind", 1, FRIDAY)
        raise ZeroDivisionError


def take_a_task(database: Database) -> None:
    with database.next_task(FRIDAY) as due:
        assert due


@on_postgresql
def test_a_commit_of_another_process_is_heard(process: ListeningProcess, database: Database) -> None:
    for act in (write, take_a_task):
        act(database)
        assert process.heard.wait(PATIENCE)
        process.heard.clear()


@on_postgresql
def test_rollbacks_and_reads_of_another_process_are_not_heard(process: ListeningProcess, database: Database) -> None:
    cannot_write(database)
    database.next_moments()
    with database.outbox() as outbox:
        outbox.claim(FRIDAY, FRIDAY - FRIDAY)
    assert not process.heard.wait(A_MOMENT)


@on_postgresql
def test_a_process_hears_of_its_own_commit_once(process: ListeningProcess) -> None:
    write(process.database)
    assert process.heard.is_set()
    process.heard.clear()
    assert not process.heard.wait(A_MOMENT)


@on_postgresql
def test_a_lost_session_is_noticed_at_once_and_replaced(
    process: ListeningProcess, database: Database, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert end_listeners(database_url) == 1
    assert process.heard.wait(PATIENCE)
    assert not process.database.hears_others()
    process.heard.clear()
    assert process.heard.wait(PATIENCE)  # it listens again
    assert process.hears()
    process.heard.clear()
    write(database)
    assert process.heard.wait(PATIENCE)
    assert not caplog.records


@on_postgresql
def test_a_process_that_hears_nothing_knows_it(process: ListeningProcess) -> None:
    """As behind a pooler that takes LISTEN and passes nothing on."""
    own = process.database._listener
    assert own
    own._take = lambda _: None
    assert not process.hears(A_MOMENT)
    del own._take
    assert process.hears()


@on_postgresql
def test_a_process_that_does_not_listen_does_not_rely_on_hearing(database: Database) -> None:
    database.next_moments()
    assert not database.hears_others()


@on_postgresql
def test_no_session_is_left_after_closing(database_url: str) -> None:
    process = ListeningProcess(database_url)
    with closing(process.database):
        assert process.heard.wait(PATIENCE)
        assert process.hears()
        assert len(sessions(database_url)) == 2  # the listener, and the pool's
    assert within(PATIENCE, lambda: not sessions(database_url))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_on_sqlite_commits_of_others_are_not_heard(database: Database) -> None:
    database.listen()
    database.next_moments()
    assert not database.hears_others()
