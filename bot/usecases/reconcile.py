"""After a restore: goes through the channels by the messages' metadata, and makes Slack show what is on record.

A message that is on record is drawn again. One that is not, since a later record was lost, loses its buttons.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from bot.usecases.context import Context
from bot.usecases.transport import Message, MessageGone, RateLimited, Refused, Slack
from storage.outbox.channels import targets_of

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


@dataclass
class Reconciled:
    """How many messages are on record, and how many others lost their buttons. `unread`: Slack's error by channel."""

    known: int = 0
    lost: int = 0
    unread: dict[str, str] = field(default_factory=dict)


def after_restore(
    context: Context, slack: Slack, team: str, instead: Message, wait: Callable[[float], object]
) -> Reconciled | None:
    """Called at each start: `reconcile` if Slack shows newer messages than the record has; else None.

    Raises Unanswered and NotRecorded. Where the history cannot be read, nobody can tell.
    """
    channel = context.firm.management_channel
    try:
        messages = _patiently(lambda: slack.own_messages(channel, pages=1), wait)
    except Refused:
        return None
    with context.read(team) as tx:
        newest = tx.notices.newest_in(channel)
        if tx.notices.knows_all(each.tag for each in messages if each.ts > newest and each.has_buttons):
            return None
    log.warning("Slack shows messages that are newer than the record: it was restored, and they lose their buttons")
    done = reconcile(context, slack, team, instead, wait)
    log.warning("reconciled", extra={"ids": {"known": done.known, "lost": done.lost, "unread": len(done.unread)}})
    return done


def reconcile(
    context: Context, slack: Slack, team: str, instead: Message, wait: Callable[[float], object]
) -> Reconciled:
    """Go through the channels and direct messages. `instead`: what a message that is not on record says from then on.

    `wait` is called with the seconds for which Slack asks for a pause. Raises Unanswered and NotRecorded; what was done
    until then stays, and it can be called again.
    """
    done = Reconciled()
    with context.begin(team) as tx:
        tx.notices.draw_homes_again(context.clock())
        targets = dict.fromkeys((*sorted(context.firm.channels), *targets_of(tx.notices), *tx.people.everybody()))
    for target in targets:
        try:
            _channel(context, slack, team, target, instead, wait, done)
        except Refused as refusal:
            done.unread[target] = str(refusal)
    return done


def _channel(
    context: Context,
    slack: Slack,
    team: str,
    target: str,
    instead: Message,
    wait: Callable[[float], object],
    done: Reconciled,
) -> None:
    channel = _patiently(lambda: slack.channel_for(target), wait)
    messages = _patiently(lambda: slack.own_messages(channel), wait)
    with context.begin(team) as tx:
        now = context.clock()
        unknown = [each for each in messages if not tx.notices.found(each.tag, channel, each.ts, now)]
    done.known += len(messages) - len(unknown)
    for ts in (each.ts for each in unknown if each.has_buttons):
        with suppress(MessageGone):
            _patiently(lambda ts=ts: slack.edit(channel, ts, instead), wait)  # type: ignore[misc]
            done.lost += 1


def _patiently(call: Callable[[], Answer], wait: Callable[[float], object]) -> Answer:
    while True:
        try:
            return call()
        except RateLimited as pause:
            wait(pause.seconds)
