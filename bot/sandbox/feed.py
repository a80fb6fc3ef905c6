from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Event = dict[str, Any]


class Feed:
    """What open pages are told as it happens, each by its person."""

    def __init__(self) -> None:
        self._pages: list[tuple[str, asyncio.Queue[Event | None]]] = []

    @contextmanager
    def page(self, user_id: str) -> Iterator[asyncio.Queue[Event | None]]:
        """The queue of one open page; None in it means that the sandbox stops."""
        entry = (user_id, asyncio.Queue[Event | None]())
        self._pages.append(entry)
        try:
            yield entry[1]
        finally:
            self._pages.remove(entry)

    def tell(self, user_ids: Collection[str], kind: str, **event: object) -> None:
        """Put an event on the pages of these people."""
        for user_id, queue in self._pages:
            if user_id in user_ids:
                queue.put_nowait({"type": kind, **event})

    def tell_all(self, kind: str, **event: object) -> None:
        """Put an event on every page."""
        self.tell({user_id for user_id, _ in self._pages}, kind, **event)

    def close(self) -> None:
        """Let every page's stream end."""
        for _, queue in self._pages:
            queue.put_nowait(None)
