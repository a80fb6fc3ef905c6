"""Why the desk says no, in a form that people are shown. Nothing has changed in the record when one is raised.

The words are made in one place, `handlers/views/refusals.py`; a refusal carries only the facts.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules.case_files import Likely
from bot.rules.cases import Outcome
from bot.rules.decisions import Choice, Ending
from bot.rules.objections import Answer
from bot.rules.reports import Report


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The use case declines, and says why. The log never writes its text: it may quote what people wrote."""

    text_in_log = False


class Bar(StrEnum):
    """Why somebody may not act on a case."""

    NOT_A_MANAGER = "not_a_manager"
    NOT_YET = "not_yet"  # a director, before the case comes to the directors
    REPORTER = "reporter"
    OWNER = "owner"
    RECUSED = "recused"
    TOOK_PART = "took_part"  # in the decision that is appealed
    ISSUER = "issuer"  # of the warning that is disputed
    GUEST = "guest"
    OUTSIDER = "outsider"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    UNCONFIRMED = "unconfirmed"  # the list of managers could not be read within the last minute


@dataclass(eq=False)
class NotEntitled(Refusal):
    """The person may not do this; `case` is its number where it is about one."""

    bar: Bar
    case: int | None = None


@dataclass(eq=False)
class AlreadyDecided(Refusal):
    """Somebody else was first."""

    case: int
    by: str
    at: datetime
    choice: Choice


@dataclass(eq=False)
class AlreadyClosed(Refusal):
    """The case has ended without a decision, or the step has been taken."""

    case: int
    outcome: Outcome
    at: datetime


@dataclass(eq=False)
class WrongRung(Refusal):
    """The case has moved on: what was asked for does not belong to the rung on which it stands now."""

    case: int


@dataclass(eq=False)
class Outdated(Refusal):
    """Something is new in the case since the form was opened: the reports that came, or stand differently, since.

    `version`: of the case that shows it all.
    """

    case: int
    version: int
    news: tuple[Report, ...]


@dataclass(eq=False)
class NotWarned(Refusal):
    """A drop needs a delivered warning that has not expired, zero tolerance aside."""

    case: int


@dataclass(eq=False)
class HearingTaken(Refusal):
    """Somebody else has taken the hearing; it can be taken over."""

    case: int
    by: str
    at: datetime


@dataclass(eq=False)
class HeardAlready(Refusal):
    """Both sides are heard once before a decision, and it has been done in this case."""

    case: int


@dataclass(eq=False)
class NothingToDispute(Refusal):
    """The case has no warning that counts."""

    case: int


@dataclass(eq=False)
class AlreadyDisputed(Refusal):
    """A warning is looked at once, and somebody was first: at recording what is disputed, or at settling it."""

    case: int
    by: str
    at: datetime


@dataclass(eq=False)
class NothingToReview(Refusal):
    """No decision that holds the customer to something was made in the case."""

    case: int


@dataclass(eq=False)
class NotInForce(Refusal):
    """The decision has ended."""

    case: int
    how: Ending
    at: datetime


@dataclass(eq=False)
class AlreadyReviewed(Refusal):
    """The decision was renewed, or changed on appeal, since the form was opened."""

    case: int
    by: str
    at: datetime


@dataclass(eq=False)
class AppealClosed(Refusal):
    """The time in which the customer could appeal is over."""

    case: int
    at: datetime


@dataclass(eq=False)
class AlreadyAppealed(Refusal):
    """An appeal is made once: somebody has put it down, or it has been answered."""

    case: int
    by: str
    at: datetime
    answer: Answer | None = None


@dataclass(eq=False)
class AlreadyLearnt(Refusal):
    """Somebody else has said what was learnt."""

    case: int
    by: str
    at: datetime


@dataclass(eq=False)
class MergedSince(Refusal):
    """The customer was merged into another one since; that has to be undone first."""

    into: int


@dataclass(eq=False)
class NotYours(Refusal):
    """Only who made the report may withdraw it, or answer how they are."""

    report: int


@dataclass(eq=False)
class NoCareContact(Refusal):
    """There is nobody to put a rep in touch with any more."""


@dataclass(eq=False)
class TooLate(Refusal):
    """The report can be withdrawn only while its case is open."""

    report: int


@dataclass(eq=False)
class Unknown(Refusal):
    """There is no such record in this workspace. `what` is a glossary word: "case", "report", "customer"."""

    what: str
    number: int


@dataclass(eq=False)
class Wrong(Refusal):
    """Something in the form cannot stand. `fields`: by the command's field name, what is wrong and the mend."""

    fields: dict[str, str]


@dataclass(eq=False)
class MeantAnother(Refusal):
    """The typed name is very close to customers on record: the rep picks one, or says that it is a new one."""

    typed: str
    likely: tuple[Likely, ...]


@dataclass(eq=False)
class NotRecorded(Refusal):
    """The database could not take it (locked, read-only, full). Nothing was recorded; trying again is right."""
