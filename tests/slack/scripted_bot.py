"""A bot for tests: a real HTTP server that keeps what it was sent and answers as it is told."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
Answer = Json | str | None
OK = 200


@dataclass(frozen=True)
class Received:
    """One request of Slack's: its headers, raw body, and what the body says."""

    headers: dict[str, str]
    body: str
    payload: Json

    @property
    def kind(self) -> str:
        """The payload's type; a slash command for one that has none."""
        return str(self.payload.get("event", self.payload).get("type", "command"))


class ScriptedBot:
    """Answers each kind of request with what `on` says, an empty ack otherwise."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.status = OK
        self._scripts: dict[str, Callable[[Json], Answer]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def on(self, kind: str, script: Callable[[Json], Answer]) -> None:
        """Answer requests of a kind (block_actions, command, app_home_opened, …) with what the script returns."""
        self._scripts[kind] = script

    def last(self, kind: str) -> Received:
        """The newest request of a kind."""
        return [received for received in self.received if received.kind == kind][-1]

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, received: Received) -> bytes:
        self.received.append(received)
        said = self._scripts.get(received.kind, lambda _: None)(received.payload)
        return b"" if said is None else said.encode() if isinstance(said, str) else json.dumps(said).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                answer = bot._answer(Received(dict(self.headers), body, parsed(body)))
                self.send_response(bot.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
                pass

        return Handler


def parsed(body: str) -> Json:
    """A request's body as the payload in it."""
    if body.startswith("{"):
        return dict(json.loads(body))
    fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
    return dict(json.loads(fields["payload"])) if "payload" in fields else fields
