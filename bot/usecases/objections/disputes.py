"""Disputes: a customer disputes facts of a delivered warning, and somebody uninvolved settles it, once."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import CLOCK, Act, salted_digest
from bot.rules.business_time import due, next_business_day
from bot.rules.case_files import DisputeFile, RecordedCase
from bot.rules.cases import Case
from bot.rules.fields import OptionalWords, Words
from bot.rules.notices import NoticeKind
from bot.rules.objections import Dispute, Remedy
from bot.rules.people import Person
from bot.rules.refusals import AlreadyDisputed, NothingToDispute
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.warnings import IssuedWarning
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_without_stake
from bot.usecases.permissions.uninvolved import refuse_unless_uninvolved, took_part, who_looks_again
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.conclude import Done, conclude, done_in, is_recorded
from bot.usecases.shared.fields import refuse, refuse_wrong_fields, wrong_fields
from bot.usecases.shared.read_models import dispute_file, recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordDispute:
    """The customer disputes facts of the warning that this case ended with."""

    by: Person
    case: int
    disputed: Words


@dataclass(frozen=True, slots=True)
class SettleDispute:
    """What becomes of the disputed warning, and why. `letter`: the corrected one."""

    by: Person
    dispute: int
    remedy: Remedy
    reason: Words
    letter: OptionalWords = ""


def record_dispute(context: Context, command: RecordDispute) -> RecordedCase:
    """Put what the customer disputes before somebody uninvolved. The warning counts until that person decides.

    Any manager without a stake may record it: it is made once, so what it says matters. Idempotent.

    Raises:
        Wrong: nothing is named, or too much.
        NothingToDispute: the case has no warning that was delivered and counts.
        AlreadyDisputed: it has been recorded.
        NotEntitled: as `refuse_unless_without_stake`.
        Unknown, NotRecorded.
    """
    refuse_wrong_fields(context, command, check_dispute, command.case)
    disputed = command.disputed.strip()
    with context.begin(command.by.team) as tx:
        case, warning, now = _lock_warning(tx, context, command.by, command.case)
        if not is_recorded(tx, command.by, Act.RECORD_DISPUTE):
            _refuse_disputed(tx, case, warning)
            _record(tx, context, case, warning, replace(command, disputed=disputed), now)
        return recorded_case(tx, context, command.by, case.number)


def settle_dispute(context: Context, command: SettleDispute) -> DisputeFile:
    """Somebody uninvolved settles the dispute. Idempotent.

    Stands: nothing changes. Corrected: the warning still counts, with another letter. Withdrawn: it no longer counts,
    and the policy is asked again.

    Raises:
        Wrong: a field is invalid.
        AlreadyDisputed: somebody else has settled it.
        NotEntitled: as `refuse_unless_uninvolved`; whoever took part in what led to the warning is involved.
        Unknown, NotRecorded.
    """
    with context.begin(command.by.team) as tx:
        file, case, now = _lock_dispute(tx, context, command.by, command.dispute)
        if not is_recorded(tx, command.by, Act.SETTLE_DISPUTE):
            _refuse_settled(file.dispute)
            refuse(_wrong_letter(command, file.warning) | wrong_fields(context, command))
            _settle(tx, context, file, case, command, now)
        return dispute_file(tx, context, command.dispute)


def check_settle_dispute(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `settle_dispute`, except Wrong. `number`: of the dispute."""
    _refuse_settled(_lock_dispute(tx, context, by, number)[0].dispute)


