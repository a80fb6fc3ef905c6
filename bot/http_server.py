"""HTTP: where Slack's requests and the operator's probes come in."""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from waitress import wasyncore  # type: ignore[import-untyped]  # waitress has no types
from waitress.server import create_server  # type: ignore[import-untyped]

from handlers.names import EVENTS_PATH

Readiness: TypeAlias = Sequence[str]
"""Why the bot is not ready, one plain sentence each; empty when it is ready."""

LARGEST_BODY: Final = 1_000_000
_TEXT: Final = "text/plain; charset=utf-8"
_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"
_PATIENCE: Final = 5.0
_TICK: Final = 0.1
# Waitress looks at every connection each time that one has something to say, and goes round and round while an answer
# is being written. With a hundred of them that took more of the processor than the answers: so it looks less often.
_MANY: Final = 24  # connections
_BREATH: Final = 0.004  # seconds


class CannotListenError(Exception):
    """The address to listen on cannot be had; says which and why in one line."""


def application(
    slack: WSGIApplication, ready: Callable[[], Readiness], metrics: Callable[[], bytes]
) -> WSGIApplication:
    """The paths that the bot answers, as one WSGI application.

    `POST /slack/events` goes to `slack`. `GET /healthz` is 200 as long as the process answers. `GET /readyz` is 200,
    or 503 with the reasons. `GET /metrics` is `metrics()`, Prometheus' text. Anything else is 404, a wrong method 405.
    """

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        allowed, page = pages.get(environ["PATH_INFO"], (None, None))
        if page is None:
            return _say(start, "404 Not Found", "There is nothing here.\n")
        if environ["REQUEST_METHOD"] != allowed:
            return _say(start, "405 Method Not Allowed", f"This takes {allowed}.\n", ("Allow", str(allowed)))
        return page(environ, start)

    def readyz(_: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        reasons = list(ready())
        status = "503 Service Unavailable" if reasons else "200 OK"
        return _send(start, status, "application/json", json.dumps({"ready": not reasons, "reasons": reasons}).encode())

    pages: dict[str, tuple[str, WSGIApplication]] = {
        EVENTS_PATH: ("POST", slack),
        "/healthz": ("GET", lambda _, start: _say(start, "200 OK", "ok\n")),
        "/readyz": ("GET", readyz),
        "/metrics": ("GET", lambda _, start: _send(start, "200 OK", _PROMETHEUS, metrics())),
    }
    return answer


def _say(start: StartResponse, status: str, words: str, *headers: tuple[str, str]) -> Iterable[bytes]:
    return _send(start, status, _TEXT, words.encode(), *headers)


def _send(start: StartResponse, status: str, kind: str, body: bytes, *headers: tuple[str, str]) -> Iterable[bytes]:
    start(status, [("Content-Type", kind), ("Content-Length", str(len(body))), *headers])
    return [body]


def serve(
    app: WSGIApplication,
    host: str,
    port: int,
    stop: threading.Event,
    *,
    threads: int = 16,
    listening: Callable[[str], None] = lambda _: None,
) -> None:
    """Answer requests with `threads` threads until `stop` is set, then finish what is in flight and return.

    `listening` is called once with the address ("http://127.0.0.1:3000/") as soon as requests are accepted; port 0
    takes a free one. A body over a megabyte is refused with 413 unread. What is still in flight 5 s after the stop
    is dropped. Raises CannotListenError.
    """
    sockets: dict[int, Any] = {}
    door = _door(host, port)
    server = create_server(  # waitress refuses from its limit on, not beyond it
        app, map=sockets, sockets=[door], threads=threads, ident=None, max_request_body_size=LARGEST_BODY + 1
    )
    listening(_address(door))
    while not stop.is_set():
        wasyncore.loop(timeout=_TICK, map=sockets, count=1)
        if len(sockets) > _MANY:
            time.sleep(_BREATH)
    wasyncore.dispatcher.close(server)  # server.close() would also close what wakes the loop for finished answers
    _finish(server, sockets)
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(sockets)


def _door(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        # Names that cannot be resolved have numbers below 0 and words of their own.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise CannotListenError(f"Cannot listen on {host}, port {port}: {reason}. See HOST and PORT.") from error


def _address(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _finish(server: Any, sockets: dict[int, Any]) -> None:  # noqa: ANN401 - waitress has no types
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and any(map(_busy, list(server.active_channels.values()))):
        wasyncore.loop(timeout=_TICK, map=sockets, count=1)


def _busy(channel: Any) -> bool:  # noqa: ANN401 - waitress has no types
    return bool(channel.request or channel.requests or channel.total_outbufs_len)
