from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.sandbox.errors import BotFailed, SlackError
from bot.sandbox.ids import new_id
from bot.sandbox.web_api import bearer, read_args

if TYPE_CHECKING:
    from bot.sandbox.state import State

Json = dict[str, Any]


class Sockets:
    """Socket Mode: the bot connects to the sandbox, and requests go over its socket in envelopes."""

    def __init__(self, state: State, app_token: str | None, socket_url: str) -> None:
        self._state = state
        self._app_token = app_token
        self._socket_url = socket_url
        self._tickets: set[str] = set()
        self._open: dict[web.WebSocketResponse, None] = {}  # ordered by when they were opened
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    @property
    def configured(self) -> bool:
        """Whether the app uses Socket Mode."""
        return self._app_token is not None

    @property
    def connections(self) -> int:
        """The number of the bot's connections."""
        return len(self._open)

    async def handle_open(self, request: web.Request) -> web.Response:
        """POST /api/apps.connections.open: a URL for one connection, for the app-level token."""
        token = bearer(request, await read_args(request))
        if self._app_token is None or token != self._app_token:
            return web.json_response(SlackError("invalid_auth").as_json())
        ticket = uuid4().hex
        self._tickets.add(ticket)
        return web.json_response({"ok": True, "url": f"{self._socket_url}?ticket={ticket}&app_id={self._state.app.id}"})

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """GET /socket: one connection, from hello until either side closes it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(timeout=0.5, heartbeat=30)
        await socket.prepare(request)
        self._open[socket] = None
        try:
            await self._talk(socket)
        finally:
            self._open.pop(socket, None)
        return socket

    async def _talk(self, socket: web.WebSocketResponse) -> None:
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._open),
                "connection_info": {"app_id": self._state.app.id},
                "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
            }
        )
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self._acknowledge(message.json())

    def _acknowledge(self, ack: Json) -> None:
        waiting = self._waiting.pop(ack.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload") or {})

    async def send(self, kind: str, payload: Json, timeout: float) -> Json:  # noqa: ASYNC109 - Slack's own limit
        """Send an envelope over the newest connection and return the ack's payload; BotFailed if none comes in time."""
        if not self._open:
            raise BotFailed("dispatch_failed")
        envelope_id = str(uuid4())
        self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        await next(reversed(self._open)).send_json(
            {
                "envelope_id": envelope_id,
                "type": kind,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
            }
        )
        try:
            return await asyncio.wait_for(self._waiting[envelope_id], timeout)
        except TimeoutError:
            self._waiting.pop(envelope_id, None)
            raise BotFailed("operation_timeout") from None

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to reconnect, and close it, as Slack does every few hours."""
        open_sockets = list(self._open)
        self._open.clear()
        for socket in open_sockets:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": new_id("h")}})
            await socket.close()
