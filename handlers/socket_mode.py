"""Socket Mode: Slack's requests over a WebSocket that the bot opens, for a bot without a public address.

docs/decisions/socket-mode.md says why this is not the library's own client.
"""

import json
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from typing import Any, Final, TypeAlias

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from websocket import ABNF, STATUS_NORMAL, WebSocket, WebSocketException, create_connection

from bot.language import ngettext

_PATIENCE: Final = timedelta(seconds=60)
_RETRY: Final = timedelta(seconds=10)
_OPENING: Final = 5.0
_GOODBYE: Final = 1.0
_THREADS: Final = 10
_OK: Final = 200

_log = logging.getLogger(__name__)

Envelope: TypeAlias = dict[str, Any]


@dataclass(eq=False)
class _Line:
    """One connection. `spent`: it has ended, fell silent, or Slack asks for another in its place."""

    socket: WebSocket
    spent: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)


class SocketMode:
    """Keeps a connection to Slack through which requests really come, and lets Bolt answer them.

    A connection can look open and hear nothing more (slackapi/bolt-python#1529). Slack pings every connection several
    times a minute, so one on which nothing came for `patience` is given up, and a new one opened. Where Slack asks
    for another connection, the old one is heard until Slack closes it, so that no request falls between the two.
    """

    def __init__(
        self,
        app: App,
        app_token: str,
        api_url: str,
        *,
        patience: timedelta = _PATIENCE,
        retry: timedelta = _RETRY,
    ) -> None:
        self._app, self._app_token = app, app_token
        self._patience, self._retry = patience.total_seconds(), retry.total_seconds()
        self._web = WebClient(base_url=api_url, timeout=int(_OPENING), retry_handlers=[])
        self._workers = ThreadPoolExecutor(_THREADS, thread_name_prefix="socket-mode")
        self._keeper = threading.Thread(target=self._keep, name="socket-mode-keeper", daemon=True)
        self._lines: list[_Line] = []
        self._since = time.monotonic()
        self._stopping, self._gate = threading.Event(), threading.Lock()

    def start(self) -> None:
        """Connect in the background, and keep trying while Slack cannot be reached."""
        self._keeper.start()

    def stop(self) -> None:
        """Take no more requests, answer those in hand, and close the connection."""
        with self._gate:
            self._stopping.set()
        self._workers.shutdown(wait=True)
        for line in list(self._lines):
            line.spent.set()
        self._keeper.join()
        for line in list(self._lines):
            _leave(line)

    def silent_for(self) -> timedelta:
        """How long ago Slack was last heard, or since this was made if it never was."""
        return timedelta(seconds=time.monotonic() - self._since)

    def troubles(self) -> list[str]:
        """Why requests may not be coming, as readiness tells it; empty when Slack is heard."""
        if self._lines:
            return []
        silent = int(self.silent_for().total_seconds())
        template = ngettext(
            "There is no connection to Slack; nothing was heard for {n:,} second.",
            "There is no connection to Slack; nothing was heard for {n:,} seconds.",
            silent,
        )
        return [template.format(n=silent)]

    def _keep(self) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            if (line := self._open()) and not self._stopping.is_set():
                line.spent.wait()
            if time.monotonic() - began < self._retry:  # Slack allows few openings a minute
                self._stopping.wait(self._retry)

    def _open(self) -> _Line | None:
        try:
            url = str(self._web.apps_connections_open(app_token=self._app_token)["url"])
            socket = create_connection(url, timeout=_OPENING)
        except (OSError, HTTPException, SlackClientError, WebSocketException):
            _log.warning("Slack could not be reached.", exc_info=True)
            return None
        socket.settimeout(self._patience)
        line = _Line(socket)
        self._lines.append(line)
        threading.Thread(target=self._read, args=(line,), name="socket-mode-reader", daemon=True).start()
        return line

    def _read(self, line: _Line) -> None:
        try:
            while self._hear(line):
                pass
        except (OSError, WebSocketException):
            if not self._stopping.is_set():
                _log.warning("A connection to Slack ended or fell silent.", exc_info=True)
        finally:
            self._lines.remove(line)
            line.spent.set()
            line.socket.shutdown()  # type: ignore[no-untyped-call]  # the library's is untyped
            line.ended.set()

    def _hear(self, line: _Line) -> bool:
        kind, frame = line.socket.recv_data_frame(control_frame=True)
        self._since = time.monotonic()
        if kind == ABNF.OPCODE_TEXT:
            self._take(line, json.loads(frame.data))
        return bool(kind != ABNF.OPCODE_CLOSE)

    def _take(self, line: _Line, envelope: Envelope) -> None:
        if envelope.get("type") == "disconnect":
            line.spent.set()
        with self._gate:
            if "envelope_id" in envelope and not self._stopping.is_set():
                self._workers.submit(self._answer, line, envelope).add_done_callback(_tell)

    def _answer(self, line: _Line, envelope: Envelope) -> None:
        response = self._app.dispatch(_request(envelope))
        if response.status == _OK:  # without an answer Slack tells the person, or sends the event again
            line.socket.send(json.dumps({"envelope_id": envelope["envelope_id"], **_payload(response)}))


def _leave(line: _Line) -> None:
    with suppress(OSError, WebSocketException):  # a connection that is gone already needs no goodbye
        line.socket.send(STATUS_NORMAL.to_bytes(2, "big"), ABNF.OPCODE_CLOSE)
    if not line.ended.wait(_GOODBYE):
        line.socket.abort()  # type: ignore[no-untyped-call]  # the library's is untyped
        line.ended.wait(_GOODBYE)


def _tell(answered: Future[None]) -> None:
    if error := answered.exception():
        _log.error("An answer did not reach Slack.", exc_info=error)


def _request(envelope: Envelope) -> BoltRequest:
    retried = {"x-slack-retry-num": "retry_attempt", "x-slack-retry-reason": "retry_reason"}
    headers: dict[str, Any] = {
        header: str(envelope[name]) for header, name in retried.items() if envelope.get(name) is not None
    }
    return BoltRequest(mode="socket_mode", body=envelope.get("payload", {}), headers=headers)


def _payload(response: BoltResponse) -> Envelope:
    if not response.body:
        return {}
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        return {"payload": json.loads(response.body)}
    return {"payload": {"text": response.body}}
