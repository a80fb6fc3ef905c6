"""The values of buttons and menus and the private metadata of forms: each is made and parsed here.

Every function that parses raises `Malformed` for what Slack would never send. `handlers/record_keys.py` adds keys.
"""

import re
from datetime import date
from typing import Final, NamedTuple

from bot.rules.customers import Standing
from bot.rules.people import Person
from bot.rules.weeks import Week
from handlers.names import ListName
from handlers.parsing.form import Form
from handlers.parsing.people import sender
from handlers.parsing.reading import (
    Malformed,
    matching,
    member_of,
    optional,
    record_number,
    string,
)

_NUMBER: Final = "([1-9][0-9]{0,17})"
_CASE: Final = re.compile(f"case:{_NUMBER}:([0-9]{{1,18}})", re.ASCII)
_REVIEW: Final = re.compile(f"review:{_NUMBER}:([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})", re.ASCII)
_CUSTOMER: Final = re.compile(f"customer:{_NUMBER}", re.ASCII)
_MERGER: Final = re.compile(f"merger:{_NUMBER}", re.ASCII)
_CHECK_IN: Final = re.compile(f"checkin:{_NUMBER}:([12])", re.ASCII)
_WEEK: Final = re.compile(r"week:([0-9]{6}):([CG][A-Z0-9]{1,30})", re.ASCII)
_CALL: Final = re.compile(f"backup:{_NUMBER}", re.ASCII)
_LIST: Final = re.compile(
    f"list:(mine|queue|standing:[a-z_]{{1,16}}|(?:timeline|case):{_NUMBER}):([1-9][0-9]{{0,8}})", re.ASCII
)


class CaseClick(NamedTuple):
    """A click on a case's button, and the version of the case that the person saw."""

    by: Person
    case: int
    version: int


class ReviewClick(NamedTuple):
    """A click on a review's button. `case`: the one whose decision is reviewed."""

    by: Person
    case: int


class CustomerClick(NamedTuple):
    """A click on a customer's button."""

    by: Person
    customer: int


class WeekClick(NamedTuple):
    """A click on a summary's button, and the channel in which the summary was posted."""

    by: Person
    week: Week
    channel: str


class ListPage(NamedTuple):
    """A page of a list. `record`: the customer of a timeline, or the case. `standing`: for customers by standing."""

    by: Person
    what: ListName
    page: int
    record: int = 0
    standing: Standing = Standing.CLEAR


def case_value(number: int, version: int) -> str:
    """A case, and its version when the button was drawn."""
    return f"case:{number}:{version}"


def case_and_version(value: str) -> tuple[int, int]:
    """What `case_value` made."""
    number, version = _groups(_CASE, value, "case")
    return record_number(number), int(version)


def case_click(body: object) -> CaseClick:
    """A click on a case's button, or on an item of its menu."""
    return CaseClick(sender(body), *case_and_version(clicked(body)[1]))


def clicked(body: object) -> tuple[str, str]:
    """The action_id and the value of a button, or of the button that an item of a menu stands for."""
    if optional(body, "actions", 0, "type") != "overflow":
        return string(body, "actions", 0, "action_id"), string(body, "actions", 0, "value")
    action, _, value = string(body, "actions", 0, "selected_option", "value").partition(":")
    return action, value


def case_of(form: Form) -> int:
    """The case that a form is about."""
    return case_and_version(form.metadata)[0]


def menu_item(body: object) -> str:
    """The item of the menu that was picked, as the action_id of its button."""
    action, found, _ = string(body, "actions", 0, "selected_option", "value").partition(":")
    if not found:
        raise Malformed("actions", 0, "selected_option", "value")
    return action


def review_value(case: int, due_on: date) -> str:
    """The case of a decision, and its review date."""
    return f"review:{case}:{due_on.isoformat()}"


def review_click(body: object) -> ReviewClick:
    """A click on a review's button."""
    return ReviewClick(sender(body), case_and_review_date(string(body, "actions", 0, "value"))[0])


def case_and_review_date(value: str) -> tuple[int, date]:
    """What `review_value` made."""
    number, due_on = _groups(_REVIEW, value, "review")
    try:
        return record_number(number), date.fromisoformat(due_on)
    except ValueError:
        raise Malformed("review") from None


def list_action(which: str) -> str:
    """The action_id of a button that opens a list; `LIST_BUTTON` matches it."""
    return f"list:{which}"


def list_value(what: str, page: int) -> str:
    """A list, after a colon its customer or standing, and the page."""
    return f"list:{what}:{page}"


def list_page(body: object) -> ListPage:
    """A click on a button that opens a list or another page of it."""
    which, _, page = _groups(_LIST, string(body, "actions", 0, "value"), "actions", 0, "value")
    name, _, of = which.partition(":")
    click = ListPage(sender(body), ListName(name), record_number(page))
    if click.what in {ListName.TIMELINE, ListName.CASE}:
        return click._replace(record=record_number(of))
    return click._replace(standing=member_of(Standing, of)) if click.what is ListName.STANDING else click


def list_name(body: object) -> ListName:
    """The list that a click is about."""
    return list_page(body).what


def customer_value(number: int) -> str:
    """A customer."""
    return f"customer:{number}"


def customer_click(body: object) -> CustomerClick:
    """A click on a customer's button."""
    return CustomerClick(sender(body), _number(matching(_CUSTOMER, body, "actions", 0, "value")))


def merger_value(number: int) -> str:
    """A merger."""
    return f"merger:{number}"


def merger_of(body: object) -> int:
    """The merger that a click on *Undo* is about."""
    return _number(matching(_MERGER, body, "actions", 0, "value"))


def report_value(number: int) -> str:
    """A report."""
    return f"report:{number}"


def report_of(body: object) -> int:
    """The report that a click on *Withdraw* is about."""
    return report_number(string(body, "actions", 0, "value"))


def report_number(value: str) -> int:
    """What `report_value` made."""
    return record_number(value.removeprefix("report:") if value.startswith("report:") else "")


def check_in_value(report: int, round_: int) -> str:
    """A check-in: its report, and whether it is the first or the second."""
    return f"checkin:{report}:{round_}"


def check_in_of(body: object) -> tuple[int, int]:
    """The report and the round of a click on an answer to a check-in."""
    report, round_ = _groups(_CHECK_IN, string(body, "actions", 0, "value"), "actions", 0)
    return record_number(report), int(round_)


def week_value(week: Week, channel: str) -> str:
    """A summary: its week, and the channel in which it was posted."""
    return f"week:{week.key}:{channel}"


def week_click(body: object) -> WeekClick:
    """A click on a summary's button."""
    key, channel = _groups(_WEEK, string(body, "actions", 0, "value"), "actions", 0, "value")
    try:
        return WeekClick(sender(body), Week.of_key(int(key)), channel)
    except ValueError:
        raise Malformed("week") from None


def _groups(pattern: re.Pattern[str], value: str, *path: object) -> tuple[str, ...]:
    found = pattern.fullmatch(value)
    if found is None:
        raise Malformed(*path)
    return found.groups()


def _number(value: str) -> int:
    return record_number(value.rpartition(":")[2])


def call_value(number: int) -> str:
    """A call for backup."""
    return f"backup:{number}"


def call_of(value: str) -> int | None:
    """The call for backup that a value names; None for any other value."""
    found = _CALL.fullmatch(value)
    return record_number(found[1]) if found else None
