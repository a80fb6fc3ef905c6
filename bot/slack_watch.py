"""Asks Slack again and again whether the token holds and the channels are fit, also while nobody uses the bot."""

import logging
import time
from collections.abc import Callable, Iterator
from typing import Final

from bot.problems import Problem, channel_unfit, clock_differs, refused_every_time, slack_silent, token_refused
from bot.usecases.context import Firm
from bot.usecases.transport import RateLimited, Refused, Unanswered
from handlers.client.answers import FURTHEST_CLOCK, SlackAnswers
from handlers.client.transport import SlackTransport

log = logging.getLogger(__name__)

ASK_AGAIN_IN: Final = 20.0  # seconds
CHANNELS_AGAIN_IN: Final = 300.0  # seconds
SILENT_AFTER: Final = 60.0  # seconds
SIGNED_FOR: Final = 300.0  # seconds for which a request of Slack's is good


class SlackWatch:
    """What Slack says of the token and of the channels. `ticks`: the monotonic clock, in seconds.

    `again_in`: seconds until it is asked again.
    """

    def __init__(
        self,
        slack: SlackTransport,
        firm: Firm,
        answers: SlackAnswers,
        ticks: Callable[[], float] = time.monotonic,
        again_in: float = ASK_AGAIN_IN,
    ) -> None:
        self._again_in = again_in
        self._slack, self._firm, self._answers, self._ticks = slack, firm, answers, ticks
        self._refused = ""
        self._unanswered = ""
        self._answered_at = ticks()
        self._channels_at = float("-inf")
        self._unfit: dict[str, str] = {}

    def look(self) -> float:
        """Ask now. Returns after how many seconds to ask again."""
        try:
            self._slack.team()
        except Refused as refusal:
            self._found(str(refusal))
        except Unanswered as silence:
            self._unanswered = str(silence)
            return self._again_in
        except RateLimited as pause:
            return max(pause.seconds, self._again_in)
        else:
            self._found("")
            if self._ticks() - self._channels_at >= CHANNELS_AGAIN_IN:
                self._look_at_channels()
        self._answered_at, self._unanswered = self._ticks(), ""
        return self._again_in

    def reasons(self, *, signed: bool) -> Iterator[Problem]:
        """Why Slack does not come through. `signed`: its requests are, with the time."""
        if self._refused:
            yield token_refused(self._refused)
        if signed and self._clock_is_off(SIGNED_FOR):
            yield clock_differs(self._answers.ahead or 0)

    def warnings(self, *, signed: bool) -> Iterator[Problem]:
        """What else is wrong with Slack, its channels or the time."""
        if self._unanswered and self._ticks() - self._answered_at > SILENT_AFTER:
            yield slack_silent(self._unanswered)
        if self._clock_is_off(FURTHEST_CLOCK) and not (signed and self._clock_is_off(SIGNED_FOR)):
            yield clock_differs(self._answers.ahead or 0)
        if not self._refused:
            yield from (refused_every_time(kind, error) for kind, error in self._answers.refused_every_time().items())
        yield from (channel_unfit(channel, why) for channel, why in self._unfit.items())

    def _clock_is_off(self, seconds: float) -> bool:
        return abs(self._answers.ahead or 0) > seconds

    def _found(self, refused: str) -> None:
        if refused and refused != self._refused:
            log.error("Slack does not accept the token", extra={"ids": {"error": refused}})
        self._refused = refused

    def _look_at_channels(self) -> None:
        self._channels_at = self._ticks()
        for channel in sorted(self._firm.channels):
            try:
                why: str | None = self._slack.channel(channel).fault(private=channel == self._firm.management_channel)
            except Refused as refusal:
                why = str(refusal)
            except (Unanswered, RateLimited):
                continue
            self._unfit.pop(channel, None)
            if why:
                self._unfit[channel] = why
