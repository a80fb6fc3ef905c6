"""What stands in the record: customers, reports, cases, warnings, decisions."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.rules.business_time import add_months, before, due, halfway, opening
from bot.rules.policy.policy import Policy


class Choice(StrEnum):
    """What a decision can be."""

    DROP = "drop"
    KEEP = "keep"


class Ending(StrEnum):
    """How a decision came to its end."""

    LAPSED = "lapsed"
    LET_LAPSE = "let_lapse"
    OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True)
class Decision:
    """Drop or keep, by a named manager, with the rationale and a review date. `approved_by`: who approved before.

    The terms are those that stand. `appeal_until`: how long the customer may appeal.
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
    letter: str | None = None
    approved_by: tuple[str, ...] = ()
    appeal_until: datetime | None = None
    ended_at: datetime | None = None
    ended_how: Ending | None = None

    @property
    def binds(self) -> bool:
        """Whether it holds the customer to something: only then is it reviewed, and may be appealed."""
        return self.choice is Choice.DROP or bool(self.conditions)

    @property
    def in_force(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Approval:
    """A drop as one manager approved it, waiting for another's approval. `version`: of the case as they saw it."""

    drop: Decision
    version: int

    @property
    def by(self) -> str:
        """Who approved."""
        return self.drop.by


class Reviewed(StrEnum):
    """What came of a decision's review."""

    RENEWED = "renewed"
    LET_LAPSE = "let_lapse"  # a manager ended it
    LAPSED = "lapsed"  # nobody renewed it in time


@dataclass(frozen=True, slots=True)
class Review:
    """One review of a decision; `n` counts them from 0. `by` is None where the clock ended the decision.

    `due_on`: the review date that it was about. `until`: the next one, where the decision was renewed.
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
    """What the firm learnt from a drop. `worth`: of the account, a year. `line`: what the weekly summary may show."""

    case: int
    by: str
    at: datetime
    learnt: str
    hindsight: Hindsight
    line: str
    worth: str = ""


def appeal_until(decided_at: datetime, policy: Policy) -> datetime:
    """The last moment at which the customer may ask for another look: the end of business of the last day for it."""
    return due(decided_at, policy.appeal_within, policy.hours)


def answer_due(asked_at: datetime, policy: Policy) -> datetime:
    """When an appeal has to be answered: the firm takes no longer than it gives the customer (conduct.md)."""
    return due(asked_at, policy.appeal_within, policy.hours)


def lapses_at(decision: Decision, policy: Policy) -> datetime:
    """The end of business on the review date, a day off or not: a day off makes no decision run longer."""
    return policy.hours.at(decision.review_on, policy.hours.closes)


def review_opens_at(decision: Decision, since: datetime, policy: Policy) -> datetime:
    """When managers are asked to renew the decision: `review_notice` before its end.

    `since`: when it was made or last renewed. Where less time than that lies between, half of the time is left to them.
    """
    ends = lapses_at(decision, policy)
    opens = before(ends, policy.review_notice, policy.hours)
    return opens if opens > since else halfway(since, ends, policy.hours)


def latest_review(day: date, policy: Policy) -> date:
    """The last review date that a decision may have which is made, or renewed, on this day of the firm's.

    Nothing runs beyond `longest_months` without renewal. A renewal starts that time anew on the day on which it is
    made, not on the review date that it replaces: renewing early never adds up to more than the longest time ahead.
    """
    return add_months(day, policy.longest_months)


def follow_up_at(decision: Decision, policy: Policy) -> datetime:
    """When management is asked what it learnt from a drop: so many months after it took effect, as business opens."""
    effective_on = decision.effective_on or policy.hours.local_date(decision.at)
    return opening(add_months(effective_on, policy.follow_up_after_months), policy.hours)
