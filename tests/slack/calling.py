"""How tests call the sandbox, and read how it refuses."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from slack_sdk.errors import SlackApiError

from tests.builders import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.server import Sandbox

Json = dict[str, Any]


def a_port() -> socket.socket:
    """A port of this machine that stays ours until the socket is closed: servers of ours may listen at it, again and
    again, and nobody else is given it meanwhile.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def get_json(url: str) -> Json:
    with urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - a sandbox's own address
        return dict(json.load(answer))


def post_json(url: str, body: object) -> Json:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(url, raw, {"Content-Type": "application/json"})  # noqa: S310 - likewise
    with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - likewise
        return dict(json.load(answer))


def order(sandbox: Sandbox, method: str, kind: str, times: int = 1, seconds: float = 1) -> None:
    """Let the next calls of a method fail."""
    post_json(f"{sandbox.url}sandbox/faults", {"method": method, "kind": kind, "times": times, "seconds": seconds})


def mended(sandbox: Sandbox) -> None:
    """A later fault would wait until an earlier one is used up, so all are removed."""
    sandbox._web_api.faults._pending.clear()


def error_of(call: Callable[..., object], *args: object, **kwargs: object) -> str:
    """The name of the error that Slack refuses a call with."""
    with pytest.raises(SlackApiError) as refused:
        call(*args, **kwargs)
    return str(refused.value.response["error"])
