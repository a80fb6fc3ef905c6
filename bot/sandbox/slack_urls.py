from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.errors import SlackError
from bot.sandbox.replies import reply
from bot.sandbox.web_api import bearer, read_args

if TYPE_CHECKING:
    from bot.sandbox.state import State


class SlackUrls:
    """The URLs that Slack gives to the app: for uploading and downloading files, and response_urls."""

    def __init__(self, state: State, token: str) -> None:
        self._state = state
        self._token = token

    async def upload(self, request: web.Request) -> web.Response:
        """POST /upload/{file_id}: the bytes of a file, raw or as the first file of a multipart form."""
        try:
            file = self._state.files.get(request.match_info["file_id"])
        except SlackError:
            raise web.HTTPNotFound from None
        file.content = await _bytes(request)
        if len(file.content) != file.expected:
            raise web.HTTPBadRequest(text="The length is not the one that was announced.")
        return web.Response(text=f"OK - {len(file.content)}")

    async def download(self, request: web.Request) -> web.Response:
        """GET /files/{file_id}/{name}, with the app's token or from the page (at Slack: with the cookie).

        Anybody else is sent to a page where people sign in, as at Slack.
        """
        if bearer(request, {}) != self._token and request.headers.get("Sec-Fetch-Site") != "same-origin":
            raise web.HTTPFound(f"/signin?redir={request.path}")
        try:
            file = self._state.files.get(request.match_info["file_id"])
        except SlackError:
            raise web.HTTPNotFound from None
        return web.Response(body=file.content, content_type=file.as_json()["mimetype"])

    async def response_url(self, request: web.Request) -> web.Response:
        """POST /hooks/{key}: a response_url."""
        try:
            reply(self._state, self._state.response_urls.use(request.match_info["key"]), await read_args(request))
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
