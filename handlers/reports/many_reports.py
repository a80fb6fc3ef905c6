"""The message to management when one rep reports very often."""

from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.reports import MANY_REPORTS
from bot.usecases.transport import Message
from handlers.blockkit.blocks import bold, filled, paragraph, when
from handlers.blockkit.fallback_text import message

# Translators: {many} is a number of 20 or so, {at} a date and time.
MANY: Final = _("One rep made more than {many} reports within an hour, {at}.")
# Translators: "See the case" is a button.
RECORDED: Final = _("I have recorded all of them. “See the case” says who reported.")


def many_reports_notice(at: datetime) -> Message:
    """To the management channel, which owners of accounts may read: so it names nobody, neither rep nor customer."""
    return message(paragraph(*filled(MANY, many=bold(str(MANY_REPORTS)), at=when(at))), paragraph(RECORDED))
