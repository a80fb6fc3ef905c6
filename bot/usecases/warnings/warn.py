"""Management warns a customer: a letter is issued and delivered, and counts from its delivery."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case, Outcome
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Wrong, WrongRung
from bot.rules.warnings import Delivery, IssuedWarning
from bot.usecases.context import CLOCK_SKEW, Context, new_salt
from bot.usecases.shared.case_access import ended_by, lock_case
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.stale_messages import show_case
from bot.usecases.shared.verdicts import update_standing
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class IssueWarning:
    """Issue the edited letter."""

    by: Person
    case: int
    letter: str


@dataclass(frozen=True, slots=True)
class MarkDelivered:
    """The warning was delivered; it counts from `at`."""

    by: Person
    case: int
    how: Delivery
    at: datetime


@dataclass(frozen=True, slots=True)
class NotNow:
    """No warning this time, and why. `version`: of the case that the manager saw."""

    by: Person
    case: int
    version: int
    rationale: str


def check_warning(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises as the use cases of this module, but for Wrong."""
    lock_case(tx, context, by, number, Rung.WARN, now)


def issue_warning(context: Context, command: IssueWarning) -> CaseFile:
    """Store the letter. The warning does not count until it is delivered; the case stays open. Idempotent.

    Raises as `lock_case`; also Wrong (the letter is empty) and WrongRung (somebody else has issued a warning).
    """
    if not command.letter.strip():
        raise Wrong({"letter": _("The warning needs a letter. What was unacceptable, and what has to change?")})
    now = context.clock()
    with context.begin(command.by.team) as tx:
        case = lock_case(tx, context, command.by, command.case, Rung.WARN, now)
        earlier = tx.warnings.of_case(case.number)
        if earlier and earlier.issued_by != command.by.user:
            raise WrongRung(case.number)
        if not earlier:
            salt = new_salt()
            warning = tx.warnings.issue(case, command.letter.strip(), command.by.user, now, salt)
            facts = {"case": case.number, "warning": warning.number, "letter": salted_digest(salt, warning.letter)}
            tx.audit.append(case.customer, command.by.user, Act.ISSUE_WARNING, facts, now)
            tx.cases.touch(case.number)
            show_case(tx, context, case, now)
        return case_file(tx, context, case.number)


def mark_delivered(context: Context, command: MarkDelivered) -> CaseFile:
    """The warning was delivered: it counts from then until it expires, and the case ends. Idempotent.

    Raises as `lock_case`; also Wrong (the time is in the future, or before the issue) and WrongRung (no warning has
    been issued in this case).
    """
    now = context.clock()
    with context.begin(command.by.team) as tx:
        if ended_by(tx, command.by, command.case) is not Outcome.WARNED:
            case = lock_case(tx, context, command.by, command.case, Rung.WARN, now)
            _record_delivery(tx, context, case, _delivered(tx, context, command, now))
        return case_file(tx, context, command.case)


def _delivered(tx: Transaction, context: Context, command: MarkDelivered, now: datetime) -> IssuedWarning:
    warning = tx.warnings.of_case(command.case)
    if warning is None:
        raise WrongRung(command.case)
    if not warning.issued_at - CLOCK_SKEW <= command.at <= now + CLOCK_SKEW:
        raise Wrong({"at": _("The delivery lies between the issue of the warning and now.")})
    at = min(max(command.at, warning.issued_at), now)  # a form has whole minutes only
    return replace(
        warning,
        delivered_at=at,
        delivered_by=command.by.user,
        delivered_how=command.how,
        expires_at=at + context.policy.warnings_expire_after,
    )


def not_now(context: Context, command: NotNow) -> CaseFile:
    """No warning this time: the case ends with a rationale. Idempotent. Raises as `lock_case`; also Wrong."""
    rationale = command.rationale.strip()
    if not rationale:
        raise Wrong({"rationale": _("Please say in a sentence why not. It goes on record.")})
    now = context.clock()
    with context.begin(command.by.team) as tx:
        if ended_by(tx, command.by, command.case) is not Outcome.NOT_NOW:
            case = lock_case(tx, context, command.by, command.case, Rung.WARN, now, seen=command.version)
            salt = new_salt()
            tx.cases.close(case.number, Outcome.NOT_NOW, now, command.by.user, rationale, salt)
            facts = {"case": case.number, "outcome": Outcome.NOT_NOW.value, "rationale": salted_digest(salt, rationale)}
            tx.audit.append(case.customer, command.by.user, Act.NOT_NOW, facts, now)
            update_standing(tx, case.customer, now)
            show_case(tx, context, case, now)
        return case_file(tx, context, command.case)


def _record_delivery(tx: Transaction, context: Context, case: Case, delivered: IssuedWarning) -> None:
    now = context.clock()
    by = delivered.delivered_by or ""
    tx.warnings.deliver(delivered)
    tx.cases.close(case.number, Outcome.WARNED, now, by, None)
    facts = {
        "case": case.number,
        "warning": delivered.number,
        "how": str(delivered.delivered_how),
        "delivered_at": delivered.delivered_at and delivered.delivered_at.isoformat(),
        "expires_at": delivered.expires_at and delivered.expires_at.isoformat(),
    }
    tx.audit.append(case.customer, by, Act.DELIVER_WARNING, facts, now)
    update_standing(tx, case.customer, now)
    show_case(tx, context, case, now)
