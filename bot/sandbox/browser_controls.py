from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.browser_call import read_body
from bot.sandbox.errors import Refused
from bot.sandbox.faults import Fault

if TYPE_CHECKING:
    from bot.sandbox.state import State
    from bot.sandbox.web_api import WebApi


class BrowserControls:
    """The browser API's requests that Slack has no counterpart for: the clock, failures, and the calls of the bot."""

    def __init__(self, state: State, web_api: WebApi) -> None:
        self._state = state
        self._web_api = web_api

    async def clock(self, request: web.Request) -> web.Response:
        """POST /sandbox/clock {forward_seconds}."""
        seconds = (await read_body(request)).get("forward_seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            raise Refused(400, "forward_seconds is not a number of seconds, 0 or more")
        self._state.clock.forward(seconds)
        self._state.live_events.send_to_all("clock", **self._state.clock.as_json())
        return web.json_response(self._state.clock.as_json())

    async def faults(self, request: web.Request) -> web.Response:
        """POST /sandbox/faults {method, kind, times, seconds?}."""
        body = await read_body(request)
        try:
            fault = Fault(body["method"], body["kind"], int(body.get("times", 1)), float(body.get("seconds", 1)))
            self._web_api.faults.add(fault)
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(400, f"no such fault: {error}") from None
        return web.json_response({"ok": True})

    async def channel(self, request: web.Request) -> web.Response:
        """POST /sandbox/channel {channel, change, new_id?}: see `State.change_channel`."""
        body = await read_body(request)
        try:
            self._state.change_channel(body["channel"], body["change"], body.get("new_id", ""))
        except (KeyError, TypeError, ValueError) as error:
            raise Refused(400, f"no such change: {error}") from None
        return web.json_response({"ok": True})

    async def world(self, request: web.Request) -> web.Response:
        """POST /sandbox/world {revoked?, clock_ahead_seconds?, share?}: the token, Slack's clock, a channel's guests.

        `share` takes a channel's ID: people of another firm are in it from then on.
        """
        body = await read_body(request)
        self._web_api.revoked = bool(body.get("revoked", self._web_api.revoked))
        self._state.clock.skew = float(body.get("clock_ahead_seconds", self._state.clock.skew))
        if channel := body.get("share"):
            workspace = self._state.workspace
            strangers = {user.id for user in workspace.users if workspace.outsider(user)}
            self._state.conversations[str(channel)].members |= strangers
        return web.json_response({"ok": True})

    async def calls(self, request: web.Request) -> web.Response:  # noqa: ARG002 - a handler's signature
        """GET /sandbox/calls: the number of calls of each method, how many are in hand, and the last 200 calls."""
        api = self._web_api
        return web.json_response({"counts": api.counts, "in_hand": api.in_hand, "calls": list(api.calls)})
