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
    _("While it happens: type /backup, and I call somebody to join you."),
    _(
        "To report abuse: type /report-abuse and the customer's name, or pick “Report customer” in a message's menu. "
        "I write to you what management decides."
    ),
    _("Before you call a customer: type /customer and the name. You see how they stand."),
)
WHAT_THIS_IS: Final = _("I post here what reps report about abusive customers: each case with its deadline.")
# Translators: {managers} and {directors} are names, separated by commas.
WHO_DECIDES: Final = _("{managers} decide. What they do not decide in time goes to {directors}.")
WHO_DECIDES_ALONE: Final = _("{managers} decide, by the deadline of each case.")
WHAT_TO_TYPE: Final = _(
    "To report, type /report-abuse and the customer's name. To see how a customer stands, type /customer and the name."
)
FOR_MANAGERS: Final = (
    _("I post each case in the management channel, with a deadline. “See the case” shows everything in it."),
    _("Nobody who reported the customer, owns the account or is recused may decide."),
    _("What managers do not decide in time goes to the directors."),
)
FOR_DIRECTORS: Final = (
    _(
        "You decide what managers did not decide in time, and what no manager may decide. You answer objections to "
        "what managers decided."
    ),
    _("I write to you what is waiting for you, once a business day at most; what is urgent comes at once."),
)
FOR_THE_CARE_CONTACT: Final = (
    _("When a rep asks for a break or someone to talk to, I ask you in a direct message to get in touch."),
    _("Press “I have talked to them” afterwards. I do not record what you say to each other."),
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
