"""Who may not read a message that is addressed to them, at the moment of delivery."""

from enum import Enum, auto
from typing import NamedTuple

from bot.rules.notices import TO_REPORTER, Notice, NoticeKind
from bot.rules.people import is_user
from bot.usecases.context import Context
from bot.usecases.permissions.colleagues import is_member, is_stranger
from bot.usecases.transport import RetryLater
from storage.transaction import Transaction

LONGEST_WAIT = 300  # seconds until the delivery looks again whether the message to answer is there
SEES_TO_IT = frozenset({NoticeKind.HOME, NoticeKind.CARE, NoticeKind.BACKUP_REP})


class WithheldFrom(Enum):
    """Who may not read a message that is addressed to them."""

    REPORTER = auto()  # not known as a colleague
    STRANGER = auto()  # no full member of the workspace
    NO_MANAGER = auto()  # no manager or director any more


class Withheld(NamedTuple):
    """In place of the content, where its reader may not read it."""

    who: WithheldFrom


def withheld(tx: Transaction, context: Context, notice: Notice) -> Withheld | None:
    """What a direct message shows to somebody who may not read it by now; None for all who may.

    A reporter has to be known as a colleague, everybody else as a manager or director, of whom Slack has said who they
    are. Whoever is called for backup may be neither, and help is for every member. A Home and what a caller reads see
    to it themselves. The care contact may be outside: their message says nothing about a customer.
    """
    user = notice.target
    if not is_user(user) or notice.kind in SEES_TO_IT:
        return None
    if notice.kind in TO_REPORTER:
        return None if is_member(tx, user) else Withheld(WithheldFrom.REPORTER)
    if is_stranger(tx, user):
        return Withheld(WithheldFrom.STRANGER)
    if notice.kind == NoticeKind.BACKUP:
        return None
    if notice.kind != NoticeKind.HELP and user not in tx.people.behind(context.firm.management):
        return Withheld(WithheldFrom.NO_MANAGER)
    return None if is_member(tx, user) else _until_known(context, notice)


def _until_known(context: Context, notice: Notice) -> Withheld:
    """Help is not waited for without end: nothing depends on it. Raises RetryLater."""
    seconds = wait(context, notice)
    if notice.kind != NoticeKind.HELP or seconds < LONGEST_WAIT:
        raise RetryLater(seconds)
    return Withheld(WithheldFrom.STRANGER)


def wait(context: Context, notice: Notice) -> float:
    """Seconds until what the message needs is looked for again: longer for an older message."""
    return min(max((context.clock() - notice.created_at).total_seconds() / 2, 1), LONGEST_WAIT)
