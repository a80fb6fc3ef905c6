from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.bot_requests import RETRIES, Bot, BotRequests
from bot.sandbox.browser_actions import BrowserActions
from bot.sandbox.browser_controls import BrowserControls
from bot.sandbox.browser_reads import BrowserReads
from bot.sandbox.choices import Choices
from bot.sandbox.clock import Clock
from bot.sandbox.errors import Refused, SlackError
from bot.sandbox.interactions import Interactions
from bot.sandbox.slack_urls import SlackUrls
from bot.sandbox.socket_mode import Sockets
from bot.sandbox.state import State
from bot.sandbox.submissions import Submissions
from bot.sandbox.tour import TourRequests
from bot.sandbox.web_api import WebApi
from bot.sandbox.workspace import FIRM, Workspace

if TYPE_CHECKING:
    from datetime import datetime

STATIC = Path(__file__).parent / "static"
LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
MAX_BODY = 16 * 1024 * 1024  # a file of 10 MB in base64
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Tokens:
    """The app's bot token and, for Socket Mode, its app-level token."""

    bot: str
    app: str | None


class Sandbox:
    """A running sandbox, on a thread and an event loop of its own. Use `start` to make one.

    `all_sent`: whether the bot behind it has nothing more to send, as far as anybody has set what knows that.
    """

    def __init__(self, workspace: Workspace, bot: Bot, tokens: Tokens, clock: Clock, listener: socket.socket) -> None:
        host, port = listener.getsockname()
        self.url = f"http://{host}:{port}/"
        self.api_url = f"{self.url}api/"
        self.all_sent: Callable[[], bool] = lambda: False
        self._listener = listener
        self._bot = bot
        self._clock = clock
        self._state = State(workspace, clock, self.url)
        self._state.triggers.lifetime = lambda: bot.timeout
        self._sockets = Sockets(self._state, tokens.app, f"ws://{host}:{port}/socket")
        self._bot_requests = BotRequests(bot, clock, self._sockets)
        self._web_api = WebApi(self._state, tokens.bot)
        self._slack_urls = SlackUrls(self._state, tokens.bot)
        self._application = self._app()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    @property
    def bot_url(self) -> str:
        """The bot's URL for requests from Slack. It may be set after the start."""
        return self._bot.url

    @bot_url.setter
    def bot_url(self, url: str) -> None:
        self._bot.url = url

    def now(self) -> datetime:
        """The sandbox's time: the real clock plus what it was moved forward by."""
        return self._clock.now()

    def when_clock_moves(self, call: Callable[[], object]) -> None:
        """Call this each time after somebody moved the clock on the page. It must return at once."""
        self._clock.moved = call

    def listen(self) -> None:
        """Start the thread, and return once requests are answered."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Close all streams and sockets, and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    @property
    def connections(self) -> int:
        """Socket Mode: the number of the bot's connections."""
        return self._sockets.connections

    def disconnect_sockets(self) -> None:
        """Socket Mode: ask every connection of the bot to reconnect."""
        asyncio.run_coroutine_threadsafe(self._sockets.disconnect(), self._loop).result()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        runner = web.AppRunner(self._application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.SockSite(runner, self._listener).start()
        self._ready.set()
        await self._stopping.wait()
        self._state.live_events.close()
        await self._sockets.disconnect("link_disabled")
        await runner.cleanup()

    def _app(self) -> web.Application:
        choices = Choices(self._state)
        interactions = Interactions(self._state, self._bot_requests, choices)
        self._state.app_wrote = interactions.app_wrote
        submissions = Submissions(self._state, self._bot_requests, choices)
        browser_actions = BrowserActions(self._state, interactions, submissions)
        app = web.Application(middlewares=[_refusals_as_json, _from_this_page], client_max_size=MAX_BODY)
        app.add_routes(_slack_routes(self._web_api, self._sockets, self._slack_urls))
        app.add_routes(
            _browser_routes(BrowserReads(self._state), browser_actions, BrowserControls(self._state, self._web_api))
        )
        app.add_routes(_page_routes(TourRequests(self._state, (STATIC / "index.html").read_text(encoding="utf-8"))))
        return app


def start(
    workspace: Workspace = FIRM, *, bot_url: str = "", signing_secret: str, token: str, app_token: str | None = None,
    port: int = 0, now: Callable[[], datetime], behind: timedelta = timedelta(), bot_timeout: float = 3.0,
    retries: Sequence[float] = RETRIES,
) -> Sandbox:  # fmt: skip
    """Run a sandbox on the loopback address, and return once it listens.

    Args:
        workspace: people, channels, groups and the app at the start.
        bot_url: the bot's …/slack/events; may be set later, as `Sandbox.bot_url`.
        signing_secret: signs requests to the bot.
        token: the bot token for the Web API.
        app_token: an app-level token. With it, the app uses Socket Mode, and nothing is sent to `bot_url`.
        port: 0 picks a free one.
        now: the real clock, aware. It has to run, since the bot checks the time in signatures.
            The sandbox's time is this clock plus what people moved it forward on the page.
        behind: how far behind the real clock the sandbox starts, for a story that begins in the past.
        bot_timeout: seconds for an ack, and to open a view: three at Slack.
        retries: seconds before each retry of an event.
    """
    listener = socket.create_server(("127.0.0.1", port))
    bot = Bot(bot_url, signing_secret, bot_timeout, retries)
    sandbox = Sandbox(workspace, bot, Tokens(token, app_token), Clock(now, behind), listener)
    sandbox.listen()
    return sandbox


def _slack_routes(web_api: WebApi, sockets: Sockets, slack_urls: SlackUrls) -> list[web.RouteDef]:
    return [
        web.post("/api/apps.connections.open", sockets.handle_open),
        web.get("/socket", sockets.handle),
        web.route("*", "/api/{method}", web_api.handle),
        web.post("/upload/{file_id}", slack_urls.upload),
        web.get("/files/{file_id}/{name}", slack_urls.download),
        web.post("/hooks/{key}", slack_urls.response_url),
    ]


def _browser_routes(
    browser_reads: BrowserReads, browser_actions: BrowserActions, browser_controls: BrowserControls
) -> list[web.AbstractRouteDef]:
    return [
        web.get("/sandbox/state", browser_reads.state),
        web.get("/sandbox/messages", browser_reads.messages),
        web.get("/sandbox/home", browser_reads.home),
        web.get("/sandbox/views", browser_reads.views),
        web.get("/sandbox/events", browser_reads.events),
        web.post("/sandbox/message", browser_actions.message),
        web.post("/sandbox/edit", browser_actions.edit),
        web.post("/sandbox/integration", browser_actions.integration),
        web.post("/sandbox/command", browser_actions.command),
        web.post("/sandbox/shortcut", browser_actions.shortcut),
        web.post("/sandbox/action", browser_actions.action),
        web.post("/sandbox/options", browser_actions.options),
        web.post("/sandbox/submit", browser_actions.submit),
        web.post("/sandbox/close", browser_actions.close),
        web.post("/sandbox/home", browser_actions.home),
        web.post("/sandbox/upload", browser_actions.upload),
        web.post("/sandbox/clock", browser_controls.clock),
        web.post("/sandbox/faults", browser_controls.faults),
        web.post("/sandbox/channel", browser_controls.channel),
        web.post("/sandbox/world", browser_controls.world),
        web.get("/sandbox/calls", browser_controls.calls),
    ]


def _page_routes(tour: TourRequests) -> list[web.AbstractRouteDef]:
    return [
        web.get("/", tour.page),
        web.static("/static", STATIC),
        web.get("/archives/{channel}/{ts}", tour.permalink),
        web.post("/sandbox/tour", tour.tell),
    ]


@web.middleware
async def _refusals_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (Refused, SlackError) as error:
        status, text = (error.status, error.error) if isinstance(error, Refused) else (400, error.name)
        return web.json_response({"error": text}, status=status)


@web.middleware
async def _from_this_page(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another page sends from somebody's browser, under its own name or under one that it points here."""
    host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
    if not LOOPBACK.fullmatch(host) or origin not in {None, f"http://{host}"}:
        raise Refused(403, "The sandbox answers its own page and the bot, at localhost.")
    return await handler(request)
