from __future__ import annotations

import secrets
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

TRIGGER_LIFETIME = 3.0  # seconds; docs.slack.dev, "Handling user interaction"
RESPONSE_URL_LIFETIME = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass
class _Trigger:
    user_id: str
    issued_at: float
    used: bool = False


class Triggers:
    """Trigger IDs. Each opens one view, within three seconds of real time; `lifetime` gives another number."""

    def __init__(self, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self.lifetime: Callable[[], float] = lambda: TRIGGER_LIFETIME
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user_id: str) -> str:
        """A new trigger ID for something that this person did."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = _Trigger(user_id, self._ticks())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """Use up a trigger and return its person; invalid_, exchanged_ or expired_trigger_id."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._ticks() - trigger.issued_at > self.lifetime():
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user_id


@dataclass
class ResponseUrl:
    """A response_url: its channel, person and message (None for a command)."""

    channel: str
    user_id: str
    message_ts: str | None
    issued_at: float
    uses: int = 0


class ResponseUrls:
    """Response URLs. Each can be used five times within thirty minutes of real time."""

    def __init__(self, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._issued: dict[str, ResponseUrl] = {}

    def issue(self, channel: str, user_id: str, message_ts: str | None = None) -> str:
        """The last part of a new response_url."""
        key = secrets.token_urlsafe(18)
        self._issued[key] = ResponseUrl(channel, user_id, message_ts, self._ticks())
        return key

    def use(self, key: str) -> ResponseUrl:
        """Use a URL once; used_url after five uses, expired_url after its time."""
        response_url = self._issued.get(key)
        if response_url is None or self._ticks() - response_url.issued_at > RESPONSE_URL_LIFETIME:
            raise SlackError("expired_url")
        if response_url.uses >= RESPONSE_URL_USES:
            raise SlackError("used_url")
        response_url.uses += 1
        return response_url
