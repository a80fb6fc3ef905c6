"""Reads the command, buttons and forms about a customer.

Every function raises `Malformed`.
"""

from datetime import date
from typing import Final, NamedTuple

from bot.rules.people import Person
from bot.usecases.customers.edit import EditCustomer
from bot.usecases.customers.merge import Merge, UndoMerge
from bot.usecases.customers.safeguards import LiftCustomerSafeguard, LiftSafeguard, SetCustomerSafeguard, SetSafeguard
from handlers.blockkit.text import one_line
from handlers.button_values import case_of, customer_of, merger_of
from handlers.names import BlockId, OptionValue
from handlers.parsing.form import Form
from handlers.parsing.people import sender
from handlers.parsing.reading import string, without_markup

LONGEST: Final = 200  # characters of a name to look up


def set_safeguard(form: Form) -> SetSafeguard:
    """A safeguard to set, from a case."""
    kind, note, until = _safeguard(form)
    return SetSafeguard(by=form.by, case=case_of(form), kind=kind, note=note, until=until)


def lift_safeguard(form: Form) -> LiftSafeguard:
    """Which safeguard to lift and why, from a case."""
    number, reason = form.number(BlockId.SAFEGUARD, OptionValue.SAFEGUARD), form.typed(BlockId.REASON)
    return LiftSafeguard(by=form.by, case=case_of(form), safeguard=number, reason=reason)


class CustomerNamed(NamedTuple):
    """`/customer NAME`; the name may be empty."""

    by: Person
    typed: str


def customer_named(body: object) -> CustomerNamed:
    """`/customer NAME`."""
    return CustomerNamed(sender(body), one_line(without_markup(string(body, "text")))[:LONGEST])


def customer_found(form: Form) -> tuple[Person, int]:
    """The look-up form as it was sent."""
    return form.by, form.number(BlockId.FIND, OptionValue.KNOWN)


def edit_customer(form: Form) -> EditCustomer:
    """The form about a customer as it was sent."""
    return EditCustomer(
        by=form.by,
        customer=customer_of(form),
        name=form.line(BlockId.NAME),
        owner=form.optional_user(BlockId.OWNER),
        worth=form.line(BlockId.WORTH),
        crm_reference=form.line(BlockId.CRM_REFERENCE),
    )


def set_customer_safeguard(form: Form) -> SetCustomerSafeguard:
    """A safeguard to set, from a customer's card."""
    kind, note, until = _safeguard(form)
    return SetCustomerSafeguard(by=form.by, customer=customer_of(form), kind=kind, note=note, until=until)


def lift_customer_safeguard(form: Form) -> LiftCustomerSafeguard:
    """Which safeguard to lift and why, from a customer's card."""
    number, reason = form.number(BlockId.SAFEGUARD, OptionValue.SAFEGUARD), form.typed(BlockId.REASON)
    return LiftCustomerSafeguard(by=form.by, customer=customer_of(form), safeguard=number, reason=reason)


def merge(form: Form) -> Merge:
    """Which record is the duplicate."""
    return Merge(by=form.by, duplicate=form.number(BlockId.FIND, OptionValue.KNOWN), into=customer_of(form))


def undo_merge(body: object) -> UndoMerge:
    """A click on *Undo* beside a merger."""
    return UndoMerge(by=sender(body), merger=merger_of(body))


def _safeguard(form: Form) -> tuple[str, str, date | None]:
    return form.chosen(BlockId.KIND), form.typed(BlockId.SAFEGUARD_NOTE), form.optional_day(BlockId.UNTIL)
