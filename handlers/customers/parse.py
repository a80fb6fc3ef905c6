"""Reads the command, buttons and forms about a customer.

Every function raises `Malformed`; those that read a form raise `FieldErrors` too.
"""

from typing import Final, NamedTuple

from bot.rules.people import Person
from bot.usecases.customers.edit import EditCustomer
from bot.usecases.customers.merge import Merge, UndoMerge
from bot.usecases.customers.safeguards import LiftCustomerSafeguard, LiftSafeguard, SetCustomerSafeguard, SetSafeguard
from handlers.blockkit.text import one_line
from handlers.button_values import case_of, customer_of, merger_of
from handlers.names import BlockId, OptionValue
from handlers.parsing.fields import required_text
from handlers.parsing.people import sender
from handlers.parsing.reading import Form, Malformed, optional, record_number, string, without_markup

LONGEST: Final = 200  # characters of a name to look up


def set_safeguard(body: object) -> SetSafeguard:
    """A safeguard to set, from a case."""
    form = Form(body)
    note, until = required_text(form, BlockId.SAFEGUARD_NOTE), form.optional_day(BlockId.UNTIL)
    return SetSafeguard(by=sender(body), case=case_of(form), kind=form.chosen(BlockId.KIND), note=note, until=until)


def lift_safeguard(body: object) -> LiftSafeguard:
    """Which safeguard to lift and why, from a case."""
    form = Form(body)
    number, reason = record_number(form.chosen(BlockId.SAFEGUARD)), required_text(form, BlockId.REASON)
    return LiftSafeguard(by=sender(body), case=case_of(form), safeguard=number, reason=reason)


class CustomerNamed(NamedTuple):
    """`/customer NAME`; the name may be empty."""

    by: Person
    typed: str


def customer_named(body: object) -> CustomerNamed:
    """`/customer NAME`."""
    return CustomerNamed(sender(body), one_line(without_markup(string(body, "text")))[:LONGEST])


def customer_found(body: object) -> tuple[Person, int]:
    """The look-up form as it was sent."""
    return sender(body), _picked(Form(body))


def edit_customer(body: object) -> EditCustomer:
    """The form about a customer as it was sent."""
    form = Form(body)
    picked = optional(body, "view", "state", "values", BlockId.OWNER, BlockId.OWNER, "selected_user")
    return EditCustomer(
        by=sender(body),
        customer=customer_of(form),
        name=one_line(form.typed(BlockId.NAME)),
        owner=None if picked is None else form.user(BlockId.OWNER),
        worth=one_line(form.typed(BlockId.WORTH)),
        crm_reference=one_line(form.typed(BlockId.CRM_REFERENCE)),
    )


def set_customer_safeguard(body: object) -> SetCustomerSafeguard:
    """A safeguard to set, from a customer's card."""
    form = Form(body)
    note = required_text(form, BlockId.SAFEGUARD_NOTE)
    kind, until = form.chosen(BlockId.KIND), form.optional_day(BlockId.UNTIL)
    return SetCustomerSafeguard(by=sender(body), customer=customer_of(form), kind=kind, note=note, until=until)


def lift_customer_safeguard(body: object) -> LiftCustomerSafeguard:
    """Which safeguard to lift and why, from a customer's card."""
    form = Form(body)
    number, reason = record_number(form.chosen(BlockId.SAFEGUARD)), required_text(form, BlockId.REASON)
    return LiftCustomerSafeguard(by=sender(body), customer=customer_of(form), safeguard=number, reason=reason)


def merge(body: object) -> Merge:
    """Which record is the duplicate."""
    form = Form(body)
    return Merge(by=sender(body), duplicate=_picked(form), into=customer_of(form))


def undo_merge(body: object) -> UndoMerge:
    """A click on *Undo* beside a merger."""
    return UndoMerge(by=sender(body), merger=merger_of(body))


def _picked(form: Form) -> int:
    value = form.chosen(BlockId.FIND)
    if not value.startswith(OptionValue.KNOWN):
        raise Malformed(BlockId.FIND)
    return record_number(value.removeprefix(OptionValue.KNOWN))
