from __future__ import annotations

import json
import threading
import time
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

Json = dict[str, Any]
TIMEOUT = 120.0  # seconds; longer than any ack may take
IDLE = 30.0  # seconds; the sandbox closes a connection that was idle for 75
HEADERS = {"Content-Type": "application/json"}


class NotPossible(Exception):  # noqa: N818 - what a person finds, not a fault of the program
    """The sandbox does not let this person do that: no such channel, message, button or form."""


class Client:
    """Calls the browser's API as one person."""

    def __init__(self, url: str, user_id: str) -> None:
        self._url = urlsplit(url).netloc
        self.user_id = user_id
        self._kept = _Kept()

    def get(self, path: str, **args: str) -> Json:
        """GET /sandbox/{path}."""
        query = urlencode({"as": self.user_id, **args})
        return self._ask("GET", f"/sandbox/{path}?{query}")

    def post(self, path: str, **args: object) -> Json:
        """POST /sandbox/{path}."""
        body = json.dumps({"as": self.user_id, **args}).encode()
        return self._ask("POST", f"/sandbox/{path}", body)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Json:
        try:
            connection = self._kept.connection(self._url)
            connection.request(method, path, body, HEADERS if body else {})
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException):
            self._kept.close()
            raise
        if answer.status != HTTPStatus.OK:
            raise NotPossible(f"{path}: {text.decode(errors='replace')}")
        read: Json = json.loads(text)
        return read


class _Kept(threading.local):
    """A thread's connection to the sandbox, which is used again, since opening one takes longer than most calls."""

    _open: HTTPConnection | None = None
    _used = 0.0

    def connection(self, netloc: str) -> HTTPConnection:
        """The connection; a new one where the sandbox may be about to close it."""
        if self._open is None or time.monotonic() - self._used > IDLE:
            self.close()
            self._open = HTTPConnection(netloc, timeout=TIMEOUT)
        self._used = time.monotonic()
        return self._open

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None

    def __del__(self) -> None:
        self.close()
