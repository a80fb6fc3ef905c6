"""What people ask of the desk: one value per form or button, already of the right types.

Field names are those that `Wrong.fields` names when something cannot stand.
"""

from dataclasses import dataclass

from bot.rules.objections import Answer, Remedy, Terms
from bot.rules.people import Person


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
