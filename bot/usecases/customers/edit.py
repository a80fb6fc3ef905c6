"""A manager changes what is known of a customer: name, owner, worth, CRM reference, safeguards."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act
from bot.rules.customer_cards import CustomerFile
from bot.rules.customers import Customer, seen_as
from bot.rules.fields import CustomerName, OptionalLine
from bot.rules.people import Person
from bot.rules.refusals import Became, CustomerChanged
from bot.usecases.context import Context
from bot.usecases.customers.look_up import customer_file
from bot.usecases.customers.safeguards import (
    LiftCustomerSafeguard,
    SetCustomerSafeguard,
    lift_for_customer,
    set_for_customer,
)
from bot.usecases.permissions.permissions import refuse_unless_decider, refuse_unless_without_stake
from bot.usecases.shared.conclude import Done, conclude, is_recorded
from bot.usecases.shared.fields import refuse, refuse_wrong_fields, wrong_fields
from storage.transaction import Transaction

TAKEN = _("{name} is another customer on record. If they are the same customer, merge the two records instead.")
TAKEN_REFERENCE = _("{name} already has this reference.")
LEADS_HERE = _(
    "A record of this name was merged into this one. Undo that merger first. Then merge this record into the other one."
)


@dataclass(frozen=True, slots=True)
class EditCustomer:
    """What a customer is called, who looks after the account, and what it is worth. Empty: nothing is known."""

    by: Person
    customer: int
    name: CustomerName
    owner: str | None
    worth: OptionalLine
    crm_reference: OptionalLine
    seen: str = ""


def edit_customer(context: Context, command: EditCustomer) -> CustomerFile:
    """Change what is known of the customer; the old name still leads to them. Idempotent.

    Raises as `lock_customer`, and Wrong where a field is invalid or the name is another customer's.
    """
    with context.begin(command.by.team) as tx:
        before, now = lock_customer(tx, context, command.by, command.customer)
        if not is_recorded(tx, command.by, Act.DESCRIBE):
            refuse_changed(tx, command.customer, command.seen)
            after = _edited(before, command)
            refuse(_wrong(tx, before, after, wrong_fields(context, command)))
            if before != after:
                _change(tx, context, command.by, before, after, now)
        return customer_file(tx, context, command.by, before.number, now)


def set_customer_safeguard(context: Context, command: SetCustomerSafeguard) -> CustomerFile:
    """The customer needs tolerance, with or without a case. Idempotent. Raises Wrong, and as `lock_customer`."""
    refuse_wrong_fields(context, command, lock_customer, command.customer)
    with context.begin(command.by.team) as tx:
        customer, now = lock_customer(tx, context, command.by, command.customer)
        if not is_recorded(tx, command.by, Act.SET_SAFEGUARD):
            refuse_changed(tx, command.customer, command.seen)
            set_for_customer(tx, context, customer.number, command, now)
        return customer_file(tx, context, command.by, customer.number, now)


def lift_customer_safeguard(context: Context, command: LiftCustomerSafeguard) -> CustomerFile:
    """A safeguard of the customer is no longer needed. Idempotent. Raises Wrong, and as `lock_customer`."""
    refuse_wrong_fields(context, command, lock_customer, command.customer)
    with context.begin(command.by.team) as tx:
        customer, now = lock_customer(tx, context, command.by, command.customer)
        if not is_recorded(tx, command.by, Act.LIFT_SAFEGUARD):
            refuse_changed(tx, command.customer, command.seen)
            lift_for_customer(tx, context, customer.number, command, now)
        return customer_file(tx, context, command.by, customer.number, now)


def lock_customer(tx: Transaction, context: Context, by: Person, number: int) -> tuple[Customer, datetime]:
    """Lock the customer, or the one they were merged into, if this person may change anything about them; and the time,
    which is read after the lock.

    Raises:
        NotEntitled: not a manager, or with a stake in the customer; while a case is open, whoever may not act on it.
        Unknown, NotRecorded.
    """
    customer, now = tx.customers.lock(number), context.clock()
    refuse_unless_without_stake(tx, context, by, customer.number, now)
    case = tx.cases.open_about(customer.number)
    if case:
        refuse_unless_decider(tx, context, by, case, now)
    return customer, now


def refuse_changed(tx: Transaction, number: int, seen: str) -> None:
    """Raises CustomerChanged where the record is not as a form showed it (`seen`, see `customers.seen_as`).

    It may have been merged, erased or changed while the form was open. A form that shows no customer says nothing.
    """
    record = tx.customers.get(number)
    if seen and seen_as(record) != seen:
        name = tx.customers.current(record).name
        if tx.erasures.is_erased(number):
            raise CustomerChanged(Became.ERASED, name)
        raise CustomerChanged(Became.MERGED if record.merged_into else Became.CHANGED, name)


def customer_for_form(context: Context, by: Person, number: int) -> CustomerFile:
    """What a form about the customer shows. Raises as `lock_customer`."""
    with context.read(by.team) as tx:
        customer, now = lock_customer(tx, context, by, number)
        return customer_file(tx, context, by, customer.number, now)


def _edited(before: Customer, command: EditCustomer) -> Customer:
    return replace(
        before,
        name=command.name.strip(),
        owner=command.owner,
        worth=command.worth.strip() or None,
        crm_reference=command.crm_reference.strip() or None,
    )


def _change(tx: Transaction, context: Context, by: Person, before: Customer, after: Customer, now: datetime) -> None:
    if before.name != after.name:
        tx.customers.rename(before, after.name)
        tx.erasures.refresh_mentions((after.number,), now)
    tx.customers.set_details(after)
    tx.stakes.owner_changed(before, after, now)
    fields = ("name", "owner", "worth", "crm_reference")
    changed = [name for name in fields if getattr(before, name) != getattr(after, name)]
    facts = {"changed": changed, "owner": after.owner}
    conclude(tx, context, Done(Act.DESCRIBE, by.user, after.number, facts, by.form), now)


def _wrong(tx: Transaction, before: Customer, after: Customer, wrong: dict[str, str]) -> dict[str, str]:
    """What is `wrong` with the fields by themselves; of the others, what belongs to another customer on record."""
    taken = {}
    if before.name != after.name and "name" not in wrong:
        taken["name"] = _name_problem(tx, before, after.name)
    if after.crm_reference and before.crm_reference != after.crm_reference and "crm_reference" not in wrong:
        found = tx.customers.by_reference(after.crm_reference)
        if found and found.number != before.number:
            taken["crm_reference"] = TAKEN_REFERENCE.format(name=found.name)
    return wrong | {name: problem for name, problem in taken.items() if problem}


def _name_problem(tx: Transaction, before: Customer, name: str) -> str | None:
    same = tx.customers.same(name)
    if same and same.number != before.number:
        return TAKEN.format(name=same.name)
    merged = tx.cards.with_merged(before.number)[1:]
    return LEADS_HERE if any(tx.customers.get(number).name == name for number in merged) else None
