"""A customer needs tolerance: no step but zero tolerance is taken before both sides are heard."""

from datetime import date, datetime, time, timedelta

from bot.language import _
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.customers import Safeguard
from bot.rules.people import Person
from bot.rules.refusals import Unknown, Wrong
from bot.usecases.context import Desk, new_salt
from bot.usecases.customers.commands import LiftSafeguard, SetSafeguard
from bot.usecases.permissions.permissions import refuse_unless_entitled
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import CLOCK, SAFEGUARD_ENDS
from bot.usecases.shared.verdicts import judge_anew
from storage.transaction import Transaction


def set_safeguard(desk: Desk, command: SetSafeguard) -> CaseFile:
    """Note that the case's customer needs tolerance, and ask the policy anew. Set twice, it is set once.

    Raises:
        Wrong: a field cannot stand.
        NotEntitled: whoever may not act on the case.
        Unknown, NotRecorded.
    """
    refuse_wrong_safeguard(desk, command.kind, command.note, command.until)
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        case = _about(record, desk, command.by, command.case, now)
        keep_safeguard(record, desk, case.customer, command.by.user, command.kind, command.note, command.until)
        return case_file(record, desk, case.number)


def lift_safeguard(desk: Desk, command: LiftSafeguard) -> CaseFile:
    """A safeguard is no longer needed; the policy is asked anew. Lifted twice, it is lifted once.

    Raises:
        Wrong: no reason.
        Unknown: the customer has no such safeguard.
        NotEntitled: whoever may not act on the case.
        NotRecorded.
    """
    refuse_no_reason(command.reason)
    with desk.begin(command.by.team) as record:
        case = _about(record, desk, command.by, command.case, desk.clock())
        end_safeguard(record, desk, case.customer, command.by.user, command.safeguard, command.reason)
        return case_file(record, desk, case.number)


def end_safeguard(record: Transaction, desk: Desk, customer: int, by: str, number: int, reason: str) -> None:
    """Lift one of the customer's safeguards, once, and ask the policy anew. Raises Unknown where it is not theirs."""
    whose, safeguard = record.safeguards.get(number)
    if whose != customer:
        raise Unknown("safeguard", number)
    if not safeguard.lifted_at:
        salt = new_salt()
        record.safeguards.lift(number, by, reason.strip(), desk.clock(), salt)
        record.steps.cancel(SAFEGUARD_ENDS, number)
        facts: dict[str, object] = {"safeguard": number, "reason": seal(salt, reason.strip())}
        judge_anew(record, desk, customer, by, "lift safeguard", facts)


def safeguard_ended(record: Transaction, desk: Desk, number: int) -> None:
    """The last day of a safeguard is over: the policy is asked anew."""
    customer, safeguard = record.safeguards.get(number)
    if not safeguard.lifted_at:
        record.customers.lock(customer)
        judge_anew(record, desk, customer, CLOCK, "safeguard lapses", {"safeguard": number})


def keep_safeguard(
    record: Transaction, desk: Desk, customer: int, by: str, kind: str, note: str, until: date | None
) -> None:
    """Note that the customer needs tolerance, once, and ask the policy anew."""
    now, words = desk.clock(), desk.policy.safeguards[kind].words
    new = Safeguard(kind=kind, note=note.strip(), words=words, until=until, set_by=by, set_at=now)
    if not any(_same(each, new) for each in record.safeguards.about(customer, now)):
        _set(record, desk, customer, new)


def _set(record: Transaction, desk: Desk, customer: int, new: Safeguard) -> None:
    salt = new_salt()
    ends_at = _end_of(desk, new.until)
    safeguard = record.safeguards.set(customer, new, ends_at, salt)
    if ends_at:
        record.steps.set(SAFEGUARD_ENDS, safeguard.number, ends_at)
    facts: dict[str, object] = {
        "safeguard": safeguard.number,
        "kind": new.kind,
        "until": new.until.isoformat() if new.until else None,
        "note": seal(salt, new.note),
    }
    judge_anew(record, desk, customer, new.set_by, "set safeguard", facts)


def _end_of(desk: Desk, until: date | None) -> datetime | None:
    """The end of a day in the firm's zone."""
    return desk.policy.hours.at(until + timedelta(days=1), time()) if until else None


def _about(record: Transaction, desk: Desk, by: Person, number: int, now: datetime) -> Case:
    """The case, open or not, its customer locked, if this person may act on it."""
    record.customers.lock(record.cases.get(number).customer)
    case = record.cases.get(number)
    refuse_unless_entitled(record, desk, by, case, now)
    return case


def look_at_safeguards(desk: Desk, by: Person, number: int) -> CaseFile:
    """What a form about the customer's safeguards shows, if this person may act on the case. Raises as they do."""
    with desk.read(by.team) as record:
        return case_file(record, desk, _about(record, desk, by, number, desk.clock()).number)


def _same(one: Safeguard, other: Safeguard) -> bool:
    return (one.kind, one.note, one.until) == (other.kind, other.note, other.until)


def refuse_no_reason(reason: str) -> None:
    """Lifting a safeguard needs a reason. Raises Wrong."""
    if not reason.strip():
        raise Wrong({"reason": _("Please say in a sentence why it is no longer needed. It goes on record.")})


def refuse_wrong_safeguard(desk: Desk, kind: str, note: str, until: date | None) -> None:
    """Every field of a safeguard has to stand. Raises Wrong."""
    wrong = {}
    if kind not in desk.policy.safeguards:
        wrong["kind"] = _("This kind is no longer in the policy. Please pick another.")
    if not note.strip():
        wrong["note"] = _("Please say in a sentence what is known. Managers see it, reps do not.")
    if until and until < desk.today():
        wrong["until"] = _("This day has passed. Please pick today or a later day, or leave it empty.")
    if wrong:
        raise Wrong(wrong)
