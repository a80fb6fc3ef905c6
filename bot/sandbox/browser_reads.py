from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.browser_call import BrowserCall
from bot.sandbox.state import message_json

if TYPE_CHECKING:
    from bot.sandbox.state import State
    from bot.sandbox.workspace import User

Json = dict[str, Any]
HEARTBEAT = 15.0  # seconds; keeps proxies and browsers from closing a quiet stream


class BrowserReads:
    """The browser API's requests that read: the workspace, messages, the Home tab, modals, and live events."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def state(self, request: web.Request) -> web.Response:
        """GET /sandbox/state."""
        user = (await BrowserCall.of(self._state, request)).user
        self._state.direct_message(user.id)
        workspace = self._state.workspace
        mine = [found for found in self._state.conversations.values() if user.id in found.members]
        return web.json_response(
            {
                "clock": self._state.clock.as_json(),
                "tour": self._state.tour,
                "notifications": self._state.notifications(),
                "me": user.id,
                "team": {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain},
                "users": [self._user_json(known) for known in workspace.users],
                "app": self._app_json(),
                "channels": [self._state.conversation_json(found, user.id) for found in mine],
                "groups": [{"id": g.id, "handle": g.handle, "name": g.name} for g in workspace.groups],
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """GET /sandbox/messages, oldest first; with `after` those since that ts. Marks all as read."""
        call = await BrowserCall.of(self._state, request)
        conversation = call.channel()
        self._state.read(conversation, call.user.id)
        after = str(call.args.get("after", ""))
        seen = [pair for pair in conversation.seen_by(call.user.id) if pair[0]["ts"] > after]
        shown = [message_json(message, conversation, ephemeral=private) for message, private in seen]
        return web.json_response({"messages": shown})

    async def home(self, request: web.Request) -> web.Response:
        """GET /sandbox/home: the published Home tab. The app gets no event."""
        call = await BrowserCall.of(self._state, request)
        return web.json_response({"view": self._state.modals.home(call.user.id)})

    async def views(self, request: web.Request) -> web.Response:
        """GET /sandbox/views, and the ts that messages from now on will be later than."""
        call = await BrowserCall.of(self._state, request)
        return web.json_response({"stack": self._state.modals.stack(call.user.id), "ts": self._state.clock.ts()})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """GET /sandbox/events: Server-Sent Events until the page closes or the sandbox stops."""
        call = await BrowserCall.of(self._state, request)
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        until_closed = suppress(ConnectionResetError)
        with self._state.live_events.subscribe(call.user.id) as queue, until_closed:
            await stream.prepare(request)
            await stream.write(b": here\n\n")
            await _stream_events(queue, stream)
        return stream

    def _user_json(self, user: User) -> Json:
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

    def _app_json(self) -> Json:
        app = self._state.app
        return {
            "name": app.name,
            "bot_user": app.bot_user,
            "home_tab": app.home_tab,
            "commands": [{"command": c.command, "hint": c.hint, "description": c.description} for c in app.commands],
            "shortcuts": [
                {"callback_id": s.callback_id, "name": s.name, "everywhere": s.everywhere} for s in app.shortcuts
            ],
        }


async def _stream_events(queue: asyncio.Queue[Json | None], stream: web.StreamResponse) -> None:
    while True:
        try:
            event = await asyncio.wait_for(queue.get(), HEARTBEAT)
        except TimeoutError:
            await stream.write(b": still here\n\n")
            continue
        if event is None:
            return
        await stream.write(f"data: {json.dumps(event)}\n\n".encode())
