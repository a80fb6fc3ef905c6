"""The outbox keeps to Slack's pace, in the right order, and whatever the clock does."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from storage.database import Database
from storage.outbox.outbox import REST
from storage.outbox.rate_limits import ALL_GAP, AT_ONCE, EDIT_GAP, FAR, POST_GAP
from tests.builders import TEAM, FrozenClock
from tests.storage.claiming import HERE, LEASE, claim, claimed, seconds_until, show, shown, want


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def another(database_url: str) -> Iterator[Database]:
    """Another process on the same database, as far as the database can tell."""
    with closing(Database(database_url)) as database:
        yield database


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


def posted_within(database: Database, clock: FrozenClock, seconds: int) -> list[tuple[float, str]]:
    """What is claimed in a span, looked at ten times a second: after how many seconds, and for whom."""
    begun, found = clock(), []
    while clock() < begun + timedelta(seconds=seconds):
        while (job := claim(database, clock())) is not None:
            show(database, job, clock(), f"1.{len(found):06d}")
            found.append(((clock() - begun).total_seconds(), job.target))
        clock.forward(seconds=0.1)
    return found


def test_a_workspace_gets_no_more_than_three_hundred_posts_a_minute_and_management_waits_for_none_of_them(
    database: Database, clock: FrozenClock
) -> None:
    for rep in range(9):
        for number in range(40):
            want(database, 100 * rep + number, clock(), f"U0REP{rep}", kind="report")
    for number in range(1, 61):
        want(database, number, clock())
    posts = posted_within(database, clock, 60)
    assert 270 <= len(posts) <= 300
    assert sum(target == HERE for _, target in posts) == 55  # one a second, looked at every 0.1 s


def test_the_next_moment_knows_of_the_lane_of_all_posts(database: Database, clock: FrozenClock) -> None:
    for rep in range(14):
        want(database, rep + 1, clock(), f"U0REP{rep}", kind="report")
    for _ in range(AT_ONCE):
        claimed(database, clock())
    assert claim(database, clock()) is None
    with database.outbox() as outbox:
        assert outbox.next_moment() == clock() + ALL_GAP
    clock.time += ALL_GAP
    claimed(database, clock())


def test_an_edit_waits_for_no_post(database: Database, clock: FrozenClock) -> None:
    shown(database, 99, clock, "C0OLD")
    clock.forward(seconds=60)
    for rep in range(14):
        want(database, rep + 1, clock(), f"U0REP{rep}", kind="report")
    for _ in range(AT_ONCE):
        claimed(database, clock())
    want(database, 99, clock(), "C0OLD")
    assert claimed(database, clock()).subject == 99


def test_what_is_urgent_goes_first(database: Database, clock: FrozenClock) -> None:
    for number in range(1, 6):
        want(database, number, clock())
        clock.forward(seconds=1)
    want(database, 6, clock(), urgent=True)
    assert claimed(database, clock()).subject == 6


def test_what_was_urgent_is_no_longer_once_it_is_shown(database: Database, clock: FrozenClock) -> None:
    """Somebody clicked and saw what came of it; the next change of that message has its turn like any other."""
    want(database, 1, clock(), "C1", urgent=True)
    job = claimed(database, clock())
    assert job.urgent
    show(database, job, clock())
    shown(database, 2, clock, "C2")
    want(database, 2, clock(), "C2")
    clock.forward(seconds=1)
    want(database, 1, clock(), "C1")
    assert claimed(database, clock()).subject == 2


def test_what_became_urgent_on_its_way_is_urgent_once_more(database: Database, clock: FrozenClock) -> None:
    want(database, 1, clock(), "C1")
    job = claimed(database, clock())
    want(database, 1, clock(), "C1", urgent=True)
    show(database, job, clock())
    assert claimed(database, clock()).urgent


def test_of_what_is_clicked_the_newest_round_is_urgent(database: Database, clock: FrozenClock) -> None:
    for number in (1, 2, 3):
        shown(database, number, clock, f"C{number}")
    for number in (1, 2, 3):
        want(database, number, clock(), f"C{number}")
        clock.forward(seconds=1)
    with database.begin(TEAM) as tx:
        tx.notices.want_newest(("case",), 3, clock())
    assert not claimed(database, clock()).urgent
    with database.begin(TEAM) as tx:
        tx.notices.want_newest(("case",), 3, clock(), urgent=True)
    assert claimed(database, clock()).subject == 3


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


def test_what_stands_there_already_takes_no_turn_from_others(database: Database, clock: FrozenClock) -> None:
    for number in range(12):
        shown(database, number, clock, f"C{number}")
    clock.forward(minutes=1)
    for number in range(12):
        want(database, number, clock(), f"C{number}")
    jobs = [claimed(database, clock()) for _ in range(10)]
    assert claim(database, clock()) is None
    with database.outbox() as outbox:
        outbox.unchanged(jobs[0], clock())
    jobs.append(claimed(database, clock()))
    assert claim(database, clock()) is None
    assert len({job.subject for job in jobs}) == 11
    with database.outbox() as outbox:
        assert outbox.behind()[0] == 11


def test_a_pause_is_kept_though_a_turn_is_given_back(database: Database, clock: FrozenClock) -> None:
    for number in range(3):
        shown(database, number, clock, f"C{number}")
    for number in range(3):
        want(database, number, clock(), f"C{number}")
    refused, equal = claimed(database, clock()), claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(refused, clock() + timedelta(seconds=30), lane=True)
        outbox.unchanged(equal, clock())
    assert 29.9 < seconds_until(lambda: claim(database, clock()), clock, 60) < 31


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
