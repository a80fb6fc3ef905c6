from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.acting import Acting
from bot.sandbox.asking import refusal
from bot.sandbox.choices import Choices
from bot.sandbox.clock import Clock
from bot.sandbox.delivery import RETRIES, Bot, Delivery
from bot.sandbox.errors import Refused, SlackError
from bot.sandbox.interactions import Interactions
from bot.sandbox.knobs import Knobs
from bot.sandbox.looking import Looking
from bot.sandbox.socket_mode import Sockets
from bot.sandbox.state import State
from bot.sandbox.submissions import Submissions
from bot.sandbox.transfers import Transfers
from bot.sandbox.web_api import WebApi
from bot.sandbox.workspace import FIRM, Workspace

if TYPE_CHECKING:
    from datetime import datetime

STATIC = Path(__file__).parent / "static"
LARGEST_BODY = 16 * 1024 * 1024  # a file of 10 MB in base64
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Tokens:
    """What the app was given at its installation; with an app-level token it runs in Socket Mode."""

    bot: str
    app: str | None


class Sandbox:
    """A running sandbox, on a thread and an event loop of its own. Made by `start`."""

    def __init__(self, workspace: Workspace, bot: Bot, tokens: Tokens, clock: Clock, listener: socket.socket) -> None:
        host, port = listener.getsockname()
        self.url = f"http://{host}:{port}/"
        self.api_url = f"{self.url}api/"
        self._listener = listener
        self._bot = bot
        self._clock = clock
        self._state = State(workspace, clock, self.url)
        self._sockets = Sockets(self._state, tokens.app, f"ws://{host}:{port}/socket")
        self._delivery = Delivery(bot, clock, self._sockets)
        self._web_api = WebApi(self._state, tokens.bot)
        self._transfers = Transfers(self._state, tokens.bot)
        self._application = self._app()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    @property
    def bot_url(self) -> str:
        """Where the bot takes requests from Slack; it may be set later than the start."""
        return self._bot.url

    @bot_url.setter
    def bot_url(self, url: str) -> None:
        self._bot.url = url

    def now(self) -> datetime:
        """The sandbox's time: the real clock, and what it was turned forward by."""
        return self._clock.now()

    def listen(self) -> None:
        """Start the thread; returns once requests are answered."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Close every page's stream and every socket, and end the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join()

    @property
    def connections(self) -> int:
        """Socket Mode: how many connections the bot has."""
        return self._sockets.connections

    def disconnect_sockets(self) -> None:
        """Socket Mode: ask every connection of the bot to come again."""
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
        self._state.feed.close()
        await self._sockets.disconnect("link_disabled")
        await runner.cleanup()

    def _app(self) -> web.Application:
        choices = Choices(self._state)
        interactions = Interactions(self._state, self._delivery, choices)
        submissions = Submissions(self._state, self._delivery, choices)
        acting = Acting(self._state, interactions, submissions)
        app = web.Application(middlewares=[_refusals_as_json], client_max_size=LARGEST_BODY)
        app.add_routes(_slack_routes(self._web_api, self._sockets, self._transfers))
        app.add_routes(_browser_routes(Looking(self._state), acting, Knobs(self._state, self._web_api)))
        return app


def start(
    workspace: Workspace = FIRM, *, bot_url: str = "", signing_secret: str, token: str, app_token: str | None = None,
    port: int = 0, now: Callable[[], datetime], behind: timedelta = timedelta(), bot_timeout: float = 3.0,
    retries: Sequence[float] = RETRIES,
) -> Sandbox:  # fmt: skip
    """Run a sandbox on the loopback address; returns when it listens.

    Args:
        workspace: what exists at the start.
        bot_url: the bot's …/slack/events; may be set later, on the sandbox.
        signing_secret: signs what goes to the bot.
        token: the bot token that the Web API takes.
        app_token: an app-level token; with it, the app runs in Socket Mode and nothing goes to `bot_url`.
        port: 0 picks a free one.
        now: the real clock, aware. Signatures carry it and the bot checks them, so it cannot be a stopped one;
            the sandbox's own time is this and what the clock on the page was turned by.
        behind: how far the sandbox's own time starts behind the real one, for a story that begins in the past.
        bot_timeout: seconds that the bot has for an ack.
        retries: seconds before each further attempt at an event.
    """
    listener = socket.create_server(("127.0.0.1", port))
    bot = Bot(bot_url, signing_secret, bot_timeout, retries)
    sandbox = Sandbox(workspace, bot, Tokens(token, app_token), Clock(now, behind), listener)
    sandbox.listen()
    return sandbox


def _slack_routes(web_api: WebApi, sockets: Sockets, transfers: Transfers) -> list[web.RouteDef]:
    return [
        web.post("/api/apps.connections.open", sockets.handle_open),
        web.get("/socket", sockets.handle),
        web.route("*", "/api/{method}", web_api.handle),
        web.post("/upload/{file_id}", transfers.upload),
        web.get("/files/{file_id}/{name}", transfers.download),
        web.post("/hooks/{key}", transfers.hook),
    ]


def _browser_routes(looking: Looking, acting: Acting, knobs: Knobs) -> list[web.AbstractRouteDef]:
    return [
        web.get("/", _page),
        web.static("/static", STATIC),
        web.get("/sandbox/state", looking.state),
        web.get("/sandbox/messages", looking.messages),
        web.get("/sandbox/home", looking.home),
        web.get("/sandbox/views", looking.views),
        web.get("/sandbox/events", looking.events),
        web.post("/sandbox/message", acting.message),
        web.post("/sandbox/command", acting.command),
        web.post("/sandbox/shortcut", acting.shortcut),
        web.post("/sandbox/action", acting.action),
        web.post("/sandbox/options", acting.options),
        web.post("/sandbox/submit", acting.submit),
        web.post("/sandbox/close", acting.close),
        web.post("/sandbox/home", acting.home),
        web.post("/sandbox/upload", acting.upload),
        web.post("/sandbox/clock", knobs.clock),
        web.post("/sandbox/faults", knobs.faults),
        web.get("/sandbox/calls", knobs.calls),
    ]


async def _page(request: web.Request) -> web.StreamResponse:  # noqa: ARG001 - a handler's signature
    return web.FileResponse(STATIC / "index.html")


@web.middleware
async def _refusals_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (Refused, SlackError) as error:
        status, words = refusal(error)
        return web.json_response({"error": words}, status=status)
