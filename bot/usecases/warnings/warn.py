"""Management warns a customer: a letter is issued and delivered, and counts from its delivery."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.business_time import due
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case, Outcome
from bot.rules.fields import CLOCK_SKEW, PastMoment, Words
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Wrong, WrongRung
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.warnings import Delivery, IssuedWarning
from bot.usecases.context import Context, new_salt
from bot.usecases.shared.access import read_in_full
from bot.usecases.shared.case_access import (
    lock_case,
    lock_case_at_rung,
    refuse_outdated,
    refuse_unless_at_rung,
)
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.fields import refuse_wrong_fields
from bot.usecases.shared.letters import Drafted, draft_warning
from bot.usecases.shared.read_models import case_file, recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class IssueWarning:
    """Issue the edited letter. `version`: of the case that the manager saw, from whose reports it was drafted."""

    by: Person
    case: int
    letter: Words
    version: int | None = None


@dataclass(frozen=True, slots=True)
class MarkDelivered:
    """The warning was delivered; it counts from `at`."""

    by: Person
    case: int
    how: Delivery
    at: PastMoment


@dataclass(frozen=True, slots=True)
class NotNow:
    """No warning this time, and why. `version`: of the case that the manager saw."""

    by: Person
    case: int
    version: int
    rationale: Words


def check_warning(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as the use cases of this module, but for Wrong."""
    lock_case_at_rung(tx, context, by, number, Rung.WARN)


def draft_for_warning(context: Context, by: Person, number: int) -> Drafted[None]:
    """The letter of a warning, from the reports. Raises as `check_warning` and `read_in_full`."""
    file = read_in_full(context, by, number, lambda tx: case_file(tx, context, number), check_warning)
    return Drafted(file, None, draft_warning(context, file))


def issue_warning(context: Context, command: IssueWarning) -> RecordedCase:
    """Store the letter. The warning does not count until it is delivered; the case stays open. Idempotent.

    Raises as `lock_case`; also Wrong, Outdated and WrongRung (somebody else has issued a warning).
    """
    refuse_wrong_fields(context, command, check_warning, command.case)
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, Act.ISSUE_WARNING):
            refuse_unless_at_rung(tx, context, command.by, case, Rung.WARN, now)
            if tx.warnings.of_case(case.number):
                raise WrongRung(case.number)
            refuse_outdated(tx, context, command.by, case, command.version)
            salt = new_salt()
            warning = tx.warnings.issue(case, command.letter.strip(), command.by.user, now, salt)
            facts = {"warning": warning.number, "letter": salted_digest(salt, warning.letter)}
            conclude(tx, context, done_in(case, command.by, Act.ISSUE_WARNING, facts), now)
        return recorded_case(tx, context, command.by, command.case)


def mark_delivered(context: Context, command: MarkDelivered) -> RecordedCase:
    """The warning was delivered: it counts from then until it expires, and the case ends. Idempotent.

    Raises as `lock_case`; also Wrong (the time is in the future, or before the issue) and WrongRung (no warning has
    been issued in this case).
    """
    refuse_wrong_fields(context, command, check_warning, command.case)
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, Act.DELIVER_WARNING):
            refuse_unless_at_rung(tx, context, command.by, case, Rung.WARN, now)
            _record_delivery(tx, context, command.by, case, _delivered(tx, context, command, now), now)
        return recorded_case(tx, context, command.by, command.case)


def _delivered(tx: Transaction, context: Context, command: MarkDelivered, now: datetime) -> IssuedWarning:
    warning = tx.warnings.of_case(command.case)
    if warning is None:
        raise WrongRung(command.case)
    if command.at < warning.issued_at - CLOCK_SKEW:
        raise Wrong({"at": _("This is before the warning was issued. Please check the date and the time.")})
    at = min(max(command.at, warning.issued_at), now)  # a form has whole minutes only
    policy = context.policy
    return replace(
        warning,
        delivered_at=at,
        delivered_by=command.by.user,
        delivered_how=command.how,
        expires_at=at + policy.warnings_expire_after,
        objection_until=due(at, policy.dispute_within, policy.hours),
    )


def not_now(context: Context, command: NotNow) -> RecordedCase:
    """No warning this time: the case ends with a rationale. Idempotent. Raises as `lock_case`; also Wrong."""
    refuse_wrong_fields(context, command, check_warning, command.case)
    rationale = command.rationale.strip()
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, Act.NOT_NOW):
            refuse_unless_at_rung(tx, context, command.by, case, Rung.WARN, now, seen=command.version)
            salt = new_salt()
            tx.cases.close(case.number, Outcome.NOT_NOW, now, command.by.user, rationale, salt)
            facts = {"outcome": Outcome.NOT_NOW.value, "rationale": salted_digest(salt, rationale)}
            conclude(tx, context, done_in(case, command.by, Act.NOT_NOW, facts), now)
        return recorded_case(tx, context, command.by, command.case)


def _record_delivery(
    tx: Transaction, context: Context, by: Person, case: Case, delivered: IssuedWarning, now: datetime
) -> None:
    tx.warnings.deliver(delivered)
    tx.cases.close(case.number, Outcome.WARNED, now, by.user, None)
    if delivered.objection_until:
        tx.scheduled_tasks.set(TaskKind.OBJECTION_DUE, case.number, delivered.objection_until)
    facts = {
        "warning": delivered.number,
        "how": str(delivered.delivered_how),
        "delivered_at": delivered.delivered_at and delivered.delivered_at.isoformat(),
        "expires_at": delivered.expires_at and delivered.expires_at.isoformat(),
    }
    conclude(tx, context, done_in(case, by, Act.DELIVER_WARNING, facts), now)
