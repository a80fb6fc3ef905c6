"""Requests take turns: a few are worked on at once, and the others wait where waiting costs nothing.

Python runs one thread at a time. Sixteen that all want to work hand the interpreter around, some milliseconds each,
while the one that holds the database's lock waits for it again after every statement: 500 requests at once were
answered half as fast as one after the other.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from slack_bolt import App, BoltRequest, BoltResponse

AT_ONCE: Final = 2  # one works while the other waits for the disk
PATIENCE: Final = 0.5  # seconds; what holds up those who have a turn, as a locked database, must not hold up everybody


class RequestSlots:
    """`taken` waits for a turn and holds it; `left` gives it to somebody else while its holder waits for Slack."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(AT_ONCE)
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._asking = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A turn, for as long as the block lasts; without one after a while, if those who hold them are held up."""
        with self._counted():
            self._mine.held = self._free.acquire(timeout=PATIENCE)
            try:
                yield
            finally:
                if self._mine.held:
                    self._free.release()
                self._mine.held = False

    @contextmanager
    def left(self) -> Iterator[None]:
        """Without the turn that this thread may hold, and with one again after the block, as soon as with `taken`."""
        if not getattr(self._mine, "held", False):
            yield
            return
        self._free.release()
        try:
            yield
        finally:
            self._mine.held = self._free.acquire(timeout=PATIENCE)

    def asked(self) -> bool:
        """Whether anybody waits for an answer right now."""
        return self._asking > 0

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self._lock:
            self._asking += more


class LimitedApp(App):
    """Bolt's app, in which each request, over HTTP or a socket, waits for its turn."""

    turns: RequestSlots

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """See `App.dispatch`."""
        with self.turns.taken():
            return super().dispatch(req)
