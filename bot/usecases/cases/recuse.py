"""A manager or director with a stake that only they know of steps aside from a case. It cannot be undone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case, Recusal
from bot.rules.fields import LONGEST_RECUSAL, Text
from bot.rules.people import Person
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_without_stake
from bot.usecases.shared.case_access import lock_case, refuse_ended
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.fields import refuse_wrong_fields
from bot.usecases.shared.read_models import recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Recuse:
    """A manager or director steps aside from a case; the reason may be empty."""

    by: Person
    case: int
    reason: Annotated[str, Text(LONGEST_RECUSAL, optional=True)]


def recuse(context: Context, command: Recuse) -> RecordedCase:
    """From now on they take no part in anything about its customer, and their approval does not count any more.

    Idempotent.

    Raises:
        Wrong: the reason is too long.
        NotEntitled: as `refuse_unless_without_stake`.
        AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: as `lock_case`.
    """
    refuse_wrong_fields(context, command, check_recuse, command.case)
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, Act.RECUSE):
            _refuse(tx, context, command.by, case, now)
            _record(tx, context, case, command, now)
        return recorded_case(tx, context, command.by, case.number)


def check_recuse(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `recuse`, but for Wrong."""
    _refuse(tx, context, by, tx.cases.get(number), context.clock())


def _refuse(tx: Transaction, context: Context, by: Person, case: Case, now: datetime) -> None:
    refuse_unless_without_stake(tx, context, by, case.customer, now, case.number)
    refuse_ended(tx, case)


def _record(tx: Transaction, context: Context, case: Case, command: Recuse, now: datetime) -> None:
    salt = new_salt()
    recusal = Recusal(case.number, command.by.user, now, command.reason.strip())
    tx.recusals.add(recusal, salt)
    facts = {"reason": salted_digest(salt, recusal.reason)}
    conclude(tx, context, done_in(case, command.by, Act.RECUSE, facts), now)
