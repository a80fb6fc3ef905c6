"""A customer disputes the facts of a warning, and somebody uninvolved looks at it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Remedy(StrEnum):
    """What becomes of a disputed warning."""

    STANDS = "stands"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Dispute:
    """What a customer disputes in a delivered warning, and what came of it. `letter` is the corrected one."""

    number: int
    case: int
    warning: int
    disputed: str
    recorded_by: str
    recorded_at: datetime
    due_at: datetime
    remedy: Remedy | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    reason: str | None = None
    letter: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to look at it."""
        return self.settled_at is None
