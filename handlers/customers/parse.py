"""What people ask for about customers: looking one up, lists and their pages, and what managers change."""

import re
from dataclasses import dataclass
from typing import Final

from bot.rules.customers import Standing
from bot.rules.people import Person
from bot.usecases.customers.commands import Describe, Guard, LiftSafeguard, Merge, SetSafeguard, UndoMerge, Unguard
from handlers import ids
from handlers.blockkit.text import one_line
from handlers.parsing.buttons import case_of, customer_of
from handlers.parsing.fields import required_text, text_problem
from handlers.parsing.people import person
from handlers.parsing.reading import Form, Malformed, maybe, number, one_of, plain, refuse, shaped, string


def set_safeguard(body: object) -> SetSafeguard:
    """A safeguard with what is known. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    note, until = required_text(form, ids.SAFEGUARD_NOTE), form.maybe_day(ids.UNTIL)
    return SetSafeguard(by=person(body), case=case_of(form), kind=form.chosen(ids.KIND), note=note, until=until)


def lift_safeguard(body: object) -> LiftSafeguard:
    """Which safeguard is no longer needed, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    which = number(form.chosen(ids.SAFEGUARD))
    return LiftSafeguard(by=person(body), case=case_of(form), safeguard=which, reason=required_text(form, ids.REASON))


_MERGER: Final = re.compile(r"merger:([1-9][0-9]{0,17})", re.ASCII)
_LIST: Final = re.compile(
    r"list:(mine|queue|standing:[a-z_]{1,16}|timeline:[1-9][0-9]{0,17}):([1-9][0-9]{0,8})", re.ASCII
)
LONGEST: Final = 200  # characters of a name that somebody looks for


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list: `what` it is of, and where it is one of several, whose or which."""

    by: Person
    what: str
    page: int
    customer: int = 0
    standing: Standing = Standing.CLEAR


def customer_named(body: object) -> tuple[Person, str]:
    """`/customer NAME`: who, and the name, maybe empty. Raises `Malformed`."""
    return person(body), one_line(plain(string(body, "text")))[:LONGEST]


def customer_found(body: object) -> tuple[Person, int]:
    """The look-up form as it was sent. Raises `Malformed` and `FieldErrors`."""
    return person(body), _picked(Form(body))


def list_page(body: object) -> ListPage:
    """A click on a button that opens a list or turns its pages. Raises `Malformed`."""
    found = _LIST.fullmatch(string(body, "actions", 0, "value"))
    if found is None:
        raise Malformed("actions", 0, "value")
    what, _, which = found[1].partition(":")
    by, page = person(body), number(found[2])
    if what == ids.TIMELINE:
        return ListPage(by, what, page, customer=number(which))
    if what == ids.STANDING:
        return ListPage(by, what, page, standing=one_of(Standing, which))
    return ListPage(by, what, page)


def describe(body: object) -> Describe:
    """The form about a customer as it was sent. Raises `Malformed`."""
    form = Form(body)
    owner = form.somebody(ids.OWNER) if maybe(_value(body, ids.OWNER), "selected_user") is not None else None
    return Describe(
        by=person(body),
        customer=customer_of(form),
        name=one_line(form.typed(ids.NAME)),
        owner=owner,
        worth=one_line(form.typed(ids.WORTH)),
        crm_reference=one_line(form.typed(ids.CRM_REFERENCE)),
    )


def guard(body: object) -> Guard:
    """A safeguard for the customer, with what is known. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    note = required_text(form, ids.SAFEGUARD_NOTE)
    kind, until = form.chosen(ids.KIND), form.maybe_day(ids.UNTIL)
    return Guard(by=person(body), customer=customer_of(form), kind=kind, note=note, until=until)


def unguard(body: object) -> Unguard:
    """Which safeguard is no longer needed, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    reason, which = form.typed(ids.REASON), number(form.chosen(ids.SAFEGUARD))
    refuse({ids.REASON: text_problem(reason)})
    return Unguard(by=person(body), customer=customer_of(form), safeguard=which, reason=reason)


def merge(body: object) -> Merge:
    """Which record is the duplicate. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return Merge(by=person(body), duplicate=_picked(form), into=customer_of(form))


def undo_merge(body: object) -> UndoMerge:
    """A click on *Undo* beside a merger. Raises `Malformed`."""
    return UndoMerge(by=person(body), merger=_number(shaped(_MERGER, body, "actions", 0, "value")))


def _value(body: object, block: str) -> object:
    return maybe(body, "view", "state", "values", block, block)


def _picked(form: Form) -> int:
    value = form.chosen(ids.FIND)
    if not value.startswith(ids.KNOWN):
        raise Malformed(ids.FIND)
    return number(value.removeprefix(ids.KNOWN))


def _number(value: str) -> int:
    return number(value.rpartition(":")[2])
