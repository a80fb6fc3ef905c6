"""Objections of customers: to a warning, or to a decision."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.rules.business_time import due
from bot.rules.conditions import Details
from bot.rules.decisions import Choice, Decision, objection_deadline
from bot.rules.policy.policy import Policy
from bot.rules.warnings import IssuedWarning


class Answer(StrEnum):
    """What becomes of the warning or the decision. Moot: the decision ended before anybody answered."""

    STANDS = "stands"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    MOOT = "moot"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision holds the customer to, and its review date."""

    choice: Choice
    review_on: date
    effective_on: date | None = None
    conditions: tuple[str, ...] = ()
    details: Details = ()

    @classmethod
    def of(cls, decision: Decision) -> "Terms":
        """The terms of a decision that are now in force."""
        return cls(decision.choice, decision.review_on, decision.effective_on, decision.conditions, decision.details)

    @property
    def version(self) -> int:
        """Tells these terms from other ones in force before an objection is answered: each renewal moves the review."""
        return self.review_on.toordinal()


@dataclass(frozen=True, slots=True)
class Objection:
    """A customer's objection to how a case ended: to the `warning` of this number, or else to the decision. Once.

    `recorded_by`: a manager. `contact`: who objects on the customer's side. `words`: what they say. `escalations`: how
    often it was escalated to the directors. `letter`: the letter to the customer about the answer; where a warning was
    changed, the corrected warning. `before`: the decision's terms before the answer changed them.
    """

    case: int
    customer: int
    warning: int | None
    recorded_by: str
    recorded_at: datetime
    contact: str
    words: str
    due_at: datetime
    escalations: int = 0
    answer: Answer | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    rationale: str | None = None
    letter: str | None = None
    before: Terms | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer it."""
        return self.answer is None

    @property
    def corrected(self) -> str | None:
        """The letter of a warning as the answer changed it."""
        return self.letter if self.warning and self.answer is Answer.CHANGED else None


def may_object_until(decision: Decision | None, warning: IssuedWarning | None, now: datetime) -> datetime | None:
    """How long a customer may object to how a case ended; None if it ended with nothing that holds them to anything.

    To the decision if there is one, else to the warning while it is valid.
    """
    if decision:
        return decision.objection_until if decision.binds and decision.in_force else None
    return warning.objection_until if warning and warning.is_valid_at(now) else None


def answer_due(now: datetime, policy: Policy, *, to_warning: bool) -> datetime:
    """When an objection of now has to be answered.

    To a decision: see `objection_deadline`. To a warning: within the time that management has for a decision.
    """
    return due(now, policy.deadlines.decide, policy.hours) if to_warning else objection_deadline(now, policy)
