"""Watches what the bot needs: the threads that try the database and Slack, and that check its health."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Final

from bot.loops import RunOnce, keep_going, trouble_ids
from bot.rules.refusals import NotRecorded
from bot.rules.troubles import DatabaseTrouble

log = logging.getLogger(__name__)

TRY_AGAIN_IN: Final = 3.0  # seconds between two tries of the database
LOCKED_AGAIN_IN: Final = 1.0  # a lock may be somebody's long transaction: it counts from the second try on
PATIENCE: Final = 8.0  # seconds without an end of a try after which the database is called silent
KEPT: Final = 15.0  # seconds for which it counts that a use case found the disk full, whatever fits on it by then
LASTING: Final = frozenset(
    {DatabaseTrouble.FULL, DatabaseTrouble.READ_ONLY, DatabaseTrouble.DAMAGED, DatabaseTrouble.DISK}
)


class DatabaseWatch:
    """Tries every few seconds whether something can be recorded. `ticks`: the monotonic clock, in seconds.

    `again_in`: seconds between two tries. `kept`: see KEPT.
    """

    def __init__(
        self,
        try_to_write: Callable[[], None],
        ticks: Callable[[], float] = time.monotonic,
        again_in: float = TRY_AGAIN_IN,
        kept: float = KEPT,
    ) -> None:
        self._try_to_write, self._ticks = try_to_write, ticks
        self._again_in, self._kept = again_in, kept
        self._ended_at = self._since = ticks()
        self._kept_until = 0.0
        self._failure: NotRecorded | None = None
        self._locked = False

    def look(self) -> float:
        """Try it now. Returns after how many seconds to try again."""
        try:
            self._try_to_write()
        except NotRecorded as failure:
            is_new_lock = failure.trouble is DatabaseTrouble.LOCKED and not self._locked
            self._locked = failure.trouble is DatabaseTrouble.LOCKED
            if not is_new_lock:
                self._found(failure)
        else:
            self._locked = False
            if self._ticks() >= self._kept_until:
                self._found(None)
        self._ended_at = self._ticks()
        return min(LOCKED_AGAIN_IN, self._again_in) if self._locked else self._again_in

    def refused(self, failure: NotRecorded) -> None:
        """A transaction that was to write failed. What is small may still fit where that did not."""
        if failure.trouble in LASTING:
            self._kept_until = self._ticks() + self._kept
            self._found(failure)

    def failure(self) -> NotRecorded | None:
        """Why nothing can be recorded now; None where it can. It never waits."""
        if self._failure is None and self._ticks() - self._ended_at > PATIENCE:
            self._found(NotRecorded(DatabaseTrouble.SILENT))
        return self._failure

    def _found(self, failure: NotRecorded | None) -> None:
        before, self._failure = self._failure, failure
        if failure and (before is None or before.trouble is not failure.trouble):
            log.error("nothing can be recorded", extra={"ids": trouble_ids(failure)})
        if failure and before is None:
            self._since = self._ticks()
        if before and failure is None:
            log.info("the database is back", extra={"ids": {"seconds": round(self._ticks() - self._since)}})


class Watch:
    """Threads from `start` to `stop`, one for each of `loops`, by the names in `bot.loops.BROKE`.

    `broke` has a sentence for each that broke and has not worked since.
    """

    def __init__(self, loops: Mapping[str, RunOnce], broke: MutableMapping[str, str]) -> None:
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(
                target=keep_going,
                args=(name, run_once, self._stopping.wait, self._stopping, broke),
                name=name,
                daemon=True,
            )
            for name, run_once in loops.items()
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the threads. A call to a server that does not answer is not waited for."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(1)
