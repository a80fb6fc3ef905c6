"""A rep reports a customer: the main job."""

from dataclasses import replace
from datetime import timedelta

from bot.language import _
from bot.rules.audit_chain import seal
from bot.rules.case_files import Receipt
from bot.rules.check_ins import FIRST_AFTER
from bot.rules.customers import Customer
from bot.rules.refusals import MeantAnother, Wrong
from bot.rules.reports import Known, NewReport, Report, Typed
from bot.rules.text_length import characters, too_long
from bot.usecases.context import Desk, new_salt
from bot.usecases.permissions.permissions import refuse_strangers
from bot.usecases.shared.read_models import receipt, receipt_of
from bot.usecases.shared.schedule import CHECK_IN
from bot.usecases.shared.stale_messages import show_customer
from bot.usecases.shared.verdicts import judge, note_verdict, settle_with, verdict_facts
from storage.transaction import Transaction

NARRATIVE_LIMIT = 3000  # characters: what Slack's text field takes
NAME_LIMIT = 140  # characters: a longer name does not fit Slack's option values
CLOCK_SKEW = timedelta(minutes=2)  # a phone's clock may run ahead of ours


def report(desk: Desk, new: NewReport) -> Receipt:
    """Record an incident and all that follows from it: customer, verdict, case, audit entry, messages; or nothing.

    The same form is recorded once, however often it arrives, and is answered the same.

    Raises:
        Wrong: a field cannot stand.
        MeantAnother: the typed name is another spelling of a customer on record.
        NotEntitled: a guest, an outsider, a bot.
        NotRecorded: the database could not take it.
    """
    _refuse_wrong_fields(desk, new)
    with desk.begin(new.by.team) as record:
        refuse_strangers(record, new.by)
        customer = record.customers.lock(_customer(record, desk, new.customer).number)
        number = record.reports.by_form(new.form)
        return _record(record, desk, new, customer) if number is None else receipt(record, desk, number)


def _record(record: Transaction, desk: Desk, new: NewReport, customer: Customer) -> Receipt:
    now = desk.clock()
    salt = new_salt()
    told = record.reports.add(new, customer.number, now, salt)
    number = told.incident.number
    judged = judge(record, desk, customer, now)
    if judged.case:
        record.reports.join(judged.case, now - desk.policy.points_expire_after)
    facts = report_facts(told, salt) | verdict_facts(judged)
    n = record.audit.append(customer.number, new.by.user, "report", facts, now)
    note_verdict(record, desk, judged, customer.number, n, now, number)
    settled = settle_with(record, customer.number, judged.case, judged.history.warnings, now)
    record.notices.want("report", number, new.by.user, now)
    record.steps.set(CHECK_IN, number, now + FIRST_AFTER)
    if new.wants_support and desk.firm.care_contact:
        record.notices.want("care", number, desk.firm.care_contact, now, urgent=True)
    show_customer(record, desk, customer.number, judged.case, now, clicked=False)
    customer = replace(customer, standing=settled.standing)
    return receipt_of(desk, told, customer, judged, settled.decision)


def report_facts(told: Report, salt: str) -> dict[str, object]:
    """What the audit log keeps of a report: everything but the free text, of that a seal."""
    return {
        "report": told.incident.number,
        "category": told.incident.category,
        "severity": told.incident.severity.value,
        "place": told.place.value,
        "happened_at": told.incident.happened_at.isoformat(),
        "doubted": told.incident.doubted,
        "narrative": seal(salt, told.narrative),
        "evidence": seal(salt, "\n".join(f"{e.kind} {e.address} {e.title}" for e in told.evidence)),
    }


def _customer(record: Transaction, desk: Desk, picked: Known | Typed) -> Customer:
    if isinstance(picked, Known):
        return record.customers.get(picked.number)
    if not picked.new:
        same = record.customers.same(picked.name)
        if same:
            return same
        alike = record.customers.alike(picked.name)
        if alike:
            raise MeantAnother(picked.name, alike)
    return record.customers.add(picked.name, desk.clock())


def _refuse_wrong_fields(desk: Desk, new: NewReport) -> None:
    wrong = {}
    if new.category not in desk.policy.categories:
        wrong["category"] = _("This kind of conduct is no longer in the policy. Please pick another.")
    if new.happened_at > desk.clock() + CLOCK_SKEW:
        wrong["happened_at"] = _("This time has not come yet. Please give the time at which it happened.")
    if not new.narrative.strip():
        wrong["narrative"] = _("Please say in a sentence or two what happened.")
    elif len(new.narrative) > NARRATIVE_LIMIT:
        wrong["narrative"] = too_long(len(new.narrative), NARRATIVE_LIMIT)
    if isinstance(new.customer, Typed) and not 0 < len(new.customer.name.strip()) <= NAME_LIMIT:
        wrong["customer"] = _("A customer's name has 1 to {characters}; this has {length:,}.").format(
            characters=characters(NAME_LIMIT), length=len(new.customer.name)
        )
    if wrong:
        raise Wrong(wrong)
