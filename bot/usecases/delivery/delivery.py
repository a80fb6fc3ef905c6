"""Delivers notices to Slack: each message once, with the newest content.

`chat.postMessage` takes no idempotency key. So each message carries an opaque tag in its metadata, and:
1. the attempt is committed, with a lease, before the call to Slack (`Outbox.claim`);
2. nothing is sent after half of the lease, by either clock, because another worker may take over at its end;
3. an attempt without a known result leaves the notice in doubt: the next one reads the channel's history, and posts
   only if no message with the tag is found (read-back);
4. the result is stored only while the lease is still this worker's. The call is skipped if the content is unchanged,
except for an App Home that was just opened. What fails is retried with exponential backoff.
"""

import logging
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.language import _
from bot.rules.notices import Mark, Notice, NoticeKind, log_ids
from bot.usecases.context import Begin, Clock
from bot.usecases.transport import (
    HistoryUnreadable,
    InDoubt,
    Message,
    MessageGone,
    RateLimited,
    Refused,
    RetryLater,
    Slack,
    Unanswered,
)
from storage.outbox.outbox import Outbox
from storage.transaction import Transaction

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)
LONGEST_BACKOFF = 300  # seconds between two attempts for the same notice
LOOK_BACK = timedelta(days=2)  # history is searched from this long before the notice: Slack's clock may differ
MOST_BLOCKS, MOST_TEXT = 50, 3900  # Slack accepts 50 blocks, and cuts texts at 4,000 characters

