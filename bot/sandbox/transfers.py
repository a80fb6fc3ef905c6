from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.replies import reply
from bot.sandbox.web_api import bearer, read_args

if TYPE_CHECKING:
    from bot.sandbox.state import State


class Transfers:
    """The addresses that Slack hands out: where files go and come from, and response_urls."""

    def __init__(self, state: State, token: str) -> None:
        self._state = state
        self._token = token

    async def upload(self, request: web.Request) -> web.Response:
        """POST /upload/{file_id}: the bytes of a file, raw or as a multipart form's first file."""
        try:
            file = self._state.files.get(request.match_info["file_id"])
        except SlackError:
            raise web.HTTPNotFound from None
        file.content = await _bytes(request)
        if len(file.content) != file.expected:
            raise web.HTTPBadRequest(text="The length is not the one that was announced.")
        return web.Response(text=f"OK - {len(file.content)}")

    async def download(self, request: web.Request) -> web.Response:
        """GET /files/{file_id}/{name}, for the app's token, or for the page itself as Slack's cookie lets it."""
        if bearer(request, {}) != self._token and request.headers.get("Sec-Fetch-Site") != "same-origin":
            raise web.HTTPForbidden
        try:
            file = self._state.files.get(request.match_info["file_id"])
        except SlackError:
            raise web.HTTPNotFound from None
        return web.Response(body=file.content, content_type=file.as_json()["mimetype"])

    async def hook(self, request: web.Request) -> web.Response:
        """POST /hooks/{key}: a response_url."""
        try:
            reply(self._state, self._state.hooks.use(request.match_info["key"]), await read_args(request))
        except SlackError as error:
            return web.json_response(error.as_json(), status=404 if error.name.endswith("_url") else 400)
        return web.json_response({"ok": True})


async def _bytes(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""
