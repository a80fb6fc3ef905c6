from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from slack_sdk import WebClient

from bot.cli.sandbox import sandboxed
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox, start
from tests.builders import PATIENCE
from tests.slack.office import office, real_clock
from tests.slack.scripted_bot import ScriptedBot
from tests.slack.steps import wait_until_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.database import Database
    from tests.slack.office import Office

TOKEN = "xoxb-test"
SECRET = "shhh"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """It waits longer for an ack than Slack does, since a busy machine takes longer."""
    running = start(token=TOKEN, signing_secret=SECRET, now=real_clock, bot_timeout=PATIENCE)
    yield running
    running.stop()


@pytest.fixture
def slack(sandbox: Sandbox) -> WebClient:
    """Slack's own client, which retries nothing."""
    return WebClient(TOKEN, base_url=sandbox.api_url, timeout=int(PATIENCE), retry_handlers=[])


@pytest.fixture
def person(sandbox: Sandbox) -> Callable[[str], Person]:
    return lambda user_id: Person(sandbox.url, user_id)


@pytest.fixture
def ana(person: Callable[[str], Person]) -> Person:
    return person("U0ANA")


@pytest.fixture
def firm() -> Iterator[Sandbox]:
    """The sandbox with the real bot, once that has read who the managers are."""
    with sandboxed(real_clock, 0, threading.Event()) as sandbox:
        wait_until_ready(sandbox)
        yield sandbox


@pytest.fixture
def ours(database: Database, sandbox: Sandbox) -> Office:
    return office(database, sandbox, TOKEN)


@pytest.fixture
def scripted(sandbox: Sandbox) -> Iterator[ScriptedBot]:
    """A scripted bot that the sandbox talks to."""
    bot = ScriptedBot()
    sandbox.bot_url = bot.url
    yield bot
    bot.stop()