Render = Callable[[Transaction, Notice], Message]
Prepare = Callable[[Notice], None]
"""Prepares what rendering a notice needs: for a summary, the digest in its thread. Idempotent. Raises NotRecorded."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed notice, and when it was claimed: by the wall clock (`at`) and the monotonic one (`ticks`, seconds)."""

    notice: Notice
    at: datetime
    ticks: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """Claims notices and delivers them. `ticks`: monotonic seconds. `count` is called with what became of each.

    `lease`: for how long a claimed notice belongs to this worker.
    """

    open: Callable[[], AbstractContextManager[Outbox]]
    read: Begin
    render: Render
    slack: Slack
    clock: Clock
    ticks: Callable[[], float] = field(default=time.monotonic)
    prepare: Prepare = lambda _: None
    count: Callable[[str], None] = lambda _: None
    lease: timedelta = LEASE

    def claim(self) -> Job | None:
        """The next notice to deliver, leased to the caller; None if none may be sent now."""
        at, ticks = self.clock(), self.ticks()
        with self.open() as outbox:
            notice = outbox.claim(at, self.lease)
        return None if notice is None else Job(notice, at, ticks)

    def next_moment(self) -> datetime | None:
        """When the next notice may be sent; None if no notice is out of date."""
        with self.open() as outbox:
            return outbox.next_moment()

    def deliver(self, job: Job) -> None:
        """Post or edit the message, or publish the App Home, and store the result. Raises NotRecorded where that cannot
        be stored.
        """
        notice = job.notice
        try:
            self.prepare(notice)
            with self.read(notice.team) as tx:
                message = self.render(tx, notice)
                mark = Mark(notice.tag) if notice.ts else tx.installation.mark(notice.tag)
            digest = message.digest()
            if digest == notice.digest and not _is_opened(notice):
                self.count("unchanged")
                self._store(lambda outbox: outbox.unchanged(notice, job.at, self.clock()))
                return
            channel, ts = self._send(job, message, mark)
        except RetryLater as pause:
            self.count("paused")
            now, limited = self.clock(), isinstance(pause, RateLimited)
            until = now + timedelta(seconds=pause.seconds)
            self._store(lambda outbox: outbox.paused(notice, now, until, whole_limit=limited))
        except MessageGone:
            self.count("gone")
            self._store(lambda outbox: outbox.gone(notice, self.clock()))
        except Refused as refusal:
            self._failed(notice, str(refusal), refused=True, doubt=notice.in_doubt)
        except Unanswered as silence:
            doubt = notice.in_doubt or isinstance(silence, InDoubt)
            self._failed(notice, str(silence), refused=False, doubt=doubt)
        else:
            self.count("shown")
            sent = None if notice.in_doubt else digest  # in doubt, a line may have been added that `digest` lacks
            self._store(lambda outbox: outbox.shown(notice, channel, ts, self.clock(), sent, forget=message.forgotten))

    def crashed(self, job: Job, error: Exception) -> None:
        """Store that `deliver` raised an unexpected error: in doubt, to be retried, and reported until it succeeds."""
        self._failed(job.notice, type(error).__name__, refused=True, doubt=True)

    def _send(self, job: Job, message: Message, mark: Mark) -> tuple[str, str | None]:
        notice = job.notice
        if notice.kind == NoticeKind.HOME:
            self._check_lease(job)
            self.slack.publish(notice.target, message)
            return notice.target, None
        channel = notice.channel or notice.target
        if notice.ts is not None:
            return self._edit(job, channel, notice.ts, message)
        if notice.in_doubt:
            try:
                channel, found = self._read_back(notice, message.thread)
            except HistoryUnreadable:
                message = _possibly_repeated(message)
            else:
                if found is not None:
                    return self._edit(job, channel, found, message)
        if message.forgotten or message.left_for:
            return channel, None
        self._check_lease(job)
        return self.slack.post(channel, message, mark)

    def _edit(self, job: Job, channel: str, ts: str, message: Message) -> tuple[str, str]:
        if not message.final:
            self._check_lease(job)
            try:
                self.slack.edit(channel, ts, message)
            except (Refused, MessageGone):
                if not message.left_for:
                    raise
                with suppress(Refused, MessageGone):  # a channel that gets another ID keeps its messages
                    self.slack.edit(message.left_for, ts, message)
        return channel, ts

    def _read_back(self, notice: Notice, thread: str | None) -> tuple[str, str | None]:
        """The channel, and the ts of the message if an earlier attempt has posted it.

        A rate limit hit here is not the limit for posting, so it must not hold up other notices.
        """
        try:
            channel = notice.channel or self.slack.channel_for(notice.target)
            since = min(notice.created_at, self.clock())  # which may have been put back
            return channel, self.slack.find(channel, notice.tag, since - LOOK_BACK, thread)
        except RateLimited as pause:
            raise RetryLater(pause.seconds) from pause

    def _check_lease(self, job: Job) -> None:
        """Raises RetryLater after half of the lease. One of the clocks shows that the process or machine was asleep."""
        half = self.lease / 2
        if self.ticks() - job.ticks > half.total_seconds() or not timedelta() <= self.clock() - job.at <= half:
            raise RetryLater(0)

    def _failed(self, notice: Notice, code: str, *, refused: bool, doubt: bool) -> None:
        self.count("refused" if refused else "unanswered")
        level = logging.ERROR if refused else logging.WARNING
        ids = {**log_ids(notice.kind, notice.subject), "target": notice.target, "error": code}
        log.log(level, "notice not shown", extra={"ids": ids})
        wait = min(2.0 ** min(notice.failures, 9), LONGEST_BACKOFF) * random.uniform(0.8, 1.2)
        again_at = self.clock() + timedelta(seconds=wait)
        self._store(lambda outbox: outbox.failed(notice, code, again_at, refused=refused, doubt=doubt))

    def _store(self, result: Callable[[Outbox], None]) -> None:
        with self.open() as outbox:
            result(outbox)


def _is_opened(notice: Notice) -> bool:
    """Whether somebody has just opened their App Home: it is published even if unchanged, as it says as of when."""
    return notice.kind == NoticeKind.HOME and notice.urgent


def _possibly_repeated(message: Message) -> Message:
    words = _("You may have had this message before: I could not find out whether it was sent.")
    note = {"type": "context", "elements": [{"type": "plain_text", "text": words}]}
    text = f"{words}\n{message.text}"[:MOST_TEXT]
    return replace(message, text=text, blocks=[note, *message.blocks][:MOST_BLOCKS])
