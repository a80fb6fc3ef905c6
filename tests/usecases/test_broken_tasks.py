"""A scheduled task that breaks is tried again ever more seldom, stops no other, and is named to operators."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.health import broken_tasks
from bot.rules.refusals import NotRecorded
from bot.rules.scheduled_tasks import BrokenTask, TaskKind
from bot.usecases.scheduler import LONGEST_RETRY, RETRY_AFTER, Scheduler
from storage.tables.outbox import step
from tests.builders import TEAM, FrozenClock, a_customer, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.usecases.context import Context
    from storage.database import Database
    from storage.transaction import Transaction

CUSTOMER = 1  # nobody: a task about them breaks until they are on record
SENTENCE = "The scheduled task points_end about 1 has failed {failures} times, last with Unknown."


@pytest.fixture
def scheduler(context: Context, database: Database) -> Scheduler:
    """With a task that breaks."""
    with context.begin(TEAM) as tx:
        tx.scheduled_tasks.set(TaskKind.POINTS_EXPIRY, CUSTOMER, context.clock())
    return Scheduler(context, database)


def due_at(database: Database) -> datetime | None:
    return database.next_task_at()


def breaks(scheduler: Scheduler, clock: FrozenClock) -> timedelta:
    """Let the task break at its time; how long it then waits."""
    at = due_at(scheduler.database)
    assert at is not None
    clock.time = at
    assert scheduler.tick()
    again = due_at(scheduler.database)
    assert again is not None
    return again - at


def add_customer(context: Context) -> None:
    with context.begin(TEAM) as tx:
        assert a_customer(tx, "Zenith Corp", context.clock()) == CUSTOMER


def test_it_waits_twice_as_long_after_each_failure_up_to_an_hour(scheduler: Scheduler, clock: FrozenClock) -> None:
    waits = [breaks(scheduler, clock) for _ in range(14)]
    assert waits[:4] == [RETRY_AFTER * factor for factor in (1, 2, 4, 8)]
    assert set(waits[4:]) == {LONGEST_RETRY}


def test_it_breaks_three_times_then_works_and_is_forgotten(
    scheduler: Scheduler, context: Context, database: Database, clock: FrozenClock
) -> None:
    shown = []
    for _ in range(3):
        breaks(scheduler, clock)
        shown.append(([task.says for task in broken_tasks(database)], database.gauges(clock()).steps_failing))
    sentences = [SENTENCE.format(failures=failures) for failures in (2, 3)]
    assert shown == [([], 0), ([sentences[0]], 1), ([sentences[1]], 1)]
    assert database.broken_tasks() == (BrokenTask("points_end", CUSTOMER, 3, "Unknown"),)
    add_customer(context)
    clock.forward(hours=1)
    assert scheduler.tick()
    assert (broken_tasks(database), database.gauges(clock()).steps_failing, rows(database, step)) == ([], 0, [])


def test_a_task_that_worked_again_starts_from_nothing(
    scheduler: Scheduler, context: Context, database: Database, clock: FrozenClock
) -> None:
    breaks(scheduler, clock)
    breaks(scheduler, clock)
    add_customer(context)
    clock.forward(hours=1)
    scheduler.tick()
    with context.begin(TEAM) as tx:
        tx.scheduled_tasks.set(TaskKind.POINTS_EXPIRY, CUSTOMER + 1, clock())
        tx.scheduled_tasks.set(TaskKind.POINTS_EXPIRY, CUSTOMER, clock() + timedelta(days=1))
    assert breaks(scheduler, clock) == RETRY_AFTER
    assert {(row.subject, row.failures) for row in rows(database, step)} == {(CUSTOMER, 0), (CUSTOMER + 1, 1)}


def test_a_kind_that_only_a_later_release_knows_is_named_and_stops_no_other(
    scheduler: Scheduler, context: Context, database: Database, clock: FrozenClock
) -> None:
    add_customer(context)
    with context.begin(TEAM) as tx:
        tx.scheduled_tasks.set("invented", 7, clock() - timedelta(minutes=1))
    assert (scheduler.tick(), scheduler.tick(), scheduler.tick()) == (True, True, False)
    clock.forward(minutes=5)
    scheduler.tick()
    assert database.broken_tasks() == (BrokenTask("invented", 7, 2, "KeyError"),)


def test_a_failure_that_could_not_be_stored_is_tried_again_at_once(
    scheduler: Scheduler, context: Context, database: Database, clock: FrozenClock
) -> None:
    """As when the process is killed between the task's transaction and the one that stores its failure."""

    @contextmanager
    def away(_: str) -> Iterator[Transaction]:
        raise NotRecorded
        yield

    breaks(scheduler, clock)
    clock.forward(minutes=5)
    with pytest.raises(NotRecorded):
        Scheduler(replace(context, begin=away), database).tick()
    assert [(row.at, row.failures) for row in rows(database, step)] == [(clock(), 1)]
    assert breaks(scheduler, clock) == RETRY_AFTER * 2


def test_what_another_process_did_meanwhile_is_not_done_again(
    scheduler: Scheduler, context: Context, database: Database, clock: FrozenClock
) -> None:
    @contextmanager
    def after_the_other(team: str) -> Iterator[Transaction]:
        add_customer(context)
        assert scheduler.tick()
        with context.begin(team) as tx:
            yield tx

    assert Scheduler(replace(context, begin=after_the_other), database).tick()
    assert rows(database, step) == []
    clock.forward(days=1)
    assert not scheduler.tick()


def test_a_task_that_was_put_off_meanwhile_keeps_its_new_time(
    scheduler: Scheduler, context: Context, database: Database
) -> None:
    tomorrow = context.clock() + timedelta(days=1)

    @contextmanager
    def after_it_was_put_off(team: str) -> Iterator[Transaction]:
        with context.begin(team) as tx:
            tx.scheduled_tasks.set(TaskKind.POINTS_EXPIRY, CUSTOMER, tomorrow)
        with context.begin(team) as tx:
            yield tx

    assert replace(scheduler, context=replace(context, begin=after_it_was_put_off)).tick()
    assert [(row.at, row.failures) for row in rows(database, step)] == [(tomorrow, 0)]
