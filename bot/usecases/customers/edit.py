"""A manager says what a customer is called, who looks after the account, and that they need tolerance."""

from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.customer_cards import CustomerFile
from bot.rules.customers import Customer
from bot.rules.people import Person
from bot.rules.refusals import Wrong
from bot.rules.text_length import too_long
from bot.usecases.context import Context
from bot.usecases.customers.commands import Describe, Guard, Unguard
from bot.usecases.customers.look_up import customer_file
from bot.usecases.customers.safeguards import end_safeguard, keep_safeguard, refuse_no_reason, refuse_wrong_safeguard
from bot.usecases.permissions.permissions import refuse_unless_entitled, refuse_unless_manager
from bot.usecases.shared.schedule import plan_a_look
from bot.usecases.shared.stale_messages import show_case, show_homes
from storage.transaction import Transaction

LIMIT = 140  # characters of a name, a worth or a reference

TAKEN = _("{name} is another customer on record. If they are the same, merge the two instead.")
TAKEN_REFERENCE = _("This reference is that of {name}.")
LEADS_HERE = _("A record of this name was merged into this one. Undo that first, and merge the other way round.")


def describe(context: Context, command: Describe) -> CustomerFile:
    """Note it; an old name still leads to the customer. Sent twice, it is noted once.

    Raises:
        Wrong: a field cannot stand, or the name is another customer's.
        NotEntitled: not a manager, or with a stake in the customer's open case, since owners take no part.
        Unknown, NotRecorded.
    """
    _refuse_wrong(command)
    now = context.clock()
    with context.begin(command.by.team) as tx:
        before = lock_customer(tx, context, command.by, command.customer, now)
        after = replace(
            before,
            name=command.name.strip(),
            owner=command.owner,
            worth=command.worth.strip() or None,
            crm_reference=command.crm_reference.strip() or None,
        )
        if before != after:
            _change(tx, context, command.by, before, after, now)
        return customer_file(tx, context, command.by, after.number, now)


def guard(context: Context, command: Guard) -> CustomerFile:
    """Note that the customer needs tolerance, whether or not there is a case. Raises Wrong, and as `describe`."""
    refuse_wrong_safeguard(context, command.kind, command.note, command.until)
    now = context.clock()
    with context.begin(command.by.team) as tx:
        number = lock_customer(tx, context, command.by, command.customer, now).number
        keep_safeguard(tx, context, number, command.by.user, command.kind, command.note, command.until)
        return customer_file(tx, context, command.by, number, now)


def unguard(context: Context, command: Unguard) -> CustomerFile:
    """A safeguard of the customer is no longer needed. Raises Wrong, and as `describe`."""
    refuse_no_reason(command.reason)
    now = context.clock()
    with context.begin(command.by.team) as tx:
        number = lock_customer(tx, context, command.by, command.customer, now).number
        end_safeguard(tx, context, number, command.by.user, command.safeguard, command.reason)
        return customer_file(tx, context, command.by, number, now)


def lock_customer(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> Customer:
    """The customer, or the one whom they were merged into, locked, if this person may change anything about them.

    Raises:
        NotEntitled: not a manager, or with a stake in the customer's open case.
        Unknown: there is no such customer.
    """
    customer = tx.customers.lock(number)
    refuse_unless_manager(tx, context, by, now)
    case = tx.cases.open_about(customer.number)
    if case:
        refuse_unless_entitled(tx, context, by, case, now)
    return customer


def customer_for_form(context: Context, by: Person, number: int) -> CustomerFile:
    """What a form about the customer shows, if this person may change anything about them. Raises as above."""
    now = context.clock()
    with context.read(by.team) as tx:
        return customer_file(tx, context, by, lock_customer(tx, context, by, number, now).number, now)


def _change(tx: Transaction, context: Context, by: Person, before: Customer, after: Customer, now: datetime) -> None:
    if before.name != after.name:
        _rename(tx, before, after.name)
    if after.crm_reference and before.crm_reference != after.crm_reference:
        _refuse_anothers(tx, before, after.crm_reference)
    tx.roll.describe(after)
    fields = ("name", "owner", "worth", "crm_reference")
    changed = [name for name in fields if getattr(before, name) != getattr(after, name)]
    tx.audit.append(after.number, by.user, Act.DESCRIBE, {"changed": changed, "owner": after.owner}, now)
    case = tx.cases.open_about(after.number)
    if case:
        tx.cases.touch(case.number)
        plan_a_look(tx, case.number, now)
        show_case(tx, context, case, now)
    show_homes(tx, context, (after.number,), now)
    tx.notices.want_reports_about(after.number, now)


def _rename(tx: Transaction, before: Customer, name: str) -> None:
    same = tx.customers.same(name)
    if same and same.number != before.number:
        raise Wrong({"name": TAKEN.format(name=same.name)})
    if any(tx.customers.get(number).name == name for number in tx.lookups.chains(before.number)[1:]):
        raise Wrong({"name": LEADS_HERE})
    tx.roll.rename(before, name)


def _refuse_anothers(tx: Transaction, customer: Customer, reference: str) -> None:
    found = tx.roll.by_reference(reference)
    if found and found.number != customer.number:
        raise Wrong({"crm_reference": TAKEN_REFERENCE.format(name=found.name)})


def _refuse_wrong(command: Describe) -> None:
    wrong = {}
    if not command.name.strip():
        wrong["name"] = _("A customer needs a name.")
    for field in ("name", "worth", "crm_reference"):
        length = len(getattr(command, field).strip())
        if length > LIMIT:
            wrong[field] = too_long(length, LIMIT)
    if wrong:
        raise Wrong(wrong)
