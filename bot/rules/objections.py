"""Objections of customers: appeals against decisions, and disputes of warnings."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.rules.decisions import Choice, Decision


class AppealAnswer(StrEnum):
    """How an appeal was answered. Moot: the decision ended before anybody answered."""

    UPHELD = "upheld"
    CHANGED = "changed"
    OVERTURNED = "overturned"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision holds the customer to, and its review date."""

    choice: Choice
    review_on: date
    effective_on: date | None = None
    conditions: tuple[str, ...] = ()

    @classmethod
    def of(cls, decision: Decision) -> "Terms":
        """The terms of a decision that are now in force."""
        return cls(decision.choice, decision.review_on, decision.effective_on, decision.conditions)


@dataclass(frozen=True, slots=True)
class Appeal:
    """A customer's appeal against a decision. They may appeal once.

    `asked_by`: the manager who recorded it. `contact`: who asked on the customer's side. `news`: what is new.
    `escalations`: how often it was escalated to the directors. `letter`: what the customer was told of the answer.
    `before`: the decision's terms before the answer changed them.
    """

    case: int
    asked_by: str
    asked_at: datetime
    contact: str
    news: str
    due_at: datetime
    escalations: int = 0
    answer: AppealAnswer | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    rationale: str | None = None
    letter: str | None = None
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
    """What a customer disputes in a delivered warning, and how it was settled. `letter`: the corrected one."""

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
        """Whether somebody still has to settle it."""
        return self.settled_at is None
