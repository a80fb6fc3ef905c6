"""What the buttons and the private metadata of forms carry: which case, which customer, which menu item."""

import re
from typing import Final

from bot.rules.people import Person
from handlers.parsing.people import person
from handlers.parsing.reading import Form, Malformed, maybe, number, shaped, string

_CUSTOMER: Final = re.compile(r"customer:([1-9][0-9]{0,17})", re.ASCII)
_CASE: Final = re.compile(r"case:([1-9][0-9]{0,17}):([0-9]{1,18})", re.ASCII)


def case_click(body: object) -> tuple[Person, int, int]:
    """A click on a case's button, or on its menu: who, the case's number, and the version they saw.

    Raises:
        Malformed: see there.
    """
    if maybe(body, "actions", 0, "type") == "overflow":
        _, _, value = string(body, "actions", 0, "selected_option", "value").partition(":")
    else:
        value = string(body, "actions", 0, "value")
    return person(body), *case_and_version(value)


def case_of(form: Form) -> int:
    """The case that a form is about. Raises `Malformed`."""
    return case_and_version(form.metadata)[0]


def case_and_version(value: str) -> tuple[int, int]:
    """What `ids.case_value` made. Raises `Malformed`."""
    found = _CASE.fullmatch(value)
    if found is None:
        raise Malformed("case")
    return number(found[1]), int(found[2])


def chosen_from_menu(body: object) -> str:
    """Which of the rarer things was picked: the action_id that a button for it would have. Raises `Malformed`."""
    action, found, _ = string(body, "actions", 0, "selected_option", "value").partition(":")
    if not found:
        raise Malformed("actions", 0, "selected_option", "value")
    return action


def customer_click(body: object) -> tuple[Person, int]:
    """A click on a customer's button: who, and the customer's number. Raises `Malformed`."""
    return person(body), _number(shaped(_CUSTOMER, body, "actions", 0, "value"))


def customer_of(form: Form) -> int:
    """The customer that a form is about. Raises `Malformed`."""
    return _number(shaped(_CUSTOMER, {"metadata": form.metadata}, "metadata"))


def _number(value: str) -> int:
    return number(value.rpartition(":")[2])
