"""Decisions to drop or keep a customer: their terms and approvals, their dates, their reviews and lessons."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.rules.business_time import add_months, due, moment_at_share, moment_before, opening
from bot.rules.conditions import Details
from bot.rules.policy.policy import Policy


class Choice(StrEnum):
    """What a decision can be."""

    DROP = "drop"
    KEEP = "keep"


class Ending(StrEnum):
    """How a decision ended."""

    LAPSED = "lapsed"
    LET_LAPSE = "let_lapse"
    CANCELLED = "cancelled"  # after an objection


@dataclass(frozen=True, slots=True)
class Decision:
    """Drop or keep, by a named manager, with the rationale, the terms now in force, and a review date.

    `details`: what the conditions ask for. `approved_by`: the managers who approved a drop before `by` did.
    `objection_until`: for how long the customer may object.
    """

    case: int
    choice: Choice
    by: str
    at: datetime
    rationale: str
    review_on: date
    effective_on: date | None = None
    reason_class: str | None = None
    conditions: tuple[str, ...] = ()
    details: Details = ()
    letter: str | None = None
    approved_by: tuple[str, ...] = ()
    objection_until: datetime | None = None
    ended_at: datetime | None = None
    ended_how: Ending | None = None

    @property
    def binds(self) -> bool:
        """Whether it holds the customer to something. Only then is it reviewed, and may the customer object."""
        return self.choice is Choice.DROP or bool(self.conditions)

    @property
    def in_force(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Approval:
    """A drop that one manager approved and that awaits another approval. `version`: of the case from then on."""

    drop: Decision
    version: int

    @property
    def by(self) -> str:
        """Who approved."""
        return self.drop.by

    def is_for(self, effective_on: date | None, review_on: date, reason_class: str | None) -> bool:
        """Whether it approves a drop on these terms. The letter may be in other words."""
        approved = (self.drop.effective_on, self.drop.review_on, self.drop.reason_class)
        return approved == (effective_on, review_on, reason_class)

    def is_of(self, drop: Decision) -> bool:
        """Whether it approves the terms of this drop."""
        return self.is_for(drop.effective_on, drop.review_on, drop.reason_class)


class Reviewed(StrEnum):
    """What came of a decision's review."""

    RENEWED = "renewed"
    LET_LAPSE = "let_lapse"  # a manager ended it
    LAPSED = "lapsed"  # nobody renewed it in time


@dataclass(frozen=True, slots=True)
class Review:
    """One review of a decision. `n` counts them from 0. `by` is None if the clock ended the decision.

    `due_on`: the review date that it was about. `until`: the next one, if the decision was renewed.
    """

    case: int
    n: int
    outcome: Reviewed
    by: str | None
    at: datetime
    reason: str
    due_on: date
    until: date | None = None


class Hindsight(StrEnum):
    """Whether a drop was the right call, looking back."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the firm learnt from a drop. `line`: what the weekly summary may show. `worth`: of the account, a year."""

    case: int
    by: str
    at: datetime
    learnt: str
    hindsight: Hindsight
    line: str
    worth: str = ""


def objection_deadline(start: datetime, policy: Policy) -> datetime:
    """The last moment to object to a decision of `start`, or to answer such an objection of `start`.

    The firm takes no longer than it gives the customer (conduct.md).
    """
    return due(start, policy.appeal_within, policy.hours)


def lapses_at(decision: Decision, policy: Policy) -> datetime:
    """Closing time on the review date. It is not put off to the next business day, so no decision runs longer."""
    return policy.hours.at(decision.review_on, policy.hours.closes)


def review_opens_at(decision: Decision, since: datetime, policy: Policy) -> datetime:
    """When managers are asked to renew the decision: `review_notice` before it lapses.

    `since`: when it was made or last renewed. If less time than `review_notice` lies between, managers get half of it.
    """
    ends = lapses_at(decision, policy)
    opens = moment_before(ends, policy.review_notice, policy.hours)
    return opens if opens > since else moment_at_share(since, ends, policy.hours)


def latest_review(day: date, policy: Policy) -> date:
    """The last review date allowed for a decision that is made or renewed on this day: `longest_months` later.

    A renewal counts from the day on which it is made, not from the review date that it replaces. So renewing early
    never adds up to more than the longest time.
    """
    return add_months(day, policy.longest_months)


def follow_up_at(decision: Decision, policy: Policy) -> datetime:
    """When managers are asked what they learnt from a drop: opening time, `follow_up_after_months` after its effect."""
    effective_on = decision.effective_on or policy.hours.local_date(decision.at)
    return opening(add_months(effective_on, policy.follow_up_after_months), policy.hours)
