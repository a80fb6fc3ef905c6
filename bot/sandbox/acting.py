from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.asking import Asking
from bot.sandbox.errors import Refused
from bot.sandbox.messages import user_message

if TYPE_CHECKING:
    from bot.sandbox.interactions import Interactions
    from bot.sandbox.state import State
    from bot.sandbox.submissions import Submissions

LARGEST_UPLOAD = 10 * 1024 * 1024  # a file_input takes files of 10 MB


class Acting:
    """What a person does: speaks, calls a command, clicks, sends a form."""

    def __init__(self, state: State, interactions: Interactions, submissions: Submissions) -> None:
        self._state = state
        self._interactions = interactions
        self._submissions = submissions

    async def message(self, request: web.Request) -> web.Response:
        """POST /sandbox/message."""
        asked = await Asking.of(self._state, request)
        where, text = asked.channel(), asked.text("text")
        if not text.strip():
            raise Refused(400, "no_text")
        said = user_message(self._state, asked.user.id, text, asked.args.get("thread_ts"))
        self._state.post(where, said)
        where.read[asked.user.id] = said["ts"]
        return web.json_response({"ts": said["ts"]})

    async def command(self, request: web.Request) -> web.Response:
        """POST /sandbox/command; answers once the bot acked or failed."""
        asked = await Asking.of(self._state, request)
        where, name, text = asked.channel(), asked.text("command"), str(asked.args.get("text", ""))
        return web.json_response(await self._interactions.command(asked.user, where, name, text.strip()))

    async def shortcut(self, request: web.Request) -> web.Response:
        """POST /sandbox/shortcut."""
        asked = await Asking.of(self._state, request)
        where = asked.channel()
        message, callback_id = asked.message(where), asked.text("callback_id")
        return web.json_response(await self._interactions.shortcut(asked.user, where, message, callback_id))

    async def action(self, request: web.Request) -> web.Response:
        """POST /sandbox/action: on a message (channel and ts), or in a modal or the Home tab (view_id)."""
        asked = await Asking.of(self._state, request)
        click = {**asked.args, "block_id": asked.text("block_id"), "action_id": asked.text("action_id")}
        if asked.args.get("view_id"):
            return web.json_response(await self._interactions.click_view(asked.user, asked.view(), click))
        where = asked.channel()
        return web.json_response(await self._interactions.click_message(asked.user, where, asked.message(where), click))

    async def options(self, request: web.Request) -> web.Response:
        """POST /sandbox/options: what an external select offers for what was typed."""
        asked = await Asking.of(self._state, request)
        found = await self._interactions.suggest(
            asked.user, asked.view(), asked.text("block_id"), asked.text("action_id"), asked.text("value")
        )
        return web.json_response(found)

    async def submit(self, request: web.Request) -> web.Response:
        """POST /sandbox/submit."""
        asked = await Asking.of(self._state, request)
        twice = bool(asked.args.get("twice"))
        return web.json_response(await self._submissions.submit(asked.user, asked.modal(), asked.values(), twice=twice))

    async def close(self, request: web.Request) -> web.Response:
        """POST /sandbox/close."""
        asked = await Asking.of(self._state, request)
        await self._submissions.cancel(asked.user, asked.modal())
        return web.json_response({"ok": True})

    async def home(self, request: web.Request) -> web.Response:
        """POST /sandbox/home: the person opens the Home tab; answers with it once the app was told."""
        asked = await Asking.of(self._state, request)
        await self._interactions.open_home(asked.user)
        return web.json_response({"view": self._state.modals.home(asked.user.id)})

    async def upload(self, request: web.Request) -> web.Response:
        """POST /sandbox/upload, for file_input."""
        asked = await Asking.of(self._state, request)
        try:
            content = base64.b64decode(asked.text("content_base64"), validate=True)
        except binascii.Error:
            raise Refused(400, "content_base64 is not base64") from None
        if len(content) > LARGEST_UPLOAD:
            raise Refused(400, "the file is larger than 10 MB")
        file = self._state.files.add(asked.text("name"), content, asked.user.id)
        return web.json_response(file.as_json())
