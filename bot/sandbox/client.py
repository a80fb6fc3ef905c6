from __future__ import annotations

import json
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
        self._netloc = urlsplit(url).netloc
        self.user_id = user_id
        self._idle: list[tuple[HTTPConnection, float]] = []

    def get(self, path: str, **args: str) -> Json:
        """GET /sandbox/{path}."""
        query = urlencode({"as": self.user_id, **args})
        return self._ask("GET", f"/sandbox/{path}?{query}")

    def post(self, path: str, **args: object) -> Json:
        """POST /sandbox/{path}."""
        body = json.dumps({"as": self.user_id, **args}).encode()
        return self._ask("POST", f"/sandbox/{path}", body)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Json:
        connection = self._idle_connection()
        try:
            connection.request(method, path, body, HEADERS if body else {})
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException):
            connection.close()
            raise
        self._idle.append((connection, time.monotonic()))
        if answer.status != HTTPStatus.OK:
            raise NotPossible(f"{path}: {text.decode(errors='replace')}")
        read: Json = json.loads(text)
        return read

    def _idle_connection(self) -> HTTPConnection:
        """One that was opened before, since opening one takes longer than most calls; each call has its own."""
        while self._idle:
            connection, used = self._idle.pop()
            if time.monotonic() - used < IDLE:
                return connection
            connection.close()
        return HTTPConnection(self._netloc, timeout=TIMEOUT)

    def __del__(self) -> None:
        for connection, _ in self._idle:
            connection.close()
