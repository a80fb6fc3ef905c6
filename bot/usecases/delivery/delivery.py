"""Bring Slack in step with the record: each message once, showing the newest state.

Slack's post has no idempotency key, so a message is found again by an opaque tag in its metadata:
1. the attempt is committed before the call (`Outbox.claim`);
2. nothing is sent once half of the lease is gone by either clock, since somebody else may be about to;
3. after an attempt whose end is unknown, Slack is searched for the tag before posting again;
4. what came of it is noted only while the attempt is still ours.
For a message that stands there already as it would be sent, Slack is not called.
"""

import logging
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.language import _
from bot.rules.notices import Notice, NoticeKind
from bot.usecases.context import Begin, Clock
from bot.usecases.transport import (
    InDoubt,
    Message,
    MessageGone,
    NotNow,
    RateLimited,
    Refused,
    Slack,
    Unanswered,
    Unreadable,
)
from storage.outbox.outbox import Outbox
from storage.transaction import Transaction

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)
LONGEST_WAIT = 300  # seconds between two attempts at the same message
LOOK_BACK = timedelta(days=2)  # how much older than its notice a message may be, were the two clocks apart
MOST_BLOCKS, MOST_TEXT = 50, 3900  # of a message; Slack takes 50 blocks, and cuts a text at 4,000 characters

Draw = Callable[[Transaction, Notice], Message]
Prepare = Callable[[Notice], None]
"""What has to be there before a notice is drawn, as a picture in it. Raises NotNow; may be asked for more than once."""


def nothing_to_prepare(_: Notice) -> None:
    """For notices that need nothing but the record."""


@dataclass(frozen=True, slots=True)
class Job:
    """A notice that is ours until its lease ends, and when we took it, by the clock and by a count of seconds."""

    notice: Notice
    at: datetime
    ticks: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """One worker of the loop. `ticks` counts seconds that nobody can turn back."""

    open: Callable[[], AbstractContextManager[Outbox]]
    read: Begin
    draw: Draw
    slack: Slack
    clock: Clock
    ticks: Callable[[], float] = field(default=time.monotonic)
    prepare: Prepare = nothing_to_prepare

    def claim(self) -> Job | None:
        """The next message to bring in step, ours until its lease ends."""
        at, ticks = self.clock(), self.ticks()
        with self.open() as outbox:
            notice = outbox.claim(at, LEASE)
        return None if notice is None else Job(notice, at, ticks)

    def next_moment(self) -> datetime | None:
        """When the next message may be sent, as things stand; None where Slack shows everything."""
        with self.open() as outbox:
            return outbox.next_moment()

    def deliver(self, job: Job) -> None:
        """Post or edit it, and note what came of it. Raises NotRecorded where that cannot be noted."""
        notice = job.notice
        try:
            self.prepare(notice)
            with self.read(notice.team) as tx:
                message = self.draw(tx, notice)
            digest = message.digest()
            if digest == notice.digest and not _is_opened(notice):
                self._note(lambda outbox: outbox.unchanged(notice, self.clock()))
                return
            channel, ts = self._send(job, message)
        except NotNow as pause:
            until, lane = self.clock() + timedelta(seconds=pause.seconds), isinstance(pause, RateLimited)
            self._note(lambda outbox: outbox.paused(notice, until, lane=lane))
        except MessageGone:
            self._note(lambda outbox: outbox.gone(notice, self.clock()))
        except Refused as refusal:
            self._failed(notice, str(refusal), refused=True, doubt=notice.in_doubt)
        except Unanswered as silence:
            doubt = notice.in_doubt or isinstance(silence, InDoubt)
            self._failed(notice, str(silence), refused=False, doubt=doubt)
        else:
            sent = None if notice.in_doubt else digest  # in doubt it may say that it is a repeat
            self._note(lambda outbox: outbox.shown(notice, channel, ts, self.clock(), sent))

    def broke(self, job: Job, error: Exception) -> None:
        """A mistake of ours, after which nobody knows how far it came: it is tried again, and seen until mended."""
        self._failed(job.notice, type(error).__name__, refused=True, doubt=True)

    def _send(self, job: Job, message: Message) -> tuple[str, str | None]:
        notice = job.notice
        if notice.kind == NoticeKind.HOME:
            self._keep_within_the_lease(job)
            self.slack.publish(notice.target, message)
            return notice.target, None
        channel = notice.channel or notice.target
        if notice.ts is not None:
            return self._edited(job, channel, notice.ts, message)
        if notice.in_doubt:
            try:
                channel, found = self._found(notice)
            except Unreadable:
                message = _possibly_repeated(message)
            else:
                if found is not None:
                    return self._edited(job, channel, found, message)
        self._keep_within_the_lease(job)
        return self.slack.post(channel, message, notice.tag)

    def _edited(self, job: Job, channel: str, ts: str, message: Message) -> tuple[str, str]:
        self._keep_within_the_lease(job)
        self.slack.edit(channel, ts, message)
        return channel, ts

    def _found(self, notice: Notice) -> tuple[str, str | None]:
        """Where an earlier attempt may have posted it: the channel, and its ts if it did.

        A pause that Slack asks for here is not for posting, so it holds up nothing else.
        """
        try:
            channel = notice.channel or self.slack.channel_for(notice.target)
            return channel, self.slack.find(channel, notice.tag, notice.created_at - LOOK_BACK)
        except RateLimited as pause:
            raise NotNow(pause.seconds) from pause

    def _keep_within_the_lease(self, job: Job) -> None:
        """A process that was frozen, or a machine that slept, finds out by one of the clocks."""
        half = LEASE / 2
        if self.ticks() - job.ticks > half.total_seconds() or not timedelta() <= self.clock() - job.at <= half:
            raise NotNow(0)

    def _failed(self, notice: Notice, code: str, *, refused: bool, doubt: bool) -> None:
        level = logging.ERROR if refused else logging.WARNING
        ids = {"kind": notice.kind, "subject": notice.subject, "target": notice.target, "error": code}
        log.log(level, "notice not shown", extra={"ids": ids})
        wait = min(2.0 ** min(notice.failures, 9), LONGEST_WAIT) * random.uniform(0.8, 1.2)
        again_at = self.clock() + timedelta(seconds=wait)
        self._note(lambda outbox: outbox.failed(notice, code, again_at, refused=refused, doubt=doubt))

    def _note(self, what: Callable[[Outbox], None]) -> None:
        with self.open() as outbox:
            what(outbox)


def _is_opened(notice: Notice) -> bool:
    """Whether somebody opened their App Home just now: it says as of when it is, even where nothing has changed."""
    return notice.kind == NoticeKind.HOME and notice.urgent


def _possibly_repeated(message: Message) -> Message:
    words = _("This message may be a repeat: an earlier attempt could not be confirmed.")
    note = {"type": "context", "elements": [{"type": "plain_text", "text": words}]}
    text = f"{words}\n{message.text}"[:MOST_TEXT]
    return replace(message, text=text, blocks=[note, *message.blocks][:MOST_BLOCKS])
