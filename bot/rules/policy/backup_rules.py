"""The policy's rules for backup: who is asked when, while a rep waits for somebody."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class BackupRules:
    """Who is asked when, while a rep waits for somebody.

    `alone`: what to do where nobody comes. `here`: the channel is asked with @here.
    """

    wider_after_seconds: int = 60
    alone_after_seconds: int = 180
    alone: str = ""
    here: bool = False

    @property
    def wider_after(self) -> timedelta:
        """After so long without anybody, a wider circle is asked."""
        return timedelta(seconds=self.wider_after_seconds)

    @property
    def alone_after(self) -> timedelta:
        """After so long without anybody, the rep reads what to do alone."""
        return timedelta(seconds=self.alone_after_seconds)

    @property
    def late_after(self) -> timedelta:
        """After so long nobody is notified of a call as of a new one: time for every circle, and some more."""
        return max(self.alone_after, 3 * self.wider_after) + 2 * self.wider_after


BY_DEFAULT: Final = BackupRules()
