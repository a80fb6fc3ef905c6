"""Management warns the customer: a letter is issued, delivered, and counts from its delivery."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.language import _
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case, Outcome
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Wrong, WrongRung
from bot.rules.warnings import Delivery, IssuedWarning
from bot.usecases.context import Desk, new_salt
from bot.usecases.shared.case_access import ended_by, take_up
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.stale_messages import show_case
from bot.usecases.shared.verdicts import settle
from storage.transaction import Transaction


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


CLOCK_SKEW = timedelta(minutes=2)


def issue_warning(desk: Desk, command: IssueWarning) -> CaseFile:
    """Keep the letter as it is issued. The warning does not count until it is delivered; the case stays open.

    Raises:
        Wrong: the letter is empty.
        WrongRung: a warning has been issued in this case, or something else is asked by now.
        NotEntitled, AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: see `take_up`.
    """
    if not command.letter.strip():
        raise Wrong({"letter": _("The warning needs a letter. What was unacceptable, and what has to change?")})
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        case = take_up(record, desk, command.by, command.case, Rung.WARN, now)
        earlier = record.warnings.of_case(case.number)
        if earlier and earlier.issued_by != command.by.user:
            raise WrongRung(case.number)
        if not earlier:
            salt = new_salt()
            warning = record.warnings.issue(case, command.letter.strip(), command.by.user, now, salt)
            facts = {"case": case.number, "warning": warning.number, "letter": seal(salt, warning.letter)}
            record.audit.append(case.customer, command.by.user, "issue warning", facts, now)
            record.cases.touch(case.number)
            show_case(record, desk, case, now)
        return case_file(record, desk, case.number)


def mark_delivered(desk: Desk, command: MarkDelivered) -> CaseFile:
    """The warning reached the customer: it counts from then until it expires, and the case ends.

    Sent twice by the same manager, it answers the same.

    Raises:
        Wrong: the time has not come yet, or lies before the issue.
        WrongRung: no warning has been issued in this case.
        NotEntitled, AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: see `take_up`.
    """
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        if ended_by(record, command.by, command.case) is not Outcome.WARNED:
            case = take_up(record, desk, command.by, command.case, Rung.WARN, now)
            _note_delivery(record, desk, case, _delivered(record, desk, command, now))
        return case_file(record, desk, command.case)


def _delivered(record: Transaction, desk: Desk, command: MarkDelivered, now: datetime) -> IssuedWarning:
    warning = record.warnings.of_case(command.case)
    if warning is None:
        raise WrongRung(command.case)
    if not warning.issued_at - CLOCK_SKEW <= command.at <= now + CLOCK_SKEW:
        raise Wrong({"at": _("The delivery lies between the issue of the warning and now.")})
    at = min(max(command.at, warning.issued_at), now)  # a form knows whole minutes only
    return replace(
        warning,
        delivered_at=at,
        delivered_by=command.by.user,
        delivered_how=command.how,
        expires_at=at + desk.policy.warnings_expire_after,
    )


def not_now(desk: Desk, command: NotNow) -> CaseFile:
    """No warning this time: the case ends with a rationale. Sent twice by the same manager, it answers the same.

    Raises:
        Wrong: the rationale is empty.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Outdated, Unknown, NotRecorded: see `take_up`.
    """
    if not command.rationale.strip():
        raise Wrong({"rationale": _("Please say in a sentence why not. It goes on record.")})
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        if ended_by(record, command.by, command.case) is not Outcome.NOT_NOW:
            case = take_up(record, desk, command.by, command.case, Rung.WARN, now, seen=command.version)
            _note_not_now(record, desk, case, command)
        return case_file(record, desk, command.case)


def _note_not_now(record: Transaction, desk: Desk, case: Case, command: NotNow) -> None:
    now, salt, rationale = desk.clock(), new_salt(), command.rationale.strip()
    record.cases.close(case.number, Outcome.NOT_NOW, now, command.by.user, rationale, salt)
    facts = {"case": case.number, "outcome": Outcome.NOT_NOW.value, "rationale": seal(salt, rationale)}
    record.audit.append(case.customer, command.by.user, "not now", facts, now)
    settle(record, case.customer, now)
    show_case(record, desk, case, now)


def _note_delivery(record: Transaction, desk: Desk, case: Case, delivered: IssuedWarning) -> None:
    now = desk.clock()
    by = delivered.delivered_by or ""
    record.warnings.deliver(delivered)
    record.cases.close(case.number, Outcome.WARNED, now, by, None)
    facts = {
        "case": case.number,
        "warning": delivered.number,
        "how": str(delivered.delivered_how),
        "delivered_at": delivered.delivered_at and delivered.delivered_at.isoformat(),
        "expires_at": delivered.expires_at and delivered.expires_at.isoformat(),
    }
    record.audit.append(case.customer, by, "deliver warning", facts, now)
    settle(record, case.customer, now)
    show_case(record, desk, case, now)
