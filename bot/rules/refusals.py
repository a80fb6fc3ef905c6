"""Refusals: why a use case declines, with nothing changed in the record. `handlers/shared/refusals.py` words them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules.cases import Outcome
from bot.rules.customers import LikelyCustomer, Safeguard
from bot.rules.decisions import Approval, Decision, Ending, Review
from bot.rules.objections import Answer
from bot.rules.reports import Report
from bot.rules.troubles import DatabaseTrouble


class Denial(StrEnum):
    """Why somebody may not act on a case."""

    NOT_A_MANAGER = "not_a_manager"
    NOT_YET = "not_yet"  # a director, before the case comes to the directors
    REPORTER = "reporter"
    OWNER = "owner"
    FORMER_OWNER = "former_owner"
    RECUSED = "recused"
    NOT_CALLED = "not_called"  # in a call for backup, which went to others
    TOOK_PART = "took_part"  # in what the customer objects to
    NOT_ASKED = "not_asked"  # no care contact
    GUEST = "guest"
    OUTSIDER = "outsider"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    UNKNOWN = "unknown"  # their profile could not be read from Slack yet
    FROM_ELSEWHERE = "from_elsewhere"  # and Slack has not said of late that they are a member here too
    UNCONFIRMED = "unconfirmed"  # the list of managers could not be read within the last minute


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The use case declines, and says why. The log never shows its text, which may quote what people wrote."""

    text_in_log = False


@dataclass(eq=False)
class CaseRefusal(Refusal):
    """A refusal that is about a case."""

    case: int


@dataclass(eq=False)
class SomebodyWasFirst(CaseRefusal):
    """A refusal because of what somebody else did before. `by`: who, `at`: when."""

    by: str
    at: datetime


@dataclass(eq=False)
class NotEntitled(Refusal):
    """The person may not do this. `case`: the case that it is about, if there is one."""

    denial: Denial
    case: int | None = None


@dataclass(eq=False)
class AlreadyDecided(SomebodyWasFirst):
    """The case was decided. `decision`: how, on the terms that are now in force."""

    decision: Decision


@dataclass(eq=False)
class AlreadyClosed(CaseRefusal):
    """The case has ended without a decision, or the step has been taken."""

    outcome: Outcome
    at: datetime


class WrongRung(CaseRefusal):
    """The case is on another rung now, where this cannot be done."""


@dataclass(eq=False)
class Outdated(CaseRefusal):
    """The case has changed since. `version`: the version of the case, or of the decision's terms, with all of this.

    `news`: the reports that came in or changed; `approvals`: those that others gave; `renewals`: the newest of its
    decision; `safeguards`: those in force, one of them set since. `change`: what stands behind the case's key by now.
    """

    version: int
    news: tuple[Report, ...] = ()
    change: str = ""
    approvals: tuple[Approval, ...] = ()
    renewals: tuple[Review, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()


@dataclass(eq=False)
class NotWarned(CaseRefusal):
    """A drop needs `n` valid warnings, except after a report of one of `kinds`: the names of zero tolerance."""

    n: int = 1
    kinds: tuple[str, ...] = ()


class HearingTaken(SomebodyWasFirst):
    """Somebody else has taken the hearing. It can be taken over."""


class HeardAlready(CaseRefusal):
    """Both sides are heard only once before a decision, and in this case they have been heard."""


class AlreadySent(SomebodyWasFirst):
    """The letter has been marked as sent."""


class NothingToReview(CaseRefusal):
    """The case has no decision that holds the customer to something."""


@dataclass(eq=False)
class NotInForce(CaseRefusal):
    """The decision has ended."""

    how: Ending
    at: datetime


class AlreadyReviewed(SomebodyWasFirst):
    """The decision was renewed, or changed after an objection, since the form was opened."""


class NothingToObject(CaseRefusal):
    """The case ended neither with a warning that is valid nor with a decision that holds the customer to something."""


@dataclass(eq=False)
class ObjectionClosed(CaseRefusal):
    """The time in which the customer could object is over. `at`: its end."""

    at: datetime


@dataclass(eq=False)
class AlreadyObjected(SomebodyWasFirst):
    """A customer objects only once. It has been recorded or answered already."""

    answer: Answer | None = None


class AlreadyLearnt(SomebodyWasFirst):
    """Somebody else has recorded what was learnt."""


class Became(StrEnum):
    """What has become of a customer's record while a form about it was open."""

    MERGED = "merged"
    ERASED = "erased"
    CHANGED = "changed"


@dataclass(eq=False)
class CustomerChanged(Refusal):
    """The customer is not as the form showed them any more. `name`: what the record is called to which it leads now."""

    became: Became
    name: str


@dataclass(eq=False)
class MergedSince(Refusal):
    """The customer was merged into the customer `into` since. That must be undone first."""

    into: int


@dataclass(eq=False)
class NotYours(Refusal):
    """Only the reporter may withdraw the report, or answer its check-ins."""

    report: int


@dataclass(eq=False)
class CallAnswered(Refusal):
    """The call for backup of `caller` waits for nobody since `at`. `by`: who comes; None where it has ended."""

    caller: str
    at: datetime
    by: str | None = None


class NoCareContact(Refusal):
    """There is no care contact any more, so nobody can talk to the rep."""


@dataclass(eq=False)
class TooLate(Refusal):
    """The report can be withdrawn only while its case is open."""

    report: int


@dataclass(eq=False)
class Unknown(Refusal):
    """There is no such record in this workspace. `what`: a word of the glossary, such as "case" or "report"."""

    what: str
    number: int


@dataclass(eq=False)
class Wrong(Refusal):
    """The form has mistakes. `fields`: by the command's field name, what is wrong and how to mend it."""

    fields: dict[str, str]


@dataclass(eq=False)
class MeantAnother(Refusal):
    """The typed name is very similar to customers on record. The rep picks one, or says that it is a new customer."""

    typed: str
    likely: tuple[LikelyCustomer, ...]


class AnotherRecord(Refusal):
    """What the button or form was about is no longer on record under its number, or never was in this installation."""


class OtherWorkspace(Refusal):
    """The request comes from a workspace that this bot does not serve: its token is of another one."""


class NotReady(Refusal):
    """The bot has just started, and Slack has not said yet which workspace its token is of."""


class NotRecorded(Refusal):
    """The database cannot be used. Nothing was recorded; trying again may help. `code`: the database's own, if any."""

    def __init__(self, trouble: DatabaseTrouble = DatabaseTrouble.UNKNOWN, code: str = "") -> None:
        super().__init__(trouble)
        self.trouble, self.code = trouble, code
