"""Bring Slack in step with the record: each message once, showing the newest state.

Slack's post has no idempotency key, so a message is found again by an opaque tag in its metadata:
1. the attempt is committed before the call (`Outbox.claim`);
2. nothing is posted once half of the lease is gone, since somebody else may be about to;
3. after an attempt whose end is unknown, Slack is searched for the tag before posting again;
4. what came of it is noted only while the attempt is still ours.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.desk.ports import Begin, Clock, Notice, OpenOutbox, Record

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
LONGEST_WAIT = 300  # seconds between two attempts at the same message
LOOK_BACK = timedelta(hours=1)  # how much older than its notice a message may be, were the two clocks apart


@dataclass(frozen=True, slots=True)
class Message:
    """What Slack is to show. `text` says all that `blocks` say."""

    text: str
    blocks: list[dict[str, Any]]


class RateLimited(Exception):  # noqa: N818 - Slack's answer, not an error of ours
    """Slack asks for a pause of `seconds`; nothing was posted."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Refused(Exception):  # noqa: N818
    """Slack will not do this until somebody mends it; nothing was posted. The argument is Slack's name for it."""


class InDoubt(Exception):  # noqa: N818
    """Nobody knows whether it was posted. The argument names what happened."""


class MessageGone(Exception):  # noqa: N818
    """The message to edit is not there any more."""


class Slack(Protocol):
    """Slack as the loop needs it. Each call raises RateLimited, Refused or InDoubt."""

    def channel_for(self, target: str) -> str:
        """The channel itself, or the direct-message channel of a user."""

    def post(self, channel: str, message: Message, tag: str) -> str:
        """Post it with the tag in its metadata; its ts."""

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Make the message show this now. Raises MessageGone."""

    def find(self, channel: str, tag: str, since: datetime) -> str | None:
        """The ts of the message with this tag, or None. Raises Unreadable where the channel's past can't be read."""


class Unreadable(Exception):  # noqa: N818
    """The channel's history can't be read, so nobody can tell whether the message is there."""


Draw = Callable[[Record, Notice], Message]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One worker of the loop."""

    open: OpenOutbox
    read: Begin
    draw: Draw
    slack: Slack
    clock: Clock

    def claim(self) -> Notice | None:
        """The next message to bring in step, ours until its lease ends."""
        with self.open() as outbox:
            return outbox.claim(self.clock(), LEASE)

    def next_moment(self) -> datetime | None:
        """When the next message may be sent, as things stand; None where Slack shows everything."""
        with self.open() as outbox:
            return outbox.next_moment()

    def deliver(self, job: Notice) -> None:
        """Post or edit it, and note what came of it."""
        give_up_at = time.monotonic() + LEASE.total_seconds() / 2
        try:
            with self.read(job.team) as record:
                message = self.draw(record, job)
            channel, ts = self._send(job, message, give_up_at)
        except RateLimited as pause:
            with self.open() as outbox:
                outbox.paused(job, self.clock() + timedelta(seconds=pause.seconds))
        except MessageGone:
            with self.open() as outbox:
                outbox.gone(job, self.clock())
        except InDoubt as doubt:
            self._failed(job, str(doubt), refused=False, doubt=True)
        except Refused as refusal:
            self._failed(job, str(refusal), refused=True, doubt=job.in_doubt)
        else:
            with self.open() as outbox:
                outbox.shown(job, channel, ts, self.clock())

    def _send(self, job: Notice, message: Message, give_up_at: float) -> tuple[str, str]:
        channel = job.channel or self.slack.channel_for(job.target)
        if job.ts is not None:
            self.slack.edit(channel, job.ts, message)
            return channel, job.ts
        found, message = self._found(job, channel, message)
        if found is not None:
            self.slack.edit(channel, found, message)
            return channel, found
        if time.monotonic() > give_up_at:
            raise RateLimited(1)
        return channel, self.slack.post(channel, message, job.tag)

    def _found(self, job: Notice, channel: str, message: Message) -> tuple[str | None, Message]:
        """Where an earlier attempt may have posted it: its ts, if it did. If nobody can tell, the message says so."""
        if not job.in_doubt:
            return None, message
        try:
            return self.slack.find(channel, job.tag, job.created_at - LOOK_BACK), message
        except Unreadable:
            return None, _possibly_repeated(message)

    def _failed(self, job: Notice, code: str, *, refused: bool, doubt: bool) -> None:
        level = logging.ERROR if refused else logging.WARNING
        log.log(level, "notice not shown", extra={"ids": {"kind": job.kind, "subject": job.subject, "error": code}})
        wait = min(2.0 ** min(job.failures, 9), LONGEST_WAIT) * random.uniform(0.8, 1.2)
        with self.open() as outbox:
            outbox.failed(job, code, self.clock() + timedelta(seconds=wait), refused=refused, doubt=doubt)


def _possibly_repeated(message: Message) -> Message:
    words = "This message may be a repeat: an earlier attempt could not be confirmed."
    note = {"type": "context", "elements": [{"type": "plain_text", "text": words}]}
    return replace(message, text=f"{message.text}\n{words}", blocks=[*message.blocks, note])
