"""The delivery looks at the record soon after a commit: once, however many there were in a row."""

import time
from typing import Any, cast

from bot.worker import A_BREATH, Worker

PATIENCE = 10.0


class Unbusy:
    """A delivery that has nothing to deliver, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def claim(self) -> None:
        self.asked += 1

    def next_moment(self) -> None:
        return None


def test_commits_in_a_row_are_looked_at_once_and_the_last_is_not_missed() -> None:
    delivery, unasked = Unbusy(), cast("Any", None)
    worker = Worker(cast("Any", delivery), unasked, unasked, lambda: "T0FIRM")
    thread = worker._threads[0]
    thread.start()
    start = time.monotonic()
    for _ in range(100):
        worker.wake()
        time.sleep(0.001)
    most = (time.monotonic() - start) / A_BREATH + 2
    time.sleep(5 * A_BREATH)
    before = delivery.asked
    worker.wake()
    end = time.monotonic() + PATIENCE
    while delivery.asked == before and time.monotonic() < end:
        time.sleep(0.005)
    worker._stopping.set()
    worker.wake()
    thread.join()
    assert 0 < before <= most
    assert delivery.asked > before
