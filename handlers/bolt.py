"""Bolt's app: which listener answers which of Slack's requests."""

import json
import logging
import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.rules.people import Person
from bot.usecases.context import Context
from handlers.client.forms import TIMEOUT, Forms
from handlers.concurrency import LimitedApp, RequestSlots
from handlers.dispatcher import Dispatcher
from handlers.entry_point import Kind
from handlers.entry_points import CHOICES, ENTRY_POINTS
from handlers.errors import Edge
from handlers.names import EVENTS_PATH

_TEXT: Final = ("Content-Type", "text/plain; charset=utf-8")


def bolt_app(
    context: Context, *, token: str, signing_secret: str, api_url: str, met: Callable[[Person], None]
) -> LimitedApp:
    """The app, with every listener. It makes no call to Slack before a request asks for one."""
    turns = RequestSlots()
    forms = Forms(WebClient(token=token, base_url=api_url, timeout=TIMEOUT, retry_handlers=[]), turns)
    bolts = logging.getLogger("slack_bolt.App")
    bolts.addFilter(_not)  # it would warn of SLACK_BOT_TOKEN in the environment, which is where ours belongs
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
    bolts.removeFilter(_not)
    app.turns = turns
    edge = Edge(forms)

    @app.error
    def answer(error: Exception, body: dict[str, Any]) -> BoltResponse:
        return edge.answer(error, body)

    dispatcher = Dispatcher(context, forms, met)
    for entry in ENTRY_POINTS:
        _register(app, entry.kind, entry.name, dispatcher.listener(entry))
    for name, choice in CHOICES.items():
        app.block_action(name)(dispatcher.chooser(choice))
    return app


def _not(_: logging.LogRecord) -> bool:
    return False


def _register(app: App, kind: Kind, name: str | re.Pattern[str], listener: Callable[..., Any]) -> None:
    match kind:
        case Kind.COMMAND:
            app.command(name)(listener)
        case Kind.SHORTCUT:
            app.message_shortcut(name)(listener)
        case Kind.EVENT:
            app.event(name)(listener)
        case Kind.FORM:
            app.view(name)(listener)
        case Kind.TYPE_AHEAD:
            app.options(name)(listener)
        case Kind.BUTTON | Kind.MENU_ITEM:
            app.block_action(name)(listener)
        case Kind.LIST:
            pass  # the buttons that name it are registered as choices


class SignedRequests:
    """The WSGI application behind `/slack/events`: a request is signed by Slack, and is something Slack would send.

    Bolt checks the signature as well, but only after parsing the body, and lets a parser's error through.
    """

    def __init__(self, app: App, signing_secret: str) -> None:
        self._inside: WSGIApplication = SlackRequestHandler(app, path=EVENTS_PATH)
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
            return self._inside(environ, start)
        except (json.JSONDecodeError, UnicodeDecodeError):
            return _refuse(start, "400 Bad Request", "This body cannot be read.\n")


def _refuse(start: StartResponse, status: str, words: str) -> Iterable[bytes]:
    start(status, [_TEXT, ("Content-Length", str(len(words)))])
    return [words.encode()]
