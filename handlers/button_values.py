"""What buttons, menus and the private metadata of forms carry: each value is made and read here.

Whatever cannot be read raises `Malformed`: Slack would never send it.
"""

import re
from datetime import date
from typing import Final, NamedTuple

from bot.rules.customers import Standing
from bot.rules.people import Person
from bot.rules.weeks import Week
from handlers.blockkit.text import one_line
from handlers.names import ListName
from handlers.parsing.people import person
from handlers.parsing.reading import Form, Malformed, maybe, number, one_of, plain, shaped, string

_NUMBER: Final = "([1-9][0-9]{0,17})"
_CASE: Final = re.compile(f"case:{_NUMBER}:([0-9]{{1,18}})", re.ASCII)
_REVIEW: Final = re.compile(f"review:{_NUMBER}:([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})", re.ASCII)
_DISPUTE: Final = re.compile(f"dispute:{_NUMBER}", re.ASCII)
_CUSTOMER: Final = re.compile(f"customer:{_NUMBER}", re.ASCII)
_MERGER: Final = re.compile(f"merger:{_NUMBER}", re.ASCII)
_CHECK_IN: Final = re.compile(f"checkin:{_NUMBER}:([12])", re.ASCII)
_WEEK: Final = re.compile(r"week:([0-9]{6}):([CG][A-Z0-9]{1,30})", re.ASCII)
_LIST: Final = re.compile(f"list:(mine|queue|standing:[a-z_]{{1,16}}|timeline:{_NUMBER}):([1-9][0-9]{{0,8}})", re.ASCII)


class CaseClick(NamedTuple):
    """A click on a case's button: who, the case's number, and the version that they saw."""

    by: Person
    case: int
    version: int


class ReviewClick(NamedTuple):
    """A click on a review's button: who, and whose decision is up for review."""

    by: Person
    case: int


class DisputeClick(NamedTuple):
    """A click on a dispute's button: who, and the dispute's number."""

    by: Person
    dispute: int


class CustomerClick(NamedTuple):
    """A click on a customer's button: who, and the customer's number."""

    by: Person
    customer: int


class WeekClick(NamedTuple):
    """A click on a summary's button: who, which week, and the channel in which it was posted."""

    by: Person
    week: Week
    channel: str


class ListPage(NamedTuple):
    """A page of a list. `customer` is set for a timeline, `standing` for customers by standing."""

    by: Person
    what: ListName
    page: int
    customer: int = 0
    standing: Standing = Standing.CLEAR


def case_value(number_: int, version: int) -> str:
    """A case, and the version on which the button was drawn."""
    return f"case:{number_}:{version}"


def case_and_version(value: str) -> tuple[int, int]:
    """What `case_value` made."""
    found = _CASE.fullmatch(value)
    if found is None:
        raise Malformed("case")
    return number(found[1]), int(found[2])


def case_click(body: object) -> CaseClick:
    """A click on a case's button, or on an item of its menu."""
    if maybe(body, "actions", 0, "type") == "overflow":
        _, _, value = string(body, "actions", 0, "selected_option", "value").partition(":")
    else:
        value = string(body, "actions", 0, "value")
    return CaseClick(person(body), *case_and_version(value))


def case_of(form: Form) -> int:
    """The case that a form is about."""
    return case_and_version(form.metadata)[0]


def menu_item(body: object) -> str:
    """Which item of a menu was picked: the action_id that a button for it would have."""
    action, found, _ = string(body, "actions", 0, "selected_option", "value").partition(":")
    if not found:
        raise Malformed("actions", 0, "selected_option", "value")
    return action


def review_value(case: int, due_on: date) -> str:
    """Whose decision is up for review, and the review date that is up."""
    return f"review:{case}:{due_on.isoformat()}"


def review_click(body: object) -> ReviewClick:
    """A click on a review's button."""
    return ReviewClick(person(body), case_and_review_date(string(body, "actions", 0, "value"))[0])


