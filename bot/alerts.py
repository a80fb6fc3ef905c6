"""Alerts by direct message who can mend what is wrong. It needs no database: a full disk has to be reported too."""

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.request import urlopen

from bot.language import _
from bot.problems import Problem, ProblemKind
from bot.rules.notices import Mark
from bot.rules.refusals import NotRecorded
from bot.usecases.context import Clock
from bot.usecases.transport import HistoryUnreadable, Message, RateLimited, TransportError
from handlers.blockkit.blocks import paragraph
from handlers.client.transport import SlackTransport

log = logging.getLogger(__name__)

LOOK_AGAIN_IN: Final = 5.0  # seconds
LASTS: Final = 10.0  # seconds for which something is wrong before anybody is alerted
ONCE_IN: Final = timedelta(days=1)
TRY_AGAIN_IN: Final = timedelta(minutes=5)  # after Slack took a message not
A_MINUTE: Final = 60.0
TIMEOUT: Final = 5  # seconds
NO_ALERT: Final = frozenset({ProblemKind.STARTING})
# Translators: {problem} is one or two sentences.
NEEDS_YOU: Final = _("Backstop needs you. {problem}")


class Alerts:
    """Alerts the operators to everything that stays wrong, and the directors to what is theirs: once a day each.

    Best effort: what was sent is kept in this process, and looked for in Slack before it is sent again, so that neither
    another process nor a new start repeats it. `ticks`: the monotonic clock, in seconds. `again_in`: seconds until the
    next look. `lasts`: see LASTS.
    """

    def __init__(
        self,
        slack: SlackTransport,
        clock: Clock,
        operators: Sequence[str],
        directors: Callable[[], Sequence[str]],
        ticks: Callable[[], float] = time.monotonic,
        again_in: float = LOOK_AGAIN_IN,
        lasts: float = LASTS,
    ) -> None:
        self._slack, self._clock, self._ticks = slack, clock, ticks
        self._again_in, self._lasts = again_in, lasts
        self._operators, self._directors = operators, directors
        self._since: dict[str, float] = {}
        self._not_before: dict[tuple[str, str], datetime] = {}

    def look(self, problems: Sequence[Problem]) -> float:
        """Alert to these, which are wrong now. Returns the seconds until the next look."""
        now = self._ticks()
        found = {problem.key: problem for problem in problems if problem.kind not in NO_ALERT}
        self._since = {key: self._since.get(key, now) for key in found}
        for problem in (problem for key, problem in found.items() if now - self._since[key] >= self._lasts):
            for user in self._operators:
                self._alert(user, problem.key, problem.says)
            if problem.to_directors:
                self._alert_directors(problem)
        return self._again_in

    def _alert_directors(self, problem: Problem) -> None:
        try:
            directors = self._directors()
        except NotRecorded:
            return
        for user in directors:
            self._alert(user, f"director {problem.key}", problem.to_directors)

    def _alert(self, user: str, key: str, words: str) -> None:
        now = self._clock()
        if now < self._not_before.get((user, key), now):
            return
        try:
            self._post_unless_there(user, key, words, now)
        except RateLimited as pause:  # several things are wrong at once: one after the other
            self._not_before[user, key] = now + timedelta(seconds=pause.seconds)
        except TransportError as failure:
            ids = {"user": user, "error": type(failure).__name__}
            log.warning("an alert was not sent", extra={"ids": ids})
            self._not_before[user, key] = now + TRY_AGAIN_IN
        else:
            self._not_before[user, key] = now + ONCE_IN

    def _post_unless_there(self, user: str, key: str, words: str, now: datetime) -> None:
        tag = hashlib.sha256(f"{user} {key}".encode()).hexdigest()[:32]
        channel = self._slack.channel_for(user)
        try:
            is_there = self._slack.find(channel, tag, now - ONCE_IN) is not None
        except HistoryUnreadable:
            is_there = False
        if not is_there:
            text = NEEDS_YOU.format(problem=words)
            self._slack.post(channel, Message(text, [paragraph(text)]), Mark(tag))


class Heartbeat:
    """Calls an address once a minute while the bot is ready. Where the calls stay out, another service says so.

    `again_in`: seconds until the next look while it is not.
    """

    def __init__(self, url: str, is_ready: Callable[[], bool], again_in: float = LOOK_AGAIN_IN) -> None:
        self._url, self._is_ready, self._again_in = url, is_ready, again_in
        self._failed = False

    def look(self) -> float:
        """Call it if the bot is ready. Returns the seconds until the next look."""
        if not self._is_ready():
            return self._again_in
        try:
            with urlopen(self._url, timeout=TIMEOUT) as answer:  # noqa: S310 - the operator's own address
                answer.read(1)
            self._failed = False
        except (OSError, ValueError) as failure:
            if not self._failed:
                log.warning("the heartbeat was not taken", extra={"ids": {"error": type(failure).__name__}})
            self._failed = True
        return A_MINUTE
