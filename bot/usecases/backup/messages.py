"""Reads what a message about a call for backup shows, at the moment of delivery."""

from dataclasses import replace
from typing import NamedTuple

from bot.rules.backup import MOST_AT_ONCE, BackupCall, CallFile, HowEnded
from bot.rules.notices import Notice
from bot.rules.people import is_user
from bot.usecases.backup.calls import CallerMessage, call_file, has_reported, may_read_words
from bot.usecases.backup.clock import is_to_be_decided
from bot.usecases.context import Context
from bot.usecases.transport import RetryLater
from storage.transaction import Transaction


class BackupContent(NamedTuple):
    """A call. `not_sent`: there is nothing to ask any more, so that nobody is disturbed who was not asked before."""

    file: CallFile
    not_sent: bool = False


def for_who_is_asked(tx: Transaction, context: Context, notice: Notice) -> BackupContent:
    """What whoever is asked reads. Nobody is notified late of a call as if it was made just now.

    Raises RetryLater where the clock is still to say what became of a late call.
    """
    call, not_shown = tx.backup_calls.get(notice.subject), notice.ts is None
    late = not_shown and call.waits and call.is_late(context.clock(), context.policy.backup)
    if late and is_to_be_decided(tx, call):
        raise RetryLater(1)
    over = not call.waits and call.ended_how is not HowEnded.MISSED
    if call.words and not may_read_words(tx, context, call, notice.target):
        call = replace(call, words="")
    file = call_file(tx, call, notice.target, comes_late=late)
    if not is_user(notice.target):
        file = replace(file, again=_asked_before(tx, context, call))
    return BackupContent(file, not_sent=not_shown and over and not notice.in_doubt)


def _asked_before(tx: Transaction, context: Context, call: BackupCall) -> tuple[str, ...]:
    """The managers and directors who were asked: a message in a channel notifies only whom it mentions."""
    management = context.firm.management
    listed = tx.people.directory(management).people(management)
    return tuple(user for user in call.asked if user in listed)[:MOST_AT_ONCE]


def for_the_rep(tx: Transaction, _: Context, notice: Notice) -> BackupContent:
    """What the rep reads. What would reach them too late is not sent: that somebody comes, or that nobody does."""
    call = tx.backup_calls.get(notice.subject)
    past = {
        CallerMessage.STATUS: False,
        CallerMessage.COMING: not call.is_open,
        CallerMessage.ALONE: not call.waits and call.ended_how is not HowEnded.MISSED,
        CallerMessage.REPORT: has_reported(tx, call),
    }
    not_sent = notice.ts is None and not notice.in_doubt and past[CallerMessage(notice.round)]
    return BackupContent(call_file(tx, call, notice.target), not_sent=not_sent)