def case_and_review_date(value: str) -> tuple[int, date]:
    """What `review_value` made."""
    found = _REVIEW.fullmatch(value)
    if found is None:
        raise Malformed("review")
    try:
        return number(found[1]), date.fromisoformat(found[2])
    except ValueError:
        raise Malformed("review") from None


def dispute_value(number_: int) -> str:
    """A dispute."""
    return f"dispute:{number_}"


def dispute_click(body: object) -> DisputeClick:
    """A click on a dispute's button."""
    return DisputeClick(person(body), _number(shaped(_DISPUTE, body, "actions", 0, "value")))


def dispute_of(body: object) -> int:
    """The dispute that a form is about."""
    return _number(shaped(_DISPUTE, body, "view", "private_metadata"))


def list_action(which: str) -> str:
    """The action_id of a button that opens a list, one of those that `LIST_BUTTON` fits."""
    return f"list:{which}"


def list_value(what: str, page: int) -> str:
    """A list, with whose or which it is of, and the page."""
    return f"list:{what}:{page}"


def list_page(body: object) -> ListPage:
    """A click on a button that opens a list or turns its pages."""
    found = _LIST.fullmatch(string(body, "actions", 0, "value"))
    if found is None:
        raise Malformed("actions", 0, "value")
    name, _, which = found[1].partition(":")
    asked = ListPage(person(body), ListName(name), number(found[3]))
    if asked.what is ListName.TIMELINE:
        return asked._replace(customer=number(which))
    return asked._replace(standing=one_of(Standing, which)) if asked.what is ListName.STANDING else asked


def list_name(body: object) -> ListName:
    """The list that a click is about."""
    return list_page(body).what


def customer_value(number_: int) -> str:
    """A customer."""
    return f"customer:{number_}"


def customer_click(body: object) -> CustomerClick:
    """A click on a customer's button."""
    return CustomerClick(person(body), _number(shaped(_CUSTOMER, body, "actions", 0, "value")))


def customer_of(form: Form) -> int:
    """The customer that a form is about."""
    return _number(shaped(_CUSTOMER, {"metadata": form.metadata}, "metadata"))


def merger_value(number_: int) -> str:
    """A merger that can be undone."""
    return f"merger:{number_}"


def merger_of(body: object) -> int:
    """The merger that a click on *Undo* is about."""
    return _number(shaped(_MERGER, body, "actions", 0, "value"))


def report_value(number_: int) -> str:
    """A report."""
    return f"report:{number_}"


def report_of(body: object) -> int:
    """The report that a click on *Withdraw* is about."""
    kind, _, digits = string(body, "actions", 0, "value").partition(":")
    if kind != "report":
        raise Malformed("actions", 0, "value")
    return number(digits)


def check_in_value(report: int, round_: int) -> str:
    """A check-in: after which report, and whether it is the first or the second."""
    return f"checkin:{report}:{round_}"


def check_in_of(body: object) -> tuple[int, int]:
    """The report and the round of a click on an answer to a check-in."""
    found = _CHECK_IN.fullmatch(string(body, "actions", 0, "value"))
    if found is None:
        raise Malformed("actions", 0)
    return number(found[1]), int(found[2])


def week_value(week: Week, channel: str) -> str:
    """A summary: which week, and the channel in which it was posted."""
    return f"week:{week.key}:{channel}"


def week_click(body: object) -> WeekClick:
    """A click on a summary's button."""
    key, channel = shaped(_WEEK, body, "actions", 0, "value").removeprefix("week:").split(":")
    try:
        return WeekClick(person(body), Week.of_key(int(key)), channel)
    except ValueError:
        raise Malformed("week") from None


def typed_so_far(body: object) -> tuple[str, str]:
    """A type-ahead's request: the workspace, and the text typed so far."""
    return person(body).team, one_line(plain(string(body, "value")))


def _number(value: str) -> int:
    return number(value.rpartition(":")[2])
