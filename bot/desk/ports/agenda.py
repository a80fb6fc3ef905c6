"""What the clock is to do next, over all workspaces."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.desk.ports.record import Record


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the clock is to do, and the workspace and record it is about."""

    team: str
    kind: str
    subject: int


class Agenda(Protocol):
    """What the clock is to do next, over all workspaces."""

    def step(self, now: datetime) -> AbstractContextManager[tuple[Step, Record] | None]:
        """The first step that is due, taken off, and its workspace's record: one transaction with what follows."""

    def next_step_at(self) -> datetime | None:
        """When the next step is due."""

    def next_moments(self) -> tuple[datetime | None, datetime | None]:
        """When the next message may be sent, and when the next step is due: one look for both."""

    def hears_others(self) -> bool:
        """Whether what other processes commit is told us without a look, as was tried at the last `next_moments`."""
