"""Read models of cases and reports: all that the views show of them, gathered from the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from bot.rules.cases import Case, Left, Outcome
from bot.rules.customers import Customer, Safeguard
from bot.rules.decisions import Approval, Decision, Lesson, Review
from bot.rules.hearings import Hearing
from bot.rules.home import Page
from bot.rules.objections import Objection
from bot.rules.policy.ending_rules import EndingRule
from bot.rules.policy.verdicts import Severity, Verdict
from bot.rules.precedents import Precedent
from bot.rules.protection import Protection
from bot.rules.refusals import Denial
from bot.rules.reports import Report
from bot.rules.sent_letters import Letter
from bot.rules.warnings import IssuedWarning

EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DecisionHistory:
    """What has happened since a case ended with a decision, or with a warning. `reviews`: oldest first.

    `since`: number of incidents, void ones left out, since it was made or last renewed. `may_object_until`: how long
    the customer may still object. `left`: who is left to answer an open objection; `overdue`: its deadline has passed.
    `letters`: to the customer about it, the newest first. `senders`: who is asked to send the one that was not sent.
    """

    reviews: tuple[Review, ...] = ()
    since: int = 0
    objection: Objection | None = None
    may_object_until: datetime | None = None
    left: Left = Left.MANAGERS
    overdue: bool = False
    lesson: Lesson | None = None
    letters: tuple[Letter, ...] = ()
    senders: tuple[str, ...] = ()

    @property
    def to_send(self) -> Letter | None:
        """The letter that somebody is asked to send."""
        return next((letter for letter in self.letters if letter.asked), None)


NO_HISTORY = DecisionHistory()


@dataclass(frozen=True, slots=True)
class Excluded:
    """A manager or director who may not act on a case.

    `why`: the value of a `Denial`, such as "owner" or "guest". `note`: the reason that somebody recused gave.
    `name`: as Slack last said it; "" if it never did.
    """

    user: str
    why: str
    note: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class PastCase:
    """An earlier case of the same customer, and how it ended. `by` is None if nobody closed it."""

    number: int
    rung: str
    outcome: Outcome
    closed_at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Closing:
    """How a case ended without a decision: who closed it (None: the policy did), when, and the rationale."""

    by: str | None
    at: datetime
    rationale: str | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything that management sees of one case. `reports` are those of the case, newest first.

    `verdict`: the newest one. `all_reports`: number of reports about the customer, in this case or outside it, without
    those withdrawn. `reporters`: number of different reps who ever reported this customer. `approvals`: those in force,
    or given before the decision by those whom it names, first one first. `hearings`: of the case, oldest first.
    `objections`: to any of the warnings. `overdue`: the deadline has passed, so the directors may act.
    `directors_notified`: it has, and one who is there was notified. `at`: when this was read. `similar`: past cases of
    other customers, most similar first, while the case awaits a decision. `read_since`: of reporters who were not known
    when they reported and are by now, why they may not report; None if they may. `asked`: users and user groups to
    mention as those who are to act now, as the settings list them. `looks_like`: who was on record before under nearly
    the same name, where the notice is drawn. `protections`: the entries of interim protection, oldest first. `gone`:
    the colleagues whom the decision's conditions name and who have left.
    """

    case: Case
    customer: Customer
    verdict: Verdict
    reports: tuple[Report, ...]
    all_reports: int
    reporters: int
    warnings: tuple[IssuedWarning, ...] = ()
    decision: Decision | None = None
    closing: Closing | None = None
    approvals: tuple[Approval, ...] = ()
    past: tuple[PastCase, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    overdue: bool = False
    directors_notified: bool = False
    hearings: tuple[Hearing, ...] = ()
    objections: tuple[Objection, ...] = ()
    decision_history: DecisionHistory = NO_HISTORY
    similar: tuple[Precedent, ...] = ()
    read_since: Mapping[str, Denial | None] = field(default_factory=dict)
    at: datetime = EARLIEST
    asked: tuple[str, ...] = ()
    looks_like: Customer | None = None
    protections: tuple[Protection, ...] = ()
    gone: frozenset[str] = frozenset()

    @property
    def protection(self) -> Protection | None:
        """The last entry of interim protection, in force or lifted; None where there is none, or the case has ended."""
        return self.protections[-1] if self.protections and self.case.is_open else None

    @property
    def warning(self) -> IssuedWarning | None:
        """The warning that was issued in this case."""
        return next((warning for warning in self.warnings if warning.case == self.case.number), None)


@dataclass(frozen=True, slots=True)
class CaseInFull:
    """A case, and a page of every report about its customer: those of the case first, the newest first."""

    file: CaseFile
    reports: Page[Report]


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """What confirms to a manager that something is on record: the case as it is now, and no more than is shown.

    `warning`: issued in the case. `still_to_approve`: they have approved a drop, and so many more managers have to
    approve it too.
    `taken_from`: who had the hearing that they took over.
    """

    case: Case
    customer: Customer
    decision: Decision | None = None
    warning: IssuedWarning | None = None
    objection: Objection | None = None
    still_to_approve: int = 0
    taken_from: str | None = None


@dataclass(frozen=True, slots=True)
class ReportFile:
    """What a rep sees of their own report. `case`: the one it belongs to; None if it was only recorded.

    `overdue`: management was to act on the open case before now. `directors_notified`: as in `CaseFile`. `expired`: it
    happened so long ago that the policy gives it no points any more. `at`: when this was read. `objection`: to the
    warning with which the case ended.

    `discounted`: the hearing that found it to be a misunderstanding. `patience`: what the safeguards tell reps.
    `letter_owed_by`: who is to send the customer our letter, which they do not have yet. `protection`: what holds about
    the customer until management has decided. `gone`: as in `CaseFile`.
    """

    report: Report
    customer: Customer
    verdict: Verdict
    case: Case | None = None
    decision: Decision | None = None
    warning: IssuedWarning | None = None
    objection: Objection | None = None
    closing: Closing | None = None
    discounted: Hearing | None = None
    patience: tuple[str, ...] = ()
    decision_history: DecisionHistory = NO_HISTORY
    overdue: bool = False
    directors_notified: bool = False
    expired: bool = False
    letter_owed_by: str | None = None
    protection: Protection | None = None
    gone: frozenset[str] = frozenset()
    at: datetime = EARLIEST


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a rep sees right after sending a report. `others`: number of other reps who reported this customer.

    `wants_support`: they asked for someone to talk to; `care_contact`: who was asked to get in touch with them, if
    there is anybody.

    `patience`: what the safeguards tell reps. `typed`: for somebody who is not known to be a colleague, the name that
    they typed, "" where they picked one: they read nothing else. None for colleagues. `conduct`: the category.
    `expired`: it happened so long ago that the policy gives it no points. `at`: when this was read. `is_new`: the
    customer came on record by this report. `letter_owed_by`: as in `ReportFile`. `ended_within`: as in `Report`.
    `protection`, `gone`: as in `ReportFile`.
    """

    report: int
    customer: Customer
    verdict: Verdict
    others: int
    case: Case | None
    decision: Decision | None
    warned_at: datetime | None
    care_contact: str | None
    wants_support: bool = False
    patience: tuple[str, ...] = ()
    typed: str | None = None
    conduct: str = ""
    severity: Severity = Severity.MINOR
    expired: bool = False
    at: datetime = EARLIEST
    is_new: bool = False
    letter_owed_by: str | None = None
    ended_within: EndingRule | None = None
    protection: Protection | None = None
    gone: frozenset[str] = frozenset()
