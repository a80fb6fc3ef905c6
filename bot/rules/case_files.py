"""What people are shown, gathered from the record: the views draw these and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from bot.rules.cases import Case, Left, Outcome
from bot.rules.customers import Customer, Safeguard
from bot.rules.decisions import Approval, Choice, Decision, Lesson, Review
from bot.rules.hearings import Hearing
from bot.rules.objections import Appeal, Dispute
from bot.rules.policy.verdicts import Verdict
from bot.rules.precedents import Precedent
from bot.rules.reports import Report
from bot.rules.warnings import IssuedWarning


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


@dataclass(frozen=True, slots=True)
class Excluded:
    """A manager or director who takes no part in a case.

    `why` is "reporter", "owner", "recused", "guest", "outsider", "bot" or "deactivated"; `note` what they said to it.
    """

    user: str
    why: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class PastCase:
    """An earlier case of the same customer, and how it ended."""

    number: int
    rung: str
    outcome: Outcome
    closed_at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything management sees about one case. `reports` are those of the case, newest first.

    `older`: how many further reports about the customer stand in the record.
    `reporters`: how many different reps reported this customer, ever.
    `verdict` is the newest one. `overdue`: the deadline has passed, and the directors may act. `approvals`: those that
    stand, the first one first. `hearings`: of the case, oldest first. `disputes`: of any of the warnings.
    `aftermath`: what became of the decision.
    `similar`: past cases of other customers, the likest first, while the case is to be decided.
    """

    case: Case
    customer: Customer
    verdict: Verdict
    reports: tuple[Report, ...]
    older: int
    reporters: int
    warnings: tuple[IssuedWarning, ...] = ()
    decision: Decision | None = None
    closing: "Closing | None" = None
    approvals: tuple[Approval, ...] = ()
    past: tuple[PastCase, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    overdue: bool = False
    hearings: tuple[Hearing, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    aftermath: Aftermath = NOTHING_YET
    similar: tuple[Precedent, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """How a case ended other than by a decision: who closed it (None: the rules did), when, and the rationale."""

    by: str | None
    at: datetime
    rationale: str | None


@dataclass(frozen=True, slots=True)
class ReportFile:
    """What a rep sees of their own report. `case` is the one it belongs to, or None where it was only recorded.

    `discounted`: the hearing that found it to be a misunderstanding. `patience`: the safeguards' words for reps.
    """

    report: Report
    customer: Customer
    verdict: Verdict
    case: Case | None = None
    decision: Decision | None = None
    warning: IssuedWarning | None = None
    closing: Closing | None = None
    discounted: Hearing | None = None
    patience: tuple[str, ...] = ()
    aftermath: Aftermath = NOTHING_YET


@dataclass(frozen=True, slots=True)
class DisputeFile:
    """A disputed warning as whoever looks at it sees it. `others`: somebody uninvolved is left to do so."""

    dispute: Dispute
    customer: Customer
    warning: IssuedWarning
    others: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a rep is told at once after sending. `known_before`: different other reps who reported this customer."""

    report: int
    customer: Customer
    verdict: Verdict
    others: int
    case: Case | None
    decision: Decision | None
    warned_at: datetime | None
    care_contact: str | None
    patience: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likely:
    """A known customer that a typed name may mean. `known_as`: the earlier name by which it was found, if by one."""

    number: int
    name: str
    standing: str
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What a manager is told after acting: the case as it stands now, and what was chosen."""

    case: CaseFile
    choice: Choice | None = None
