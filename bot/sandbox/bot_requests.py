from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.errors import BotFailed

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from bot.sandbox.clock import Clock
    from bot.sandbox.socket_mode import Sockets

Json = dict[str, Any]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
RETRIES = (0.0, 1.0, 5.0)  # seconds; Slack waits 0 s, 60 s and 300 s


@dataclass
class Bot:
    """The bot's address and signing secret; its timeout for acks and pauses before retries, in seconds of real time."""

    url: str
    signing_secret: str
    timeout: float = 3.0
    retries: Sequence[float] = RETRIES


class BotRequests:
    """Sends requests to the bot: signed POSTs to its URL, or envelopes over its socket in Socket Mode.

    As at Slack, a request is acked in time or raises BotFailed, and events are retried three times.
    """

    def __init__(self, bot: Bot, clock: Clock, sockets: Sockets) -> None:
        self._bot = bot
        self._clock = clock
        self._sockets = sockets
        self._background: set[asyncio.Task[None]] = set()

    @property
    def has_bot(self) -> bool:
        """Whether there is a bot to which requests go."""
        return bool(self._bot.url) or self._sockets.configured

    def later(self, sending: Coroutine[Any, Any, None]) -> None:
        """Send it in the background."""
        task = asyncio.create_task(sending)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def command(self, fields: Json) -> Json:
        """Send a slash command and return the ack's body."""
        return await self._send("slash_commands", fields, FORM, urlencode(fields))

    async def interaction(self, payload: Json) -> Json:
        """Send a click, a submission, a shortcut or a suggestion, and return the ack's body."""
        return await self._send("interactive", payload, FORM, urlencode({"payload": json.dumps(payload)}))

    async def event(self, payload: Json, *, twice: bool = False) -> None:
        """Send an event. If the bot fails, retry in the background, at most three times. `twice`: its ack got lost."""
        try:
            await self._send("events_api", payload, JSON, json.dumps(payload))
        except BotFailed as failed:
            self._start_retrying(payload, failed.reason)
        else:
            if twice:
                self._start_retrying(payload, "operation_timeout")

    def _start_retrying(self, payload: Json, reason: str) -> None:
        self.later(self._retry(payload, reason))

    async def _retry(self, payload: Json, reason: str) -> None:
        for number, wait in enumerate(self._bot.retries, 1):
            await asyncio.sleep(wait)
            reason_name = {"operation_timeout": "http_timeout"}.get(reason, "http_error")
            headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason_name}
            try:
                await self._send("events_api", payload, JSON, json.dumps(payload), headers)
            except BotFailed as failed:
                reason = failed.reason
            else:
                return

    async def _send(
        self, kind: str, payload: Json, content_type: str, body: str, headers: dict[str, str] | None = None
    ) -> Json:
        if self._sockets.configured:
            return await self._sockets.send(kind, payload, self._bot.timeout)
        return await self._post(body.encode(), {"Content-Type": content_type, **(headers or {})})

    async def _post(self, body: bytes, headers: dict[str, str]) -> Json:
        timeout = aiohttp.ClientTimeout(total=self._bot.timeout)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self._bot.url, data=body, headers={**headers, **self._signature(body)}) as answer,
            ):
                text = await answer.text()
        except TimeoutError:
            raise BotFailed("operation_timeout") from None
        except aiohttp.ClientError:
            raise BotFailed("dispatch_failed") from None
        if answer.status != 200:  # noqa: PLR2004 - the one status that is an ack
            raise BotFailed("dispatch_failed")
        return _ack_body(text)

    def _signature(self, body: bytes) -> dict[str, str]:
        """Slack's signature headers for a body (docs.slack.dev, "Verifying requests from Slack")."""
        timestamp = str(self._clock.real_seconds())
        digest = hmac.new(
            self._bot.signing_secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256
        ).hexdigest()
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def _ack_body(text: str) -> Json:
    """An ack's body as JSON. Plain text means {"text": …}."""
    if not text.strip():
        return {}
    try:
        body = json.loads(text)
    except json.JSONDecodeError:
        return {"text": text}
    return body if isinstance(body, dict) else {"text": text}
