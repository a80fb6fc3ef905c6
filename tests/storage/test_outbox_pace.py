"""The outbox keeps to Slack's rate limits and the right order, also when the clock is moved."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from bot.rules.notices import Notice
from storage.database import Database
from storage.outbox.outbox import REST
from storage.outbox.rate_limits import A_CHANNEL, EDIT, FAR, HOME, MINUTE, PACES, POST
from tests.builders import FRIDAY, FrozenClock
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
        assert outbox.next_moment() == clock() + A_CHANNEL.gap
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


def all_at_once(database: Database, clock: FrozenClock) -> list[Notice]:
    """What can be claimed without any time passing."""
    return list(iter(lambda: claim(database, clock()), None))


def report_at_once(database: Database, clock: FrozenClock, reps: int) -> None:
    for rep in range(reps):
        refresh(database, rep + 1, clock(), f"U0REP{rep}", kind="report")


def test_sixty_reps_who_report_at_once_have_their_messages_at_once(database: Database, clock: FrozenClock) -> None:
    refresh(database, 1, clock())
    refresh(database, 2, clock(), "C0DIRECTORS", kind="raised")
    report_at_once(database, clock, 60)
    assert len(all_at_once(database, clock)) == 62
    assert claim(database, clock()) is None


def test_after_a_burst_the_rest_is_spread_evenly(database: Database, another: Database, clock: FrozenClock) -> None:
    report_at_once(database, clock, 100)
    assert len(all_at_once(database, clock)) == PACES[POST].at_once
    while clock() < FRIDAY + 5 * PACES[POST].gap:
        with database.outbox() as outbox:
            assert outbox.next_moment() == clock() + PACES[POST].gap
        clock.time += PACES[POST].gap
        assert len(all_at_once(another, clock)) == 1
    clock.forward(minutes=1)
    assert len(all_at_once(database, clock)) == 100 - PACES[POST].at_once - 5


def test_two_processes_share_one_bucket_and_a_restart_does_not_fill_it(
    database: Database, another: Database, database_url: str, clock: FrozenClock
) -> None:
    report_at_once(database, clock, 100)
    for _ in range(PACES[POST].at_once // 2):
        claimed(database, clock())
        claimed(another, clock())
    assert claim(database, clock()) is None
    with closing(Database(database_url)) as restarted:
        assert claim(restarted, clock()) is None


def test_a_case_notice_does_not_wait_when_the_bucket_is_empty_and_counts_all_the_same(
    database: Database, clock: FrozenClock
) -> None:
    report_at_once(database, clock, 100)
    all_at_once(database, clock)
    refresh(database, 1, clock())
    assert claimed(database, clock()).target == HERE
    clock.time += PACES[POST].gap
    assert claim(database, clock()) is None
    clock.time += PACES[POST].gap
    assert claimed(database, clock()).kind == "report"


@pytest.mark.parametrize(("limit", "a_minute"), [(EDIT, 50), (HOME, 100), (POST, 300 - 1)])  # 1: a case notice
def test_no_more_calls_can_reach_slack_within_a_minute_than_it_allows(limit: str, a_minute: int) -> None:
    """Though some reach it as late as a call can."""
    assert PACES[limit].at_once + (MINUTE + REST) / PACES[limit].gap <= a_minute


def test_an_edit_does_not_wait_for_posts(database: Database, clock: FrozenClock) -> None:
    shown(database, 99, clock, "C0OLD")
    clock.forward(seconds=60)
    report_at_once(database, clock, 70)
    assert len(all_at_once(database, clock)) == PACES[POST].at_once
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


@pytest.mark.parametrize(("kind", "at_once", "a_minute"), [("case", 10, 36), ("home", 40, 54)])
def test_some_edits_and_homes_go_at_once_and_the_rest_evenly(
    database: Database, clock: FrozenClock, kind: str, at_once: int, a_minute: int
) -> None:
    for number in range(100):
        refresh(database, number, clock(), f"U{number}", kind=kind)
        show(database, claimed(database, clock()), clock())
        clock.forward(seconds=2)
    clock.forward(minutes=1)
    for number in range(100):
        refresh(database, number, clock(), f"U{number}", kind=kind)
    found = posted_within(database, clock, 61)
    assert sum(seconds == 0 for seconds, _ in found) == at_once
    assert at_once + a_minute - 1 <= sum(seconds <= 60 for seconds, _ in found) <= at_once + a_minute


def test_an_unchanged_message_does_not_count_against_the_rate_limit(database: Database, clock: FrozenClock) -> None:
    for number in range(12):
        shown(database, number, clock, f"C{number}")
    clock.forward(minutes=1)
    for number in range(12):
        refresh(database, number, clock(), f"C{number}")
    jobs = [claimed(database, clock()) for _ in range(10)]
    assert claim(database, clock()) is None
    with database.outbox() as outbox:
        outbox.unchanged(jobs[0], clock(), clock())
    jobs.append(claimed(database, clock()))
    assert claim(database, clock()) is None
    assert len({job.subject for job in jobs}) == 11
    with database.outbox() as outbox:
        assert outbox.behind()[0] == 11


def test_a_call_that_time_alone_has_made_up_for_is_not_given_back(database: Database, clock: FrozenClock) -> None:
    """Else more edits would go at once than are allowed: a slow worker found its message unchanged."""
    for number in range(30):
        shown(database, number, clock, f"C{number}")
    for number in range(30):
        refresh(database, number, clock(), f"C{number}")
    begun = clock()
    slow = all_at_once(database, clock)
    clock.time += PACES[EDIT].ahead + PACES[EDIT].gap
    at_once = len(all_at_once(database, clock))
    with database.outbox() as outbox:
        for job in slow:
            outbox.unchanged(job, begun, clock())
    assert at_once + len(all_at_once(database, clock)) == PACES[EDIT].at_once


def test_a_pause_is_kept_when_a_call_is_not_counted(database: Database, clock: FrozenClock) -> None:
    for number in range(3):
        shown(database, number, clock, f"C{number}")
    for number in range(3):
        refresh(database, number, clock(), f"C{number}")
    refused, equal = claimed(database, clock()), claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(refused, clock(), clock() + timedelta(seconds=30), whole_limit=True)
        outbox.unchanged(equal, clock(), clock())
    assert 29.9 < seconds_until(lambda: claim(database, clock()), clock, 60) < 31


def test_a_pause_holds_the_whole_rate_limit_and_no_other(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    refresh(database, 1, clock())
    refresh(database, 2, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(job, clock(), clock() + timedelta(seconds=30), whole_limit=True)
        outbox.paused(
            job, clock(), clock() + timedelta(seconds=5), whole_limit=True
        )  # a shorter one does not end a longer one
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
        outbox.paused(job, clock(), clock() + timedelta(seconds=30), whole_limit=True)
    assert 29 < seconds_until(lambda: claim(database, clock()), clock, 60) < 31


def test_a_pause_of_one_notice_leaves_its_rate_limit_free(database: Database, clock: FrozenClock) -> None:
    refresh(database, 1, clock())
    refresh(database, 2, clock())
    job = claimed(database, clock())
    with database.outbox() as outbox:
        outbox.paused(job, clock(), clock() + timedelta(seconds=60), whole_limit=False)
    clock.forward(seconds=2)
    assert claimed(database, clock()).subject == 3 - job.subject
    clock.forward(seconds=2)
    assert claim(database, clock()) is None


def test_posts_to_two_channels_that_are_paused_show_that_the_whole_workspace_is(
    database: Database, another: Database, clock: FrozenClock
) -> None:
    """Slack does not say which limit a post went over; to ask for each of sixty channels would be sixty refusals."""
    report_at_once(database, clock, 60)
    first, second = claimed(database, clock()), claimed(another, clock())
    pause_until(database, first, clock, 30)
    third = claimed(another, clock())
    show(another, third, clock())
    pause_until(another, second, clock, 30)
    assert claim(database, clock()) is None
    refresh(database, 1, clock())
    case = claimed(database, clock())
    assert case.kind == "case"
    show(database, case, clock())
    with database.outbox() as outbox:
        assert outbox.next_moment() == clock() + timedelta(seconds=30) + PACES[POST].gap  # the case counted
    clock.forward(seconds=30)
    found = posted_within(database, clock, 20)
    assert len(found) == 59
    assert sum(second <= 1 for second, _ in found) <= 4  # no burst, though the bucket had been full


def test_a_pause_of_edits_or_of_an_earlier_minute_pauses_no_posts(database: Database, clock: FrozenClock) -> None:
    shown(database, 1, clock, "C0EDITED")
    refresh(database, 1, clock(), "C0EDITED")
    report_at_once(database, clock, 3)
    edit, early, late = claimed(database, clock()), claimed(database, clock()), claimed(database, clock())
    assert edit.kind == "case"
    pause_until(database, edit, clock, 60)
    pause_until(database, early, clock, 5)
    clock.forward(seconds=6)
    pause_until(database, late, clock, 5)
    assert claimed(database, clock()).kind == "report"


def pause_until(database: Database, refused: Notice, clock: FrozenClock, seconds: float) -> None:
    with database.outbox() as outbox:
        outbox.paused(refused, clock(), clock() + timedelta(seconds=seconds), whole_limit=True)


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
        outbox.paused(paused, clock(), clock() + timedelta(minutes=5), whole_limit=True)
    clock.time -= timedelta(days=1)
    assert {claimed(database, clock()).subject, claimed(database, clock()).subject} == {1, 2}


def test_no_wait_is_long_enough_to_be_taken_for_a_clock_put_back() -> None:
    longest = timedelta(seconds=300 * 1.2)  # of a backoff; Slack's pauses are cut at 300 s
    assert max(LEASE, REST, longest + max(pace.ahead + pace.gap for pace in PACES.values())) < FAR
