"""What becomes of a decision: it ends unless it is renewed, it may be appealed once, and a drop is learnt from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.rules.values import Choice, Decision, Left


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


@dataclass(frozen=True, slots=True)
class Aftermath:
    """All that came of a decision so far. `reviews`: oldest first.

    `since`: how many reports that count came since it was made or last renewed. `may_appeal`: whether the customer may
    still ask for another look. `left`: who is left to answer an open appeal; `overdue`: whether it should
    have been answered by now.
    """

    reviews: tuple[Review, ...] = ()
    since: int = 0
    appeal: Appeal | None = None
    may_appeal: bool = False
    left: Left = Left.MANAGERS
    overdue: bool = False
    lesson: Lesson | None = None


NOTHING_YET = Aftermath()
