"""What people read after an error of ours."""

from typing import Final

from bot.language import _
from handlers.blockkit.blocks import View, note, section
from handlers.blockkit.text import escape
from handlers.names import CallbackId

TROUBLE: Final = _(
    "Something went wrong on our side, and nothing was recorded. Please try again. "
    "If it happens again, tell whoever set up Backstop: reference {reference}."
)


def failure_view(reference: str) -> View:
    """An unexpected error; `reference` finds it in the log."""
    return note(CallbackId.NOTE, _("Please try again"), [section(failure_text(reference))])


def failure_text(reference: str) -> str:
    """The same as a text beside a field."""
    return TROUBLE.format(reference=escape(reference))
