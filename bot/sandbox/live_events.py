from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Event = dict[str, Any]


class LiveEvents:
    """The events that open pages receive. Each page belongs to one person."""

    def __init__(self) -> None:
        self._subscribers: list[tuple[str, asyncio.Queue[Event | None]]] = []

    @contextmanager
    def subscribe(self, user_id: str) -> Iterator[asyncio.Queue[Event | None]]:
        """The queue of one open page's events; None means that the sandbox is stopping."""
        subscriber = (user_id, asyncio.Queue[Event | None]())
        self._subscribers.append(subscriber)
        try:
            yield subscriber[1]
        finally:
            self._subscribers.remove(subscriber)

    def listening(self) -> set[str]:
        """Who has a page open."""
        return {user_id for user_id, _ in self._subscribers}

    def send(self, user_ids: Collection[str], kind: str, **event: object) -> None:
        """Send an event to the pages of these people."""
        for user_id, queue in self._subscribers:
            if user_id in user_ids:
                queue.put_nowait({"type": kind, **event})

    def send_to_all(self, kind: str, **event: object) -> None:
        """Send an event to every page."""
        self.send(self.listening(), kind, **event)

    def close(self) -> None:
        """End the stream of every page."""
        for _, queue in self._subscribers:
            queue.put_nowait(None)
