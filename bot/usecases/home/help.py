"""Help for whoever writes to the bot, and a greeting for management."""

from typing import NamedTuple

from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.usecases.context import Context
from bot.usecases.permissions.colleagues import CANNOT_TALK
from bot.usecases.permissions.permissions import profile_denial
from storage.transaction import Transaction


class Wrote(NamedTuple):
    """Somebody wrote to the bot, or mentioned it. `minute`: when, since 1970."""

    by: Person
    minute: int


def answer_with_help(context: Context, wrote: Wrote | None) -> None:
    """Have them sent how it works, by direct message: once for all that they wrote within a minute.

    Slack sends an event more than once, and two bots that answered each other would never end. Raises NotRecorded.
    """
    if wrote is None:
        return
    with context.begin(wrote.by.team) as tx:
        if profile_denial(tx.people.profile(wrote.by.user)) not in CANNOT_TALK:
            now = context.clock()
            tx.notices.refresh(NoticeKind.HELP, 0, wrote.by.user, now, urgent=True, round_=wrote.minute)


def greet(tx: Transaction, context: Context) -> None:
    """Have the management channel greeted, unless the record has messages in it already.

    The greeting names who decides, so it is drawn again at each start, which edits it where the settings have changed.
    """
    channel = context.firm.management_channel
    greeted = tx.notices.ts_of(NoticeKind.GREETING, 0, channel)
    if greeted or not tx.notices.newest_in(channel):
        tx.notices.refresh(NoticeKind.GREETING, 0, channel, context.clock())
