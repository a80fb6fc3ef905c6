"""The check that a request comes from Slack, and what is said of those that do not pass it."""

import hmac
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.wsgi.http_response import WsgiHttpResponse
from slack_sdk.signature import SignatureVerifier

from bot.counts import Counts
from handlers.requests import answer, counted_as, posted

log = logging.getLogger(__name__)

_TEXT: Final[dict[str, str | Sequence[str]]] = {"content-type": "text/plain; charset=utf-8"}
_SECONDS: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_SSL_CHECK: Final = b"ssl_check=1"
_MOST_OF_A_PROBE: Final = 10  # fields; there are two
_SUSPICIOUS: Final = 3  # requests
_SAID_EVERY: Final = 60.0  # seconds


class NotSlacks(StrEnum):
    """Why a request is refused. The values are in the log and in the metrics."""

    CLOCK = "clock"
    SECRET = "secret"  # noqa: S105 - the name of a reason
    UNSIGNED = "unsigned"


_SAID: Final = {
    NotSlacks.CLOCK: "requests signed by Slack were refused: this machine's clock is not Slack's",
    NotSlacks.SECRET: "requests were refused: they are signed, but not with our signing secret",
    NotSlacks.UNSIGNED: "requests were refused: they are not signed",
}


class RefusedRequests:
    """Counts the requests that are refused, and says why in the log, once a minute each. `ticks`: monotonic seconds."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self.counts = Counts()
        self.team: Callable[[], str] = str  # our workspace; empty while it is not known
        self.has_accepted = False  # one that was signed with our secret has come
        self._about_us = 0  # refused for their secret in a row, and naming our workspace
        self._ticks = ticks
        self._lock = threading.Lock()
        self._since: dict[NotSlacks, int] = {}
        self._said_at: dict[NotSlacks, float] = {}

    def accepted(self) -> None:
        """One was signed with our secret, which therefore is the right one."""
        self._about_us, self.has_accepted = 0, True

    def suspects_secret(self) -> bool:
        """Whether our secret may be the wrong one. It is a guess: strangers seldom know our workspace."""
        return self._about_us >= _SUSPICIOUS

    def refused(self, why: NotSlacks, seconds: int, body: bytes = b"") -> None:
        """One was refused. `seconds`: by how much its time differs from ours."""
        self.counts.add(why)
        if why is NotSlacks.SECRET and self.team() and self.team().encode() in body:
            self._about_us += 1
        with self._lock:
            number = self._since.get(why, 0) + 1
            is_due = self._ticks() - self._said_at.get(why, float("-inf")) >= _SAID_EVERY
            self._since[why] = 0 if is_due else number
            if is_due:
                self._said_at[why] = self._ticks()
        if is_due:
            ids = {"requests": number, **({"clock_ahead_seconds": seconds} if why is NotSlacks.CLOCK else {})}
            log.warning(_SAID[why], extra={"ids": ids})


class SignedRequests:
    """The WSGI application behind `/slack/events`. It passes on only what Slack has signed.

    `answered` counts the answers by their status.
    """

    def __init__(
        self, app: App, signing_secret: str, refused: RefusedRequests | None = None, answered: Counts | None = None
    ) -> None:
        self._app = app
        self._signatures = _Signatures(signing_secret)
        self._refused = refused or RefusedRequests()
        self._answered = answered or Counts()

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """401 unless signed within the last five minutes; 200 for Slack's probe of the certificate, never signed."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        timestamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
        signature = environ.get("HTTP_X_SLACK_SIGNATURE", "")
        if self._signatures.is_valid(body, timestamp, signature):
            self._refused.accepted()
            response = answer(self._app, lambda: posted(body))
        elif _SSL_CHECK in body.split(b"&", _MOST_OF_A_PROBE):
            response = BoltResponse(status=200)
        else:
            self._refused.refused(*self._signatures.why_not(body, timestamp, signature), body)
            response = BoltResponse(status=401, headers=_TEXT, body="This request is not signed by Slack.\n")
        self._answered.add(counted_as(response))
        sent = WsgiHttpResponse(response.status, response.headers, response.body)
        start(sent.status, sent.get_headers())
        return sent.get_body()


class _Signatures(SignatureVerifier):
    """The library's, for any header and any bytes: it raises for what is no number, not ASCII or no UTF-8."""

    def is_valid(self, body: str | bytes, timestamp: str | None, signature: str | None) -> bool:
        """See the library's."""
        if not (_SECONDS.fullmatch(timestamp or "") and signature and signature.isascii()):
            return False
        return super().is_valid(body, timestamp, signature)

    def why_not(self, body: bytes, timestamp: str, signature: str) -> tuple[NotSlacks, int]:
        """Why it is not valid, and how many seconds after its time it came. Only Slack can sign with our secret."""
        if not (_SECONDS.fullmatch(timestamp) and signature.startswith("v0=") and signature.isascii()):
            return NotSlacks.UNSIGNED, 0
        ours = hmac.compare_digest(self.generate_signature(timestamp=timestamp, body=body), signature)
        return NotSlacks.CLOCK if ours else NotSlacks.SECRET, int(self.clock.now()) - int(timestamp)

    def generate_signature(self, *, timestamp: str, body: str | bytes) -> str:
        """See the library's."""
        signed = f"v0:{timestamp}:".encode() + (body if isinstance(body, bytes) else body.encode())
        return "v0=" + hmac.new(self.signing_secret.encode(), signed, sha256).hexdigest()
