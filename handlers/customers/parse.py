"""What people ask for about customers: looking one up, lists and their pages, and what managers change."""

from typing import Final, NamedTuple

from bot.rules.people import Person
from bot.usecases.customers.commands import Describe, Guard, LiftSafeguard, Merge, SetSafeguard, UndoMerge, Unguard
from handlers.blockkit.text import one_line
from handlers.button_values import case_of, customer_of, merger_of
from handlers.names import BlockId, OptionValue
from handlers.parsing.fields import required_text, text_problem
from handlers.parsing.people import person
from handlers.parsing.reading import Form, Malformed, maybe, number, plain, refuse, string


def set_safeguard(body: object) -> SetSafeguard:
    """A safeguard with what is known. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    note, until = required_text(form, BlockId.SAFEGUARD_NOTE), form.maybe_day(BlockId.UNTIL)
    return SetSafeguard(by=person(body), case=case_of(form), kind=form.chosen(BlockId.KIND), note=note, until=until)


def lift_safeguard(body: object) -> LiftSafeguard:
    """Which safeguard is no longer needed, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    which = number(form.chosen(BlockId.SAFEGUARD))
    return LiftSafeguard(
        by=person(body), case=case_of(form), safeguard=which, reason=required_text(form, BlockId.REASON)
    )


LONGEST: Final = 200  # characters of a name that somebody looks for


class CustomerNamed(NamedTuple):
    """Who typed `/customer NAME`, and the name, which may be empty."""

    by: Person
    typed: str


def customer_named(body: object) -> CustomerNamed:
    """`/customer NAME`: who, and the name, maybe empty. Raises `Malformed`."""
    return CustomerNamed(person(body), one_line(plain(string(body, "text")))[:LONGEST])


def customer_found(body: object) -> tuple[Person, int]:
    """The look-up form as it was sent. Raises `Malformed` and `FieldErrors`."""
    return person(body), _picked(Form(body))


def describe(body: object) -> Describe:
    """The form about a customer as it was sent. Raises `Malformed`."""
    form = Form(body)
    owner = form.somebody(BlockId.OWNER) if maybe(_value(body, BlockId.OWNER), "selected_user") is not None else None
    return Describe(
        by=person(body),
        customer=customer_of(form),
        name=one_line(form.typed(BlockId.NAME)),
        owner=owner,
        worth=one_line(form.typed(BlockId.WORTH)),
        crm_reference=one_line(form.typed(BlockId.CRM_REFERENCE)),
    )


def guard(body: object) -> Guard:
    """A safeguard for the customer, with what is known. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    note = required_text(form, BlockId.SAFEGUARD_NOTE)
    kind, until = form.chosen(BlockId.KIND), form.maybe_day(BlockId.UNTIL)
    return Guard(by=person(body), customer=customer_of(form), kind=kind, note=note, until=until)


def unguard(body: object) -> Unguard:
    """Which safeguard is no longer needed, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    reason, which = form.typed(BlockId.REASON), number(form.chosen(BlockId.SAFEGUARD))
    refuse({BlockId.REASON: text_problem(reason)})
    return Unguard(by=person(body), customer=customer_of(form), safeguard=which, reason=reason)


def merge(body: object) -> Merge:
    """Which record is the duplicate. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return Merge(by=person(body), duplicate=_picked(form), into=customer_of(form))


def undo_merge(body: object) -> UndoMerge:
    """A click on *Undo* beside a merger. Raises `Malformed`."""
    return UndoMerge(by=person(body), merger=merger_of(body))


def _value(body: object, block: str) -> object:
    return maybe(body, "view", "state", "values", block, block)


def _picked(form: Form) -> int:
    value = form.chosen(BlockId.FIND)
    if not value.startswith(OptionValue.KNOWN):
        raise Malformed(BlockId.FIND)
    return number(value.removeprefix(OptionValue.KNOWN))
