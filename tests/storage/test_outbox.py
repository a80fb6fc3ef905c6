"""The outbox: each notice is claimed by one worker at a time, also after failures."""

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from bot.rules.refusals import NotRecorded
from storage.database import Database
from storage.outbox.outbox import REST
from tests.builders import FrozenClock
from tests.storage.claiming import HERE, claim, claimed, refresh, show, shown


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def another(database_url: str) -> Iterator[Database]:
    """A second process on the same database, as the database sees it."""
    with closing(Database(database_url)) as database:
        yield database


def test_a_claimed_notice_is_not_claimed_again_until_it_is_shown(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    refresh(database, 1, clock())
    job = claimed(database, clock())
    clock.forward(seconds=19)
    assert claim(another, clock()) is None
    show(database, job, clock())
    clock.forward(hours=1)
    assert claim(another, clock()) is None


def test_after_a_lease_ends_the_notice_rests_and_is_then_in_doubt(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    refresh(database, 1, clock())
    first = claimed(database, clock())
    assert not first.in_doubt
    clock.forward(seconds=20)
    assert claim(another, clock()) is None
    clock.forward(seconds=REST.total_seconds())
    second = claimed(another, clock())
    assert second.in_doubt
    assert second.tag == first.tag
    assert second.attempt == first.attempt + 1


def test_a_slow_worker_may_store_its_result_while_the_notice_rests(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    refresh(database, 1, clock())
    slow = claimed(database, clock())
    clock.forward(days=1)
    assert claim(another, clock()) is None
    show(database, slow, clock())
    clock.forward(minutes=5)
    assert claim(another, clock()) is None


def test_a_worker_that_lost_its_lease_stores_nothing(database: Database, another: Database, clock: FrozenClock) -> None:
    refresh(database, 1, clock())
    lost = claimed(database, clock())
    clock.forward(seconds=20)
    assert claim(another, clock()) is None
    clock.forward(seconds=10)
    mine = claimed(another, clock())
    with database.outbox() as outbox:
        outbox.shown(lost, "C0WRONG", "9.9", clock())
        outbox.failed(lost, "late", clock(), refused=True, doubt=False)
        outbox.paused(lost, clock(), clock(), whole_limit=False)
        outbox.gone(lost, clock())
        assert not outbox.refused()
    assert claim(database, clock()) is None
    show(another, mine, clock())
    refresh(another, 1, clock())
    assert claimed(another, clock()).ts == "1.000001"


def test_many_changes_while_it_is_under_way_become_one_more_edit(database: Database, clock: FrozenClock) -> None:
    refresh(database, 1, clock())
    job = claimed(database, clock())
    for _ in range(20):
        refresh(database, 1, clock())
    assert claim(database, clock()) is None
    show(database, job, clock())
    again = claimed(database, clock())
    assert (again.ts, again.wanted) == ("1.000001", 21)
    show(database, again, clock())
    assert claim(database, clock()) is None


def test_a_deleted_message_is_posted_again_without_doubt(database: Database, clock: FrozenClock) -> None:
    shown(database, 1, clock, HERE)
    refresh(database, 1, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.gone(job, clock())
    clock.forward(seconds=2)
    again = claimed(database, clock())
    assert (again.ts, again.in_doubt, again.rate_limit) == (None, False, HERE)


def test_the_digest_is_known_only_until_somebody_may_be_changing_the_message(
    database: Database, clock: FrozenClock
) -> None:
    shown(database, 1, clock, HERE)
    refresh(database, 1, clock())
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


def test_an_unchanged_message_shows_the_newest_state_and_keeps_its_digest(
    database: Database, clock: FrozenClock
) -> None:
    shown(database, 1, clock, HERE)
    refresh(database, 1, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.unchanged(job, clock(), clock())
        assert outbox.behind() == (0, None)
    refresh(database, 1, clock())
    again = claimed(database, clock())
    assert (again.ts, again.channel, again.digest) == (job.ts, job.channel, job.digest)


def test_a_change_while_a_message_is_found_unchanged_leaves_it_behind(database: Database, clock: FrozenClock) -> None:
    shown(database, 1, clock, HERE)
    refresh(database, 1, clock())
    job = claimed(database, clock())
    refresh(database, 1, clock())
    with database.outbox() as outbox:
        outbox.unchanged(job, clock(), clock())
        assert outbox.behind()[0] == 1


def test_eight_processes_at_once_claim_each_notice_once(database_url: str, clock: FrozenClock) -> None:
    with closing(Database(database_url)) as database:
        for number in range(60):
            refresh(database, number, clock(), f"C{number}")
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


def test_the_number_of_notices_behind_comes_with_the_time_since_when(database: Database, clock: FrozenClock) -> None:
    shown(database, 1, clock, HERE)
    clock.forward(days=30)
    fell_behind = clock()
    refresh(database, 1, clock())
    clock.forward(minutes=3)
    refresh(database, 1, clock())
    refresh(database, 2, clock(), "C0OTHER")
    with database.outbox() as outbox:
        assert outbox.behind() == (2, fell_behind)


def test_a_refused_message_is_listed_until_it_is_shown(database: Database, clock: FrozenClock) -> None:
    refresh(database, 1, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.failed(job, "is_archived", clock() + timedelta(seconds=1), refused=True, doubt=False)
        (trouble,) = outbox.refused()
    assert (trouble.kind, trouble.subject, trouble.target, trouble.error) == ("case", 1, HERE, "is_archived")
    clock.forward(seconds=2)
    again = claimed(database, clock())
    assert again.failures == 1
    assert not again.in_doubt
    with database.outbox() as outbox:
        assert outbox.refused()  # it is under way, and not mended yet
    show(database, again, clock())
    with database.outbox() as outbox:
        assert not outbox.refused()


def test_refused_messages_that_nobody_can_mend_are_not_listed_and_hide_no_others(
    database: Database, clock: FrozenClock
) -> None:
    """Messages to people who left and to a former channel of the firm's may be any number, for years."""

    def refused(subject: int, target: str, error: str) -> None:
        refresh(database, subject, clock(), target)
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
        found = outbox.refused_to_mend({HERE})
        assert [(trouble.target, trouble.error) for trouble in outbox.refused_to_mend(())] == [
            ("U0ANA", "invalid_blocks")
        ]
    assert [(each.target, each.error) for each in found] == [("U0ANA", "invalid_blocks"), (HERE, "not_in_channel")]
