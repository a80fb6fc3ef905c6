"""Bolt's app with a listener for every row of the table, and the check that a request comes from Slack."""

import json
import logging
from collections.abc import Iterable
from io import BytesIO
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.usecases.context import Context
from handlers.client.forms import TIMEOUT, Forms
from handlers.concurrency import LimitedApp, RequestSlots
from handlers.dispatcher import Asks, Dispatcher, Listener
from handlers.entry_point import EntryPoint
from handlers.entry_points import ENTRY_POINTS, ROWS_BY_VALUE
from handlers.errors import ErrorAnswers
from handlers.names import EVENTS_PATH, ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut

_TEXT: Final = ("Content-Type", "text/plain; charset=utf-8")


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
            app.message_shortcut(row.name)(listener)
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
    """The WSGI application behind `/slack/events`. It passes on only what Slack has signed and what can be parsed.

    Bolt checks the signature too, but parses the body first and does not catch the parser's errors.
    """

    def __init__(self, app: App, signing_secret: str) -> None:
        self._bolt: WSGIApplication = SlackRequestHandler(app, path=EVENTS_PATH)
        self._verifier = SignatureVerifier(signing_secret)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """401 unless signed within the last five minutes, 400 where the body cannot be read."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        timestamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
        signature = environ.get("HTTP_X_SLACK_SIGNATURE", "")
        if not (timestamp.isdigit() and self._verifier.is_valid(body, timestamp, signature)):
            return _refuse(start, "401 Unauthorized", "This request is not signed by Slack.\n")
        try:
            environ["wsgi.input"] = BytesIO(body)
            return self._bolt(environ, start)
        except (json.JSONDecodeError, UnicodeDecodeError):
            return _refuse(start, "400 Bad Request", "This body cannot be read.\n")


def _refuse(start: StartResponse, status: str, text: str) -> Iterable[bytes]:
    start(status, [_TEXT, ("Content-Length", str(len(text)))])
    return [text.encode()]
