"""People whose profile a request wants to have read from Slack. The roster's thread reads them one after the other."""

import logging
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final, NamedTuple

from bot.rules.people import Person
from bot.usecases.transport import Refused

STEP: Final = 0.25  # seconds between two checks whether to go on

log = logging.getLogger(__name__)


class _Asked(NamedTuple):
    person: Person
    answered: threading.Event


class ProfileRequests:
    """A queue between the threads that answer Slack and the one that reads profiles."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[_Asked | None] = SimpleQueue()

    def ask(self, person: Person, patience: float) -> None:
        """Have their profile read soon. Waits until it was, for so many seconds at most."""
        asked = _Asked(person, threading.Event())
        self._queue.put(asked)
        if patience:
            asked.answered.wait(patience)

    def wake(self) -> None:
        """Let `serve` look at once whether it goes on."""
        self._queue.put(None)

    def serve(self, read: Callable[[str, str], None], goes_on: Callable[[], bool]) -> None:
        """Read the profiles that were asked for, while `goes_on`. `read` takes the workspace and the user.

        That Slack refuses to speak of one person says nothing of others; anything else that `read` raises ends it.
        """
        while goes_on():
            try:
                asked = self._queue.get(timeout=STEP)
            except Empty:
                continue
            if asked:
                self._read(asked, read)

    def _read(self, asked: _Asked, read: Callable[[str, str], None]) -> None:
        try:
            read(asked.person.team, asked.person.user)
        except Refused as refused:
            log.warning("a profile was not read", extra={"ids": {"error": str(refused)}})
        finally:
            asked.answered.set()
