"""Reads the command, buttons and forms about a customer.

Every function raises `Malformed`.
"""

import re
from datetime import date
from typing import Final, NamedTuple

from bot.rules.customers import Customer, seen_as
from bot.rules.people import Person
from bot.usecases.customers.edit import EditCustomer
from bot.usecases.customers.merge import Merge, UndoMerge
from bot.usecases.customers.safeguards import LiftCustomerSafeguard, LiftSafeguard, SetCustomerSafeguard, SetSafeguard
from handlers.blockkit.text import one_line
from handlers.button_values import case_of, merger_of
from handlers.names import BlockId, OptionValue
from handlers.parsing.form import Form
from handlers.parsing.people import sender
from handlers.parsing.reading import Malformed, matching, record_number, string, without_markup

_CUSTOMER: Final = re.compile("customer:[1-9][0-9]{0,17}:[0-9a-f]{16}", re.ASCII)
_SAME: Final = re.compile(f"{OptionValue.KNOWN}([1-9][0-9]{{0,17}}):([0-9a-f]{{16}})", re.ASCII)
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
        seen=seen_in(form),
    )


def set_customer_safeguard(form: Form) -> SetCustomerSafeguard:
    """A safeguard to set, from a customer's card."""
    kind, note, until = _safeguard(form)
    customer, seen = customer_of(form), seen_in(form)
    return SetCustomerSafeguard(by=form.by, customer=customer, kind=kind, note=note, until=until, seen=seen)


def lift_customer_safeguard(form: Form) -> LiftCustomerSafeguard:
    """Which safeguard to lift and why, from a customer's card."""
    number, reason = form.number(BlockId.SAFEGUARD, OptionValue.SAFEGUARD), form.typed(BlockId.REASON)
    customer, seen = customer_of(form), seen_in(form)
    return LiftCustomerSafeguard(by=form.by, customer=customer, safeguard=number, reason=reason, seen=seen)


def duplicate(form: Form) -> Merge:
    """Which record is the duplicate."""
    number = form.number(BlockId.FIND, OptionValue.KNOWN)
    return Merge(by=form.by, duplicate=number, into=customer_of(form), seen=seen_in(form))


def merge(form: Form) -> Merge:
    """That two records are one customer; the answer names the duplicate, and how it was shown."""
    found = _SAME.fullmatch(form.chosen(BlockId.SAME))
    if found is None and BlockId.SAME not in form.problems:
        raise Malformed(BlockId.SAME)
    number, seen = found.groups() if found else ("1", "")
    return Merge(form.by, record_number(number), customer_of(form), seen_in(form), seen)


def same_value(duplicate: Customer) -> str:
    """The answer that `merge` reads."""
    return f"{OptionValue.KNOWN}{duplicate.number}:{seen_as(duplicate)}"


def undo_merge(body: object) -> UndoMerge:
    """A click on *Undo* beside a merger."""
    return UndoMerge(by=sender(body), merger=merger_of(body))


def _safeguard(form: Form) -> tuple[str, str, date | None]:
    return form.chosen(BlockId.KIND), form.typed(BlockId.SAFEGUARD_NOTE), form.optional_day(BlockId.UNTIL)


def customer_form_value(customer: Customer) -> str:
    """A customer and how a form shows them."""
    return f"customer:{customer.number}:{seen_as(customer)}"


def customer_of(form: Form) -> int:
    """The customer that a form is about."""
    return record_number(_held(form)[0])


def seen_in(form: Form) -> str:
    """How the form showed the customer: see `customers.seen_as`."""
    return _held(form)[1]


def _held(form: Form) -> tuple[str, str]:
    _, number, seen = matching(_CUSTOMER, {"metadata": form.metadata}, "metadata").split(":")
    return number, seen
