"""What a row of the table in `handlers/entry_points.py` is, and the functions that make one.

Every function takes the row's name and who may use it, and of the parser, the use case and the view those that its kind
does not fix. mypy checks that they fit together: the use case takes what the parser returns, and the view what the use
case returns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from bot.rules.case_files import CaseFile
from bot.rules.customers import LikelyCustomer
from bot.rules.people import Person
from bot.rules.policy.policy import Policy
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import Permission
from bot.usecases.shared.case_access import Check, for_form
from bot.usecases.shared.read_models import case_file
from handlers.blockkit.blocks import Element, View
from handlers.button_values import CaseClick, ListPage, ReviewClick, case_click, list_page
from handlers.names import ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut
from handlers.parsing.form import Form
from handlers.parsing.people import typed_so_far
from handlers.shared.letter_values import LetterClick

Body: TypeAlias = dict[str, Any]
Name: TypeAlias = ActionId | BlockId | CallbackId | Command | Event | ListName | Shortcut
Input = TypeVar("Input")
Result = TypeVar("Result")
Click: TypeAlias = CaseClick | LetterClick | ReviewClick
Parse: TypeAlias = Callable[[Body], Input]
UseCase: TypeAlias = Callable[[Context, Input], Result]
Draw: TypeAlias = Callable[[Result, Context, Input], View]


class Response(StrEnum):
    """How Slack is answered when nothing raises. Errors are answered by `handlers/errors.py`."""

    OPEN = "open"  # the view is opened; if a form is open already, on top of it
    REPLACE = "replace"  # the view replaces the one in which the button is
    AGAIN = "again"  # the form in which something was ticked, as it was opened, with another button
    UPDATE = "update"  # the view replaces the form that was sent
    OPTIONS = "options"  # options for a field
    SAY = "say"  # a text that only the sender of a command sees
    ACK = "ack"  # nothing else; the delivery updates the messages that show the change


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A row. The enum to which `name` belongs says what Slack sends: a command, a click, a form, a list and so on.

    `permission` says who may use it; the use case enforces it. `parse` takes a form as `Form`, anything else as Slack
    sent it. `in_menu`: this button is also an item of the menu. `reads_profile`: the profile of the sender, or of the
    person an event is about, is read from Slack soon. `reads_thread`: so is the thread of the message that it is about.
    """

    name: Name
    permission: Permission
    parse: Callable[..., Any]
    use_case: Callable[[Context, Any], Any]
    response: Response
    view: Callable[[Any, Context, Any], Any] | None
    in_menu: bool = False
    reads_profile: bool = False
    reads_thread: bool = False


@dataclass(frozen=True, slots=True)
class RowByValue:
    """A button or menu whose value names one of these rows. `response` overrides the row's own."""

    rows: Mapping[str, EntryPoint]
    read_name: Callable[[Body], str]
    response: Response | None = None


def opens(
    name: ActionId | Command | Shortcut,
    permission: Permission,
    parse: Parse[Input],
    use_case: UseCase[Input, Result],
    view: Draw[Result, Input],
    *,
    reads_profile: bool = False,
    reads_thread: bool = False,
    in_menu: bool = False,
) -> EntryPoint:
    """A button, command or shortcut that opens a view."""
    return EntryPoint(name, permission, parse, use_case, Response.OPEN, view, in_menu, reads_profile, reads_thread)


def opens_case(
    name: ActionId,
    permission: Permission,
    check: Check,
    view: Draw[CaseFile, CaseClick],
    *,
    in_menu: bool = False,
) -> EntryPoint:
    """A case's button that opens a view of the case, unless `check` raises."""
    return EntryPoint(name, permission, case_click, reads(check, case_file), Response.OPEN, view, in_menu=in_menu)


def opens_list(
    name: ListName, permission: Permission, use_case: UseCase[ListPage, Result], view: Draw[Result, ListPage]
) -> EntryPoint:
    """A list: one button opens it, others turn its pages."""
    return EntryPoint(name, permission, list_page, use_case, Response.OPEN, view)


def says(
    name: Command,
    permission: Permission,
    parse: Parse[Input],
    use_case: UseCase[Input, Result],
    text: Callable[[Result], str],
    *,
    reads_profile: bool = False,
) -> EntryPoint:
    """A command that is answered by a text: it takes no call to Slack."""
    return EntryPoint(
        name,
        permission,
        parse,
        use_case,
        Response.SAY,
        lambda result, _context, _input: text(result),
        reads_profile=reads_profile,
    )


def replaces(
    name: ActionId,
    permission: Permission,
    parse: Parse[Input],
    use_case: UseCase[Input, Result],
    view: Draw[Result, Input],
) -> EntryPoint:
    """A button that replaces the view it is in with another one."""
    return EntryPoint(name, permission, parse, use_case, Response.REPLACE, view)


def redraws(name: ActionId, permission: Permission, parse: Parse[Input], view: Draw[Input, object]) -> EntryPoint:
    """A field that changes the form in which it is, and nothing else."""
    return EntryPoint(name, permission, parse, lambda _context, ticked: ticked, Response.AGAIN, view)


def runs(
    name: ActionId | Event,
    permission: Permission,
    parse: Parse[Input],
    use_case: UseCase[Input, object],
    *,
    reads_profile: bool = False,
) -> EntryPoint:
    """A button or an event that runs a use case and opens nothing."""
    return EntryPoint(name, permission, parse, use_case, Response.ACK, None, reads_profile=reads_profile)


def submits(
    name: CallbackId,
    permission: Permission,
    parse: Callable[[Form], Input],
    use_case: UseCase[Input, Result],
    view: Draw[Result, Input],
) -> EntryPoint:
    """A form that somebody sends. The view replaces it."""
    return EntryPoint(name, permission, parse, use_case, Response.UPDATE, view)


def suggests(
    name: BlockId,
    permission: Permission,
    use_case: Callable[[Context, Person, str], Sequence[LikelyCustomer]],
    options: Callable[[Sequence[LikelyCustomer], str], Sequence[Element]],
) -> EntryPoint:
    """A field that suggests customers. `options` takes the likely ones and the text typed so far."""
    return EntryPoint(
        name,
        permission,
        typed_so_far,
        lambda context, typed: use_case(context, *typed),
        Response.OPTIONS,
        lambda likely, _, typed: options(likely, typed[1]),
    )


def reads(check: Check, read: Callable[..., Result]) -> UseCase[Click, Result]:
    """For a button that opens a form: reads what the form shows, unless `check` raises. See `for_form`."""
    return lambda context, click: for_form(context, click.by, click[1], check, read)  # [1]: the number


def shows(view: Callable[[Result], View]) -> Draw[Result, object]:
    """For a view that needs only what the use case returned."""
    return lambda result, _context, _input: view(result)


def shows_by_policy(view: Callable[[Result, Policy], View]) -> Draw[Result, object]:
    """For a view that needs what the use case returned, and the policy."""
    return lambda result, context, _: view(result, context.policy)
