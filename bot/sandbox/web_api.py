from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.api import METHODS
from bot.sandbox.api.call import Args, Call, Json, Method
from bot.sandbox.errors import RateLimited, SlackError
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.rates import Rates

if TYPE_CHECKING:
    from bot.sandbox.state import State

KEPT_CALLS = 200
KINDS = {"channel": "channels", "private": "groups", "dm": "im"}


class WebApi:
    """The front of Slack's Web API: token, rates, scopes and ordered faults; what a method does is its own module's."""

    def __init__(self, state: State, token: str) -> None:
        self._state = state
        self._token = token
        self._rates = Rates()
        self.faults = Faults()
        self.counts: Counter[str] = Counter()
        self.calls: deque[Json] = deque(maxlen=KEPT_CALLS)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """POST /api/{method}, form-encoded or JSON."""
        name, raw = request.match_info["method"], await read_args(request)
        fault = self.faults.next(name)
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind == "drop_before":
            return _hang_up(request)
        refusal = _refusal(fault)
        body, status, headers = self._answer(request, name, raw, refusal)
        self._note(name, raw, body)
        if fault and fault.kind == "drop_after":
            return _hang_up(request)
        return web.json_response(body, status=status, headers=headers)

    def _answer(
        self, request: web.Request, name: str, raw: Json, refusal: tuple[Json, int, dict[str, str]] | None
    ) -> tuple[Json, int, dict[str, str]]:
        if refusal:
            return refusal
        try:
            return {"ok": True, **self._run(bearer(request, raw), name, raw)}, 200, {}
        except RateLimited as limited:
            return limited.as_json(), 429, {"Retry-After": str(limited.retry_after)}
        except SlackError as error:
            return error.as_json(), 200, {}

    def _run(self, token: str, name: str, raw: Json) -> Json:
        if name not in METHODS:
            raise SlackError("unknown_method", req_method=name)
        if not token:
            raise SlackError("not_authed")
        if token != self._token:
            raise SlackError("invalid_auth")
        method, args = METHODS[name], Args(raw)
        self._check_scope(method, args)
        self._rates.count(name, method.per_minute)
        if name == "chat.postMessage":
            self._rates.count_post(channel_key(args.text("channel")))
        return method.run(Call(self._state, args))

    def _check_scope(self, method: Method, args: Args) -> None:
        conversation = self._state.conversations.get(args.text("channel"))
        needed = method.scope.format(kind=KINDS[conversation.kind if conversation else "channel"])
        granted = self._state.app.scopes
        if needed and needed not in granted:
            raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(granted)))

    def _note(self, name: str, raw: Json, body: Json) -> None:
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
    """A call's arguments from its query and its body, be that a form or JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body: Any = await request.json()
        return args | body if isinstance(body, dict) else args
    return args | dict(await request.post())


def bearer(request: web.Request, raw: Json) -> str:
    """The token a call carries, in its header or as an argument."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else str(raw.get("token", ""))


def channel_key(channel: str) -> str:
    """A person's ID stands for the direct message with them: both share one pace."""
    return f"D{channel[1:]}" if channel.startswith(("U", "W")) else channel


def _refusal(fault: Fault | None) -> tuple[Json, int, dict[str, str]] | None:
    if fault is None or fault.kind in ("slow", "drop_after"):
        return None
    if fault.kind == "429":
        return {"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(int(fault.seconds))}
    if fault.kind == "500":
        return {"ok": False, "error": "internal_error"}, 500, {}
    return {"ok": False, "error": fault.kind.removeprefix("error:")}, 200, {}


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
