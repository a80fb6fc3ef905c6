"""A manager says what a customer is called, who looks after the account, and that they need tolerance."""

from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.customer_cards import CustomerFile
from bot.rules.customers import Customer
from bot.rules.people import Person
from bot.rules.refusals import Wrong
from bot.rules.text_length import too_long
from bot.usecases.context import Desk
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


def describe(desk: Desk, command: Describe) -> CustomerFile:
    """Note it; an old name still leads to the customer. Sent twice, it is noted once.

    Raises:
        Wrong: a field cannot stand, or the name is another customer's.
        NotEntitled: not a manager, or with a stake in the customer's open case, since owners take no part.
        Unknown, NotRecorded.
    """
    _refuse_wrong(command)
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        before = take_up_customer(record, desk, command.by, command.customer, now)
        after = replace(
            before,
            name=command.name.strip(),
            owner=command.owner,
            worth=command.worth.strip() or None,
            crm_reference=command.crm_reference.strip() or None,
        )
        if before != after:
            _change(record, desk, command.by, before, after, now)
        return customer_file(record, desk, command.by, after.number, now)


def guard(desk: Desk, command: Guard) -> CustomerFile:
    """Note that the customer needs tolerance, whether or not there is a case. Raises Wrong, and as `describe`."""
    refuse_wrong_safeguard(desk, command.kind, command.note, command.until)
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        number = take_up_customer(record, desk, command.by, command.customer, now).number
        keep_safeguard(record, desk, number, command.by.user, command.kind, command.note, command.until)
        return customer_file(record, desk, command.by, number, now)


def unguard(desk: Desk, command: Unguard) -> CustomerFile:
    """A safeguard of the customer is no longer needed. Raises Wrong, and as `describe`."""
    refuse_no_reason(command.reason)
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        number = take_up_customer(record, desk, command.by, command.customer, now).number
        end_safeguard(record, desk, number, command.by.user, command.safeguard, command.reason)
        return customer_file(record, desk, command.by, number, now)


def take_up_customer(record: Transaction, desk: Desk, by: Person, number: int, now: datetime) -> Customer:
    """The customer, or the one whom they were merged into, locked, if this person may change anything about them.

    Raises:
        NotEntitled: not a manager, or with a stake in the customer's open case.
        Unknown: there is no such customer.
    """
    customer = record.customers.lock(number)
    refuse_unless_manager(record, desk, by, now)
    case = record.cases.open_about(customer.number)
    if case:
        refuse_unless_entitled(record, desk, by, case, now)
    return customer


def look_at_customer(desk: Desk, by: Person, number: int) -> CustomerFile:
    """What a form about the customer shows, if this person may change anything about them. Raises as above."""
    now = desk.clock()
    with desk.read(by.team) as record:
        return customer_file(record, desk, by, take_up_customer(record, desk, by, number, now).number, now)


def _change(record: Transaction, desk: Desk, by: Person, before: Customer, after: Customer, now: datetime) -> None:
    if before.name != after.name:
        _rename(record, before, after.name)
    if after.crm_reference and before.crm_reference != after.crm_reference:
        _refuse_anothers(record, before, after.crm_reference)
    record.roll.describe(after)
    fields = ("name", "owner", "worth", "crm_reference")
    changed = [name for name in fields if getattr(before, name) != getattr(after, name)]
    record.audit.append(after.number, by.user, "describe", {"changed": changed, "owner": after.owner}, now)
    case = record.cases.open_about(after.number)
    if case:
        record.cases.touch(case.number)
        plan_a_look(record, case.number, now)
        show_case(record, desk, case, now)
    show_homes(record, desk, (after.number,), now)
    record.notices.want_reports_about(after.number, now)


def _rename(record: Transaction, before: Customer, name: str) -> None:
    same = record.customers.same(name)
    if same and same.number != before.number:
        raise Wrong({"name": TAKEN.format(name=same.name)})
    if any(record.customers.get(number).name == name for number in record.lookups.chains(before.number)[1:]):
        raise Wrong({"name": LEADS_HERE})
    record.roll.rename(before, name)


def _refuse_anothers(record: Transaction, customer: Customer, reference: str) -> None:
    found = record.roll.by_reference(reference)
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
