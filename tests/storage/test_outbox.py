"""The outbox: each notice is claimed by one worker at a time, in the right order, at Slack's pace, after anything."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from bot.rules.refusals import NotRecorded
from storage.database import Database
from storage.outbox.outbox import REST
from tests.builders import FrozenClock
from tests.storage.claiming import HERE, claim, claimed, show, shown, want


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def another(database_url: str) -> Iterator[Database]:
    """Another process on the same database, as far as the database can tell."""
    with closing(Database(database_url)) as database:
        yield database


def test_a_notice_is_one_workers_until_it_is_shown(database: Database, another: Database, clock: FrozenClock) -> None:
    want(database, 1, clock())
    job = claimed(database, clock())
    clock.forward(seconds=19)
    assert claim(another, clock()) is None
    show(database, job, clock())
    clock.forward(hours=1)
    assert claim(another, clock()) is None


def test_what_an_ended_lease_left_is_rested_and_then_in_doubt(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    want(database, 1, clock())
    first = claimed(database, clock())
    assert not first.in_doubt
    clock.forward(seconds=20)
    assert claim(another, clock()) is None
    clock.forward(seconds=REST.total_seconds())
    second = claimed(another, clock())
    assert second.in_doubt
    assert second.tag == first.tag
    assert second.attempt == first.attempt + 1


def test_who_is_only_slow_may_still_note_what_it_did_while_the_notice_rests(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    want(database, 1, clock())
    slow = claimed(database, clock())
    clock.forward(days=1)
    assert claim(another, clock()) is None
    show(database, slow, clock())
    clock.forward(minutes=5)
    assert claim(another, clock()) is None


def test_who_lost_its_lease_notes_nothing(database: Database, another: Database, clock: FrozenClock) -> None:
    want(database, 1, clock())
    lost = claimed(database, clock())
    clock.forward(seconds=20)
    assert claim(another, clock()) is None
    clock.forward(seconds=10)
    mine = claimed(another, clock())
    with database.outbox() as outbox:
        outbox.shown(lost, "C0WRONG", "9.9", clock())
        outbox.failed(lost, "late", clock(), refused=True, doubt=False)
        outbox.paused(lost, clock(), lane=False)
        outbox.gone(lost, clock())
        assert not outbox.troubles()
    assert claim(database, clock()) is None
    show(another, mine, clock())
    want(another, 1, clock())
    assert claimed(another, clock()).ts == "1.000001"


def test_many_changes_while_it_is_under_way_become_one_more_edit(database: Database, clock: FrozenClock) -> None:
    want(database, 1, clock())
    job = claimed(database, clock())
    for _ in range(20):
        want(database, 1, clock())
    assert claim(database, clock()) is None
    show(database, job, clock())
    again = claimed(database, clock())
    assert (again.ts, again.wanted) == ("1.000001", 21)
    show(database, again, clock())
    assert claim(database, clock()) is None


def test_a_message_that_is_gone_is_posted_anew_without_doubt(database: Database, clock: FrozenClock) -> None:
    shown(database, 1, clock, HERE)
    want(database, 1, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.gone(job, clock())
    clock.forward(seconds=2)
    again = claimed(database, clock())
    assert (again.ts, again.in_doubt, again.lane) == (None, False, HERE)


def test_what_stands_in_slack_is_known_only_until_somebody_may_be_changing_it(
    database: Database, clock: FrozenClock
) -> None:
    shown(database, 1, clock, HERE)
    want(database, 1, clock())
    job = claimed(database, clock())
    assert job.digest == "digest of 1"
    with database.outbox() as outbox:
        outbox.failed(job, "timeout", clock(), refused=False, doubt=False)
    again = claimed(database, clock())
    assert again.digest is None
    clock.forward(seconds=20 + REST.total_seconds())
    assert claim(database, clock()) is None  # whoever had it is gone, and it rests
    clock.forward(seconds=REST.total_seconds())
    assert claimed(database, clock()).digest is None


def test_what_stands_there_already_is_in_step_and_still_known(database: Database, clock: FrozenClock) -> None:
    shown(database, 1, clock, HERE)
    want(database, 1, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.unchanged(job, clock())
        assert outbox.behind() == (0, None)
    want(database, 1, clock())
    again = claimed(database, clock())
    assert (again.ts, again.channel, again.digest) == (job.ts, job.channel, job.digest)


def test_a_change_while_it_is_found_to_be_there_is_looked_at_once_more(database: Database, clock: FrozenClock) -> None:
    shown(database, 1, clock, HERE)
    want(database, 1, clock())
    job = claimed(database, clock())
    want(database, 1, clock())
    with database.outbox() as outbox:
        outbox.unchanged(job, clock())
        assert outbox.behind()[0] == 1


def test_eight_processes_at_once_claim_each_notice_once(database_url: str, clock: FrozenClock) -> None:
    with closing(Database(database_url)) as database:
        for number in range(60):
            want(database, number, clock(), f"C{number}")
    claims: list[int] = []

    def work() -> None:
        with closing(Database(database_url)) as own:
            while len(claims) < 60:
                try:
                    job = claim(own, clock())
                except NotRecorded:  # SQLite lets one of many wait too long: the loop asks again, too
                    continue
                if job is None:
                    return
                claims.append(job.subject)

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(claims) == list(range(60))


def test_what_is_behind_is_told_with_the_time_since_when(database: Database, clock: FrozenClock) -> None:
    shown(database, 1, clock, HERE)
    clock.forward(days=30)
    fell_behind = clock()
    want(database, 1, clock())
    clock.forward(minutes=3)
    want(database, 1, clock())
    want(database, 2, clock(), "C0OTHER")
    with database.outbox() as outbox:
        assert outbox.behind() == (2, fell_behind)


def test_what_slack_refuses_is_a_trouble_until_it_is_shown(database: Database, clock: FrozenClock) -> None:
    want(database, 1, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.failed(job, "is_archived", clock() + timedelta(seconds=1), refused=True, doubt=False)
        (trouble,) = outbox.troubles()
    assert (trouble.kind, trouble.subject, trouble.target, trouble.error) == ("case", 1, HERE, "is_archived")
    clock.forward(seconds=2)
    again = claimed(database, clock())
    assert again.failures == 1
    assert not again.in_doubt
    with database.outbox() as outbox:
        assert outbox.troubles()  # it is under way, and not mended yet
    show(database, again, clock())
    with database.outbox() as outbox:
        assert not outbox.troubles()


def test_what_nobody_can_mend_is_no_trouble_and_hides_none(database: Database, clock: FrozenClock) -> None:
    """Messages to people who left, and to a channel that was the firm's once: any number of them, for years."""

    def refused(subject: int, target: str, error: str) -> None:
        want(database, subject, clock(), target)
        job = claimed(database, clock())
        assert job.target == target
        with database.outbox() as outbox:
            outbox.failed(job, error, clock() + timedelta(days=1), refused=True, doubt=False)

    for number in range(1, 30):
        refused(number, f"U0LEFT{number}", "user_disabled")
        refused(number, f"C0ONCE{number}", "channel_not_found")
        clock.forward(seconds=1)
    refused(1, "U0ANA", "invalid_blocks")
    refused(2, HERE, "not_in_channel")
    with database.outbox() as outbox:
        found = outbox.to_mend({HERE})
        assert [(trouble.target, trouble.error) for trouble in outbox.to_mend(())] == [("U0ANA", "invalid_blocks")]
    assert [(each.target, each.error) for each in found] == [("U0ANA", "invalid_blocks"), (HERE, "not_in_channel")]
