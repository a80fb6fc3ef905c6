"""How the bot does stands in the Homes of managers: they follow when it changes, though nothing on record did."""

import logging
import threading
from collections.abc import Callable, Sequence

from bot.desk.refusals import NotRecorded

log = logging.getLogger(__name__)

GLANCE = 30.0  # seconds between two looks


class Watch:
    """Looks at the bot's health now and then, from `start` to `stop`; `tell` is called where it is not what it was.

    After a start it is told once whatever it is: Homes may still show what kept an earlier run from its work.
    """

    def __init__(self, health: Callable[[], Sequence[str]], tell: Callable[[], None], every: float = GLANCE) -> None:
        self.health = health
        self.tell = tell
        self.every = every
        self._told: tuple[str, ...] | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and return when it has."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Look now. What cannot be told is told at a later look."""
        found = tuple(self.health())
        if found == self._told:
            return
        try:
            self.tell()
        except NotRecorded:
            return  # the database is away, which nobody's Home can be made to show
        self._told = found

    def _go_on(self) -> None:
        while not self._stopping.wait(self.every):
            try:
                self.look()
            except Exception:  # without this a mistake of ours in one look would end all others
                log.exception("a look at the bot's health broke; it goes on")
