"""Somebody with a stake that only they know of steps aside from a case. It cannot be undone."""

from bot.desk.acting import refuse_ended
from bot.desk.commands import Recuse
from bot.desk.desk import Desk, new_salt
from bot.desk.entitlement import refuse_unless_free
from bot.desk.noting import show_case
from bot.desk.people import Person
from bot.desk.planning import plan_a_look
from bot.desk.ports import Record
from bot.desk.refusals import Wrong
from bot.desk.show import case_file
from bot.language import _
from bot.rules.chain import seal
from bot.rules.files import CaseFile
from bot.rules.lengths import characters
from bot.rules.values import Case, Recusal

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


def _refuse(record: Record, desk: Desk, by: Person, case: Case) -> None:
    refuse_unless_free(record, desk, by, case, desk.clock())
    refuse_ended(record, case)


def _stepped_aside(record: Record, command: Recuse) -> bool:
    return any(recusal.by == command.by.user for recusal in record.recusals.of_case(command.case))


def _note(record: Record, desk: Desk, case: Case, command: Recuse) -> None:
    now, user, salt = desk.clock(), command.by.user, new_salt()
    made = Recusal(case.number, user, now, command.reason.strip())
    record.recusals.add(made, salt)
    facts = {"case": case.number, "reason": seal(salt, made.reason)}
    record.audit.append(case.customer, user, "recuse", facts, now)
    record.cases.touch(case.number)
    plan_a_look(record, case.number, now)
    show_case(record, desk, case, now)
