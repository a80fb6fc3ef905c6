"""Bolt's app with a listener for every row of the table, and the check that a request comes from Slack."""

import hmac
import logging
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.wsgi.http_response import WsgiHttpResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.usecases.context import Context
from handlers.client.forms import TIMEOUT, Forms
from handlers.concurrency import LimitedApp, RequestSlots
from handlers.dispatcher import Asks, Dispatcher, Listener
from handlers.entry_point import EntryPoint
from handlers.entry_points import ENTRY_POINTS
from handlers.errors import ErrorAnswers
from handlers.names import ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut
from handlers.requests import answer, posted
from handlers.rows_by_value import ROWS_BY_VALUE

_TEXT: Final[dict[str, str | Sequence[str]]] = {"content-type": "text/plain; charset=utf-8"}
_SECONDS: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_SSL_CHECK: Final = b"ssl_check=1"
_MOST_OF_A_PROBE: Final = 10  # fields; there are two


def bolt_app(context: Context, asks: Asks, *, token: str, signing_secret: str, api_url: str) -> LimitedApp:
    """The app with every listener. It calls Slack only when a request needs it."""
    slots = RequestSlots()
    forms = Forms(WebClient(token=token, base_url=api_url, timeout=TIMEOUT, retry_handlers=[]), slots)
    app = _app(token, signing_secret, api_url)
    app.slots = slots
    app.error(ErrorAnswers(forms).answer)
    dispatcher = Dispatcher(context, forms, asks)
    for row in ENTRY_POINTS:
        _register(app, row, dispatcher.listener(row))
    for name, choice in ROWS_BY_VALUE.items():
        app.block_action(name)(dispatcher.listener_by_value(choice))
    return app


def _app(token: str, signing_secret: str, api_url: str) -> LimitedApp:
    log = logging.getLogger("slack_bolt.App")
    log.addFilter(_drop)  # it would warn of SLACK_BOT_TOKEN in the environment, which is where ours belongs
    app = LimitedApp(
        signing_secret=signing_secret,
        client=WebClient(base_url=api_url, timeout=TIMEOUT, retry_handlers=[]),  # without the token: authorize has it
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        token_verification_enabled=False,
        ignoring_self_events_enabled=False,
        authorize=lambda context: AuthorizeResult(
            enterprise_id=context.enterprise_id, team_id=context.team_id, bot_token=token
        ),
    )
    log.removeFilter(_drop)
    return app


def _drop(_: logging.LogRecord) -> bool:
    return False


def _register(app: App, row: EntryPoint, listener: Listener) -> None:
    match row.name:
        case Command():
            app.command(row.name)(listener)
        case Shortcut():
            app.shortcut(row.name)(listener)
        case Event():
            app.event(row.name)(listener)
        case CallbackId():
            app.view(row.name)(listener)
        case BlockId():
            app.options(row.name)(listener)
        case ActionId():
            app.block_action(row.name)(listener)
        case ListName():
            pass  # its buttons are in ROWS_BY_VALUE


class SignedRequests:
    """The WSGI application behind `/slack/events`. It passes on only what Slack has signed."""

    def __init__(self, app: App, signing_secret: str) -> None:
        self._app = app
        self._signatures = _Signatures(signing_secret)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """401 unless signed within the last five minutes; 200 for Slack's probe of the certificate, never signed."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        timestamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
        signature = environ.get("HTTP_X_SLACK_SIGNATURE", "")
        if self._signatures.is_valid(body, timestamp, signature):
            response = answer(self._app, lambda: posted(body))
        elif _SSL_CHECK in body.split(b"&", _MOST_OF_A_PROBE):
            response = BoltResponse(status=200)
        else:
            response = BoltResponse(status=401, headers=_TEXT, body="This request is not signed by Slack.\n")
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

    def generate_signature(self, *, timestamp: str, body: str | bytes) -> str:
        """See the library's."""
        signed = f"v0:{timestamp}:".encode() + (body if isinstance(body, bytes) else body.encode())
        return "v0=" + hmac.new(self.signing_secret.encode(), signed, sha256).hexdigest()
