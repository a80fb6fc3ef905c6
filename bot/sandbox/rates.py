from __future__ import annotations

import math
from collections import defaultdict, deque
from typing import TYPE_CHECKING

from bot.sandbox.errors import RateLimited

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE = 60.0
BETWEEN_POSTS = 1.0


class Rates:
    """Slack's rate limits by `ticks`, in seconds: calls within any minute for each method, one post a second for each
    channel.

    The calls of a minute may all come at once. Slack also tolerates short bursts in a channel, and more calls than it
    promises. The sandbox does not, so that nobody comes to rely on them.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._posts: dict[str, float] = {}

    def count(self, method: str, per_minute: int) -> None:
        """Count a call of a method; RateLimited if it is one too many."""
        now, calls = self._ticks(), self._calls[method]
        while calls and now - calls[0] >= MINUTE:
            calls.popleft()
        if len(calls) >= per_minute:
            raise RateLimited(math.ceil(MINUTE - (now - calls[0])))
        calls.append(now)

    def count_post(self, channel: str) -> None:
        """Count a post to a channel; RateLimited if it comes too early."""
        now = self._ticks()
        if now - self._posts.get(channel, -math.inf) < BETWEEN_POSTS:
            raise RateLimited(1)
        self._posts[channel] = now
