"""What people ask of the desk: one value per form or button, already of the right types.

Field names are those that `Wrong.fields` names when something cannot stand.
"""

from dataclasses import dataclass

from bot.rules.hearings import Finding
from bot.rules.people import Person


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
