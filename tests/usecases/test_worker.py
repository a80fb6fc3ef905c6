"""The worker's scheduler thread reads the record only when something may have changed: every second, or seldom."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.rules.refusals import NotRecorded
from bot.usecases.scheduler import Scheduler
from bot.worker import NOTIFIED_POLL, POLL_SECONDS, Worker
from tests.builders import TEAM, FrozenClock, a_context, a_customer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from storage.database import Database
    from storage.transaction import Transaction

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A_SECOND = timedelta(seconds=1)


class CountingDatabase:
    """Counts how often the record is read. The test sets whether other processes are heard, and whether it is away."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.reads, self.hears, self.away = 0, True, False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else is the database's
        return getattr(self.database, name)

    def next_moments(self) -> tuple[datetime | None, datetime | None]:
        self.reads += 1
        if self.away:
            raise NotRecorded
        return self.database.next_moments()

    def hears_others(self) -> bool:
        return self.hears


class Watch:
    """A worker's scheduler thread, one call at a time."""

    def __init__(self, database: Database) -> None:
        self.clock = FrozenClock()
        self.context = a_context(database, self.clock)
        self.record = CountingDatabase(database)
        unused = cast("Any", None)  # neither the delivery nor the roster is called
        scheduler = Scheduler(self.context, cast("Any", self.record))
        self.worker = Worker(unused, unused, scheduler, lambda: TEAM)
        database.changed = self.worker.wake
        with self.context.begin(TEAM) as tx:
            a_customer(tx, "Zenith Corp", self.clock())
        self.turn()

    def turn(self) -> float:
        return self.worker._run_due_task()

    def seconds(self, count: int) -> int:
        """So many seconds pass. Returns how often the record was read."""
        before = self.record.reads
        for _ in range(count):
            self.clock.time += A_SECOND
            assert self.turn() == POLL_SECONDS
        return self.record.reads - before

    @contextmanager
    def unnoticed(self) -> Iterator[Transaction]:
        """Another process writes, without a notification."""
        self.record.database.changed = lambda: None
        with self.context.begin(TEAM) as tx:
            yield tx
        self.record.database.changed = self.worker.wake

    def scheduled(self) -> datetime | None:
        with self.context.read(TEAM) as tx:
            return tx.scheduled_tasks.scheduled_at("points_end", 1)


@pytest.fixture
def watch(database: Database) -> Watch:
    return Watch(database)


def test_while_notifications_arrive_a_quiet_record_is_read_seldom(watch: Watch) -> None:
    assert watch.seconds(9) == 0
    assert watch.seconds(10) == 1


def test_without_notifications_it_is_read_every_second(watch: Watch) -> None:
    watch.record.hears = False
    assert watch.seconds(5) == 5


def test_after_a_write_it_is_read_at_once(watch: Watch) -> None:
    with watch.context.begin(TEAM) as tx:
        tx.scheduled_tasks.set("points_end", 1, watch.clock() + 3 * A_SECOND)
    assert watch.seconds(2) == 1


def test_a_task_that_is_due_between_two_reads_runs_on_time(watch: Watch) -> None:
    with watch.context.begin(TEAM) as tx:
        tx.scheduled_tasks.set("points_end", 1, watch.clock() + 3 * A_SECOND)
    watch.seconds(2)
    assert watch.scheduled()
    watch.clock.time += A_SECOND
    assert watch.turn() == 0
    assert watch.scheduled() is None
    assert watch.turn() == POLL_SECONDS


@pytest.mark.parametrize("turned", [-A_SECOND, NOTIFIED_POLL, timedelta(days=100)])
def test_it_is_read_again_after_the_clock_was_set(watch: Watch, turned: timedelta) -> None:
    before = watch.record.reads
    watch.clock.time += turned
    watch.turn()
    assert watch.record.reads == before + 1


def test_a_task_that_another_process_has_run_meanwhile_is_forgotten(watch: Watch) -> None:
    with watch.context.begin(TEAM) as tx:
        tx.scheduled_tasks.set("points_end", 1, watch.clock() + 3 * A_SECOND)
    watch.seconds(1)
    with watch.unnoticed() as tx:
        tx.scheduled_tasks.cancel("points_end", 1)
    assert watch.seconds(6) == 1


def test_a_read_that_failed_is_retried(watch: Watch) -> None:
    watch.record.away = True
    watch.worker.wake()
    for _ in range(2):
        with pytest.raises(NotRecorded):
            watch.turn()
    watch.record.away = False
    assert watch.seconds(5) == 1


def test_a_waiting_message_wakes_the_delivery_when_it_is_due(watch: Watch) -> None:
    with watch.context.begin(TEAM) as tx:
        tx.notices.refresh("case", 1, "C0MANAGE", watch.clock() + 3 * A_SECOND)
    watch.seconds(1)
    watch.worker._awake.clear()
    watch.seconds(1)
    assert not watch.worker._awake.is_set()
    watch.seconds(1)
    assert watch.worker._awake.is_set()


def test_answers_to_people_go_first(watch: Watch) -> None:
    waiting = [True, True, True]
    reads_meanwhile = []

    def asked() -> bool:
        reads_meanwhile.append(watch.record.reads)
        return bool(waiting and waiting.pop())

    before = watch.record.reads
    watch.worker.request_waiting = asked
    watch.record.hears = False
    watch.turn()
    assert reads_meanwhile == [before] * 4
    assert watch.record.reads == before + 1


def test_answers_without_end_do_not_stop_the_scheduler(watch: Watch) -> None:
    watch.worker.request_waiting = lambda: True
    watch.record.hears = False
    assert watch.seconds(2) == 2
