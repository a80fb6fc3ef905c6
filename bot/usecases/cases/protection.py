"""A manager lifts or sets the interim protection of an open case, with a reason. It decides nothing."""

from dataclasses import dataclass
from datetime import datetime

from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case
from bot.rules.fields import Words
from bot.rules.people import Person
from bot.rules.protection import ProtectionUnchanged
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_decider
from bot.usecases.shared.case_access import lock_case, refuse_ended, refuse_outdated
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.fields import refuse_wrong_fields
from bot.usecases.shared.protection import add
from bot.usecases.shared.read_models import recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SetProtection:
    """Until it is decided, reps deal with the customer as the policy's protection says. `version`: as they saw it."""

    by: Person
    case: int
    version: int
    reason: Words


@dataclass(frozen=True, slots=True)
class LiftProtection:
    """Until it is decided, reps deal with the customer as with any other. `version`: as they saw it."""

    by: Person
    case: int
    version: int
    reason: Words


def set_protection(context: Context, command: SetProtection) -> RecordedCase:
    """Put the customer of a case under interim protection until it ends. Idempotent.

    Raises:
        Wrong: there is no reason, or it is too long.
        NotEntitled: whoever may not act on the case.
        AlreadyDecided, AlreadyClosed: it has ended.
        ProtectionUnchanged: they are under protection already.
        Outdated: a report was made, withdrawn or discounted since the version that they saw.
        Unknown, NotRecorded.
    """
    refuse_wrong_fields(context, command, check_set_protection, command.case)
    return _changed(context, command, Act.SET_PROTECTION)


def lift_protection(context: Context, command: LiftProtection) -> RecordedCase:
    """Lift it before the case ends. Idempotent. Raises as `set_protection`."""
    refuse_wrong_fields(context, command, check_lift_protection, command.case)
    return _changed(context, command, Act.LIFT_PROTECTION)


def check_set_protection(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `set_protection`, but for Wrong and Outdated."""
    _refuse(tx, context, by, tx.cases.get(number), context.clock(), Act.SET_PROTECTION)


def check_lift_protection(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `lift_protection`, but for Wrong and Outdated."""
    _refuse(tx, context, by, tx.cases.get(number), context.clock(), Act.LIFT_PROTECTION)


def _changed(context: Context, command: SetProtection | LiftProtection, act: Act) -> RecordedCase:
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, act):
            _refuse(tx, context, command.by, case, now, act)
            refuse_outdated(tx, context, command.by, case, command.version)
            _record(tx, context, case, command, act, now)
        return recorded_case(tx, context, command.by, case.number)


def _refuse(tx: Transaction, context: Context, by: Person, case: Case, now: datetime, act: Act) -> None:
    refuse_unless_decider(tx, context, by, case, now)
    refuse_ended(tx, case)
    last = tx.protections.newest(case.number)
    in_force = bool(last and last.kind)
    if in_force is (act is Act.SET_PROTECTION):
        raise ProtectionUnchanged(case.number, last.by if last else None, last.at if last else now, in_force=in_force)


def _record(
    tx: Transaction, context: Context, case: Case, command: SetProtection | LiftProtection, act: Act, now: datetime
) -> None:
    """The entry has the version of the case that it makes, so that later reports are news to it."""
    salt, reason = new_salt(), command.reason.strip()
    kind = context.policy.interim.protection if act is Act.SET_PROTECTION else None
    tx.cases.touch(case.number)
    touched, last = tx.cases.get(case.number), tx.protections.newest(case.number)
    add(tx, touched, last, kind, now, command.by.user, reason, salt)
    facts = {"protection": kind.value if kind else None, "reason": salted_digest(salt, reason)}
    conclude(tx, context, done_in(touched, command.by, act, facts), now)
