"""Parses what calls for backup, what answers a call, and the value of its buttons."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from bot.rules.backup import HowEnded
from bot.rules.fields import LONGEST_NAME
from bot.rules.people import Person
from bot.usecases.backup.answer import EndCall, SetAvailable, TakeCall
from bot.usecases.backup.call import CallBackup
from handlers.blockkit.text import fit, one_line
from handlers.button_values import call_of, clicked, customer_click
from handlers.names import ActionId
from handlers.parsing.people import sender
from handlers.parsing.reading import Malformed, string, without_markup

HOW: Final[Mapping[ActionId, HowEnded]] = {
    ActionId.BACKUP_CALMED: HowEnded.CALMED,
    ActionId.BACKUP_TAKEN_OVER: HowEnded.TAKEN_OVER,
    ActionId.BACKUP_CONTACT_ENDED: HowEnded.CONTACT_ENDED,
    ActionId.BACKUP_EMERGENCY: HowEnded.EMERGENCY,
    ActionId.BACKUP_STAND_DOWN: HowEnded.STOOD_DOWN,
}
"""What each button says of how a call ended."""


class CallClick(NamedTuple):
    """A click on a button of a call for backup."""

    by: Person
    call: int


def call_click(body: object) -> CallClick:
    """A click on a call's button."""
    call = call_of(clicked(body)[1])
    if call is None:
        raise Malformed("actions", 0)
    return CallClick(sender(body), call)


def by_command(body: object) -> CallBackup:
    """`/backup [customer, where]`. Raises `Malformed`."""
    return CallBackup(sender(body), fit(one_line(without_markup(string(body, "text"))), LONGEST_NAME))


def by_button(body: object) -> CallBackup:
    """*Get backup* in the App Home, or from anywhere in Slack. Raises `Malformed`."""
    return CallBackup(sender(body))


def about_customer(body: object) -> CallBackup:
    """*Get backup* on a customer's card. Raises `Malformed`."""
    by, customer = customer_click(body)
    return CallBackup(by, customer=customer)


def take(body: object) -> TakeCall:
    """*I'm on it*. Raises `Malformed`."""
    return TakeCall(*call_click(body))


def end(body: object) -> EndCall:
    """How it ended. Raises `Malformed`."""
    how = {str(action): how for action, how in HOW.items()}.get(clicked(body)[0])
    if how is None:
        raise Malformed("actions", 0)
    return EndCall(*call_click(body), how)


def available(body: object) -> SetAvailable:
    """Whether somebody may be called. Raises `Malformed`."""
    return SetAvailable(sender(body), available=string(body, "actions", 0, "action_id") == ActionId.MAY_BE_CALLED)
