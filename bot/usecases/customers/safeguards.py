"""A customer needs tolerance: no step but zero tolerance is taken before both sides are heard."""

from datetime import date, datetime, time, timedelta

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.customers import Safeguard
from bot.rules.people import Person
from bot.rules.refusals import Unknown, Wrong
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.customers.commands import LiftSafeguard, SetSafeguard
from bot.usecases.permissions.permissions import refuse_unless_entitled
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import CLOCK
from bot.usecases.shared.verdicts import judge_anew
from storage.transaction import Transaction


def set_safeguard(context: Context, command: SetSafeguard) -> CaseFile:
    """Note that the case's customer needs tolerance, and ask the policy anew. Set twice, it is set once.

    Raises:
        Wrong: a field cannot stand.
        NotEntitled: whoever may not act on the case.
        Unknown, NotRecorded.
    """
    refuse_wrong_safeguard(context, command.kind, command.note, command.until)
    now = context.clock()
    with context.begin(command.by.team) as tx:
        case = _about(tx, context, command.by, command.case, now)
        keep_safeguard(tx, context, case.customer, command.by.user, command.kind, command.note, command.until)
        return case_file(tx, context, case.number)


def lift_safeguard(context: Context, command: LiftSafeguard) -> CaseFile:
    """A safeguard is no longer needed; the policy is asked anew. Lifted twice, it is lifted once.

    Raises:
        Wrong: no reason.
        Unknown: the customer has no such safeguard.
        NotEntitled: whoever may not act on the case.
        NotRecorded.
    """
    refuse_no_reason(command.reason)
    with context.begin(command.by.team) as tx:
        case = _about(tx, context, command.by, command.case, context.clock())
        end_safeguard(tx, context, case.customer, command.by.user, command.safeguard, command.reason)
        return case_file(tx, context, case.number)


def end_safeguard(tx: Transaction, context: Context, customer: int, by: str, number: int, reason: str) -> None:
    """Lift one of the customer's safeguards, once, and ask the policy anew. Raises Unknown where it is not theirs."""
    whose, safeguard = tx.safeguards.get(number)
    if whose != customer:
        raise Unknown("safeguard", number)
    if not safeguard.lifted_at:
        salt = new_salt()
        tx.safeguards.lift(number, by, reason.strip(), context.clock(), salt)
        tx.scheduled_tasks.cancel(TaskKind.SAFEGUARD_END, number)
        facts: dict[str, object] = {"safeguard": number, "reason": seal(salt, reason.strip())}
        judge_anew(tx, context, customer, by, Act.LIFT_SAFEGUARD, facts)


def safeguard_ended(tx: Transaction, context: Context, number: int) -> None:
    """The last day of a safeguard is over: the policy is asked anew."""
    customer, safeguard = tx.safeguards.get(number)
    if not safeguard.lifted_at:
        tx.customers.lock(customer)
        judge_anew(tx, context, customer, CLOCK, Act.SAFEGUARD_LAPSES, {"safeguard": number})


def keep_safeguard(
    tx: Transaction, context: Context, customer: int, by: str, kind: str, note: str, until: date | None
) -> None:
    """Note that the customer needs tolerance, once, and ask the policy anew."""
    now, words = context.clock(), context.policy.safeguards[kind].words
    new = Safeguard(kind=kind, note=note.strip(), words=words, until=until, set_by=by, set_at=now)
    if not any(_same(each, new) for each in tx.safeguards.about(customer, now)):
        _set(tx, context, customer, new)


def _set(tx: Transaction, context: Context, customer: int, new: Safeguard) -> None:
    salt = new_salt()
    ends_at = _end_of(context, new.until)
    safeguard = tx.safeguards.set(customer, new, ends_at, salt)
    if ends_at:
        tx.scheduled_tasks.set(TaskKind.SAFEGUARD_END, safeguard.number, ends_at)
    facts: dict[str, object] = {
        "safeguard": safeguard.number,
        "kind": new.kind,
        "until": new.until.isoformat() if new.until else None,
        "note": seal(salt, new.note),
    }
    judge_anew(tx, context, customer, new.set_by, Act.SET_SAFEGUARD, facts)


def _end_of(context: Context, until: date | None) -> datetime | None:
    """The end of a day in the firm's zone."""
    return context.policy.hours.at(until + timedelta(days=1), time()) if until else None


def _about(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> Case:
    """The case, open or not, its customer locked, if this person may act on it."""
    tx.customers.lock(tx.cases.get(number).customer)
    case = tx.cases.get(number)
    refuse_unless_entitled(tx, context, by, case, now)
    return case


def check_safeguards(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises what `set_safeguard` raises, its fields aside."""
    _about(tx, context, by, number, now)


def _same(one: Safeguard, other: Safeguard) -> bool:
    return (one.kind, one.note, one.until) == (other.kind, other.note, other.until)


def refuse_no_reason(reason: str) -> None:
    """Lifting a safeguard needs a reason. Raises Wrong."""
    if not reason.strip():
        raise Wrong({"reason": _("Please say in a sentence why it is no longer needed. It goes on record.")})


def refuse_wrong_safeguard(context: Context, kind: str, note: str, until: date | None) -> None:
    """Every field of a safeguard has to stand. Raises Wrong."""
    wrong = {}
    if kind not in context.policy.safeguards:
        wrong["kind"] = _("This kind is no longer in the policy. Please pick another.")
    if not note.strip():
        wrong["note"] = _("Please say in a sentence what is known. Managers see it, reps do not.")
    if until and until < context.today():
        wrong["until"] = _("This day has passed. Please pick today or a later day, or leave it empty.")
    if wrong:
        raise Wrong(wrong)
