"""A manager or director with a stake that only they know of steps aside from a case. It cannot be undone."""

from dataclasses import dataclass
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case, Recusal
from bot.rules.people import Person
from bot.rules.refusals import Wrong
from bot.rules.text import characters
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_without_stake
from bot.usecases.shared.case_access import refuse_ended
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import schedule_who_is_left
from bot.usecases.shared.stale_messages import show_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Recuse:
    """A manager or director steps aside from a case; the reason may be empty."""

    by: Person
    case: int
    reason: str


LONGEST_REASON = 300  # characters: the notice shows it
TOO_LONG = _("Up to {characters} fit here. A sentence is enough.")


def recuse(context: Context, command: Recuse) -> CaseFile:
    """From now on they take no part in the case, and their approval does not count any more. Idempotent.

    Raises:
        Wrong: the reason is too long.
        NotEntitled: as `refuse_unless_without_stake`.
        AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: as `lock_case`.
    """
    if len(command.reason.strip()) > LONGEST_REASON:
        raise Wrong({"reason": TOO_LONG.format(characters=characters(LONGEST_REASON))})
    with context.begin(command.by.team) as tx:
        tx.customers.lock(tx.cases.get(command.case).customer)
        case = tx.cases.get(command.case)
        if all(recusal.by != command.by.user for recusal in tx.recusals.of_case(case.number)):
            _refuse(tx, context, command.by, case)
            _record(tx, context, case, command)
        return case_file(tx, context, case.number)


def check_recuse(tx: Transaction, context: Context, by: Person, number: int, _: datetime) -> None:
    """Raises as `recuse`, but for Wrong."""
    _refuse(tx, context, by, tx.cases.get(number))


def _refuse(tx: Transaction, context: Context, by: Person, case: Case) -> None:
    refuse_unless_without_stake(tx, context, by, case, context.clock())
    refuse_ended(tx, case)


def _record(tx: Transaction, context: Context, case: Case, command: Recuse) -> None:
    now, user, salt = context.clock(), command.by.user, new_salt()
    recusal = Recusal(case.number, user, now, command.reason.strip())
    tx.recusals.add(recusal, salt)
    facts = {"case": case.number, "reason": salted_digest(salt, recusal.reason)}
    tx.audit.append(case.customer, user, Act.RECUSE, facts, now)
    tx.cases.touch(case.number)
    schedule_who_is_left(tx, case.number, now)
    show_case(tx, context, case, now)
