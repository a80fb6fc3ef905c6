"""After a restore: goes through the channels by the messages' metadata, and makes Slack show what is on record.

A message that is on record is drawn again. One that is not, since a later record was lost, loses its buttons, and the
numbers that had been given by then are not given again. What another record with the same app has posted is left alone.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from bot.rules.audit import CLOCK, Act
from bot.rules.notices import NOT_REACHED
from bot.rules.people import is_user
from bot.usecases.context import Context
from bot.usecases.shared.access import record_for_workspace
from bot.usecases.transport import Message, MessageGone, OwnMessage, RateLimited, Refused, Slack
from storage.installation import NUMBERED
from storage.transaction import Transaction

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


@dataclass
class Reconciled:
    """How many messages are on record, and how many others lost their buttons.

    `anothers`: how many messages with buttons belong to another record. `unread`: Slack's error by channel. `gone`: the
    same, of people who have left and of former channels, of which nothing is to be done.
    `refused`: how many kept their buttons, by channel and Slack's error. `left_out`: by kind, the last number that is
    not given again.
    """

    known: int = 0
    lost: int = 0
    anothers: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: dict[str, int] = field(default_factory=dict)


def after_restore(
    context: Context, slack: Slack, team: str, instead: Message, wait: Callable[[float], object]
) -> Reconciled | None:
    """Called at each start: `reconcile` if Slack shows newer messages than the record has; else None.

    Raises Unanswered and NotRecorded. Where the history cannot be read, nobody can tell.
    """
    if not slack.confirms:
        return None
    channel = context.firm.management_channel
    try:
        bot = _patiently(slack.bot, wait)
        messages = _patiently(lambda: slack.own_messages(channel, bot, pages=1), wait)
    except Refused:
        return None
    with context.read(team) as tx:
        record, newest = tx.installation.key(), tx.notices.newest_in(channel)
        later = [each.mark for each in messages if each.ts > newest and each.has_buttons]
        if tx.notices.knows_all(mark.tag for mark in later if mark.record == record):
            if later and not any(mark.record == record for mark in later):
                log.warning("Slack shows newer messages of another record: does DATABASE_URL name the right one?")
            return None
    log.warning("Slack shows messages that are newer than the record: it was restored, and they lose their buttons")
    done = reconcile(context, slack, team, instead, wait)
    log.warning(
        "reconciled",
        extra={"ids": {"known": done.known, "lost": done.lost, "another's": done.anothers, "unread": len(done.unread)}},
    )
    return done


def reconcile(
    context: Context, slack: Slack, team: str, instead: Message, wait: Callable[[float], object]
) -> Reconciled:
    """Go through the channels and direct messages. `instead`: what a message that is not on record says from then on.

    `wait` is called with the seconds for which Slack asks for a pause. Raises Unanswered and NotRecorded; what was done
    until then stays, and it can be called again. Where the bot may not read the channels, what is on record is drawn
    again, and nothing else is done.
    """
    return _Channels(context, slack, team, instead, wait).gone_through()


def is_another_at_work(context: Context, slack: Slack, team: str, since: datetime) -> bool:
    """Whether somebody else posts or edits messages of this very record: another serves from a copy of the database.

    `since`: when this process had begun. Raises RateLimited, Refused, Unanswered and NotRecorded.
    """
    channel = context.firm.management_channel
    messages = slack.own_messages(channel, slack.bot(), pages=1)
    with context.read(team) as tx:
        record = tx.installation.key()
        ours = [each for each in messages if each.mark.record == record]
        later = [each.mark.tag for each in ours if float(each.ts) > since.timestamp()]
        return not tx.notices.knows_all(later) or any(_is_ahead(tx, each) for each in ours)


def _is_ahead(tx: Transaction, message: OwnMessage) -> bool:
    """Whether the message shows a case as it has not been here. Slack was read before, and versions only grow.

    After a restore a message may, until it is drawn again.
    """
    return tx.sent_notices.shows(message.mark.tag, message.ts) and any(
        tx.cases.get(case).version < version for case, version in message.versions.items()
    )


@dataclass
class _Channels:
    """The channels and direct messages in which the bot may have posted, as `reconcile` goes through them."""

    context: Context
    slack: Slack
    team: str
    instead: Message
    wait: Callable[[float], object]
    done: Reconciled = field(default_factory=Reconciled)

    def gone_through(self) -> Reconciled:
        bot = _patiently(self.slack.bot, self.wait)
        with self.context.begin(self.team) as tx:
            tx.installation.begin()
            again = tx.notices.draw_again(self.context.clock(), messages=not self.slack.confirms)
            if not self.slack.confirms:
                return replace(self.done, known=again)
            targets = (*sorted(self.context.firm.channels), *tx.sent_notices.targets(), *tx.people.everybody())
        for target in dict.fromkeys(targets):
            try:
                channel, messages = _patiently(lambda target=target: self._messages(target, bot), self.wait)  # type: ignore[misc]
            except Refused as refusal:
                (self.done.gone if self._is_gone(target, str(refusal)) else self.done.unread)[target] = str(refusal)
            else:
                for each in self._not_on_record(channel, messages):
                    self._take_buttons_off(channel, each)
        return self.done

    def _is_gone(self, target: str, error: str) -> bool:
        """Whether trying it again would change nothing: they have left, or management has left the channel."""
        return error in NOT_REACHED if is_user(target) else target not in self.context.firm.channels

    def _messages(self, target: str, bot: str) -> tuple[str, Sequence[OwnMessage]]:
        channel = self.slack.channel_for(target)
        return channel, self.slack.own_messages(channel, bot)

    def _not_on_record(self, channel: str, messages: Sequence[OwnMessage]) -> list[OwnMessage]:
        """Have what is on record drawn again; what else of this record has buttons."""
        with self.context.begin(self.team) as tx:
            now, record = self.context.clock(), tx.installation.key()
            of_this = [each for each in messages if each.mark.record == record]
            unknown = [each for each in of_this if not tx.notices.found(each.mark.tag, channel, each.ts, now)]
            self.done.left_out |= _leave_numbers_out(tx, of_this, now)
        self.done.known += len(of_this) - len(unknown)
        self.done.anothers += sum(each.has_buttons for each in messages if each.mark.record != record)
        return [each for each in unknown if each.has_buttons]

    def _take_buttons_off(self, channel: str, message: OwnMessage) -> None:
        try:
            _patiently(lambda: self.slack.edit(channel, message.ts, self.instead), self.wait)
            self.done.lost += 1
        except MessageGone:
            pass
        except Refused as refusal:
            self.done.refused[channel, str(refusal)] += 1


def _leave_numbers_out(tx: Transaction, messages: Sequence[OwnMessage], now: datetime) -> dict[str, int]:
    """Give no number again that these messages say was given; by kind, the last one left out."""
    last = {name: max((each.mark.numbers.get(name, 0) for each in messages), default=0) for name in NUMBERED}
    left_out = {name: numbers for name in NUMBERED if (numbers := tx.installation.count_on(name, last[name]))}
    if left_out:
        record_for_workspace(tx, CLOCK, Act.SKIP_NUMBERS, left_out, now)
    return {name: to for name, (_, to) in left_out.items()}


def _patiently(call: Callable[[], Answer], wait: Callable[[float], object]) -> Answer:
    while True:
        try:
            return call()
        except RateLimited as pause:
            wait(pause.seconds)
