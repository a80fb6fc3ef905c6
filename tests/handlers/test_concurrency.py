"""A few requests at a time, none forgotten: whatever raises, waits for Slack, or asks without a turn."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from handlers.concurrency import AT_ONCE, RequestSlots

CROWD = 12


def in_threads(work: Callable[[], None], number: int = CROWD) -> None:
    with ThreadPoolExecutor(number) as pool:
        for done in [pool.submit(work) for _ in range(number)]:
            done.result(10)


def test_no_more_than_a_few_work_at_once_and_all_get_their_turn() -> None:
    turns, lock, inside, most, done = RequestSlots(), threading.Lock(), [0], [0], []

    def work() -> None:
        with turns.taken():
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            threading.Event().wait(0.01)
            with lock:
                inside[0] -= 1
                done.append(1)

    in_threads(work)
    assert len(done) == CROWD
    assert most[0] == AT_ONCE


def test_who_waits_for_slack_gives_the_turn_to_somebody_else() -> None:
    turns, all_there = RequestSlots(), threading.Barrier(CROWD, timeout=10)

    def work() -> None:
        with turns.taken(), turns.left():
            all_there.wait()  # breaks unless all twelve wait for Slack at the same time

    in_threads(work)
    assert not turns.asked()


def test_a_turn_that_ends_in_an_error_is_free_again() -> None:
    turns = RequestSlots()

    def breaks() -> None:
        with pytest.raises(ValueError, match="broke"), turns.taken(), turns.left():
            raise ValueError("broke")

    in_threads(breaks)
    with ExitStack() as held:
        for _ in range(AT_ONCE):
            held.enter_context(turns.taken())


def test_leaving_without_a_turn_makes_no_turn_out_of_nothing() -> None:
    turns = RequestSlots()
    with turns.left():
        pass
    got = threading.Event()

    def one_more() -> None:
        with turns.taken():
            got.set()

    with ExitStack() as held:
        for _ in range(AT_ONCE):
            held.enter_context(turns.taken())
        late = threading.Thread(target=one_more)
        late.start()
        assert not got.wait(0.2)
    late.join(10)
    assert got.is_set()


def test_who_holds_a_turn_for_good_holds_up_nobody_for_good() -> None:
    turns = RequestSlots()
    with ExitStack() as held:
        for _ in range(AT_ONCE):
            held.enter_context(turns.taken())
        in_threads(lambda: _through(turns))
    assert not turns.asked()


def _through(turns: RequestSlots) -> None:
    with turns.taken(), turns.left():
        pass


def test_somebody_waits_for_an_answer_from_asking_on_until_it_is_given() -> None:
    turns, go = RequestSlots(), threading.Event()

    def work() -> None:
        with turns.taken():
            go.wait(10)

    assert not turns.asked()
    threads = [threading.Thread(target=work) for _ in range(AT_ONCE + 1)]
    for thread in threads:
        thread.start()
    while not turns.asked():
        go.wait(0.01)
    go.set()
    for thread in threads:
        thread.join(10)
    assert not turns.asked()


def test_who_comes_back_from_slack_to_turns_that_are_held_for_good_is_held_up_no_longer_either() -> None:
    turns, others_have_them, done = RequestSlots(), threading.Event(), threading.Event()

    def answer() -> None:
        with turns.taken(), turns.left():
            assert others_have_them.wait(10)
        done.set()

    late = threading.Thread(target=answer)
    late.start()
    with ExitStack() as held:
        for _ in range(AT_ONCE):
            held.enter_context(turns.taken())
        others_have_them.set()
        assert done.wait(10)
    late.join(10)
    with ExitStack() as held:  # and none has become more or fewer by it
        for _ in range(AT_ONCE):
            held.enter_context(turns.taken())
        assert not turns._free.acquire(blocking=False)
