"""A rep reports a customer: the bot's main use case."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.backup import ASKED_AFTER, REPORT_OFFERED_FOR, names_in
from bot.rules.case_files import Receipt
from bot.rules.customers import Customer
from bot.rules.erasure import instead_of_name
from bot.rules.name_matching import strict_key
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.policy.verdicts import in_order
from bot.rules.refusals import Wrong
from bot.rules.reports import CARE_IS_NEWS_AFTER, FIRST_CHECK_IN_AFTER, NewReport, PickedCustomer, Report, are_many_now
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.colleagues import care_contact
from bot.usecases.permissions.permissions import refuse_unless_rep
from bot.usecases.reports.which_customer import refuse_nearly_called
from bot.usecases.shared.conclude import Done, conclude_by_verdict
from bot.usecases.shared.fields import wrong_fields
from bot.usecases.shared.offered import reported_once, says_nothing_more
from bot.usecases.shared.read_models import receipt, receipt_of
from bot.usecases.shared.verdicts import lasting_reads
from storage.transaction import Transaction

WHAT_HAPPENED = _("Please write in your own words what happened.")
ERASED_SINCE = _("This customer's record has been erased. Please type the name to begin a new one.")


def offers_care(context: Context, by: Person) -> bool:
    """For the report form, before it opens: whether somebody is there whom the rep can talk to.

    Raises as `refuse_unless_rep`.
    """
    with context.read(by.team) as tx:
        refuse_unless_rep(tx, by, context.clock())
        return care_contact(tx, context, by.user) is not None


def report(context: Context, new: NewReport) -> Receipt:
    """Record a report and all that follows from it (customer, verdict, case, audit entry, messages), or nothing.

    Idempotent: the same form sent twice is recorded once, and so is what is offered after a call for backup, sent about
    the same customer from two windows. The second answer says how things are by then.

    Raises:
        Wrong: a field is invalid.
        MeantAnother: the typed name is nearly that of customers on record.
        NotEntitled: as `refuse_unless_rep`.
        Unknown: the customer who was picked is not on record.
        NotRecorded: the database could not take it.
    """
    wrong = wrong_fields(context, new)
    if wrong:
        with context.read(new.by.team) as tx:
            refuse_unless_rep(tx, new.by, context.clock())  # who may not report reads that instead
        raise Wrong(wrong)
    return _in_one_transaction(context, new)


def _in_one_transaction(context: Context, new: NewReport, *, searched: bool = False) -> Receipt:
    """`searched`: nobody is nearly called so. That is looked for while nobody waits for a lock, as it takes long."""
    with context.begin(new.by.team) as tx:
        tx.read_ahead(lambda: _named(tx, new))
        known = refuse_unless_rep(tx, new.by, context.clock())
        number = _customer(tx, context, new, searched=searched or not known)
        if number is not None:
            return _recorded_about(tx, context, new, number, known=known)
    refuse_nearly_called(context, new.by, new.customer)
    return _in_one_transaction(context, new, searched=True)


def _recorded_about(tx: Transaction, context: Context, new: NewReport, number: int, *, known: bool) -> Receipt:
    customer = tx.customers.lock(number, lambda locked: _reads(tx, context, new, locked))
    recorded = _recorded(tx, new, customer.number)
    if recorded:
        return _receipt_for(receipt(tx, context, int(str(recorded["report"]))), new, known=known)
    if isinstance(new.customer, PickedCustomer) and customer.name == instead_of_name(customer.number):
        raise Wrong({"customer": ERASED_SINCE})
    if says_nothing_more(tx, new):
        raise Wrong({"narrative": WHAT_HAPPENED})
    return _receipt_for(_record(tx, context, new, customer, known=known), new, known=known)


def _receipt_for(receipt: Receipt, new: NewReport, *, known: bool) -> Receipt:
    """Whoever is not known yet may be a guest, and learns nothing of a customer: not even the name they go by now."""
    if known:
        return receipt
    return replace(receipt, typed="" if isinstance(new.customer, PickedCustomer) else new.customer.name)


def _record(tx: Transaction, context: Context, new: NewReport, customer: Customer, *, known: bool) -> Receipt:
    """Whoever takes a number holds up all reports, until the commit. So what can be read is read before."""
    now, by = context.clock(), new.by
    salt = new_salt()
    tx.read_ahead(lambda: tx.safeguards.about(customer.number, now))
    before = tx.reports.incidents(customer.number)
    within = context.policy.ending.within(new.ended, new.category) if new.ended else None
    stored = tx.reports.add(new, customer.number, now, salt, within, known=known)
    number = stored.incident.number
    tx.files.expect(number, new.evidence, now)
    facts, incidents = report_facts(stored, salt), in_order(*before, stored.incident)
    once = reported_once(tx, new, customer.number)
    done = Done(Act.REPORT, by.user, customer.number, facts, by.form, once, report=number, incidents=incidents)
    concluded = conclude_by_verdict(tx, context, done, now)
    tx.notices.refresh(NoticeKind.REPORT, number, by.user, now, customer=customer.number)
    tx.backup_calls.refresh_to_caller(by.user, now - REPORT_OFFERED_FOR, now)  # they offer this report
    tx.scheduled_tasks.set(TaskKind.CHECK_IN, number, now + FIRST_CHECK_IN_AFTER)
    if not before:
        _find_calls(tx, by.user, customer, now)
    contact = care_contact(tx, context, by.user) if new.wants_support else None
    if contact and not tx.check_ins.care_is_waiting(by.user, contact, now - CARE_IS_NEWS_AFTER):
        tx.notices.refresh(NoticeKind.CARE, number, contact, now, urgent=True)
    if are_many_now(tx.reports.newest_times(by.user)):
        tx.notices.refresh(NoticeKind.MANY_REPORTS, number, context.firm.management_channel, now)
    customer = replace(customer, standing=concluded.standing)
    assessment, decision, n = concluded.assessment, concluded.decision, concluded.n
    return receipt_of(tx, context, stored, customer, assessment, decision, contact, n)


def _find_calls(tx: Transaction, caller: str, customer: Customer, now: datetime) -> None:
    """The rep may have called for backup before the customer was on record: then the call is about them."""
    for call, words in tx.backup_calls.words_of(caller, now - ASKED_AFTER):
        if strict_key(customer.name) in {strict_key(each.name) for each in names_in(words)}:
            tx.scheduled_tasks.set(TaskKind.BACKUP_REPORT, call, now)


def report_facts(report: Report, salt: str) -> dict[str, object]:
    """What the audit log says about a report: digests instead of free text, and nothing about support for the rep."""
    ended = {"informed_first": report.informed_first.value} if report.informed_first else {}
    ended |= {"ended_within": report.ended_within.value} if report.ended_within else {}
    return {
        "report": report.incident.number,
        "category": report.incident.category,
        "severity": report.incident.severity.value,
        "place": report.place.value,
        "happened_at": report.incident.happened_at.isoformat(),
        "doubted": report.incident.doubted,
        "narrative": salted_digest(salt, report.narrative),
        "evidence": salted_digest(salt, "\n".join(f"{e.kind} {e.address} {e.title}" for e in report.evidence)),
        **ended,
    }


def _named(tx: Transaction, new: NewReport) -> Customer | None:
    """The customer who was typed, if they are on record by this name."""
    return None if isinstance(new.customer, PickedCustomer) else tx.customers.same(new.customer.name)


def _reads(tx: Transaction, context: Context, new: NewReport, customer: int) -> None:
    """What is read of the customer, but for what depends on the time."""
    _recorded(tx, new, customer)
    tx.reports.incidents(customer)
    lasting_reads(tx, context, customer)


def _recorded(tx: Transaction, new: NewReport, customer: int) -> Mapping[str, object] | None:
    return tx.audit.recorded(new.by.user, Act.REPORT, new.by.form, reported_once(tx, new, customer))


def _customer(tx: Transaction, context: Context, new: NewReport, *, searched: bool) -> int | None:
    """The number of the customer, who is added if they are new; None if it is to be searched for others first.

    For somebody who is not known yet nobody is searched: they do not learn which customers have a like name.
    """
    picked = new.customer
    if isinstance(picked, PickedCustomer):
        return picked.number
    same = _named(tx, new)
    if same:
        return same.number
    if not searched and not picked.new:
        return None
    recorded = tx.audit.recorded(new.by.user, Act.REPORT, new.by.form, once="")
    if recorded:  # the form was sent again with another name, which adds nobody
        return tx.reports.get(int(str(recorded["report"]))).customer
    return tx.customers.add(picked.name, context.clock()).number
