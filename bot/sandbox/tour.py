"""The strip on top of the page: how far the story is that a sandbox begins with, and the steps to look at then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.browser_call import read_body

if TYPE_CHECKING:
    from bot.sandbox.state import State

Json = dict[str, Any]
PERMALINK = re.compile(r"p(\d{10})(\d{6})", re.ASCII)


class TourRequests:
    """The page itself, at the place where a newcomer begins, and the requests about the strip."""

    def __init__(self, state: State, page: str) -> None:
        self._state = state
        self._page = page

    async def page(self, request: web.Request) -> web.Response:
        """GET /: the page. An address that names nobody leads to where the story wants to begin."""
        start = self._state.tour.get("start")
        named = {name: value for name, value in request.query.items() if value}
        if start and "as" not in named:
            raise web.HTTPFound(f"/?{urlencode({**start, **named})}")
        return web.Response(text=self._page, content_type="text/html")

    async def permalink(self, request: web.Request) -> web.Response:
        """GET /archives/{channel}/p…: a message's address as Slack writes it, opened in a browser."""
        ts = PERMALINK.fullmatch(request.match_info["ts"])
        if ts is None:
            raise web.HTTPNotFound
        query = {"channel": request.match_info["channel"], "ts": ".".join(ts.groups())}
        thread = request.query.get("thread_ts")
        raise web.HTTPFound(f"/?{urlencode(query | ({'thread': thread} if thread else {}))}")

    async def tell(self, request: web.Request) -> web.Response:
        """POST /sandbox/tour: what the strip says from now on."""
        self._state.tour = await read_body(request)
        self._state.live_events.send_to_all("tour", tour=self._state.tour)
        return web.json_response({"ok": True})
