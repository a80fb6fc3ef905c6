"""A customer disputes the facts of a warning, and somebody uninvolved looks at it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.rules.decisions import Choice, Decision


class Answer(StrEnum):
    """How an appeal was answered. Moot: the decision ended before anybody had answered."""

    UPHELD = "upheld"
    CHANGED = "changed"
    OVERTURNED = "overturned"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision holds the customer to, and until when it is looked at again."""

    choice: Choice
    review_on: date
    effective_on: date | None = None
    conditions: tuple[str, ...] = ()

    @classmethod
    def of(cls, decision: Decision) -> "Terms":
        """The terms of a decision as they stand."""
        return cls(decision.choice, decision.review_on, decision.effective_on, decision.conditions)


@dataclass(frozen=True, slots=True)
class Appeal:
    """A customer asks once for another look at a decision.

    `asked_by`: the manager who put it down for them. `contact`: who asked on the customer's side. `news`: what is new.
    `raised`: how often the directors have been told of it. `before`: what the decision said, where it was changed.
    """

    case: int
    asked_by: str
    asked_at: datetime
    contact: str
    news: str
    due_at: datetime
    raised: int = 0
    answer: Answer | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    rationale: str | None = None
    before: Terms | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer it."""
        return self.answer is None


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
