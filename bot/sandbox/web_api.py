from __future__ import annotations

import asyncio
import json
from collections import Counter, deque
from contextlib import suppress
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.api import blocks, chat, conversations, files, people, views
from bot.sandbox.api.call import Args, Call, Json, Method
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import DROPS, PAGE, SPOILT, Fault, Faults, apply_fault
from bot.sandbox.rates import Rates

if TYPE_CHECKING:
    from bot.sandbox.state import State

KEPT_CALLS = 200
METHODS = {
    **blocks.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **people.METHODS,
    **views.METHODS,
}
KINDS = {"channel": "channels", "private": "groups", "dm": "im"}


class WebApi:
    """Answers calls of the Web API: checks token, scope and rate limits, applies faults, and runs the method."""

    def __init__(self, state: State, token: str) -> None:
        self._state = state
        self._token = token
        self._rates = Rates(state.clock.ticks)
        self.faults = Faults()
        self.in_hand = 0  # calls that have come and are not carried out yet
        self.revoked = False
        self.counts: Counter[str] = Counter()
        self.calls: deque[Json] = deque(maxlen=KEPT_CALLS)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """POST /api/{method}, form-encoded or JSON."""
        name = request.match_info["method"]
        raw: Json = {}
        fault = self.faults.next(name)
        self.in_hand += 1
        try:
            raw = await read_args(request)
            await apply_fault(fault)
            body, status, headers = {"ok": True, **self._run(bearer(request, raw), name, raw)}, 200, {}
        except SlackError as error:
            body, status, headers = error.as_json(), error.status, error.headers
        finally:
            self.in_hand -= 1
        self._record_call(name, raw, body)
        if fault and fault.kind in DROPS:
            return _drop_connection(request)
        if fault and fault.kind in SPOILT:
            return await _spoil(request, fault.kind, json.dumps(body).encode())
        said = {"X-OAuth-Scopes": self._scopes(), "Date": formatdate(self._state.clock.real_seconds(), usegmt=True)}
        return web.json_response(body, status=status, headers={**headers, **said})

    def _scopes(self) -> str:
        """The token's scopes, which Slack sends with every answer."""
        return ",".join(sorted(self._state.app.scopes))

    def _run(self, token: str, name: str, raw: Json) -> Json:
        if name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        if not token:
            raise SlackError("not_authed")
        if token != self._token:
            raise SlackError("invalid_auth")
        if self.revoked:
            raise SlackError("token_revoked")
        method, args = METHODS[name], Args(raw)
        self._check_scope(method, args)
        sent = "message" if name == "blocks.validate" else "blocks"
        if "data_visualization" in str(raw.get(sent)) and self.faults.next("data_visualization"):
            raise SlackError(f"invalid_{sent}")  # as of a workspace that does not have the block yet
        self._rates.count(name, method.per_minute)
        if name == "chat.postMessage":
            self._rates.count_post(channel_key(args.text("channel")))
        if name == "files.completeUploadExternal" and (fault := self.faults.next("share")):
            args = self._shared_later(method, args, fault)
        return method.run(Call(self._state, args))

    def _shared_later(self, method: Method, args: Args, fault: Fault) -> Args:
        """Share the file after the answer, as Slack does; or never, which Slack says to nobody. What is done first."""

        def share() -> None:
            with suppress(SlackError):  # it may have been deleted since
                method.run(Call(self._state, args))

        if fault.kind == "slow":
            asyncio.get_running_loop().call_later(fault.seconds, share)
        return Args({name: value for name, value in args.raw.items() if name != "channel_id"})

    def _check_scope(self, method: Method, args: Args) -> None:
        conversation = self._state.conversations.get(args.text("channel"))
        needed = method.scope.format(kind=KINDS[conversation.kind if conversation else "channel"])
        granted = self._state.app.scopes
        if needed and needed not in granted:
            raise SlackError("missing_scope", needed=needed, provided=self._scopes())

    def _record_call(self, name: str, raw: Json, body: Json) -> None:
        self.counts[name] += 1
        self.calls.append(
            {
                "method": name,
                "channel": raw.get("channel"),
                "ok": body["ok"],
                "error": body.get("error"),
                "at": self._state.clock.real().isoformat(),
            }
        )


async def read_args(request: web.Request) -> Json:
    """A call's arguments from its query and its body, a form or JSON; invalid_json or json_not_object."""
    args: Json = dict(request.query)
    if request.content_type != "application/json":
        return args | dict(await request.post())
    try:
        body: Any = json.loads(await request.text() or "{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return args | body


def bearer(request: web.Request, raw: Json) -> str:
    """The token of a call, from its header or its arguments."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else str(raw.get("token", ""))


def channel_key(channel: str) -> str:
    """The channel for rate limits; a person's ID becomes that of the direct message with them."""
    return f"D{channel[1:]}" if channel.startswith(("U", "W")) else channel


async def _spoil(request: web.Request, kind: str, whole: bytes) -> web.StreamResponse:
    status, body = SPOILT[kind]
    if kind != "cut_after":
        return web.Response(status=status, body=body, content_type="text/html" if body == PAGE else "application/json")
    answer = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(whole))})
    await answer.prepare(request)
    await answer.write(whole[: len(whole) // 2])
    _drop_connection(request)
    return answer


def _drop_connection(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
