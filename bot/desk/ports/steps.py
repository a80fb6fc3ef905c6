"""What the clock is to do, as a use case plans it."""

from datetime import datetime
from typing import Protocol


class Steps(Protocol):
    """What the clock is to do. One of each kind for a subject."""

    def set(self, kind: str, subject: int, at: datetime) -> None:
        """Do it at this time; an earlier plan for it is replaced."""

    def planned(self, kind: str, subject: int) -> datetime | None:
        """When it is to be done; None where it is not planned."""

    def cancel(self, kind: str, subject: int) -> None:
        """Do not do it, where it was planned."""
