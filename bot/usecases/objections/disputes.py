"""Disputes: a customer disputes facts of a delivered warning, and somebody uninvolved settles it, once."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.business_time import due, next_business_day
from bot.rules.case_files import CaseFile, DisputeFile
from bot.rules.cases import Case
from bot.rules.notices import NoticeKind
from bot.rules.objections import Dispute, Remedy
from bot.rules.people import Person
from bot.rules.refusals import AlreadyDisputed, Denial, NothingToDispute, Wrong
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.warnings import IssuedWarning
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_manager
from bot.usecases.permissions.uninvolved import refuse_unless_uninvolved
from bot.usecases.shared.read_models import case_file, dispute_file
from bot.usecases.shared.stale_messages import show_case, show_homes
from bot.usecases.shared.verdicts import reassess
from storage.transaction import Transaction


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


def record_dispute(context: Context, command: RecordDispute) -> CaseFile:
    """Put what the customer disputes before somebody uninvolved. The warning counts until that person decides.

    Any manager may record it, since the customer answers whoever wrote to them. Idempotent.

    Raises:
        Wrong: nothing is named.
        NothingToDispute: the case has no warning that was delivered and counts.
        AlreadyDisputed: it has been recorded.
        NotEntitled: not a manager.
        Unknown, NotRecorded.
    """
    disputed = command.disputed.strip()
    if not disputed:
        raise Wrong({"disputed": _("Please say which facts are disputed, and what the customer says instead.")})
    now = context.clock()
    with context.begin(command.by.team) as tx:
        case, warning = _lock_warning(tx, context, command.by, command.case, now)
        earlier = tx.disputes.about(warning.number)
        if earlier is None:
            _record(tx, context, case, warning, replace(command, disputed=disputed))
        elif (earlier.recorded_by, earlier.disputed) != (command.by.user, disputed):
            raise AlreadyDisputed(case.number, earlier.recorded_by, earlier.recorded_at)
        return case_file(tx, context, case.number)


def settle_dispute(context: Context, command: SettleDispute) -> DisputeFile:
    """Somebody uninvolved settles the dispute. Idempotent.

    Stands: nothing changes. Corrected: the warning still counts, with another letter. Withdrawn: it no longer counts,
    and the policy is asked again.

    Raises:
        Wrong: a field is invalid.
        AlreadyDisputed: somebody else has settled it.
        NotEntitled: not a manager or director, or involved: a reporter, the account's owner, who issued the warning.
        Unknown, NotRecorded.
    """
    now = context.clock()
    with context.begin(command.by.team) as tx:
        file = _lock_dispute(tx, context, command.by, command.dispute, now)
        _refuse_wrong(command, file.warning)
        if file.dispute.is_open:
            _settle(tx, context, file, command)
        elif (file.dispute.settled_by, file.dispute.remedy) != (command.by.user, command.remedy):
            _refuse_settled(file.dispute)
        return dispute_file(tx, context, command.dispute)


def check_settle_dispute(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises as `settle_dispute`, except Wrong. `number`: of the dispute."""
    _refuse_settled(_lock_dispute(tx, context, by, number, now).dispute)


