"""A rep reports a customer: the main job."""

from dataclasses import replace
from datetime import timedelta

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.audit_chain import seal
from bot.rules.case_files import Receipt
from bot.rules.check_ins import FIRST_AFTER
from bot.rules.customers import Customer
from bot.rules.notices import NoticeKind
from bot.rules.refusals import MeantAnother, Wrong
from bot.rules.reports import Known, NewReport, Report, Typed
from bot.rules.scheduled_tasks import TaskKind
from bot.rules.text_length import characters, too_long
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_strangers
from bot.usecases.shared.read_models import receipt, receipt_of
from bot.usecases.shared.stale_messages import show_customer
from bot.usecases.shared.verdicts import judge, note_verdict, settle_with, verdict_facts
from storage.transaction import Transaction

NARRATIVE_LIMIT = 3000  # characters: what Slack's text field takes
NAME_LIMIT = 140  # characters: a longer name does not fit Slack's option values
CLOCK_SKEW = timedelta(minutes=2)  # a phone's clock may run ahead of ours


def report(context: Context, new: NewReport) -> Receipt:
    """Record an incident and all that follows from it: customer, verdict, case, audit entry, messages; or nothing.

    The same form is recorded once, however often it arrives, and is answered the same.

    Raises:
        Wrong: a field cannot stand.
        MeantAnother: the typed name is another spelling of a customer on record.
        NotEntitled: a guest, an outsider, a bot.
        NotRecorded: the database could not take it.
    """
    _refuse_wrong_fields(context, new)
    with context.begin(new.by.team) as tx:
        refuse_strangers(tx, new.by)
        customer = tx.customers.lock(_customer(tx, context, new.customer).number)
        number = tx.reports.by_form(new.form)
        return _record(tx, context, new, customer) if number is None else receipt(tx, context, number)


def _record(tx: Transaction, context: Context, new: NewReport, customer: Customer) -> Receipt:
    now = context.clock()
    salt = new_salt()
    told = tx.reports.add(new, customer.number, now, salt)
    number = told.incident.number
    judged = judge(tx, context, customer, now)
    if judged.case:
        tx.reports.join(judged.case, now - context.policy.points_expire_after)
    facts = report_facts(told, salt) | verdict_facts(judged)
    n = tx.audit.append(customer.number, new.by.user, Act.REPORT, facts, now)
    note_verdict(tx, context, judged, customer.number, n, now, number)
    settled = settle_with(tx, customer.number, judged.case, judged.history.warnings, now)
    tx.notices.want(NoticeKind.REPORT, number, new.by.user, now)
    tx.scheduled_tasks.set(TaskKind.CHECK_IN, number, now + FIRST_AFTER)
    if new.wants_support and context.firm.care_contact:
        tx.notices.want(NoticeKind.CARE, number, context.firm.care_contact, now, urgent=True)
    show_customer(tx, context, customer.number, judged.case, now, clicked=False)
    customer = replace(customer, standing=settled.standing)
    return receipt_of(context, told, customer, judged, settled.decision)


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


def _customer(tx: Transaction, context: Context, picked: Known | Typed) -> Customer:
    if isinstance(picked, Known):
        return tx.customers.get(picked.number)
    if not picked.new:
        same = tx.customers.same(picked.name)
        if same:
            return same
        alike = tx.customers.alike(picked.name)
        if alike:
            raise MeantAnother(picked.name, alike)
    return tx.customers.add(picked.name, context.clock())


def _refuse_wrong_fields(context: Context, new: NewReport) -> None:
    wrong = {}
    if new.category not in context.policy.categories:
        wrong["category"] = _("This kind of conduct is no longer in the policy. Please pick another.")
    if new.happened_at > context.clock() + CLOCK_SKEW:
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
