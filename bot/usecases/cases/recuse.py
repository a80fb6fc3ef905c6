"""Somebody with a stake that only they know of steps aside from a case. It cannot be undone."""

from dataclasses import dataclass

from bot.language import _
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case, Recusal
from bot.rules.people import Person
from bot.rules.refusals import Wrong
from bot.rules.text_length import characters
from bot.usecases.context import Desk, new_salt
from bot.usecases.permissions.permissions import refuse_unless_free
from bot.usecases.shared.case_access import refuse_ended
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import plan_a_look
from bot.usecases.shared.stale_messages import show_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Recuse:
    """A manager or director steps aside from a case; the reason may be empty."""

    by: Person
    case: int
    reason: str


LONGEST_REASON = 300  # characters: a sentence, which the notice shows
TOO_LONG = _("Up to {characters} fit here. A sentence is enough.")


def recuse(desk: Desk, command: Recuse) -> CaseFile:
    """From now on this manager or director takes no part; what they had approved counts no longer.

    Asked twice, it answers the same.

    Raises:
        Wrong: the reason is too long.
        NotEntitled: nobody who could act on the case, or takes no part anyway.
        AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: see `take_up`.
    """
    if len(command.reason.strip()) > LONGEST_REASON:
        raise Wrong({"reason": TOO_LONG.format(characters=characters(LONGEST_REASON))})
    with desk.begin(command.by.team) as record:
        record.customers.lock(record.cases.get(command.case).customer)
        case = record.cases.get(command.case)
        if not _stepped_aside(record, command):
            _refuse(record, desk, command.by, case)
            _note(record, desk, case, command)
        return case_file(record, desk, case.number)


def look_to_recuse(desk: Desk, by: Person, number: int) -> CaseFile:
    """What the form shows, if this person may step aside. Changes nothing; raises as `recuse`."""
    with desk.read(by.team) as record:
        _refuse(record, desk, by, record.cases.get(number))
        return case_file(record, desk, number)


def _refuse(record: Transaction, desk: Desk, by: Person, case: Case) -> None:
    refuse_unless_free(record, desk, by, case, desk.clock())
    refuse_ended(record, case)


def _stepped_aside(record: Transaction, command: Recuse) -> bool:
    return any(recusal.by == command.by.user for recusal in record.recusals.of_case(command.case))


def _note(record: Transaction, desk: Desk, case: Case, command: Recuse) -> None:
    now, user, salt = desk.clock(), command.by.user, new_salt()
    made = Recusal(case.number, user, now, command.reason.strip())
    record.recusals.add(made, salt)
    facts = {"case": case.number, "reason": seal(salt, made.reason)}
    record.audit.append(case.customer, user, "recuse", facts, now)
    record.cases.touch(case.number)
    plan_a_look(record, case.number, now)
    show_case(record, desk, case, now)