def check_dispute(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises as `record_dispute`, except Wrong."""
    case, warning = _lock_warning(tx, context, by, number, now)
    earlier = tx.disputes.about(warning.number)
    if earlier:
        raise AlreadyDisputed(case.number, earlier.recorded_by, earlier.recorded_at)


def _refuse_settled(dispute: Dispute) -> None:
    if dispute.settled_at:
        raise AlreadyDisputed(dispute.case, dispute.settled_by or "", dispute.settled_at)


def dispute_due(tx: Transaction, context: Context, number: int) -> None:
    """Scheduled for when the dispute is due: unless it is settled, post it again, also on each business day after."""
    dispute, now = tx.disputes.get(number), context.clock()
    if not dispute.is_open:
        return
    _post(tx, context, dispute, now, round_=int(now.timestamp()) // 60)
    show_homes(tx, context, (tx.cases.get(dispute.case).customer,), now)
    tx.scheduled_tasks.set(TaskKind.DISPUTE_DUE, number, next_business_day(now, context.policy.hours))


def _lock_warning(
    tx: Transaction, context: Context, by: Person, number: int, now: datetime
) -> tuple[Case, IssuedWarning]:
    refuse_unless_manager(tx, context, by, now)
    case = tx.cases.get(number)
    tx.customers.lock(case.customer)
    warning = tx.warnings.of_case(number)
    if warning is None or not warning.is_valid_at(now):
        raise NothingToDispute(number)
    return case, warning


def _lock_dispute(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> DisputeFile:
    tx.customers.lock(tx.cases.get(tx.disputes.get(number).case).customer)
    file = dispute_file(tx, context, number)
    involved = {file.warning.issued_by: Denial.ISSUER}
    refuse_unless_uninvolved(tx, context, by, tx.cases.get(file.dispute.case), involved, now)
    return file


def _record(tx: Transaction, context: Context, case: Case, warning: IssuedWarning, command: RecordDispute) -> None:
    now, salt = context.clock(), new_salt()
    until = due(now, context.policy.deadlines.decide, context.policy.hours)
    dispute = tx.disputes.record(warning, command.disputed, command.by.user, now, until, salt)
    facts: dict[str, object] = {
        "case": case.number,
        "warning": warning.number,
        "dispute": dispute.number,
        "due_at": until.isoformat(),
        "disputed": salted_digest(salt, command.disputed),
    }
    tx.audit.append(case.customer, command.by.user, Act.RECORD_DISPUTE, facts, now)
    tx.scheduled_tasks.set(TaskKind.DISPUTE_DUE, dispute.number, until)
    _post(tx, context, dispute, now)
    _show_cases(tx, context, case, now)


def _settle(tx: Transaction, context: Context, file: DisputeFile, command: SettleDispute) -> None:
    now = context.clock()
    settled = replace(
        file.dispute,
        remedy=command.remedy,
        settled_by=command.by.user,
        settled_at=now,
        reason=command.reason.strip(),
        letter=command.letter.strip() if command.remedy is Remedy.CORRECTED else None,
    )
    case = tx.cases.get(settled.case)
    tx.disputes.settle(settled)
    tx.scheduled_tasks.cancel(TaskKind.DISPUTE_DUE, settled.number)
    facts = _facts(settled, tx.disputes.salt(settled.number))
    if settled.remedy is Remedy.WITHDRAWN:
        tx.warnings.withdraw(settled.warning, now)
        reassess(tx, context, case.customer, command.by.user, Act.SETTLE_DISPUTE, facts)
    else:
        tx.audit.append(case.customer, command.by.user, Act.SETTLE_DISPUTE, facts, now)
    tx.notices.refresh_all(NoticeKind.DISPUTE, settled.number, now)
    _show_cases(tx, context, case, now)


def _facts(settled: Dispute, salt: str) -> dict[str, object]:
    return {
        "case": settled.case,
        "warning": settled.warning,
        "dispute": settled.number,
        "remedy": str(settled.remedy),
        "reason": salted_digest(salt, settled.reason or ""),
        "letter": salted_digest(salt, settled.letter or ""),
    }


def _post(tx: Transaction, context: Context, dispute: Dispute, now: datetime, round_: int = 0) -> None:
    channel = context.firm.management_channel
    tx.notices.refresh(NoticeKind.DISPUTE, dispute.number, channel, now, urgent=round_ > 0, round_=round_)


def _show_cases(tx: Transaction, context: Context, case: Case, now: datetime) -> None:
    """Refresh the messages of the case that ended with the warning, and of the open case, which may rest on it."""
    for each in filter(None, (case, tx.cases.open_about(case.customer))):
        tx.cases.touch(each.number)
        show_case(tx, context, each, now)


def _refuse_wrong(command: SettleDispute, warning: IssuedWarning) -> None:
    wrong = {}
    if not command.reason.strip():
        wrong["reason"] = _("Please say in a sentence why. It goes on record.")
    letter = command.letter.strip()
    if command.remedy is Remedy.CORRECTED and letter in {"", warning.letter}:
        wrong["letter"] = _("Please correct the letter here: it still says what was disputed.")
    if wrong:
        raise Wrong(wrong)
