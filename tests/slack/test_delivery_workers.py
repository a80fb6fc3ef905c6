"""Each message is in Slack once and shows the newest state, with several workers and a clock that jumps."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.usecases.delivery.delivery import LEASE, LONGEST_BACKOFF
from bot.usecases.transport import Message, Unanswered
from handlers.client.transport import SlackTransport
from storage.database import Database
from storage.outbox.outbox import REST
from tests.slack.calling import get_json, order
from tests.slack.conftest import TOKEN
from tests.slack.office import Office, counts, impatient, office, patient_client, shown
from tests.slack.steps import soon

if TYPE_CHECKING:
    from bot.rules.notices import Mark, Notice
    from bot.sandbox.server import Sandbox
    from storage.transaction import Transaction

FAILURES = ("drop_after", "slow", "500", "internal_error", "fatal_error", "drop_before")


def test_two_workers_on_one_database_never_double(database_url: str, sandbox: Sandbox) -> None:
    """Twelve people, so that Slack's pace for a channel slows nobody down; every fourth call fails somehow."""
    for kind in FAILURES:
        order(sandbox, "chat.postMessage", kind, times=2, seconds=0.4)
    people = ("U0ANA", "U0JOE", "U0MIA", "U0PRIYA", "U0BRAD", "U0RUTH", "U0CORA", "U0GUS")
    with closing(Database(database_url)) as mine, closing(Database(database_url)) as theirs:
        first = office(mine, sandbox, TOKEN)
        second = Office(theirs, SlackTransport(patient_client(sandbox, TOKEN)), first.clock)
        for person in people:
            first.want(target=person)
        with impatient(first.slack.client), impatient(second.slack.client):
            for _ in range(8):
                _side_by_side(first, second)
                until_nothing_is_in_hand(sandbox)
                first.clock.forward(seconds=40)
        assert first.behind() == 0
    for person in people:
        assert shown(sandbox, f"D{person[1:]}", person) == ["Case 1: Version 1"]


def until_nothing_is_in_hand(sandbox: Sandbox) -> None:
    """A call that a client gave up is carried out all the same: by now it has come, and it is waited for."""
    for _ in range(2):  # what came before the first answer has begun by the second
        assert soon(lambda: not get_json(f"{sandbox.url}sandbox/calls")["in_hand"])


def _side_by_side(*offices: Office) -> None:
    workers = [threading.Thread(target=each.work) for each in offices for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


class Ticks:
    """A count of seconds that the test moves."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


@pytest.mark.parametrize("by", ["ticks", "clock", "a clock put back"])
def test_a_worker_that_was_frozen_past_half_of_its_lease_sends_nothing(
    ours: Office, database_url: str, sandbox: Sandbox, by: str
) -> None:
    """A stopped process shows by its count of seconds, a machine that slept only by the clock."""
    ticks = Ticks()
    ours.want()
    frozen = ours.delivery(ticks=ticks)
    job = frozen.claim()
    assert job is not None
    half = LEASE / 2 + timedelta(seconds=0.1)
    if by == "ticks":
        ticks.passed += half.total_seconds()
    else:
        ours.clock.time += half if by == "clock" else -half
    frozen.deliver(job)
    assert counts(sandbox) == {}
    ours.clock.forward(seconds=30)
    with closing(Database(database_url)) as other:
        Office(other, ours.slack, ours.clock).attempts_within(seconds=30)
    assert shown(sandbox) == ["Case 1: Version 1"]


def test_a_worker_that_wakes_up_after_another_one_posted_changes_nothing(
    ours: Office, database_url: str, sandbox: Sandbox
) -> None:
    ours.want()
    frozen = ours.delivery(ticks=Ticks())
    job = frozen.claim()
    assert job is not None
    ours.clock.time += LEASE + REST
    with closing(Database(database_url)) as other:
        theirs = Office(other, ours.slack, ours.clock)
        theirs.attempts_within(seconds=10)
        theirs.words = "Version 2"
        theirs.want()
        theirs.work()
    frozen.deliver(job)
    assert ours.work() == 0
    assert shown(sandbox) == ["Case 1: Version 2"]


def test_a_late_edit_never_shows_an_old_state(ours: Office, sandbox: Sandbox) -> None:
    ours.want()
    ours.work()
    ours.want()
    ticks = Ticks()

    def slow(tx: Transaction, notice: Notice) -> Message:
        drawn = ours.render(tx, notice)
        ticks.passed += 60
        return drawn

    frozen = ours.delivery(render=slow, ticks=ticks)
    job = frozen.claim()
    assert job is not None
    ours.clock.time += LEASE + REST
    ours.attempts_within(seconds=5)
    ours.clock.time += REST
    ours.words = "Version 2"
    ours.want()
    ours.attempts_within(seconds=10)
    ours.words = "Version 1"
    frozen.deliver(job)
    assert shown(sandbox) == ["Case 1: Version 2"]


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_the_clock_jumping_a_day_while_a_post_is_on_its_way_doubles_nothing(
    ours: Office, database_url: str, sandbox: Sandbox, jump: timedelta
) -> None:
    on_its_way, may_arrive = threading.Event(), threading.Event()

    class Slowly(SlackTransport):
        def post(self, target: str, message: Message, mark: Mark) -> tuple[str, str]:
            on_its_way.set()
            may_arrive.wait(60)
            return super().post(target, message, mark)

    ours.want()
    slowly = ours.delivery(slack=Slowly(patient_client(sandbox, TOKEN)))
    job = slowly.claim()
    assert job is not None
    worker = threading.Thread(target=slowly.deliver, args=(job,))
    worker.start()
    assert on_its_way.wait(60)
    ours.clock.time += jump
    with closing(Database(database_url)) as other:
        theirs = Office(other, ours.slack, ours.clock)
        assert theirs.work() == 0
        may_arrive.set()
        worker.join()
        theirs.attempts_within(seconds=60)
    assert shown(sandbox) == ["Case 1: Version 1"]
    assert ours.behind() == 0


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1)])
def test_a_message_is_found_though_the_clock_was_a_day_off_when_it_was_posted(
    ours: Office, sandbox: Sandbox, jump: timedelta
) -> None:
    ours.clock.time += jump
    order(sandbox, "chat.postMessage", "drop_after")
    ours.want()
    ours.work()
    ours.clock.time -= jump
    ours.attempts_within(seconds=60)
    assert len(shown(sandbox)) == 1
    assert ours.behind() == 0


def test_slack_gone_for_an_hour_loses_and_doubles_nothing(ours: Office, sandbox: Sandbox) -> None:
    class Away(SlackTransport):
        def post(self, target: str, message: Message, mark: Mark) -> tuple[str, str]:
            del target, message, mark
            raise Unanswered("URLError")

    there, ours.slack = ours.slack, Away(patient_client(sandbox, TOKEN))
    for subject in range(3):
        ours.want(subject, ("U0ANA", "U0JOE", "U0MIA")[subject])
    ours.attempts_within(seconds=3600)
    ours.slack, ours.words = there, "Version 2"
    ours.attempts_within(seconds=LONGEST_BACKOFF * 1.2 + 5)
    for user in ("U0ANA", "U0JOE", "U0MIA"):
        assert len(shown(sandbox, f"D{user[1:]}", user)) == 1
    assert ours.behind() == 0
