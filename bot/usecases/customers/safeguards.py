"""Safeguards: a customer needs tolerance, so except for zero tolerance both sides are heard before any step.

Managers set and lift them from a case, or from the customer's card: see `bot.usecases.customers.edit`.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.language import _
from bot.rules.audit import CLOCK, Act, salted_digest
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case
from bot.rules.customers import Safeguard
from bot.rules.fields import OptionalDayAhead, SafeguardKind, Words
from bot.rules.people import Person
from bot.rules.refusals import Unknown, Wrong
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_decider
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.conclude import Done, conclude, is_recorded
from bot.usecases.shared.fields import refuse_wrong_fields
from bot.usecases.shared.read_models import recorded_case
from storage.transaction import Transaction

LIFTED = _("Somebody has lifted this safeguard already. Nothing was recorded. Please pick another one.")


@dataclass(frozen=True, slots=True)
class SetSafeguard:
    """The case's customer needs tolerance. `kind` is a key of the policy; `until` the last day of it."""

    by: Person
    case: int
    kind: SafeguardKind
    note: Words
    until: OptionalDayAhead = None


@dataclass(frozen=True, slots=True)
class LiftSafeguard:
    """A safeguard of the case's customer is no longer needed, and why."""

    by: Person
    case: int
    safeguard: int
    reason: Words


@dataclass(frozen=True, slots=True)
class SetCustomerSafeguard:
    """The customer needs tolerance. `kind` is a key of the policy; `until` the last day of it."""

    by: Person
    customer: int
    kind: SafeguardKind
    note: Words
    until: OptionalDayAhead = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class LiftCustomerSafeguard:
    """A safeguard of the customer is no longer needed, and why."""

    by: Person
    customer: int
    safeguard: int
    reason: Words
    seen: str = ""


def set_safeguard(context: Context, command: SetSafeguard) -> RecordedCase:
    """The case's customer needs tolerance. Idempotent.

    Raises:
        Wrong: a field is invalid.
        NotEntitled: whoever may not act on the case.
        Unknown, NotRecorded.
    """
    refuse_wrong_fields(context, command, check_safeguards, command.case)
    with context.begin(command.by.team) as tx:
        case, now = _lock_case(tx, context, command.by, command.case)
        set_for_customer(tx, context, case.customer, command, now)
        return recorded_case(tx, context, command.by, case.number)


def lift_safeguard(context: Context, command: LiftSafeguard) -> RecordedCase:
    """A safeguard is no longer needed. Idempotent. Raises as `set_safeguard`."""
    refuse_wrong_fields(context, command, check_safeguards, command.case)
    with context.begin(command.by.team) as tx:
        case, now = _lock_case(tx, context, command.by, command.case)
        lift_for_customer(tx, context, case.customer, command, now)
        return recorded_case(tx, context, command.by, case.number)


def check_safeguards(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `set_safeguard`, except Wrong."""
    _lock_case(tx, context, by, number)


def safeguard_ended(tx: Transaction, context: Context, number: int) -> None:
    """Scheduled for the end of a safeguard's last day: ask the policy again. Before that it is scheduled again."""
    customer = tx.customers.lock(tx.safeguards.get(number)[0]).number
    safeguard, ends_at, now = tx.safeguards.get(number)[1], tx.safeguards.ends_at(number), context.clock()
    if safeguard.lifted_at or ends_at is None:
        return
    if now < ends_at:
        tx.scheduled_tasks.set(TaskKind.SAFEGUARD_END, number, ends_at)
    else:
        conclude(tx, context, Done(Act.SAFEGUARD_LAPSES, CLOCK, customer, {"safeguard": number}), now)


def set_for_customer(
    tx: Transaction, context: Context, customer: int, command: SetSafeguard | SetCustomerSafeguard, now: datetime
) -> None:
    """Record the safeguard, unless the same one is in force, and ask the policy again."""
    by, note, until = command.by, command.note.strip(), command.until
    words = context.policy.safeguards[command.kind].words
    new = Safeguard(kind=command.kind, note=note, words=words, until=until, set_by=by.user, set_at=now)
    in_force = tx.safeguards.about(customer, now)
    is_in_force = any((each.kind, each.note, each.until) == (new.kind, note, until) for each in in_force)
    if is_in_force or is_recorded(tx, by, Act.SET_SAFEGUARD):
        return
    salt = new_salt()
    ends_at = context.policy.hours.at(until + timedelta(days=1), time()) if until else None
    safeguard = tx.safeguards.set(customer, new, ends_at, salt)
    if ends_at:
        tx.scheduled_tasks.set(TaskKind.SAFEGUARD_END, safeguard.number, ends_at)
    facts = {
        "safeguard": safeguard.number,
        "kind": new.kind,
        "until": until.isoformat() if until else None,
        "note": salted_digest(salt, note),
    }
    conclude(tx, context, Done(Act.SET_SAFEGUARD, by.user, customer, facts, by.form), now)


def void_unguarded(tx: Transaction, one: int, other: int, now: datetime) -> None:
    """Of two records that become one: who has approved a drop has not considered the other one's safeguards."""
    for mine, others in ((one, other), (other, one)):
        case = tx.cases.open_about(mine)
        if case and tx.safeguards.about(others, now):
            for given in tx.approvals.of_case(case.number):
                tx.approvals.take_back(case.number, given.by, now)


def lift_for_customer(
    tx: Transaction, context: Context, customer: int, command: LiftSafeguard | LiftCustomerSafeguard, now: datetime
) -> None:
    """Lift a safeguard, and ask the policy again.

    Raises Unknown where it is not this customer's, Wrong where it is lifted already.
    """
    number, by, reason = command.safeguard, command.by, command.reason.strip()
    whose, safeguard = tx.safeguards.get(number)
    if whose != customer:
        raise Unknown("safeguard", number)
    if is_recorded(tx, by, Act.LIFT_SAFEGUARD):
        return
    if safeguard.lifted_at:
        raise Wrong({"safeguard": LIFTED})
    salt = new_salt()
    tx.safeguards.lift(number, by.user, reason, now, salt)
    tx.scheduled_tasks.cancel(TaskKind.SAFEGUARD_END, number)
    facts = {"safeguard": number, "reason": salted_digest(salt, reason)}
    conclude(tx, context, Done(Act.LIFT_SAFEGUARD, by.user, customer, facts, by.form), now)


def _lock_case(tx: Transaction, context: Context, by: Person, number: int) -> tuple[Case, datetime]:
    """Lock the customer of a case, open or ended, if this person may act on it."""
    case, now = lock_case(tx, context, number)
    refuse_unless_decider(tx, context, by, case, now)
    return case, now
