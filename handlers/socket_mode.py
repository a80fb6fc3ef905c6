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

from slack_bolt import App, BoltResponse
from slack_sdk import WebClient
from websocket import ABNF, STATUS_NORMAL, WebSocket, WebSocketException, create_connection

from bot.counts import Counts
from bot.language import ngettext
from bot.usecases.transport import TransportError
from handlers.client.answers import call_slack
from handlers.parsing.reading import Malformed
from handlers.requests import answer, counted_as, malformed, mapping, parsed

_PATIENCE: Final = timedelta(seconds=60)
_RETRY: Final = timedelta(seconds=10)
_OPENING: Final = 5.0
_CLOSING: Final = 1.0
_THREADS: Final = 10
_OK: Final = 200

_log = logging.getLogger(__name__)

Envelope: TypeAlias = dict[str, Any]


@dataclass(eq=False)
class _Connection:
    """A connection. `replaceable`: it ended, fell silent, or Slack asks for a new one. `ended`: it is closed."""

    socket: WebSocket
    replaceable: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)


class SocketMode:
    """Keeps a connection to Slack open, and lets Bolt answer the requests that come through it.

    A connection can look open while nothing comes any more (slackapi/bolt-python#1529). Slack pings several times a
    minute, so after `patience` without a frame a new connection is opened. If Slack asks for a new connection, the old
    one is read until Slack closes it, so that no request is lost.
    """

    def __init__(
        self,
        app: App,
        app_token: str,
        api_url: str,
        *,
        patience: timedelta = _PATIENCE,
        retry: timedelta = _RETRY,
        answered: Counts | None = None,
    ) -> None:
        self.has_received = False  # a request has come
        self._answered = answered or Counts()
        self._app, self._app_token = app, app_token
        self._patience, self._retry = patience.total_seconds(), retry.total_seconds()
        self._web = WebClient(base_url=api_url, timeout=int(_OPENING), retry_handlers=[])
        self._workers = ThreadPoolExecutor(_THREADS, thread_name_prefix="socket-mode")
        self._keeper = threading.Thread(target=self._keep, name="socket-mode-keeper", daemon=True)
        self._connections: list[_Connection] = []
        self._last_frame = time.monotonic()
        self._stopping, self._submitting = threading.Event(), threading.Lock()

    def start(self) -> None:
        """Connect in the background. Retries while Slack cannot be reached."""
        self._keeper.start()

    def stop(self) -> None:
        """Take no more requests, answer those that have come, and close the connection."""
        with self._submitting:
            self._stopping.set()
        self._workers.shutdown(wait=True)
        for connection in list(self._connections):
            connection.replaceable.set()
        self._keeper.join()
        for connection in list(self._connections):
            _close(connection)

    def silent_for(self) -> timedelta:
        """How long ago the last frame came; before the first one, how long ago this was made."""
        return timedelta(seconds=time.monotonic() - self._last_frame)

    def problems(self) -> list[str]:
        """Why requests may not be coming, for the readiness probe; empty while there is a connection."""
        if self._connections:
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
            if (connection := self._open()) and not self._stopping.is_set():
                connection.replaceable.wait()
            if time.monotonic() - began < self._retry:  # Slack allows few openings a minute
                self._stopping.wait(self._retry)

    def _open(self) -> _Connection | None:
        try:
            opened = call_slack(lambda: self._web.apps_connections_open(app_token=self._app_token))
            socket = create_connection(str(opened["url"]), timeout=_OPENING)
        except TransportError as failure:
            _log.warning("Slack could not be reached.", extra={"ids": {"error": str(failure)}})
            return None
        except (OSError, HTTPException, ValueError, WebSocketException) as failure:  # it is no address, or nobody's
            _log.warning("Slack could not be reached.", extra={"ids": {"error": type(failure).__name__}})
            return None
        socket.settimeout(self._patience)
        connection = _Connection(socket)
        self._connections.append(connection)
        threading.Thread(target=self._read, args=(connection,), name="socket-mode-reader", daemon=True).start()
        return connection

    def _read(self, connection: _Connection) -> None:
        try:
            while self._read_frame(connection):
                pass
        except (OSError, WebSocketException):
            if not self._stopping.is_set():
                _log.warning("A connection to Slack ended or fell silent.", exc_info=True)
        finally:
            self._connections.remove(connection)
            connection.replaceable.set()
            connection.socket.shutdown()  # type: ignore[no-untyped-call]  # the library's is untyped
            connection.ended.set()

    def _read_frame(self, connection: _Connection) -> bool:
        kind, frame = connection.socket.recv_data_frame(control_frame=True)
        self._last_frame = time.monotonic()
        if kind == ABNF.OPCODE_TEXT:
            self._submit(connection, _envelope(frame.data))
        return bool(kind != ABNF.OPCODE_CLOSE)

    def _submit(self, connection: _Connection, envelope: Envelope) -> None:
        if envelope.get("type") == "disconnect":
            connection.replaceable.set()
        with self._submitting:
            if "envelope_id" in envelope and not self._stopping.is_set():
                self._workers.submit(self._answer, connection, envelope).add_done_callback(_log_failure)

    def _answer(self, connection: _Connection, envelope: Envelope) -> None:
        self.has_received = True
        response = answer(self._app, lambda: envelope.get("payload"))
        self._answered.add(counted_as(response))
        if response.status == _OK:  # without an answer Slack tells the person, or sends the event again
            connection.socket.send(json.dumps({"envelope_id": envelope["envelope_id"], **_payload(response)}))


def _close(connection: _Connection) -> None:
    with suppress(OSError, WebSocketException):  # a connection that is gone already needs no closing frame
        connection.socket.send(STATUS_NORMAL.to_bytes(2, "big"), ABNF.OPCODE_CLOSE)
    if not connection.ended.wait(_CLOSING):
        connection.socket.abort()  # type: ignore[no-untyped-call]  # the library's is untyped
        connection.ended.wait(_CLOSING)


def _log_failure(answered: Future[None]) -> None:
    if error := answered.exception():
        _log.error("An answer did not reach Slack.", exc_info=error)


def _envelope(frame: bytes) -> Envelope:
    """What a frame says; an empty envelope, and a line in the log, if it is none."""
    try:
        return mapping(parsed(frame))
    except Malformed as error:
        malformed(error)
        return {}


def _payload(response: BoltResponse) -> Envelope:
    if not response.body:
        return {}
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        return {"payload": json.loads(response.body)}
    return {"payload": {"text": response.body}}
