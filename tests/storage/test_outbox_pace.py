"""The outbox keeps to Slack's rate limits and the right order, also when the clock is moved."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from storage.database import Database
from storage.outbox.outbox import REST
from storage.outbox.rate_limits import ALL_GAP, AT_ONCE, EDIT_GAP, FAR, POST_GAP
from tests.builders import FrozenClock
from tests.storage.claiming import HERE, LEASE, claim, claimed, refresh, seconds_until, show, shown


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def another(database_url: str) -> Iterator[Database]:
    """A second process on the same database, as the database sees it."""
    with closing(Database(database_url)) as database:
        yield database


def test_a_channel_gets_one_message_a_second_and_other_channels_do_not_wait(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    for number in (1, 2, 3):
        refresh(database, number, clock())
    refresh(database, 4, clock(), "C0OTHER")
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


def posted_within(database: Database, clock: FrozenClock, seconds: int) -> list[tuple[float, str]]:
    """What is claimed in a span, trying ten times a second: after how many seconds, and for whom."""
    begun, found = clock(), []
    while clock() < begun + timedelta(seconds=seconds):
        while (job := claim(database, clock())) is not None:
            show(database, job, clock(), f"1.{len(found):06d}")
            found.append(((clock() - begun).total_seconds(), job.target))
        clock.forward(seconds=0.1)
    return found


def test_a_workspace_gets_at_most_three_hundred_posts_a_minute_and_case_notices_do_not_wait(
    database: Database, clock: FrozenClock
) -> None:
    for rep in range(9):
        for number in range(40):
            refresh(database, 100 * rep + number, clock(), f"U0REP{rep}", kind="report")
    for number in range(1, 61):
        refresh(database, number, clock())
    posts = posted_within(database, clock, 60)
    assert 270 <= len(posts) <= 300
    assert sum(target == HERE for _, target in posts) == 55  # one a second, looked at every 0.1 s


def test_the_next_moment_respects_the_rate_limit_of_all_posts(database: Database, clock: FrozenClock) -> None:
    for rep in range(14):
        refresh(database, rep + 1, clock(), f"U0REP{rep}", kind="report")
    for _ in range(AT_ONCE):
        claimed(database, clock())
    assert claim(database, clock()) is None
    with database.outbox() as outbox:
        assert outbox.next_moment() == clock() + ALL_GAP
    clock.time += ALL_GAP
    claimed(database, clock())


def test_an_edit_does_not_wait_for_posts(database: Database, clock: FrozenClock) -> None:
    shown(database, 99, clock, "C0OLD")
    clock.forward(seconds=60)
    for rep in range(14):
        refresh(database, rep + 1, clock(), f"U0REP{rep}", kind="report")
    for _ in range(AT_ONCE):
        claimed(database, clock())
    refresh(database, 99, clock(), "C0OLD")
    assert claimed(database, clock()).subject == 99


def test_an_urgent_notice_goes_first(database: Database, clock: FrozenClock) -> None:
    for number in range(1, 6):
        refresh(database, number, clock())
        clock.forward(seconds=1)
    refresh(database, 6, clock(), urgent=True)
    assert claimed(database, clock()).subject == 6


def test_an_urgent_notice_is_not_urgent_once_it_is_shown(database: Database, clock: FrozenClock) -> None:
    """Somebody clicked and saw the result; the next change of the message waits like any other."""
    refresh(database, 1, clock(), "C1", urgent=True)
    job = claimed(database, clock())
    assert job.urgent
    show(database, job, clock())
    shown(database, 2, clock, "C2")
    refresh(database, 2, clock(), "C2")
    clock.forward(seconds=1)
    refresh(database, 1, clock(), "C1")
    assert claimed(database, clock()).subject == 2


def test_a_notice_that_becomes_urgent_while_it_is_sent_stays_urgent(database: Database, clock: FrozenClock) -> None:
    refresh(database, 1, clock(), "C1")
    job = claimed(database, clock())
    refresh(database, 1, clock(), "C1", urgent=True)
    show(database, job, clock())
    assert claimed(database, clock()).urgent


def test_fifty_edits_a_minute_are_not_exceeded_and_ten_go_at_once(database: Database, clock: FrozenClock) -> None:
    for number in range(80):
        shown(database, number + 1, clock, f"C{number}")
    clock.forward(minutes=1)
    for number in range(80):
        refresh(database, number + 1, clock(), f"C{number}")
    at_once = 0
    while claim(database, clock()):
        at_once += 1
    assert at_once == 10
    in_a_minute = at_once
    for _ in range(240):
        clock.forward(seconds=0.25)
        in_a_minute += claim(database, clock()) is not None
    assert 49 <= in_a_minute <= 50


def test_an_unchanged_message_does_not_count_against_the_rate_limit(database: Database, clock: FrozenClock) -> None:
    for number in range(12):
        shown(database, number, clock, f"C{number}")
    clock.forward(minutes=1)
    for number in range(12):
        refresh(database, number, clock(), f"C{number}")
    jobs = [claimed(database, clock()) for _ in range(10)]
    assert claim(database, clock()) is None
    with database.outbox() as outbox:
        outbox.unchanged(jobs[0], clock())
    jobs.append(claimed(database, clock()))
    assert claim(database, clock()) is None
    assert len({job.subject for job in jobs}) == 11
    with database.outbox() as outbox:
        assert outbox.behind()[0] == 11


def test_a_pause_is_kept_when_a_call_is_not_counted(database: Database, clock: FrozenClock) -> None:
    for number in range(3):
        shown(database, number, clock, f"C{number}")
    for number in range(3):
        refresh(database, number, clock(), f"C{number}")
    refused, equal = claimed(database, clock()), claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(refused, clock() + timedelta(seconds=30), whole_limit=True)
        outbox.unchanged(equal, clock())
    assert 29.9 < seconds_until(lambda: claim(database, clock()), clock, 60) < 31


def test_a_pause_holds_the_whole_rate_limit_and_no_other(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    refresh(database, 1, clock())
    refresh(database, 2, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(job, clock() + timedelta(seconds=30), whole_limit=True)
        outbox.paused(job, clock() + timedelta(seconds=5), whole_limit=True)  # a shorter one does not end a longer one
    refresh(database, 3, clock(), "C0OTHER")
    other = claimed(another, clock())
    assert other.subject == 3
    show(another, other, clock())
    assert 29 < seconds_until(lambda: claim(another, clock()), clock, 60) < 31


def test_a_pause_for_edits_holds_every_edit_though_ten_could_go_at_once(database: Database, clock: FrozenClock) -> None:
    for number in (1, 2):
        shown(database, number, clock, f"C{number}")
        refresh(database, number, clock(), f"C{number}")
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(job, clock() + timedelta(seconds=30), whole_limit=True)
    assert 29 < seconds_until(lambda: claim(database, clock()), clock, 60) < 31


def test_a_pause_of_one_notice_leaves_its_rate_limit_free(database: Database, clock: FrozenClock) -> None:
    refresh(database, 1, clock())
    refresh(database, 2, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(job, clock() + timedelta(seconds=60), whole_limit=False)
    clock.forward(seconds=2)
    assert claimed(database, clock()).subject == 3 - job.subject
    clock.forward(seconds=2)
    assert claim(database, clock()) is None


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1), timedelta(minutes=11), timedelta(minutes=-11)])
def test_a_clock_that_jumps_stalls_nothing(database: Database, clock: FrozenClock, jump: timedelta) -> None:
    shown(database, 9, clock, "C0EDITED")
    for number in (1, 2, 3, 4):
        refresh(database, number, clock(), f"C{number}")
    refresh(database, 5, clock(), "C1")
    refresh(database, 9, clock(), "C0EDITED")
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
    refresh(database, 1, clock())
    refresh(database, 2, clock(), "C0OTHER")
    failing, paused = claimed(database, clock()), claimed(database, clock())
    with database.outbox() as outbox:
        outbox.failed(failing, "is_archived", clock() + timedelta(minutes=5), refused=True, doubt=False)
        outbox.paused(paused, clock() + timedelta(minutes=5), whole_limit=True)
    clock.time -= timedelta(days=1)
    assert {claimed(database, clock()).subject, claimed(database, clock()).subject} == {1, 2}


def test_no_wait_is_long_enough_to_be_taken_for_a_clock_put_back() -> None:
    assert max(LEASE, REST, timedelta(seconds=300 * 1.2), 10 * EDIT_GAP) < FAR
