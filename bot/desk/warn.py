"""Management warns the customer: a letter is issued, delivered, and counts from its delivery."""

from dataclasses import replace
from datetime import timedelta

from bot.desk.acting import take_up
from bot.desk.commands import IssueWarning, MarkDelivered, NotNow
from bot.desk.desk import Desk, new_salt
from bot.desk.judging import settle
from bot.desk.noting import show_case
from bot.desk.ports import Record
from bot.desk.refusals import Wrong, WrongRung
from bot.desk.show import case_file
from bot.rules.chain import seal
from bot.rules.files import CaseFile
from bot.rules.values import Case, IssuedWarning, Outcome, Rung

CLOCK_SKEW = timedelta(minutes=2)


def issue_warning(desk: Desk, command: IssueWarning) -> CaseFile:
    """Keep the letter as it is issued. The warning does not count until it is delivered; the case stays open.

    Raises:
        Wrong: the letter is empty.
        WrongRung: a warning has been issued in this case, or something else is asked by now.
        NotEntitled, AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: see `take_up`.
    """
    if not command.letter.strip():
        raise Wrong({"letter": "The warning needs a letter. What was unacceptable, and what has to change?"})
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

    Raises:
        Wrong: the time has not come yet, or lies before the issue.
        WrongRung: no warning has been issued in this case.
        NotEntitled, AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: see `take_up`.
    """
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        case = take_up(record, desk, command.by, command.case, Rung.WARN, now)
        warning = record.warnings.of_case(case.number)
        if warning is None:
            raise WrongRung(case.number)
        if not warning.issued_at - CLOCK_SKEW <= command.at <= now + CLOCK_SKEW:
            raise Wrong({"at": "The delivery lies between the issue of the warning and now."})
        delivered = replace(
            warning,
            delivered_at=command.at,
            delivered_by=command.by.user,
            delivered_how=command.how,
            expires_at=command.at + desk.policy.warnings_expire_after,
        )
        _note_delivery(record, desk, case, delivered)
        return case_file(record, desk, case.number)


def not_now(desk: Desk, command: NotNow) -> CaseFile:
    """No warning this time: the case ends with a rationale.

    Raises:
        Wrong: the rationale is empty.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Unknown, NotRecorded: see `take_up`.
    """
    if not command.rationale.strip():
        raise Wrong({"rationale": "Please say in a sentence why not. It goes on record."})
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        case = take_up(record, desk, command.by, command.case, Rung.WARN, now)
        salt = new_salt()
        rationale = command.rationale.strip()
        record.cases.close(case.number, Outcome.NOT_NOW, now, command.by.user, rationale, salt)
        facts = {"case": case.number, "outcome": Outcome.NOT_NOW.value, "rationale": seal(salt, rationale)}
        record.audit.append(case.customer, command.by.user, "not now", facts, now)
        settle(record, case.customer, now)
        show_case(record, desk, case, now)
        return case_file(record, desk, case.number)


def _note_delivery(record: Record, desk: Desk, case: Case, delivered: IssuedWarning) -> None:
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
