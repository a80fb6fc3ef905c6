from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.browser_call import BrowserCall
from bot.sandbox.errors import Refused
from bot.sandbox.messages import integration_message, typed, user_message
from bot.sandbox.state import message_json

if TYPE_CHECKING:
    from bot.sandbox.interactions import Interactions
    from bot.sandbox.state import State
    from bot.sandbox.submissions import Submissions

MAX_UPLOAD = 10 * 1024 * 1024  # bytes; the limit of a file_input


class BrowserActions:
    """The browser API's requests with which a person does something: writes, calls a command, clicks, sends a form."""

    def __init__(self, state: State, interactions: Interactions, submissions: Submissions) -> None:
        self._state = state
        self._interactions = interactions
        self._submissions = submissions

    async def message(self, request: web.Request) -> web.Response:
        """POST /sandbox/message; with `ts` as of another time, for the story of the weeks before."""
        call = await BrowserCall.of(self._state, request)
        conversation, text = call.channel(), call.text("text")
        if not text.strip():
            raise Refused(400, "no_text")
        ts = str(call.args.get("ts", ""))
        message = user_message(self._state, call.user.id, text, call.args.get("thread_ts"), ts)
        self._state.post(conversation, message)
        self._state.read(conversation, call.user.id)
        await self._interactions.wrote(conversation, message, twice=bool(call.args.get("twice")))
        return web.json_response({"ts": message["ts"], "message": message_json(message, conversation)})

    async def edit(self, request: web.Request) -> web.Response:
        """POST /sandbox/edit: somebody edits their own message."""
        call = await BrowserCall.of(self._state, request)
        conversation = call.channel()
        message = call.message(conversation)
        if message.get("user") != call.user.id:
            raise Refused(403, "cant_update_message")
        before, ts = message["text"], self._state.clock.ts()
        message.update(typed(self._state, call.text("text")), edited={"user": call.user.id, "ts": ts})
        self._state.show_change(conversation, message)
        await self._interactions.wrote(conversation, message, before=before)
        return web.json_response({"ts": message["ts"]})

    async def integration(self, request: web.Request) -> web.Response:
        """POST /sandbox/integration: another app posts, with the parts of a message that it likes, perhaps no text."""
        call = await BrowserCall.of(self._state, request)
        message = integration_message(self._state, call.args.get("parts") or {})
        conversation = call.channel()
        self._state.post(conversation, message)
        await self._interactions.wrote(conversation, message)
        return web.json_response({"ts": message["ts"]})

    async def command(self, request: web.Request) -> web.Response:
        """POST /sandbox/command; answers once the bot has acked or failed."""
        call = await BrowserCall.of(self._state, request)
        conversation, name, text = call.channel(), call.text("command"), str(call.args.get("text", ""))
        return web.json_response(await self._interactions.command(call.user, conversation, name, text.strip()))

    async def shortcut(self, request: web.Request) -> web.Response:
        """POST /sandbox/shortcut: on a message (channel and ts), or a global one."""
        call = await BrowserCall.of(self._state, request)
        callback_id = call.text("callback_id")
        if "channel" not in call.args:
            return web.json_response(await self._interactions.global_shortcut(call.user, callback_id))
        conversation = call.channel()
        message = call.message(conversation)
        return web.json_response(await self._interactions.shortcut(call.user, conversation, message, callback_id))

    async def action(self, request: web.Request) -> web.Response:
        """POST /sandbox/action: on a message (channel and ts), or in a modal or the Home tab (view_id)."""
        call = await BrowserCall.of(self._state, request)
        click = {**call.args, "block_id": call.text("block_id"), "action_id": call.text("action_id")}
        if call.args.get("view_id"):
            return web.json_response(await self._interactions.click_view(call.user, call.view(), click))
        conversation = call.channel()
        return web.json_response(
            await self._interactions.click_message(call.user, conversation, call.message(conversation), click)
        )

    async def options(self, request: web.Request) -> web.Response:
        """POST /sandbox/options: the options of an external select for the typed text."""
        call = await BrowserCall.of(self._state, request)
        options = await self._interactions.suggest(
            call.user, call.view(), call.text("block_id"), call.text("action_id"), call.text("value")
        )
        return web.json_response(options)

    async def submit(self, request: web.Request) -> web.Response:
        """POST /sandbox/submit."""
        call = await BrowserCall.of(self._state, request)
        twice = bool(call.args.get("twice"))
        return web.json_response(await self._submissions.submit(call.user, call.modal(), call.values(), twice=twice))

    async def close(self, request: web.Request) -> web.Response:
        """POST /sandbox/close."""
        call = await BrowserCall.of(self._state, request)
        await self._submissions.cancel(call.user, call.modal())
        return web.json_response({"ok": True})

    async def home(self, request: web.Request) -> web.Response:
        """POST /sandbox/home: the person opens the Home tab. Answers with it once the event was sent to the app."""
        call = await BrowserCall.of(self._state, request)
        await self._interactions.open_home(call.user)
        return web.json_response({"view": self._state.modals.home(call.user.id)})

    async def upload(self, request: web.Request) -> web.Response:
        """POST /sandbox/upload, for file_input."""
        call = await BrowserCall.of(self._state, request)
        try:
            content = base64.b64decode(call.text("content_base64"), validate=True)
        except binascii.Error:
            raise Refused(400, "content_base64 is not base64") from None
        if len(content) > MAX_UPLOAD:
            raise Refused(400, "the file is larger than 10 MB")
        file = self._state.files.add(call.text("name"), content, call.user.id)
        return web.json_response(file.as_json())
