"""The delivery reads the database soon after a commit: once, however many commits there were in a row."""

import time
from typing import Any, cast

from bot.worker import WAKE_DELAY, Worker

TIMEOUT = 10.0


class IdleDelivery:
    """A delivery without messages that counts its claims."""

    def __init__(self) -> None:
        self.claims = 0

    def claim(self) -> None:
        self.claims += 1

    def next_moment(self) -> None:
        return None


def test_commits_in_a_row_cause_one_read_and_the_last_is_not_missed() -> None:
    delivery, unused = IdleDelivery(), cast("Any", None)
    worker = Worker(cast("Any", delivery), unused, unused, lambda: "T0FIRM")
    thread = worker._threads[0]
    thread.start()
    start = time.monotonic()
    for _ in range(100):
        worker.wake()
        time.sleep(0.001)
    most = (time.monotonic() - start) / WAKE_DELAY + 2
    time.sleep(5 * WAKE_DELAY)
    before = delivery.claims
    worker.wake()
    end = time.monotonic() + TIMEOUT
    while delivery.claims == before and time.monotonic() < end:
        time.sleep(0.005)
    worker._stopping.set()
    worker.wake()
    thread.join()
    assert 0 < before <= most
    assert delivery.claims > before
