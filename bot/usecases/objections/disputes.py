"""A customer disputes facts of a delivered warning: somebody uninvolved looks at it, once."""

from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.audit_chain import seal
from bot.rules.business_time import due, next_business_day
from bot.rules.case_files import CaseFile, DisputeFile
from bot.rules.cases import Case
from bot.rules.objections import Dispute, Remedy
from bot.rules.people import Person
from bot.rules.refusals import AlreadyDisputed, Bar, NothingToDispute, Wrong
from bot.rules.warnings import IssuedWarning
from bot.usecases.context import Desk, new_salt
from bot.usecases.objections.commands import RecordDispute, SettleDispute
from bot.usecases.permissions.permissions import refuse_unless_manager
from bot.usecases.permissions.uninvolved import refuse_unless_uninvolved
from bot.usecases.shared.read_models import case_file, dispute_file
from bot.usecases.shared.schedule import DISPUTE_WAITS
from bot.usecases.shared.stale_messages import show_case, show_homes
from bot.usecases.shared.verdicts import judge_anew
from storage.transaction import Transaction

NOTICE = "dispute"


def record_dispute(desk: Desk, command: RecordDispute) -> CaseFile:
    """Put what the customer disputes before somebody uninvolved. The warning counts until they say otherwise.

    Any manager may record it, since the customer answers whoever wrote to them. Recorded twice, it answers the same.

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
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        case, warning = _disputable(record, desk, command.by, command.case, now)
        earlier = record.disputes.about(warning.number)
        if earlier is None:
            _record(record, desk, case, warning, replace(command, disputed=disputed))
        elif (earlier.recorded_by, earlier.disputed) != (command.by.user, disputed):
            raise AlreadyDisputed(case.number, earlier.recorded_by, earlier.recorded_at)
        return case_file(record, desk, case.number)


def settle_dispute(desk: Desk, command: SettleDispute) -> DisputeFile:
    """Somebody uninvolved has looked at it. Settled twice by the same person, it answers the same.

    Stands: nothing changes. Corrected: the warning counts on, with another letter. Withdrawn: it counts no more, the
    policy is asked anew, and the standing follows.

    Raises:
        Wrong: a field cannot stand.
        AlreadyDisputed: somebody else has settled it.
        NotEntitled: not a manager or director, or involved: a reporter, the account's owner, who issued the warning.
        Unknown, NotRecorded.
    """
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        file = _uninvolved(record, desk, command.by, command.dispute, now)
        _refuse_wrong(command, file.warning)
        if file.dispute.is_open:
            _settle(record, desk, file, command)
        elif (file.dispute.settled_by, file.dispute.remedy) != (command.by.user, command.remedy):
            refuse_settled(file.dispute)
        return dispute_file(record, desk, command.dispute)


def look_at_dispute(desk: Desk, by: Person, number: int) -> DisputeFile:
    """What the form of settling it shows. Raises as `settle_dispute`, fields aside."""
    with desk.read(by.team) as record:
        file = _uninvolved(record, desk, by, number, desk.clock())
        refuse_settled(file.dispute)
        return file


def look_at_disputable(desk: Desk, by: Person, number: int) -> CaseFile:
    """What the form of recording a dispute shows. Raises as `record_dispute`, fields aside."""
    with desk.read(by.team) as record:
        case, warning = _disputable(record, desk, by, number, desk.clock())
        earlier = record.disputes.about(warning.number)
        if earlier:
            raise AlreadyDisputed(case.number, earlier.recorded_by, earlier.recorded_at)
        return case_file(record, desk, number)


def refuse_settled(dispute: Dispute) -> None:
    """Raises `AlreadyDisputed` where somebody has settled it."""
    if dispute.settled_at:
        raise AlreadyDisputed(dispute.case, dispute.settled_by or "", dispute.settled_at)


def dispute_waits(record: Transaction, desk: Desk, number: int) -> None:
    """Nobody has looked at it in time: said again, and again on each business day."""
    dispute, now = record.disputes.get(number), desk.clock()
    if not dispute.is_open:
        return
    _show(record, desk, dispute, now, round_=int(now.timestamp()) // 60)
    show_homes(record, desk, (record.cases.get(dispute.case).customer,), now)
    record.steps.set(DISPUTE_WAITS, number, next_business_day(now, desk.policy.hours))


def _disputable(record: Transaction, desk: Desk, by: Person, number: int, now: datetime) -> tuple[Case, IssuedWarning]:
    refuse_unless_manager(record, desk, by, now)
    case = record.cases.get(number)
    record.customers.lock(case.customer)
    warning = record.warnings.of_case(number)
    if warning is None or not warning.counts_at(now):
        raise NothingToDispute(number)
    return case, warning


def _uninvolved(record: Transaction, desk: Desk, by: Person, number: int, now: datetime) -> DisputeFile:
    record.customers.lock(record.cases.get(record.disputes.get(number).case).customer)
    file = dispute_file(record, desk, number)
    involved = {file.warning.issued_by: Bar.ISSUER}
    refuse_unless_uninvolved(record, desk, by, record.cases.get(file.dispute.case), involved, now)
    return file


def _record(record: Transaction, desk: Desk, case: Case, warning: IssuedWarning, command: RecordDispute) -> None:
    now, salt = desk.clock(), new_salt()
    until = due(now, desk.policy.deadlines.decide, desk.policy.hours)
    dispute = record.disputes.record(warning, command.disputed, command.by.user, now, until, salt)
    facts: dict[str, object] = {
        "case": case.number,
        "warning": warning.number,
        "dispute": dispute.number,
        "due_at": until.isoformat(),
        "disputed": seal(salt, command.disputed),
    }
    record.audit.append(case.customer, command.by.user, "record dispute", facts, now)
    record.steps.set(DISPUTE_WAITS, dispute.number, until)
    _show(record, desk, dispute, now)
    _show_cases(record, desk, case, now)


def _settle(record: Transaction, desk: Desk, file: DisputeFile, command: SettleDispute) -> None:
    now = desk.clock()
    settled = replace(
        file.dispute,
        remedy=command.remedy,
        settled_by=command.by.user,
        settled_at=now,
        reason=command.reason.strip(),
        letter=command.letter.strip() if command.remedy is Remedy.CORRECTED else None,
    )
    case = record.cases.get(settled.case)
    record.disputes.settle(settled)
    record.steps.cancel(DISPUTE_WAITS, settled.number)
    facts = _facts(settled, record.disputes.salt(settled.number))
    if settled.remedy is Remedy.WITHDRAWN:
        record.warnings.withdraw(settled.warning, now)
        judge_anew(record, desk, case.customer, command.by.user, "settle dispute", facts)
    else:
        record.audit.append(case.customer, command.by.user, "settle dispute", facts, now)
    record.notices.want_again(NOTICE, settled.number, now)
    _show_cases(record, desk, case, now)


def _facts(settled: Dispute, salt: str) -> dict[str, object]:
    return {
        "case": settled.case,
        "warning": settled.warning,
        "dispute": settled.number,
        "remedy": str(settled.remedy),
        "reason": seal(salt, settled.reason or ""),
        "letter": seal(salt, settled.letter or ""),
    }


def _show(record: Transaction, desk: Desk, dispute: Dispute, now: datetime, round_: int = 0) -> None:
    record.notices.want(NOTICE, dispute.number, desk.firm.management_channel, now, urgent=round_ > 0, round_=round_)


def _show_cases(record: Transaction, desk: Desk, case: Case, now: datetime) -> None:
    """The case that ended with the warning, and the open one that may rest on it."""
    record.cases.touch(case.number)
    show_case(record, desk, case, now)
    current = record.cases.open_about(case.customer)
    if current:
        record.cases.touch(current.number)
        show_case(record, desk, current, now)


def _refuse_wrong(command: SettleDispute, warning: IssuedWarning) -> None:
    wrong = {}
    if not command.reason.strip():
        wrong["reason"] = _("Please say in a sentence why. It goes on record.")
    letter = command.letter.strip()
    if command.remedy is Remedy.CORRECTED and letter in {"", warning.letter}:
        wrong["letter"] = _("Please correct the letter here: it still says what was disputed.")
    if wrong:
        raise Wrong(wrong)
