from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

Json = dict[str, Any]
TIMEOUT = 120.0  # seconds; longer than any ack may take


class NotPossible(Exception):  # noqa: N818 - what a person finds, not a fault of the program
    """The sandbox does not let this person do that: no such channel, message, button or form."""


class Client:
    """Calls the browser's API as one person."""

    def __init__(self, url: str, user_id: str) -> None:
        self._url = url.rstrip("/")
        self.user_id = user_id

    def get(self, path: str, **args: str) -> Json:
        """GET /sandbox/{path}."""
        query = urlencode({"as": self.user_id, **args})
        return self._read(Request(f"{self._url}/sandbox/{path}?{query}"))  # noqa: S310 - a sandbox's own address

    def post(self, path: str, **args: object) -> Json:
        """POST /sandbox/{path}."""
        body = json.dumps({"as": self.user_id, **args}).encode()
        headers = {"Content-Type": "application/json"}
        return self._read(Request(f"{self._url}/sandbox/{path}", body, headers))  # noqa: S310 - likewise

    def _read(self, request: Request) -> Json:
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - likewise
                body: Json = json.load(answer)
        except HTTPError as error:
            with error:
                reason = error.read().decode(errors="replace")
            raise NotPossible(f"{request.selector}: {reason}") from None
        return body
