"""Limits how many requests are worked on at once; docs/decisions/request-slots.md says why, with measurements."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from slack_bolt import App, BoltRequest, BoltResponse

MAX_AT_ONCE: Final = 2  # one works while the other waits for the disk
MAX_WAIT: Final = 0.5  # seconds; then a request goes on without a slot: a locked database must not hold up everybody
FLOW: Final = 0.05  # seconds; a request that comes sooner after an answer than that is probably not the last one
LULL: Final = 0.01  # seconds after an answer in which the next request of a flow is awaited


class RequestSlots:
    """A semaphore that a thread can release for a while, when it waits for Slack.

    `longest_wait`: seconds after which a request goes on without a slot. `ticks`: the monotonic clock, in seconds.
    """

    def __init__(self, longest_wait: float = MAX_WAIT, ticks: Callable[[], float] = time.monotonic) -> None:
        self._longest_wait = longest_wait
        self._ticks = ticks
        self._free = threading.Semaphore(MAX_AT_ONCE)
        self._this_thread = threading.local()
        self._lock = threading.Lock()
        self._requests = 0
        self._answered_at = -FLOW
        self._in_flow = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for a slot, at most `longest_wait`, and hold it during the block."""
        with self._counted():
            self._this_thread.holds_slot = self._free.acquire(timeout=self._longest_wait)
            try:
                yield
            finally:
                if self._this_thread.holds_slot:
                    self._free.release()
                self._this_thread.holds_slot = False

    @contextmanager
    def released(self) -> Iterator[None]:
        """Release this thread's slot, if it holds one, during the block; then wait for one as `held` does."""
        if not getattr(self._this_thread, "holds_slot", False):
            yield
            return
        self._free.release()
        try:
            yield
        finally:
            self._this_thread.holds_slot = self._free.acquire(timeout=self._longest_wait)

    def in_use(self) -> bool:
        """Whether a request is being worked on, waits for a slot, or is awaited: they come one upon the other."""
        return self._requests > 0 or (self._in_flow and self._ticks() - self._answered_at < LULL)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._lock:
            self._requests += 1
            self._in_flow = self._ticks() - self._answered_at < FLOW
        try:
            yield
        finally:
            with self._lock:
                self._requests -= 1
                self._answered_at = self._ticks()


class LimitedApp(App):
    """Bolt's app, in which each request, over HTTP or a socket, waits for a slot."""

    slots: RequestSlots

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """See `App.dispatch`."""
        with self.slots.held():
            return super().dispatch(req)
