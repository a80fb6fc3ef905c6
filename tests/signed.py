"""The bot's WSGI application called without a network, by requests that are signed as Slack signs them."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from handlers.names import EVENTS_PATH
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

SECRET: Final = "shhh"


def signature(raw: bytes, timestamp: str) -> str:
    return "v0=" + hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + raw, sha256).hexdigest()


def as_form(body: object) -> bytes:
    """A payload as Slack posts clicks and forms. It may be no JSON: a number that is none, half of an emoji."""
    return urlencode({"payload": json.dumps(body)}).encode()


@dataclass(frozen=True)
class InProcess:
    """Calls the application with any bytes."""

    web: WSGIApplication

    def __call__(self, raw: bytes, **headers: str) -> tuple[int, bytes]:
        """The status and the body. Signed, unless the headers say otherwise."""
        now = str(int(real_clock().timestamp()))
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": EVENTS_PATH,
            "QUERY_STRING": "",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_LENGTH": str(len(raw)),
            "wsgi.input": BytesIO(raw),
            "HTTP_X_SLACK_REQUEST_TIMESTAMP": now,
            "HTTP_X_SLACK_SIGNATURE": signature(raw, now),
        }
        statuses: list[str] = []
        body = self.web(environ | headers, lambda status, _: statuses.append(status))
        return int(statuses[0].split()[0]), b"".join(body)
