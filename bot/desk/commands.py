"""What people ask of the desk: one value per form or button, already of the right types.

Field names are those that `Wrong.fields` names when something cannot stand.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.desk.people import Person
from bot.rules.checkins import Answer
from bot.rules.disputes import Remedy
from bot.rules.hearings import Finding
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
class AnswerCheckIn:
    """A rep says how they are, after the first or the second question about a report."""

    by: Person
    report: int
    round: int
    answer: Answer


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
class Recuse:
    """A manager or director steps aside from a case; the reason may be empty."""

    by: Person
    case: int
    reason: str


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
    """No warning this time, and why. `version`: of the case as the manager saw it."""

    by: Person
    case: int
    version: int
    rationale: str


@dataclass(frozen=True, slots=True)
class TakeHearing:
    """A manager takes the hearing that the policy asks for."""

    by: Person
    case: int


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Another manager takes a hearing over, and says why."""

    by: Person
    case: int
    words: str


@dataclass(frozen=True, slots=True)
class HearBothSides:
    """Before a decision: `taker` is to hear both sides, about `words`."""

    by: Person
    case: int
    taker: str
    words: str


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """What came of a hearing. `discounted`: the numbers of the reports that were a misunderstanding."""

    by: Person
    case: int
    finding: Finding
    reps_side: str
    customers_side: str
    discounted: tuple[int, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class SetSafeguard:
    """The case's customer needs tolerance. `kind` is a key of the policy; `until` the last day of it."""

    by: Person
    case: int
    kind: str
    note: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LiftSafeguard:
    """A safeguard is no longer needed, and why."""

    by: Person
    case: int
    safeguard: int
    reason: str


@dataclass(frozen=True, slots=True)
class RecordDispute:
    """The customer disputes facts of the warning that this case ended with."""

    by: Person
    case: int
    disputed: str


@dataclass(frozen=True, slots=True)
class SettleDispute:
    """What becomes of the disputed warning, and why. `letter`: the corrected one."""

    by: Person
    dispute: int
    remedy: Remedy
    reason: str
    letter: str = ""
