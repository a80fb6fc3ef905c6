"""The delivery reads the database at once after a commit, and once for the commits that follow it closely."""

import threading
from typing import Any, cast

import pytest

from bot.rules.notices import NoticeKind
from bot.usecases.delivery.delivery import Job
from bot.worker import LONGEST_SLEEP, READ_GAP, Worker
from tests.builders import PATIENCE


class Ticks:
    """A count of seconds that the test moves."""

    def __init__(self) -> None:
        self.passed = 1000.0

    def __call__(self) -> float:
        return self.passed


class Waits(threading.Event):
    """An event for which nobody waits: time passes at once. `spans`: the waits. `set_after`: when each is ended."""

    def __init__(self, ticks: Ticks) -> None:
        super().__init__()
        self.spans: list[float] = []
        self.set_after: list[float] = []
        self._ticks = ticks

    def wait(self, timeout: float | None = None) -> bool:
        if timeout and not self.is_set():
            self.spans.append(timeout)
            self._ticks.passed += self.set_after[0] if self.set_after else timeout
            if self.set_after:
                self.set_after.pop(0)
                self.set()
        return self.is_set()


class Messages:
    """A delivery that has this many messages to send, and counts how often it is asked for the next."""

    def __init__(self, number: int = 0, kind: NoticeKind = NoticeKind.CASE) -> None:
        self.kind = kind
        self.left, self.claims, self.all_delivered = number, 0, threading.Semaphore(0)

    def claim(self) -> Job | None:
        self.claims += 1
        self.left -= 1
        return Job(cast("Any", _Notice(self.kind)), cast("Any", None), 0.0) if self.left >= 0 else None

    def next_moment(self) -> None:
        return None

    def deliver(self, job: Job) -> None:
        del job
        self.all_delivered.release()


class _Notice:
    subject = 1

    def __init__(self, kind: NoticeKind) -> None:
        self.kind = kind


class Loop:
    """The delivery's loop, one turn at a time."""

    def __init__(self, messages: Messages) -> None:
        self.ticks, self.messages = Ticks(), messages
        unused = cast("Any", None)
        self.worker = Worker(cast("Any", messages), unused, unused, lambda: "T0FIRM", ticks=self.ticks)
        self.pauses = self.worker._stopping = Waits(self.ticks)
        self.sleeps = self.worker._awake = Waits(self.ticks)

    def turn(self) -> None:
        self.worker._wait_for_wake(self.worker._deliver_next())


@pytest.fixture
def idle() -> Loop:
    return Loop(Messages())


def test_a_commit_after_a_while_is_looked_at_at_once(idle: Loop) -> None:
    idle.sleeps.set_after = [READ_GAP + 0.001]
    idle.turn()
    idle.turn()
    assert idle.messages.claims == 2
    assert idle.pauses.spans == []


def test_commits_in_a_row_cause_one_read_and_the_last_is_not_missed(idle: Loop) -> None:
    """The first of them was looked at; those that come soon after are looked at once, 20 ms after that."""
    idle.sleeps.set_after = [0.002, 0.005]
    idle.turn()
    idle.worker.wake()  # while it waits for more of them
    idle.turn()
    assert idle.messages.claims == 2
    assert idle.pauses.spans == pytest.approx([READ_GAP - 0.002, READ_GAP - 0.005])
    idle.turn()
    assert idle.messages.claims == 3
    assert idle.sleeps.spans == [LONGEST_SLEEP] * 3


def test_while_there_are_messages_none_waits_for_a_commit_or_for_a_pause() -> None:
    loop = Loop(Messages(60))
    for _ in range(60):
        loop.worker.wake()  # commits go on meanwhile
        loop.turn()
    assert all(loop.messages.all_delivered.acquire(timeout=PATIENCE) for _ in range(60))
    assert loop.pauses.spans == loop.sleeps.spans == []


@pytest.mark.parametrize(("kind", "yields"), [(NoticeKind.CASE, 20), (NoticeKind.BACKUP, 1)])
def test_twenty_leads_are_called_without_waiting_for_requests_each_time(kind: NoticeKind, yields: int) -> None:
    loop, asked = Loop(Messages(20, kind)), []
    loop.worker.request_waiting = lambda: asked.append(loop.messages.claims) is not None
    for _ in range(20):
        loop.turn()
    assert len(asked) == yields


def test_stopping_ends_every_wait(idle: Loop) -> None:
    idle.sleeps.set_after = [0.001]
    idle.worker._stopping.set()
    idle.turn()
    assert idle.pauses.spans == []
