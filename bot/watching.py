"""How the bot does stands in the Homes of managers: they follow when it changes, though nothing on record did."""

from collections.abc import Callable, Sequence


class Watch:
    """Looks at the bot's health; `tell` is called where it is not what it was at the last look that could be told.

    At the first look it is told whatever it is: Homes may still show what kept an earlier run from its work.
    """

    def __init__(self, health: Callable[[], Sequence[str]], tell: Callable[[], None]) -> None:
        self.health = health
        self.tell = tell
        self._told: tuple[str, ...] | None = None

    def look(self) -> None:
        """Look now. Raises NotRecorded where it could not be told, which a later look makes up for."""
        found = tuple(self.health())
        if found != self._told:
            self.tell()
            self._told = found
