"""What one way in from Slack is: a row of the table in `handlers/entry_points.py`, and how one is written."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from bot.rules.case_files import CaseFile, Likely
from bot.rules.policy.policy import Policy
from bot.usecases.context import Context
from bot.usecases.customers.look_up import suggest_customers
from bot.usecases.permissions.permissions import Permission
from bot.usecases.shared.case_access import Check, for_form
from bot.usecases.shared.read_models import case_file
from handlers.blockkit.blocks import Element, View
from handlers.button_values import CaseClick, ListPage, list_page, typed_so_far
from handlers.names import ListName

Body = dict[str, Any]
Asked = TypeVar("Asked")
Result = TypeVar("Result")


class Kind(StrEnum):
    """What Slack sends."""

    COMMAND = "command"
    SHORTCUT = "shortcut"
    EVENT = "event"
    BUTTON = "button"
    MENU_ITEM = "menu_item"  # and a button, where there is room
    LIST = "list"  # what the buttons that open a list and turn its pages name
    FORM = "form"
    TYPE_AHEAD = "type-ahead"


class Answer(StrEnum):
    """How Slack is answered where all went well; `handlers/errors.py` answers errors. Failed events: Slack retries."""

    OPEN = "open"  # the view opens; on top of an open one it is pushed
    REPLACE = "replace"  # the view takes the place of the one with the button
    UPDATE = "update"  # the form that was sent shows the view
    OPTIONS = "options"
    ACK = "ack"  # nothing else: messages show what has changed


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One way in. `parse` reads the request, `use_case` enforces `permission` and acts, `view` draws what came of it.

    `parse` is given the time as well where `takes_now`. `reads_profile`: Slack is asked soon who
    this person is. The name is a pattern where several buttons in a row need names of their own.
    """

    kind: Kind
    name: str | re.Pattern[str]
    permission: Permission
    parse: Callable[..., Any]
    use_case: Callable[[Context, Any], Any]
    answer: Answer
    view: Callable[[Any, Context, Any], Any] | None
    takes_now: bool = False
    reads_profile: bool = False


def nothing(_: Context, asked: Asked) -> Asked:
    """The use case of what only opens an empty form."""
    return asked


def before(check: Check) -> Callable[[Context, CaseClick], CaseFile]:
    """What a form about a case shows, for who may send it: see `for_form`."""
    return lambda context, click: for_form(context, click.by, click.case, check, case_file)


def opens(
    name: str,
    permission: Permission,
    parse: Callable[[Body], Asked],
    use_case: Callable[[Context, Asked], Result],
    view: Callable[[Result, Context, Asked], View],
    *,
    kind: Kind = Kind.BUTTON,
    reads_profile: bool = False,
) -> EntryPoint:
    """A button, menu item, command or shortcut that opens a view."""
    return EntryPoint(kind, name, permission, parse, use_case, Answer.OPEN, view, reads_profile=reads_profile)


def replaces(
    name: str,
    permission: Permission,
    parse: Callable[[Body], Asked],
    use_case: Callable[[Context, Asked], Result],
    view: Callable[[Result, Context, Asked], View],
) -> EntryPoint:
    """A button in a view whose place another view takes."""
    return EntryPoint(Kind.BUTTON, name, permission, parse, use_case, Answer.REPLACE, view)


def acts(
    name: str,
    permission: Permission,
    parse: Callable[[Body], Asked],
    use_case: Callable[[Context, Asked], object],
    *,
    kind: Kind = Kind.BUTTON,
    reads_profile: bool = False,
) -> EntryPoint:
    """A button or an event after which messages show what has changed."""
    return EntryPoint(kind, name, permission, parse, use_case, Answer.ACK, None, reads_profile=reads_profile)


def form(
    name: str,
    permission: Permission,
    parse: Callable[[Body], Asked],
    use_case: Callable[[Context, Asked], Result],
    view: Callable[[Result, Context, Asked], View],
) -> EntryPoint:
    """A form that was sent."""
    return EntryPoint(Kind.FORM, name, permission, parse, use_case, Answer.UPDATE, view)


def form_about_past(
    name: str,
    permission: Permission,
    parse: Callable[[Body, datetime], Asked],
    use_case: Callable[[Context, Asked], Result],
    view: Callable[[Result, Context, Asked], View],
) -> EntryPoint:
    """A form that asks when something happened: what lies in the future is refused beside the field."""
    return EntryPoint(Kind.FORM, name, permission, parse, use_case, Answer.UPDATE, view, takes_now=True)


def type_ahead(name: str, options: Callable[[Sequence[Likely], str], Sequence[Element]]) -> EntryPoint:
    """A field that offers the customers whom the text typed so far may mean."""

    def suggest(context: Context, asked: tuple[str, str]) -> Sequence[Likely]:
        return suggest_customers(context, *asked)

    def offered(likely: Sequence[Likely], _: Context, asked: tuple[str, str]) -> Sequence[Element]:
        return options(likely, asked[1])

    return EntryPoint(Kind.TYPE_AHEAD, name, Permission.ANYBODY, typed_so_far, suggest, Answer.OPTIONS, offered)


def shows(view: Callable[[Result], View]) -> Callable[[Result, Context, object], View]:
    """A view that needs only what the use case returned."""
    return lambda result, _context, _asked: view(result)


def shows_by_policy(view: Callable[[Result, Policy], View]) -> Callable[[Result, Context, object], View]:
    """A view that needs what the use case returned, and the policy."""
    return lambda result, context, _: view(result, context.policy)


def lists(
    name: ListName,
    permission: Permission,
    use_case: Callable[[Context, ListPage], Result],
    view: Callable[[Result, Context, ListPage], View],
) -> EntryPoint:
    """A page of a list: one button opens it, others turn its pages."""
    return EntryPoint(Kind.LIST, name, permission, list_page, use_case, Answer.OPEN, view)


@dataclass(frozen=True, slots=True)
class Choice:
    """A button or menu whose value names a row of a kind. `answer` takes the place of the row's own."""

    among: Kind
    read: Callable[[Body], str]
    answer: Answer | None = None
