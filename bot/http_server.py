"""The HTTP server for Slack's requests and the operator's probes."""

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from waitress import wasyncore  # type: ignore[import-untyped]  # waitress has no types
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser, ParsingError  # type: ignore[import-untyped]
from waitress.server import create_server  # type: ignore[import-untyped]

from handlers.names import EVENTS_PATH

Readiness: TypeAlias = Sequence[str]
"""Why the bot is not ready, one sentence each; empty if it is ready."""

LARGEST_BODY: Final = 1_000_000
_LIMITS: Final[Mapping[str, Any]] = {
    "max_request_body_size": LARGEST_BODY + 1,  # waitress also refuses a body of exactly its limit
    "max_request_header_size": 65_536,
    "inbuf_overflow": 65_536,  # bytes of a body that has not come whole; more goes into a file
    "ident": None,
}
_CONNECTIONS: Final = 512  # half of the files that Linux allows a process
_REQUEST_SECONDS: Final = 10.0  # for a request to arrive; Slack sends it at once
_READ: Final = ("GET", "HEAD")
_PLAIN: Final = "text/plain; charset=utf-8"
_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"
_STOP_SECONDS: Final = 5.0  # for requests in flight
_LOOP_SECONDS: Final = 0.1  # between two checks of `stop`
# Waitress goes through every connection whenever one of them is ready, again and again while an answer is written.
# With a hundred connections that took more processor time than the answers, so it pauses in between: longer with more
# connections. It accepts one of them each time, so we accept the others that wait.
_MANY_CONNECTIONS: Final = 24
_PAUSE: Final = 0.000_04  # seconds for each connection


class CannotListenError(Exception):
    """The server cannot listen on its address. The text says which and why, in one line."""


