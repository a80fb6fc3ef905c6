"""What people ask of the desk: one value per form or button, already of the right types.

Field names are those that `Wrong.fields` names when something cannot stand.
"""

from dataclasses import dataclass
from datetime import date

from bot.rules.decisions import Hindsight
from bot.rules.people import Person


@dataclass(frozen=True, slots=True)
class Drop:
    """Approve drop, with all that a drop must say. `version`: of the case as the manager saw it."""

    by: Person
    case: int
    version: int
    rationale: str
    effective_on: date
    review_on: date
    reason_class: str
    safeguards_considered: bool
    letter: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep the customer, with or without conditions (keys of the policy). `version`: of the case as it was seen."""

    by: Person
    case: int
    version: int
    rationale: str
    review_on: date
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A manager takes their approval of a drop back, before there is a second one."""

    by: Person
    case: int


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
class Learn:
    """What was learnt from a drop. `worth`: of the account, a year; may be empty. `line`: for the weekly summary."""

    by: Person
    case: int
    learnt: str
    hindsight: Hindsight
    line: str
    worth: str = ""
