from __future__ import annotations

import secrets
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

TRIGGER_LIFE = 3.0  # seconds; docs.slack.dev, "Handling user interaction"
HOOK_LIFE = 30 * 60.0
HOOK_USES = 5


@dataclass
class _Trigger:
    user_id: str
    born: float
    used: bool = False


class Triggers:
    """Trigger IDs: each opens one view, once, within three seconds of real time."""

    def __init__(self, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user_id: str) -> str:
        """A new trigger for what this person just did."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = _Trigger(user_id, self._ticks())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The person of a trigger, which is spent by this, under the errors that Slack names."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._ticks() - trigger.born > TRIGGER_LIFE:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user_id


@dataclass
class Hook:
    """A response_url: where it answers, to whom, and about which message (None for a command)."""

    channel: str
    user_id: str
    message_ts: str | None
    born: float
    uses: int = 0


class Hooks:
    """Response URLs: five uses within thirty minutes of real time."""

    def __init__(self, ticks: Callable[[], float] = monotonic) -> None:
        self._ticks = ticks
        self._issued: dict[str, Hook] = {}

    def issue(self, channel: str, user_id: str, message_ts: str | None = None) -> str:
        """The last part of a new response_url."""
        key = secrets.token_urlsafe(18)
        self._issued[key] = Hook(channel, user_id, message_ts, self._ticks())
        return key

    def use(self, key: str) -> Hook:
        """One use of the URL; used_url or expired_url once it is spent."""
        hook = self._issued.get(key)
        if hook is None or self._ticks() - hook.born > HOOK_LIFE:
            raise SlackError("expired_url")
        if hook.uses >= HOOK_USES:
            raise SlackError("used_url")
        hook.uses += 1
        return hook
