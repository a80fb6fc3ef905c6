"""What people ask of the desk once a decision has been made: see `bot.desk.commands`."""

from dataclasses import dataclass
from datetime import date

from bot.desk.people import Person
from bot.rules.aftermath import Answer, Hindsight, Terms


@dataclass(frozen=True, slots=True)
class Renew:
    """The decision stays in force until another review date. `due_on`: the one that was up for review."""

    by: Person
    case: int
    due_on: date
    reason: str
    review_on: date


@dataclass(frozen=True, slots=True)
class LetLapse:
    """The decision ends now. `due_on`: the review date that was up."""

    by: Person
    case: int
    due_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class AskForReview:
    """The customer appeals: who asked on their side, and what is new."""

    by: Person
    case: int
    contact: str
    news: str


@dataclass(frozen=True, slots=True)
class AnswerAppeal:
    """What comes of an appeal: upheld, overturned, or changed to other `terms`."""

    by: Person
    case: int
    answer: Answer
    rationale: str
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class Learn:
    """What was learnt from a drop. `worth`: of the account, a year; may be empty. `line`: for the weekly summary."""

    by: Person
    case: int
    learnt: str
    hindsight: Hindsight
    line: str
    worth: str = ""
