"""The clock looks at the record when it may say something new, and only then: every second, or seldom."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.rules.refusals import NotRecorded
from bot.usecases.scheduler import Scheduler
from bot.worker import GLANCE, SELDOM, Worker
from tests.builders import TEAM, FrozenClock, a_context

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

    from bot.rules.scheduled_tasks import ScheduledTask
    from storage.database import Database
    from storage.transaction import Transaction

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A_SECOND = timedelta(seconds=1)


class Agenda:
    """The record's own, which counts the looks; whether others are heard, and whether it is there, is the test's."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.looks, self.hears, self.away = 0, True, False

    def next_moments(self) -> tuple[datetime | None, datetime | None]:
        self.looks += 1
        if self.away:
            raise NotRecorded
        return self.database.next_moments()

    def hears_others(self) -> bool:
        return self.hears

    def next_step_at(self) -> datetime | None:
        return self.database.next_step_at()

    def step(self, now: datetime) -> AbstractContextManager[tuple[ScheduledTask, Transaction] | None]:
        return self.database.step(now)


class Watch:
    """A loop's clock, turn by turn."""

    def __init__(self, database: Database) -> None:
        self.clock = FrozenClock()
        self.context = a_context(database, self.clock)
        self.agenda = Agenda(database)
        unasked = cast("Any", None)  # neither the delivery nor the roster has a part in it
        self.worker = Worker(unasked, unasked, Scheduler(self.context, self.agenda), lambda: TEAM)
        database.changed = self.worker.wake
        with self.context.begin(TEAM) as tx:
            tx.customers.add("Zenith Corp", self.clock())
        self.turn()

    def turn(self) -> float:
        return self.worker._keep_time()

    def seconds(self, count: int) -> int:
        """So many seconds pass; how many looks there were."""
        before = self.agenda.looks
        for _ in range(count):
            self.clock.time += A_SECOND
            assert self.turn() == GLANCE
        return self.agenda.looks - before

    @contextmanager
    def unnoticed(self) -> Iterator[Transaction]:
        """Another process writes, and nobody is told of it."""
        self.agenda.database.changed = lambda: None
        with self.context.begin(TEAM) as tx:
            yield tx
        self.agenda.database.changed = self.worker.wake

    def planned(self) -> datetime | None:
        with self.context.read(TEAM) as tx:
            return tx.scheduled_tasks.planned("points_end", 1)


@pytest.fixture
def watch(database: Database) -> Watch:
    return Watch(database)


def test_while_others_are_heard_a_quiet_record_is_looked_at_seldom(watch: Watch) -> None:
    assert watch.seconds(9) == 0
    assert watch.seconds(10) == 1


def test_while_they_are_not_it_is_looked_at_every_second(watch: Watch) -> None:
    watch.agenda.hears = False
    assert watch.seconds(5) == 5


def test_what_is_written_is_looked_at_once(watch: Watch) -> None:
    with watch.context.begin(TEAM) as tx:
        tx.scheduled_tasks.set("points_end", 1, watch.clock() + 3 * A_SECOND)
    assert watch.seconds(2) == 1


def test_a_step_that_falls_due_between_two_looks_is_carried_out_then(watch: Watch) -> None:
    with watch.context.begin(TEAM) as tx:
        tx.scheduled_tasks.set("points_end", 1, watch.clock() + 3 * A_SECOND)
    watch.seconds(2)
    assert watch.planned()
    watch.clock.time += A_SECOND
    assert watch.turn() == 0
    assert watch.planned() is None
    assert watch.turn() == GLANCE


@pytest.mark.parametrize("turned", [-A_SECOND, SELDOM, timedelta(days=100)])
def test_a_clock_that_is_turned_makes_it_look_anew(watch: Watch, turned: timedelta) -> None:
    before = watch.agenda.looks
    watch.clock.time += turned
    watch.turn()
    assert watch.agenda.looks == before + 1


def test_a_step_that_another_process_has_carried_out_meanwhile_is_forgotten(watch: Watch) -> None:
    with watch.context.begin(TEAM) as tx:
        tx.scheduled_tasks.set("points_end", 1, watch.clock() + 3 * A_SECOND)
    watch.seconds(1)
    with watch.unnoticed() as tx:
        tx.scheduled_tasks.cancel("points_end", 1)
    assert watch.seconds(6) == 1


def test_a_look_that_failed_is_taken_again(watch: Watch) -> None:
    watch.agenda.away = True
    watch.worker.wake()
    for _ in range(2):
        with pytest.raises(NotRecorded):
            watch.turn()
    watch.agenda.away = False
    assert watch.seconds(5) == 1


def test_a_message_that_waits_wakes_the_delivery_when_its_time_has_come(watch: Watch) -> None:
    with watch.context.begin(TEAM) as tx:
        tx.notices.want("case", 1, "C0MANAGE", watch.clock() + 3 * A_SECOND)
    watch.seconds(1)
    watch.worker._awake.clear()
    watch.seconds(1)
    assert not watch.worker._awake.is_set()
    watch.seconds(1)
    assert watch.worker._awake.is_set()


def test_who_waits_for_an_answer_goes_first(watch: Watch) -> None:
    waiting = [True, True, True]
    looks_meanwhile = []

    def asked() -> bool:
        looks_meanwhile.append(watch.agenda.looks)
        return bool(waiting and waiting.pop())

    before = watch.agenda.looks
    watch.worker.asked = asked
    watch.agenda.hears = False
    watch.turn()
    assert looks_meanwhile == [before] * 4
    assert watch.agenda.looks == before + 1


def test_answers_without_end_do_not_stop_the_clock(watch: Watch) -> None:
    watch.worker.asked = lambda: True
    watch.agenda.hears = False
    assert watch.seconds(2) == 2


def test_the_watch_looks_again_and_again_whatever_a_look_comes_to_and_no_more_once_stopped(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.worker.WATCH_GLANCE", 0.001)
    monkeypatch.setattr("bot.worker.GLANCE", 0.001)
    comes_to, troubles = [None, NotRecorded(), None, LookupError(), None], []

    def look() -> None:
        troubles.append(watch.worker.troubles())
        came = comes_to.pop()
        if not comes_to:
            watch.worker._stopping.set()
        if came:
            raise came

    watch.worker.watch = look
    watch.worker._go_on("watch", watch.worker._keep_watch, watch.worker._stopping.wait)
    assert [["watch going broke: LookupError" in "".join(said)] for said in troubles] == [
        [False], [False], [True], [False], [False]
    ]  # fmt: skip
    assert not any("watch" in said for said in watch.worker.troubles())