def check_dispute(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `record_dispute`, except Wrong."""
    case, warning, _now = _lock_warning(tx, context, by, number)
    _refuse_disputed(tx, case, warning)


def _refuse_disputed(tx: Transaction, case: Case, warning: IssuedWarning) -> None:
    earlier = tx.disputes.about(warning.number)
    if earlier:
        raise AlreadyDisputed(case.number, earlier.recorded_by, earlier.recorded_at)


def _refuse_settled(dispute: Dispute) -> None:
    if dispute.settled_at:
        raise AlreadyDisputed(dispute.case, dispute.settled_by or "", dispute.settled_at)


def dispute_due(tx: Transaction, context: Context, number: int) -> None:
    """Scheduled for when the dispute is due: unless it is settled, post it again, also on each business day after."""
    case, now = lock_case(tx, context, tx.disputes.get(number).case)
    dispute = tx.disputes.get(number)
    if not dispute.is_open:
        return
    if _follow_who_is_left(tx, context, case):
        conclude(tx, context, Done(Act.LEFT, CLOCK, case.customer, {"case": case.number}, case=case), now)
    _post(tx, context, case, dispute, now, round_=int(now.timestamp()) // 60)
    tx.notices.refresh_about(case.customer, now)  # the earlier messages say by now that the answer is late
    tx.homes.refresh((case.customer,), context.firm.management, now)
    tx.scheduled_tasks.set(TaskKind.DISPUTE_DUE, number, next_business_day(now, context.policy.hours))


def plan_dispute_again(tx: Transaction, context: Context, case: int) -> None:
    """The clock was put back: see `plan_case_again`."""
    locked, now = lock_case(tx, context, case)
    warning = tx.warnings.of_case(case)
    dispute = tx.disputes.about(warning.number) if warning else None
    if dispute is None or not dispute.is_open:
        return
    latest, at = due(now, context.policy.deadlines.decide, context.policy.hours), dispute.due_at
    if at > latest:
        at = latest
        tx.disputes.move(dispute.number, at)
        facts = {"case": case, "dispute": dispute.number, "due_at": at.isoformat()}
        conclude(tx, context, Done(Act.PLAN_AGAIN, CLOCK, locked.customer, facts, case=locked), now)
    elif at <= now:
        at = next_business_day(now, context.policy.hours)
    tx.scheduled_tasks.set(TaskKind.DISPUTE_DUE, dispute.number, at)


def _lock_warning(tx: Transaction, context: Context, by: Person, number: int) -> tuple[Case, IssuedWarning, datetime]:
    case, now = lock_case(tx, context, number)
    refuse_unless_without_stake(tx, context, by, case.customer, now, number)
    warning = tx.warnings.of_case(number)
    if warning is None or not warning.is_valid_at(now):
        raise NothingToDispute(number)
    return case, warning, now


def _lock_dispute(tx: Transaction, context: Context, by: Person, number: int) -> tuple[DisputeFile, Case, datetime]:
    case, now = lock_case(tx, context, tx.disputes.get(number).case)
    file = dispute_file(tx, context, number)
    refuse_unless_uninvolved(tx, context, by, case, took_part(tx, case), now)
    return file, case, now


def _record(
    tx: Transaction, context: Context, case: Case, warning: IssuedWarning, command: RecordDispute, now: datetime
) -> None:
    salt = new_salt()
    until = due(now, context.policy.deadlines.decide, context.policy.hours)
    dispute = tx.disputes.record(warning, command.disputed, command.by.user, now, until, salt)
    tx.scheduled_tasks.set(TaskKind.DISPUTE_DUE, dispute.number, until)
    _follow_who_is_left(tx, context, case)
    _post(tx, context, case, dispute, now)
    facts = {
        "warning": warning.number,
        "dispute": dispute.number,
        "due_at": until.isoformat(),
        "disputed": salted_digest(salt, command.disputed),
    }
    conclude(tx, context, done_in(case, command.by, Act.RECORD_DISPUTE, facts), now)


def _settle(
    tx: Transaction, context: Context, file: DisputeFile, case: Case, command: SettleDispute, now: datetime
) -> None:
    settled = replace(
        file.dispute,
        remedy=command.remedy,
        settled_by=command.by.user,
        settled_at=now,
        reason=command.reason.strip(),
        letter=command.letter.strip() if command.remedy is Remedy.CORRECTED else None,
    )
    tx.disputes.settle(settled)
    tx.scheduled_tasks.cancel(TaskKind.DISPUTE_DUE, settled.number)
    if settled.remedy is Remedy.WITHDRAWN:
        tx.warnings.withdraw(settled.warning, now)
    facts = _facts(settled, tx.disputes.salt(settled.number))
    conclude(tx, context, done_in(case, command.by, Act.SETTLE_DISPUTE, facts), now)


def _facts(settled: Dispute, salt: str) -> dict[str, object]:
    return {
        "warning": settled.warning,
        "dispute": settled.number,
        "remedy": str(settled.remedy),
        "reason": salted_digest(salt, settled.reason or ""),
        "letter": salted_digest(salt, settled.letter or ""),
    }


def _post(tx: Transaction, context: Context, case: Case, dispute: Dispute, now: datetime, round_: int = 0) -> None:
    target, urgent = context.firm.management_channel, round_ > 0
    tx.notices.refresh(
        NoticeKind.DISPUTE, dispute.number, target, now, customer=case.customer, urgent=urgent, round_=round_
    )


def _follow_who_is_left(tx: Transaction, context: Context, case: Case) -> bool:
    """Store who is left to settle the dispute, for operators to see; whether that is news."""
    left = who_looks_again(tx, context, case, took_part(tx, case))
    if left is case.left:
        return False
    tx.cases.set_left(case.number, left)
    return True


def _wrong_letter(command: SettleDispute, warning: IssuedWarning) -> dict[str, str]:
    if command.remedy is Remedy.CORRECTED and command.letter.strip() in {"", warning.letter}:
        return {"letter": _("Please correct the letter here: it still says what the customer objected to.")}
    return {}
