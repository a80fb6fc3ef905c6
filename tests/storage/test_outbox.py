"""The outbox: each notice is claimed by one worker at a time, in the right order, at Slack's pace, after anything."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from bot.desk.ports import Notice
from storage.database import Database
from storage.outbox import EDIT_GAP, FAR, POST_GAP, REST
from tests.builders import TEAM, FrozenClock

LEASE = timedelta(seconds=20)
HERE = "C0MANAGE"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def another(database_url: str) -> Iterator[Database]:
    """Another process on the same database, as far as the database can tell."""
    with closing(Database(database_url)) as database:
        yield database


def want(database: Database, subject: int, now: datetime, target: str = HERE, *, urgent: bool = False) -> None:
    with database.begin(TEAM) as record:
        record.notices.want("case", subject, target, now, urgent=urgent)


def claim(database: Database, now: datetime) -> Notice | None:
    with database.outbox() as outbox:
        return outbox.claim(now, LEASE)


def claimed(database: Database, now: datetime) -> Notice:
    job = claim(database, now)
    assert job is not None
    return job


def show(database: Database, job: Notice, now: datetime, ts: str = "1.000001") -> None:
    with database.outbox() as outbox:
        outbox.shown(job, job.target, ts, now)


def shown(database: Database, subject: int, clock: FrozenClock, target: str) -> None:
    want(database, subject, clock(), target)
    show(database, claimed(database, clock()), clock(), f"1.{subject:06d}")


def seconds_until(look: Callable[[], Notice | None], clock: FrozenClock, most: float, step: float = 0.25) -> float:
    """How long it takes until something can be claimed."""
    passed = 0.0
    while passed <= most:
        if look() is not None:
            return passed
        clock.forward(seconds=step)
        passed += step
    raise AssertionError(f"nothing to claim within {most} s")


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


def test_a_channel_gets_one_message_a_second_and_the_others_wait_for_nobody(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    for number in (1, 2, 3):
        want(database, number, clock())
    want(database, 4, clock(), "C0OTHER")
    now = {claimed(database, clock()).target, claimed(another, clock()).target}
    assert now == {HERE, "C0OTHER"}
    assert claim(database, clock()) is None
    with database.outbox() as outbox:
        assert outbox.next_moment() == clock() + POST_GAP
    clock.forward(seconds=1)
    assert claim(another, clock()) is None
    clock.forward(seconds=0.02)
    assert claimed(another, clock()).target == HERE
    assert claim(database, clock()) is None


def test_what_is_urgent_goes_first(database: Database, clock: FrozenClock) -> None:
    for number in range(1, 6):
        want(database, number, clock())
        clock.forward(seconds=1)
    want(database, 6, clock(), urgent=True)
    assert claimed(database, clock()).subject == 6


def test_fifty_edits_a_minute_are_not_exceeded_and_ten_go_at_once(database: Database, clock: FrozenClock) -> None:
    for number in range(80):
        shown(database, number + 1, clock, f"C{number}")
    clock.forward(minutes=1)
    for number in range(80):
        want(database, number + 1, clock(), f"C{number}")
    at_once = 0
    while claim(database, clock()):
        at_once += 1
    assert at_once == 10
    in_a_minute = at_once
    for _ in range(240):
        clock.forward(seconds=0.25)
        in_a_minute += claim(database, clock()) is not None
    assert 49 <= in_a_minute <= 50


def test_a_pause_holds_the_whole_lane_and_only_it(database: Database, another: Database, clock: FrozenClock) -> None:
    want(database, 1, clock())
    want(database, 2, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(job, clock() + timedelta(seconds=30), lane=True)
        outbox.paused(job, clock() + timedelta(seconds=5), lane=True)  # a shorter one does not end a longer one
    want(database, 3, clock(), "C0OTHER")
    other = claimed(another, clock())
    assert other.subject == 3
    show(another, other, clock())
    assert 29 < seconds_until(lambda: claim(another, clock()), clock, 60) < 31


def test_a_pause_for_edits_holds_every_edit_though_ten_could_go_at_once(database: Database, clock: FrozenClock) -> None:
    for number in (1, 2):
        shown(database, number, clock, f"C{number}")
        want(database, number, clock(), f"C{number}")
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(job, clock() + timedelta(seconds=30), lane=True)
    assert 29 < seconds_until(lambda: claim(database, clock()), clock, 60) < 31


def test_a_pause_of_one_notice_leaves_its_lane_free(database: Database, clock: FrozenClock) -> None:
    want(database, 1, clock())
    want(database, 2, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(job, clock() + timedelta(seconds=60), lane=False)
    clock.forward(seconds=2)
    assert claimed(database, clock()).subject == 3 - job.subject
    clock.forward(seconds=2)
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


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1), timedelta(minutes=11), timedelta(minutes=-11)])
def test_a_clock_that_jumps_stalls_nothing(database: Database, clock: FrozenClock, jump: timedelta) -> None:
    shown(database, 9, clock, "C0EDITED")
    for number in (1, 2, 3, 4):
        want(database, number, clock(), f"C{number}")
    want(database, 5, clock(), "C1")
    want(database, 9, clock(), "C0EDITED")
    claimed(database, clock())  # one is under way
    with database.outbox() as outbox:
        assert outbox.next_moment() is not None
    clock.time += jump
    seen = set()
    for _ in range(4 * 30):
        job = claim(database, clock())
        if job:
            seen.add(job.subject)
            show(database, job, clock())
        clock.forward(seconds=0.25)
    assert seen == {1, 2, 3, 4, 5, 9}
    with database.outbox() as outbox:
        assert outbox.behind() == (0, None)


def test_a_wait_and_a_pause_from_before_the_clock_was_put_back_end_at_once(
    database: Database, clock: FrozenClock
) -> None:
    want(database, 1, clock())
    want(database, 2, clock(), "C0OTHER")
    failing, paused = claimed(database, clock()), claimed(database, clock())
    with database.outbox() as outbox:
        outbox.failed(failing, "is_archived", clock() + timedelta(minutes=5), refused=True, doubt=False)
        outbox.paused(paused, clock() + timedelta(minutes=5), lane=True)
    clock.time -= timedelta(days=1)
    assert {claimed(database, clock()).subject, claimed(database, clock()).subject} == {1, 2}


def test_nothing_waits_longer_than_what_is_taken_for_a_clock_put_back() -> None:
    assert max(LEASE, REST, timedelta(seconds=300 * 1.2), 10 * EDIT_GAP) < FAR


def test_eight_processes_at_once_claim_each_notice_once(database_url: str, clock: FrozenClock) -> None:
    with closing(Database(database_url)) as database:
        for number in range(60):
            want(database, number, clock(), f"C{number}")
    claims: list[int] = []

    def work() -> None:
        with closing(Database(database_url)) as own:
            while True:
                job = claim(own, clock())
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
