from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Clock:
    """The sandbox's time: the real clock plus what people moved it forward on the page.

    Signatures use real time, since the bot compares them with its own clock. Everything else uses the sandbox's time.
    """

    def __init__(self, real: Callable[[], datetime], behind: timedelta = timedelta()) -> None:
        self.real = real
        self.offset = -behind
        self.moved: Callable[[], object] = lambda: None  # called after each move
        self.skew = 0.0  # seconds by which Slack's own clock is ahead of this machine's
        self._last_ts = 0

    def now(self) -> datetime:
        """The sandbox's time, aware, in UTC."""
        return self.real().astimezone(UTC) + self.offset

    def forward(self, seconds: float) -> datetime:
        """Move the clock forward and return the new time; never back, since timestamps may only grow."""
        if seconds < 0:
            raise ValueError("The clock only goes forward.")
        self.offset += timedelta(seconds=seconds)
        self.moved()
        return self.now()

    def ticks(self) -> float:
        """Seconds that only grow, also where the real clock is put back; for what is counted within a time."""
        return monotonic() + self.offset.total_seconds()

    def seconds(self) -> int:
        """The sandbox's time in whole seconds since 1970, as in Slack's JSON."""
        return int(self.now().timestamp())

    def real_seconds(self) -> int:
        """Slack's real time in whole seconds since 1970, for signatures and the Date of its answers."""
        return int(self.real().timestamp() + self.skew)

    def ts(self) -> str:
        """The next message timestamp "seconds.micros"; later than every one before."""
        self._last_ts = max((self.now() - EPOCH) // MICROSECOND, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def as_json(self) -> dict[str, str | float]:
        """The clock as the page gets it."""
        return {"now": self.now().isoformat(), "offset_seconds": self.offset.total_seconds()}
