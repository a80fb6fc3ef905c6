"""At most two requests hold a slot, whatever raises, waits for Slack, or has none."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from handlers.concurrency import FLOW, LULL, MAX_AT_ONCE, RequestSlots
from tests.builders import PATIENCE

CROWD = 12


def in_threads(work: Callable[[], None], number: int = CROWD) -> None:
    with ThreadPoolExecutor(number) as pool:
        for done in [pool.submit(work) for _ in range(number)]:
            done.result(PATIENCE)


def test_at_most_two_requests_hold_a_slot_and_all_get_one() -> None:
    slots, lock, inside, most, done = RequestSlots(PATIENCE), threading.Lock(), [0], [0], []

    def work() -> None:
        with slots.held():
            with lock:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            threading.Event().wait(0.01)
            with lock:
                inside[0] -= 1
                done.append(1)

    in_threads(work)
    assert len(done) == CROWD
    assert most[0] == MAX_AT_ONCE


def test_a_request_that_waits_for_slack_releases_its_slot() -> None:
    slots, all_there = RequestSlots(PATIENCE), threading.Barrier(CROWD, timeout=PATIENCE)

    def work() -> None:
        with slots.held(), slots.released():
            all_there.wait()  # breaks unless all twelve wait for Slack at the same time

    in_threads(work)
    assert not slots.in_use()


def test_a_slot_is_free_again_after_an_error() -> None:
    slots = RequestSlots(PATIENCE)

    def breaks() -> None:
        with pytest.raises(ValueError, match="broke"), slots.held(), slots.released():
            raise ValueError("broke")

    in_threads(breaks)
    with ExitStack() as held:
        for _ in range(MAX_AT_ONCE):
            held.enter_context(slots.held())


def test_releasing_without_a_slot_adds_none() -> None:
    slots = RequestSlots(PATIENCE)
    with slots.released():
        pass
    got = threading.Event()

    def one_more() -> None:
        with slots.held():
            got.set()

    with ExitStack() as held:
        for _ in range(MAX_AT_ONCE):
            held.enter_context(slots.held())
        late = threading.Thread(target=one_more)
        late.start()
        assert not got.wait(0.2)
    late.join(PATIENCE)
    assert got.is_set()


def test_requests_go_on_without_a_slot_if_none_becomes_free() -> None:
    slots = RequestSlots()
    with ExitStack() as held:
        for _ in range(MAX_AT_ONCE):
            held.enter_context(slots.held())
        in_threads(lambda: _through(slots))
    assert not slots.in_use()


def _through(slots: RequestSlots) -> None:
    with slots.held(), slots.released():
        pass


def test_slots_are_in_use_from_the_request_until_its_answer() -> None:
    slots, go = RequestSlots(PATIENCE), threading.Event()

    def work() -> None:
        with slots.held():
            go.wait(PATIENCE)

    assert not slots.in_use()
    threads = [threading.Thread(target=work) for _ in range(MAX_AT_ONCE + 1)]
    for thread in threads:
        thread.start()
    while not slots.in_use():
        go.wait(0.01)
    go.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert not slots.in_use()


def test_between_requests_that_come_one_upon_the_other_the_next_one_is_awaited_for_a_moment() -> None:
    now = [100.0]
    slots = RequestSlots(PATIENCE, lambda: now[0])

    def one_after(seconds: float) -> None:
        now[0] += seconds
        with slots.held():
            pass

    one_after(0)
    assert not slots.in_use()  # a single one: what it brings about goes on at once
    one_after(FLOW * 0.9)
    assert slots.in_use()
    now[0] += LULL
    assert not slots.in_use()
    one_after(FLOW)
    assert not slots.in_use()


def test_a_request_that_comes_back_from_slack_goes_on_without_a_slot_too() -> None:
    slots, others_have_them, done = RequestSlots(), threading.Event(), threading.Event()

    def answer() -> None:
        with slots.held(), slots.released():
            assert others_have_them.wait(PATIENCE)
        done.set()

    late = threading.Thread(target=answer)
    late.start()
    with ExitStack() as held:
        for _ in range(MAX_AT_ONCE):
            held.enter_context(slots.held())
        others_have_them.set()
        assert done.wait(PATIENCE)
    late.join(PATIENCE)
    with ExitStack() as held:  # and none has become more or fewer by it
        for _ in range(MAX_AT_ONCE):
            held.enter_context(slots.held())
        assert not slots._free.acquire(blocking=False)
