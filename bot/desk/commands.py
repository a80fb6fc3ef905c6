"""What people ask of the desk: one value per form or button, already of the right types.

Field names are those that `Wrong.fields` names when something cannot stand.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.desk.people import Person
from bot.rules.values import Delivery, Evidence, Place, Severity


@dataclass(frozen=True, slots=True)
class Known:
    """A customer picked from the record, by number."""

    number: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A customer by name. `new`: picked as "New customer", so a likeness to known names has been seen and declined."""

    name: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class NewReport:
    """The report form as it was sent. `form` is the form's own ID: the same form is recorded once."""

    by: Person
    form: str
    customer: Known | Typed
    category: str
    severity: Severity
    place: Place
    happened_at: datetime
    narrative: str
    evidence: tuple[Evidence, ...] = ()
    doubted: bool = False
    wants_support: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A rep takes their report back."""

    by: Person
    report: int


@dataclass(frozen=True, slots=True)
class Drop:
    """Approve drop, with all that a drop must say."""

    by: Person
    case: int
    rationale: str
    effective_on: date
    review_on: date
    reason_class: str
    safeguards_considered: bool
    letter: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep the customer, with or without conditions (keys of the policy)."""

    by: Person
    case: int
    rationale: str
    review_on: date
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueWarning:
    """Issue the drafted letter as edited."""

    by: Person
    case: int
    letter: str


@dataclass(frozen=True, slots=True)
class MarkDelivered:
    """The warning reached the customer; it counts from `at`."""

    by: Person
    case: int
    how: Delivery
    at: datetime


@dataclass(frozen=True, slots=True)
class NotNow:
    """No warning this time, and why."""

    by: Person
    case: int
    rationale: str
