"""Cases: what is before management about a customer, how it ended, and who stepped aside from it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules.policy.verdicts import Rung


class Left(StrEnum):
    """Who is left to act on a case: its managers, only the directors, or nobody."""

    MANAGERS = "managers"
    DIRECTORS = "directors"
    NOBODY = "nobody"


class Outcome(StrEnum):
    """How a case ended."""

    WARNED = "warned"
    NOT_NOW = "not_now"
    MISUNDERSTANDING = "misunderstanding"
    DROPPED = "dropped"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # into the case of the same customer under another name


@dataclass(frozen=True, slots=True)
class Case:
    """One matter before management about one customer. `version` grows with every change that people should see.

    `due_at`: when management must have acted. `escalations`: how often the case was escalated to the directors.
    """

    number: int
    customer: int
    rung: Rung
    version: int
    opened_at: datetime
    due_at: datetime
    urgent: bool
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    left: Left = Left.MANAGERS
    escalations: int = 0

    @property
    def is_open(self) -> bool:
        """Whether management still has to act."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Recusal:
    """A manager or director stepped aside from a case, with or without a reason."""

    case: int
    by: str
    at: datetime
    reason: str = ""
