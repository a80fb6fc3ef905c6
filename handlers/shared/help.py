"""How it works, in a few lines, for each role."""

from collections.abc import Sequence
from typing import Final

from bot.language import _
from bot.rules.people import is_group
from bot.usecases.context import Firm
from bot.usecases.transport import Message
from handlers.blockkit.blocks import Block, Inline, View, bullets, filled, group, line, note, person, rich
from handlers.blockkit.fallback_text import as_text, message
from handlers.names import CallbackId

HOW_IT_WORKS: Final = _("How it works")
FOR_REPS: Final = (
    _("While it happens: /backup calls somebody to join you."),
    _(
        "To report abuse: /report-abuse and the customer's name, or “Report customer” in a message's menu. A direct "
        "message says what management decides."
    ),
    _("Before you call somebody: /customer and the name shows how they stand."),
)
WHAT_THIS_IS: Final = _("Backstop brings here what reps report about abusive customers: each case with its deadline.")
# Translators: {managers} and {directors} are names, separated by commas.
WHO_DECIDES: Final = _("{managers} decide. What is late goes to {directors}.")
WHO_DECIDES_ALONE: Final = _("{managers} decide, by the deadline of each case.")
WHAT_TO_TYPE: Final = _(
    "To report, type /report-abuse and the customer's name. /customer and the name shows how they stand."
)
FOR_MANAGERS: Final = (
    _("A case comes to the management channel with a deadline. “See the case” shows everything in it."),
    _("Whoever reported the customer, owns the account or stepped aside does not decide."),
    _("What nobody decides in time goes to the directors."),
)
FOR_DIRECTORS: Final = (
    _("You decide what is late, and what no manager may decide. You answer objections to what managers decided."),
    _("A message says what waits for you, once a business day at most; what is urgent comes at once."),
)
FOR_THE_CARE_CONTACT: Final = (
    _("When a rep asks for a break or someone to talk to, a direct message asks you to get in touch."),
    _("Press “I have talked to them” afterwards. What the two of you say is not recorded."),
)


def is_help(typed: str) -> bool:
    """Whether somebody asks how it works, instead of naming a customer."""
    return typed.casefold() == "help"


def lines(texts: tuple[str, ...]) -> Block:
    """The lines of a role."""
    return rich(bullets([line(text) for text in texts]))


def help_notice() -> Message:
    """What the bot answers to whoever writes to it."""
    return message(lines(FOR_REPS))


def greeting_notice(firm: Firm) -> Message:
    """What the management channel reads first."""
    managers, directors = _names(firm.managers), _names(firm.directors)
    if set(firm.directors) == set(firm.managers):
        decide = filled(WHO_DECIDES_ALONE, managers=managers)
    else:
        decide = filled(WHO_DECIDES, managers=managers, directors=directors)
    return message(rich(bullets([line(WHAT_THIS_IS), line(*decide), line(WHAT_TO_TYPE)])))


def _names(entries: Sequence[str]) -> list[Inline]:
    named = [group(entry) if is_group(entry) else person(entry) for entry in entries]
    return [each for number, name in enumerate(named) for each in ((", ", name) if number else (name,))]


def help_text() -> str:
    """The same after a command that is answered by a text."""
    return as_text([lines(FOR_REPS)])


def help_view() -> View:
    """What `help` after a command shows."""
    return note(CallbackId.NOTE, HOW_IT_WORKS, [lines(FOR_REPS)])
