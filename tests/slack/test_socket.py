"""Socket Mode: against the sandbox's Slack, and against one that stays connected and falls silent."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from socket import create_server
from typing import Any

import pytest
from aiohttp import web
from slack_bolt import App
from slack_sdk import WebClient

from bot.sandbox.faults import SPOILT
from bot.sandbox.person import NoForm, Person
from bot.sandbox.server import Sandbox, start
from handlers.socket_mode import SocketMode
from tests.builders import PATIENCE
from tests.slack.calling import a_port
from tests.slack.office import real_clock
from tests.slack.steps import soon

SHORT = timedelta(seconds=0.3)
LONG = timedelta(seconds=3)  # pings come sixty times as often: so long no thread is kept from running
COMMAND = {"command": "/customer", "text": "Zenith", "team_id": "T0FIRM", "user_id": "U0ANA", "trigger_id": "1.2.3"}
NEVER_SENT = (
    "{",
    "[1, 2]",
    "[" * 100_000,
    json.dumps({"envelope_id": "e0"}),
    json.dumps({"envelope_id": "e0", "payload": [1, 2]}),
    json.dumps({"envelope_id": "e0", "payload": COMMAND | {"team": ["id"]}}),
)


def bolt(api_url: str) -> App:
    client = WebClient("xoxb-1", base_url=api_url, timeout=int(PATIENCE), retry_handlers=[])
    return App(client=client, signing_secret="s", token_verification_enabled=False, process_before_response=True)


@contextmanager
def connected(
    api_url: str, app: App | None = None, patience: timedelta = timedelta(seconds=30)
) -> Iterator[SocketMode]:
    mode = SocketMode(app or bolt(api_url), "xapp-1", api_url, patience=patience, retry=timedelta(seconds=0.1))
    mode.start()
    try:
        yield mode
    finally:
        mode.stop()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    one = start(signing_secret="s", token="xoxb-1", app_token="xapp-1", now=real_clock, bot_timeout=PATIENCE)
    yield one
    one.stop()


@dataclass
class SmallSlack:
    """Opens WebSockets and says hello. Those numbered in `silent` then say nothing, the others ping often.

    The next one after a silent one opens once `seen` is set; `wanted` is set when it is asked for. The one numbered
    `renewed` is asked to come again, and gets a command only once the next one is there. `spoilt`: what comes first in
    the place of an address.
    """

    silent: set[int]
    renewed: int = 0
    url: str = ""
    opened: int = 0
    wanted: threading.Event = field(default_factory=threading.Event)
    seen: threading.Event = field(default_factory=threading.Event)
    followed: asyncio.Event = field(default_factory=asyncio.Event)
    left: list[int] = field(default_factory=list)
    answers: list[tuple[int, Any]] = field(default_factory=list)
    spoilt: list[tuple[int, bytes]] = field(default_factory=list)

    async def open(self, _: web.Request) -> web.Response:
        if self.opened in self.silent:
            self.wanted.set()
            await asyncio.to_thread(self.seen.wait, PATIENCE)
        if self.spoilt:
            status, body = self.spoilt.pop()
            return web.Response(status=status, body=body, content_type="application/json")
        return web.json_response({"ok": True, "url": self.url.replace("http", "ws") + "socket"})

    async def auth(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True, "team_id": "T0FIRM", "user_id": "U0BACKSTOP", "bot_id": "B0BACKSTOP"})

    async def talk(self, request: web.Request) -> web.WebSocketResponse:
        self.opened += 1
        number = self.opened
        if self.renewed and number > self.renewed:
            self.followed.set()
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        speaking = asyncio.create_task(self.speak(socket, number))
        async for message in socket:
            self.answers.append((number, message.json()))
        speaking.cancel()
        self.left.append(number)
        return socket

    async def speak(self, socket: web.WebSocketResponse, number: int) -> None:
        if number == self.renewed:
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            await self.followed.wait()
            for frame in NEVER_SENT:
                await socket.send_str(frame)
            await socket.send_json({"type": "slash_commands", "envelope_id": "e1", "payload": COMMAND})
        while number not in self.silent:
            await socket.ping()
            await asyncio.sleep(0.05)


@contextmanager
def small_slack(*silent: int, port: int = 0, renewed: int = 0) -> Iterator[SmallSlack]:
    slack, loop, stopping, ready = (
        SmallSlack(set(silent), renewed),
        asyncio.new_event_loop(),
        asyncio.Event(),
        threading.Event(),
    )
    door = create_server(("127.0.0.1", port))
    slack.url = f"http://127.0.0.1:{door.getsockname()[1]}/"

    async def run() -> None:
        app = web.Application()
        app.add_routes([web.post("/api/apps.connections.open", slack.open), web.post("/api/auth.test", slack.auth)])
        app.add_routes([web.get("/socket", slack.talk)])
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.SockSite(runner, door).start()
        ready.set()
        await stopping.wait()
        await runner.cleanup()

    def serve() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(run())

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(PATIENCE)
    yield slack
    loop.call_soon_threadsafe(stopping.set)
    thread.join()


def test_a_command_is_heard_and_answered_over_the_socket(sandbox: Sandbox) -> None:
    app, heard = bolt(sandbox.api_url), list[str]()

    @app.command("/customer")
    def customer(ack: Callable[[str], object], command: dict[str, str]) -> None:
        heard.append(command["text"])
        ack("Clear.")

    with connected(sandbox.api_url, app) as mode:
        assert soon(lambda: mode.problems() == [])
        with pytest.raises(NoForm, match="Clear"):
            Person(sandbox.url, "U0ANA").command("/customer", "Zenith", channel="C0SUPPORT")
    assert heard == ["Zenith"]


def test_before_slack_is_reached_the_bot_is_not_ready(sandbox: Sandbox) -> None:
    mode = SocketMode(bolt(sandbox.api_url), "xapp-1", sandbox.api_url)
    (problem,) = mode.problems()
    assert problem.startswith("There is no connection to Slack; nothing was heard for ")
    mode.start()
    assert soon(lambda: mode.problems() == [])
    mode.stop()


def test_a_wrong_app_token_is_shown_by_readiness(sandbox: Sandbox) -> None:
    mode = SocketMode(bolt(sandbox.api_url), "xapp-2", sandbox.api_url, retry=timedelta(seconds=0.05))
    mode.start()
    assert not soon(lambda: mode.problems() == [], within=0.2)
    mode.stop()


def test_a_connection_that_slack_ends_is_followed_by_another(sandbox: Sandbox) -> None:
    app = bolt(sandbox.api_url)
    app.command("/customer")(lambda ack: ack("Clear."))
    with connected(sandbox.api_url, app) as mode:
        assert soon(lambda: mode.problems() == [])
        sandbox.disconnect_sockets()
        assert soon(lambda: bool(sandbox.connections))
        with pytest.raises(NoForm, match="Clear"):
            Person(sandbox.url, "U0ANA").command("/customer", "Zenith", channel="C0SUPPORT")


def test_a_request_on_the_old_connection_is_answered_after_slack_asked_for_another() -> None:
    with small_slack(renewed=1) as slack:
        app = bolt(f"{slack.url}api/")
        app.command("/customer")(lambda ack: ack("Clear."))
        with connected(f"{slack.url}api/", app):
            assert soon(lambda: bool(slack.answers))
    assert slack.answers == [(1, {"envelope_id": "e1", "payload": {"text": "Clear."}})]  # and nothing of NEVER_SENT


def test_a_connection_that_is_pinged_is_kept() -> None:
    with small_slack() as slack, connected(f"{slack.url}api/", patience=LONG) as mode:
        assert soon(lambda: mode.problems() == [])
        assert not soon(lambda: slack.opened > 1 or bool(mode.problems()), within=LONG.total_seconds() + 0.5)
        assert mode.silent_for() < LONG


def test_a_connection_that_is_open_but_silent_is_given_up_for_another_and_readiness_says_so_meanwhile() -> None:
    with small_slack(1) as slack, connected(f"{slack.url}api/", patience=SHORT) as mode:
        assert slack.wanted.wait(PATIENCE)
        assert mode.problems() != []
        slack.seen.set()
        assert soon(lambda: slack.opened > 1 and mode.problems() == [])
        assert soon(lambda: 1 in slack.left)


def test_it_keeps_trying_while_slack_cannot_be_reached() -> None:
    with a_port() as door, connected(f"http://127.0.0.1:{(port := door.getsockname()[1])}/api/") as mode:
        assert not soon(lambda: mode.problems() == [], within=0.2)
        with small_slack(port=port):
            assert soon(lambda: mode.problems() == [])


def test_an_answer_that_is_spoilt_does_not_end_the_trying() -> None:
    addresses = (b'{"ok": true, "url": null}', b'{"ok": true, "url": "nowhere"}', b'{"ok": true, "url": "ws://[::1"}')
    with small_slack() as slack:
        slack.spoilt += [*SPOILT.values(), *((200, address) for address in addresses)]
        with connected(f"{slack.url}api/") as mode:
            assert soon(lambda: not slack.spoilt and mode.problems() == [])


def test_a_stop_answers_what_is_in_hand(sandbox: Sandbox) -> None:
    app, arrived, release = bolt(sandbox.api_url), threading.Event(), threading.Event()
    answers: list[str] = []

    @app.command("/customer")
    def customer(ack: Callable[[str], object]) -> None:
        arrived.set()
        release.wait(PATIENCE)
        ack("Clear.")

    def call() -> None:
        with pytest.raises(NoForm) as caught:
            Person(sandbox.url, "U0ANA").command("/customer", "Zenith", channel="C0SUPPORT")
        answers.append(str(caught.value))

    calling = threading.Thread(target=call)
    with connected(sandbox.api_url, app) as mode:
        assert soon(lambda: mode.problems() == [])
        calling.start()
        assert arrived.wait(PATIENCE)
        threading.Timer(0.2, release.set).start()
    calling.join()
    assert answers == ["Clear."]
    assert soon(lambda: mode.problems() != [])
