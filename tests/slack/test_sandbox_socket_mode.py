from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox.person import NoForm, Person
from bot.sandbox.server import start
from tests.builders import PATIENCE
from tests.slack.calling import error_of, plain
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import real_clock
from tests.slack.steps import soon

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from bot.sandbox.server import Sandbox

APP_TOKEN = "xapp-test"
Json = dict[str, Any]
T = TypeVar("T")


def modal(title: str) -> Json:
    view = {"type": "modal", "callback_id": "report", "title": plain(title), "submit": plain("Send")}
    return {**view, "blocks": [{"type": "divider"}]}


@pytest.fixture(params=[PATIENCE])
def socketed(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox that gives the bot so many seconds for an ack."""
    running = start(token=TOKEN, signing_secret=SECRET, app_token=APP_TOKEN, now=real_clock, bot_timeout=request.param)
    yield running
    running.stop()


def came_of(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread of its own: in pytest's, Playwright has a loop running once a test needed the browser."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def new_url(sandbox: Sandbox) -> str:
    return str(WebClient(base_url=sandbox.api_url).apps_connections_open(app_token=APP_TOKEN)["url"])


def test_a_connection_is_given_for_the_apps_own_token_only(socketed: Sandbox) -> None:
    assert new_url(socketed).startswith("ws://127.0.0.1:")
    client = WebClient(base_url=socketed.api_url)
    assert error_of(client.apps_connections_open, app_token="xapp-other") == "invalid_auth"


def test_without_an_app_token_there_is_no_socket_mode(slack: WebClient) -> None:
    assert error_of(slack.apps_connections_open, app_token=APP_TOKEN) == "invalid_auth"


def test_a_bot_of_bolts_runs_over_the_socket(socketed: Sandbox) -> None:
    app = App(client=WebClient(TOKEN, base_url=socketed.api_url), process_before_response=True)

    @app.command("/report-abuse")
    def opens(ack: Callable[..., None], client: WebClient, command: Json) -> None:
        client.views_open(trigger_id=command["trigger_id"], view=modal("Report"))
        ack()

    @app.view("report")
    def thanks(ack: Callable[..., None]) -> None:
        ack(response_action="update", view=modal("Thanks"))

    @app.event("app_home_opened")
    def publishes(client: WebClient, event: Json) -> None:
        blocks = [{"type": "section", "text": plain("welcome")}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    handler = SocketModeHandler(app, APP_TOKEN, web_client=WebClient(base_url=socketed.api_url))
    handler.connect()
    assert soon(lambda: bool(socketed.connections))
    ana = Person(socketed.url, "U0ANA")
    form = ana.command("/report-abuse", "Zenith")
    form.submit()
    home = ana.home()
    handler.close()
    assert (form.title, home.text) == ("Thanks", "welcome")


def test_a_connection_begins_with_hello_and_its_address_works_once(socketed: Sandbox) -> None:
    async def connects() -> tuple[Json, int]:
        url = new_url(socketed)
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(url) as socket:
                hello = await socket.receive_json()
            async with session.get(url.replace("ws:", "http:")) as again:
                return hello, again.status

    hello, again = came_of(connects())
    assert (hello["type"], hello["num_connections"], hello["connection_info"]["app_id"]) == ("hello", 1, "A0BACKSTOP")
    assert again == 403


def test_an_envelope_is_acked_by_its_id_and_may_be_answered(socketed: Sandbox) -> None:
    async def answers() -> Json:
        async with aiohttp.ClientSession() as session, session.ws_connect(new_url(socketed)) as socket:
            await socket.receive_json()
            calling = asyncio.to_thread(Person(socketed.url, "U0ANA").command, "/customer", "Zenith")
            called = asyncio.create_task(calling)
            envelope: Json = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "in good standing"}})
            with pytest.raises(NoForm, match="in good standing"):
                await called
            return envelope

    envelope = came_of(answers())
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert envelope["payload"]["text"] == "Zenith"


@pytest.mark.parametrize("socketed", [0.2], indirect=True)
def test_a_bot_that_acks_too_late_or_is_not_there_fails(socketed: Sandbox) -> None:
    async def sleeps() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(new_url(socketed)) as socket:
            await socket.receive_json()
            with pytest.raises(NoForm, match="operation_timeout"):
                await asyncio.to_thread(Person(socketed.url, "U0ANA").command, "/customer")

    came_of(sleeps())
    assert soon(lambda: not socketed.connections)
    with pytest.raises(NoForm, match="dispatch_failed"):
        Person(socketed.url, "U0ANA").command("/customer")


def test_a_bot_is_asked_to_come_again(socketed: Sandbox) -> None:
    async def hears() -> list[Any]:
        async with aiohttp.ClientSession() as session, session.ws_connect(new_url(socketed)) as socket:
            await socket.receive_json()
            leaving = asyncio.create_task(asyncio.to_thread(socketed.disconnect_sockets))
            heard = [(await socket.receive_json())["type"], (await socket.receive()).type]
            await leaving
            return heard

    assert came_of(hears()) == ["disconnect", aiohttp.WSMsgType.CLOSE]
    assert socketed.connections == 0