def application(
    slack: WSGIApplication,
    ready: Callable[[], Readiness],
    metrics: Callable[[], bytes],
    warnings: Callable[[], Sequence[str]] = tuple,
) -> WSGIApplication:
    """The WSGI application with all paths. Any other path is 404, another method is 405.

    `POST /slack/events` goes to `slack`. `GET /healthz` is always 200. `GET /readyz` is 200, or 503 with the reasons;
    its `warnings` say what is wrong though the bot is ready. `GET /metrics` is `metrics()`, in Prometheus' format.
    `HEAD` is answered as `GET`, without the body: monitors probe with it.
    """

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        said = routed(environ, start)
        return () if environ["REQUEST_METHOD"] == "HEAD" else said  # the web server would send the body

    def routed(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        allowed, page = pages.get(environ["PATH_INFO"], ((), None))
        if page is None:
            return _text(start, "404 Not Found", "There is nothing here.\n")
        if environ["REQUEST_METHOD"] not in allowed:
            return _text(start, "405 Method Not Allowed", f"This takes {allowed[0]}.\n", ("Allow", ", ".join(allowed)))
        return page(environ, start)

    def readyz(_: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        reasons = list(ready())
        status = "503 Service Unavailable" if reasons else "200 OK"
        body = json.dumps({"ready": not reasons, "reasons": reasons, "warnings": list(warnings())}).encode()
        return _respond(start, status, "application/json", body)

    pages: dict[str, tuple[Sequence[str], WSGIApplication]] = {
        EVENTS_PATH: (("POST",), slack),
        "/healthz": (_READ, lambda _, start: _text(start, "200 OK", "ok\n")),
        "/readyz": (_READ, readyz),
        "/metrics": (_READ, lambda _, start: _respond(start, "200 OK", _PROMETHEUS, metrics())),
    }
    return answer


def _text(start: StartResponse, status: str, text: str, *headers: tuple[str, str]) -> Iterable[bytes]:
    return _respond(start, status, _PLAIN, text.encode(), *headers)


def _respond(start: StartResponse, status: str, kind: str, body: bytes, *headers: tuple[str, str]) -> Iterable[bytes]:
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
    request_seconds: float = _REQUEST_SECONDS,
    connections: int = _CONNECTIONS,
    stop_seconds: float = _STOP_SECONDS,
) -> None:
    """Answer requests with `threads` threads until `stop` is set, then finish what is in flight and return.

    `listening` is called with the address ("http://127.0.0.1:3000/") once requests are accepted. Port 0 takes a free
    one. A body over a megabyte is refused with 413, a head over 64 KB with 431, and what two servers could read
    differently with 400. A connection whose request has not arrived whole after `request_seconds` is closed; where
    nearly all `connections` are taken, so is each that waits for a further request. Requests still in flight
    `stop_seconds` after the stop are dropped. Raises CannotListenError.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it would warn at each request that waits for a thread
    sockets: dict[int, Any] = {}
    listener = _listener(host, port)
    limits = {**_LIMITS, "connection_limit": connections}
    server = create_server(app, map=sockets, sockets=[listener], threads=threads, **limits)
    server.channel_class = _Connection
    listening(_address(listener))
    while not stop.is_set():
        wasyncore.loop(timeout=_LOOP_SECONDS, map=sockets, count=1, use_poll=True)
        _close_late(server, request_seconds, nearly_all=connections * 7 // 8)
        if len(sockets) > _MANY_CONNECTIONS:
            time.sleep(len(sockets) * _PAUSE)
            _accept_all(server, sockets)
    wasyncore.dispatcher.close(server)  # server.close() would also close what wakes the loop for finished answers
    _finish_requests(sockets, stop_seconds)
    server.task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(sockets)


def _accept_all(server: Any, sockets: dict[int, Any]) -> None:  # noqa: ANN401 - waitress has no types
    """Accept every connection that waits, as long as the server takes any more."""
    before = -1
    while len(sockets) != before and server.readable():
        before = len(sockets)
        server.handle_accept()


def _listener(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        # A name that cannot be resolved has a number below 0, which `os.strerror` does not know.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise CannotListenError(f"Cannot listen on {host}, port {port}: {reason}. See HOST and PORT.") from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _finish_requests(sockets: dict[int, Any], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(map(_busy, list(sockets.values()))):
        wasyncore.loop(timeout=_LOOP_SECONDS, map=sockets, count=1, use_poll=True)


def _busy(connection: Any) -> bool:  # noqa: ANN401 - waitress has no types
    """Whether a part of a request has arrived, or nothing more is read before an answer has left."""
    return getattr(connection, "request", None) is not None or not connection.readable()


class _Request(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Waitress's parser, which refuses what a proxy before it could read differently (RFC 9112, 5.2 and 6.3)."""

    def __init__(self, adjustments: Any) -> None:  # noqa: ANN401 - waitress has no types
        super().__init__(adjustments)
        self.began = time.monotonic()

    def parse_header(self, head: bytes) -> None:
        """Raises ParsingError, which waitress answers with 400."""
        lines = head.split(b"\r\n")
        names = [line.partition(b":")[0].rstrip().lower().replace(b"_", b"-") for line in lines[1:]]
        encoded = names.count(b"transfer-encoding")
        if encoded + names.count(b"content-length") > 1:
            raise ParsingError("The length is said twice")
        if any(line.startswith((b" ", b"\t")) for line in lines):
            raise ParsingError("A header goes on in the next line")
        try:
            super().parse_header(head)
        except ValueError:  # a length of thousands of digits, an address that is none
            raise ParsingError("HTTP message header invalid") from None
        finally:
            if self.body_rcv is None or self.content_length > LARGEST_BODY:
                self.expect_continue = False  # waitress would wait for a body that is not to come
        if self.version not in {"1.0", "1.1"} or encoded > self.chunked:
            raise ParsingError("HTTP version or encoding invalid")


class _Connection(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """Waitress's connection, which remembers since when it waits for a request."""

    parser_class = _Request

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - waitress has no types
        super().__init__(*arguments, **named)
        self.opened: float | None = time.monotonic()  # None once a request has come

    def received(self, data: bytes) -> bool:
        """See waitress's."""
        self.opened = None
        return bool(super().received(data))

    def waits_since(self) -> float | None:
        """When the request that has not come whole began, or the connection in which nothing has come."""
        request = self.request
        return self.opened if request is None else request.began

    def is_kept(self) -> bool:
        """Whether it waits for a further request."""
        return self.opened is None and self.request is None and bool(self.readable())


def _close_late(server: Any, seconds: float, nearly_all: int) -> None:  # noqa: ANN401 - waitress has no types
    """Close each connection whose request takes longer than that to arrive; waitress counts from the last byte only.

    With more connections than `nearly_all`, those that wait for a further request are closed at once: whoever keeps
    many open keeps nobody else out.
    """
    latest, connections = time.monotonic() - seconds, list(server.active_channels.values())
    crowded = len(connections) > nearly_all
    for connection in connections:
        since = connection.waits_since()
        if (since is not None and since < latest) or (crowded and connection.is_kept()):
            connection.will_close = True
