"""A rep reports a customer: the bot's main use case."""

from dataclasses import replace

from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import Receipt
from bot.rules.customers import Customer
from bot.rules.notices import NoticeKind
from bot.rules.refusals import MeantAnother
from bot.rules.reports import FIRST_CHECK_IN_AFTER, NewReport, PickedCustomer, Report
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_rep
from bot.usecases.shared.conclude import Done, conclude_by_verdict
from bot.usecases.shared.fields import refuse_wrong_fields
from bot.usecases.shared.read_models import receipt, receipt_of
from storage.transaction import Transaction


def report(context: Context, new: NewReport) -> Receipt:
    """Record a report and all that follows from it (customer, verdict, case, audit entry, messages), or nothing.

    Idempotent: the same form sent twice is recorded once. The second answer says how things are by then.

    Raises:
        Wrong: a field is invalid.
        MeantAnother: the typed name is another spelling of a customer on record.
        NotEntitled: as `refuse_unless_rep`.
        Unknown: the customer who was picked is not on record.
        NotRecorded: the database could not take it.
    """
    refuse_wrong_fields(context, new)
    with context.begin(new.by.team) as tx:
        known = refuse_unless_rep(tx, new.by)
        customer = tx.customers.lock(_customer(tx, context, new, known=known).number)
        recorded = tx.audit.recorded(new.by.user, Act.REPORT, new.by.form, once="")
        if recorded:
            return receipt(tx, context, int(str(recorded["report"])))
        return _record(tx, context, new, customer, known=known)


def _record(tx: Transaction, context: Context, new: NewReport, customer: Customer, *, known: bool) -> Receipt:
    now, by, contact = context.clock(), new.by, context.firm.care_contact
    salt = new_salt()
    stored = tx.reports.add(new, customer.number, now, salt, known=known)
    number = stored.incident.number
    done = Done(Act.REPORT, by.user, customer.number, report_facts(stored, salt), by.form, report=number)
    concluded = conclude_by_verdict(tx, context, done, now)
    tx.notices.refresh(NoticeKind.REPORT, number, by.user, now, customer=customer.number)
    tx.scheduled_tasks.set(TaskKind.CHECK_IN, number, now + FIRST_CHECK_IN_AFTER)
    if new.wants_support and contact:
        tx.notices.refresh(NoticeKind.CARE, number, contact, now, urgent=True)
    customer = replace(customer, standing=concluded.standing)
    return receipt_of(context, stored, customer, concluded.assessment, concluded.decision)


def report_facts(report: Report, salt: str) -> dict[str, object]:
    """What the audit log says about a report: digests instead of free text, and nothing about support for the rep."""
    return {
        "report": report.incident.number,
        "category": report.incident.category,
        "severity": report.incident.severity.value,
        "place": report.place.value,
        "happened_at": report.incident.happened_at.isoformat(),
        "doubted": report.incident.doubted,
        "narrative": salted_digest(salt, report.narrative),
        "evidence": salted_digest(salt, "\n".join(f"{e.kind} {e.address} {e.title}" for e in report.evidence)),
    }


def _customer(tx: Transaction, context: Context, new: NewReport, *, known: bool) -> Customer:
    """Whom the report is about. Somebody who is not known yet is not told which customers have a like name."""
    picked = new.customer
    if isinstance(picked, PickedCustomer):
        return tx.customers.get(picked.number)
    if not picked.new:
        same = tx.customers.same(picked.name)
        alike = () if same or not known else tx.customers.alike(picked.name)
        if alike:
            same = tx.customers.same(picked.name)  # another transaction may have added this very customer in between
        if same:
            return same
        if alike:
            raise MeantAnother(picked.name, alike)
    recorded = tx.audit.recorded(new.by.user, Act.REPORT, new.by.form, once="")
    if recorded:  # the form was sent again with another name, which adds nobody
        return tx.customers.get(tx.reports.get(int(str(recorded["report"]))).customer)
    return tx.customers.add(picked.name, context.clock())
