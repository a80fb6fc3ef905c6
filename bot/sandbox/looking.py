from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.asking import Asking
from bot.sandbox.state import shown

if TYPE_CHECKING:
    from bot.sandbox.state import State
    from bot.sandbox.workspace import User

Json = dict[str, Any]
HEARTBEAT = 15.0  # seconds; keeps proxies and browsers from giving a quiet stream up


class Looking:
    """What a person sees: the workspace, a channel's messages, the Home tab, their modals, and all of it live."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def state(self, request: web.Request) -> web.Response:
        """GET /sandbox/state."""
        user = (await Asking.of(self._state, request)).user
        self._state.direct(user.id)
        workspace = self._state.workspace
        mine = [found for found in self._state.conversations.values() if user.id in found.members]
        return web.json_response(
            {
                "clock": self._state.clock.as_json(),
                "me": user.id,
                "team": {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain},
                "users": [self._listed(known) for known in workspace.users],
                "app": self._app(),
                "channels": [self._state.listed(found, user.id) for found in mine],
                "groups": [{"id": g.id, "handle": g.handle, "name": g.name} for g in workspace.groups],
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """GET /sandbox/messages, oldest first; whoever asks has read them."""
        asked = await Asking.of(self._state, request)
        where = asked.channel()
        if where.messages:
            where.read[asked.user.id] = where.messages[-1]["ts"]
        seen = where.seen_by(asked.user.id)
        return web.json_response({"messages": [shown(message, ephemeral=private) for message, private in seen]})

    async def home(self, request: web.Request) -> web.Response:
        """GET /sandbox/home: what the app published, without telling the app that somebody looks."""
        asked = await Asking.of(self._state, request)
        return web.json_response({"view": self._state.modals.home(asked.user.id)})

    async def views(self, request: web.Request) -> web.Response:
        """GET /sandbox/views."""
        asked = await Asking.of(self._state, request)
        return web.json_response({"stack": self._state.modals.stack(asked.user.id)})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET /sandbox/events: Server-Sent Events until the page leaves or the sandbox stops."""
        asked = await Asking.of(self._state, request)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        gone = suppress(ConnectionResetError)  # a page that has left is told nothing more
        with self._state.feed.page(asked.user.id) as queue, gone:
            await stream.prepare(request)
            await stream.write(b": here\n\n")
            await _pour(queue, stream)
        return stream

    def _listed(self, user: User) -> Json:
        outsider = self._state.workspace.outsider(user)
        role = "app" if user.bot else "outsider" if outsider else "guest" if user.guest else "member"
        return {
            "id": user.id,
            "name": user.name,
            "real_name": user.real_name,
            "title": user.title,
            "role": role,
            "guest": user.guest,
            "outsider": outsider,
            "bot": user.bot,
            "color": user.color,
        }

    def _app(self) -> Json:
        app = self._state.app
        return {
            "name": app.name,
            "bot_user": app.bot_user,
            "home_tab": app.home_tab,
            "commands": [{"command": c.command, "hint": c.hint, "description": c.description} for c in app.commands],
            "shortcuts": [{"callback_id": s.callback_id, "name": s.name} for s in app.shortcuts],
        }


async def _pour(queue: asyncio.Queue[Json | None], stream: web.StreamResponse) -> None:
    while True:
        try:
            event = await asyncio.wait_for(queue.get(), HEARTBEAT)
        except TimeoutError:
            await stream.write(b": still here\n\n")
            continue
        if event is None:
            return
        await stream.write(f"data: {json.dumps(event)}\n\n".encode())
