"""Bolt's app with a listener for every row of the table."""

import logging

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.usecases.context import Context
from handlers.client.answers import CountingClient, SlackAnswers
from handlers.client.forms import TIMEOUT, Forms
from handlers.client.threads import TIMEOUT as READING
from handlers.concurrency import LimitedApp, RequestSlots
from handlers.dispatcher import Asks, Dispatcher, Listener
from handlers.entry_point import EntryPoint
from handlers.entry_points import ENTRY_POINTS
from handlers.errors import ErrorAnswers
from handlers.names import ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut
from handlers.rows_by_value import ROWS_BY_VALUE


def bolt_app(
    context: Context, asks: Asks, *, token: str, signing_secret: str, api_url: str, answers: SlackAnswers | None = None,
    timeout: int = TIMEOUT,
) -> LimitedApp:  # fmt: skip
    """The app with every listener. It calls Slack only when a request needs it; `answers` keeps what Slack says.

    `timeout`: the seconds that Slack has for it.
    """
    slots = RequestSlots()
    client = {"token": token, "base_url": api_url, "timeout": timeout, "retry_handlers": []}
    counted = answers or SlackAnswers()
    reader = CountingClient(counted, **client | {"timeout": min(timeout, READING)}) if asks.reads_threads else None
    forms = Forms(CountingClient(counted, **client), slots, reader)
    app = _app(token, signing_secret, api_url)
    app.slots = slots
    dispatcher = Dispatcher(context, forms, asks)
    app.error(ErrorAnswers(forms, dispatcher.keyed).answer)
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
        attaching_conversation_kwargs_enabled=False,  # it breaks on odd events in threads, and nothing here uses it
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
            app.event(row.name.partition(".")[0])(listener)
        case CallbackId():
            app.view(row.name)(listener)
        case BlockId():
            app.options(row.name)(listener)
        case ActionId():
            app.block_action(row.name)(listener)
        case ListName():
            pass  # its buttons are in ROWS_BY_VALUE
