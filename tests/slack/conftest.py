from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from slack_sdk import WebClient

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox, start
from tests.slack.scripted_bot import ScriptedBot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "xoxb-test"
SECRET = "shhh"


def real_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - signatures are checked against the real time


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    running = start(token=TOKEN, signing_secret=SECRET, now=real_clock)
    yield running
    running.stop()


@pytest.fixture
def slack(sandbox: Sandbox) -> WebClient:
    """Slack's own client, which retries nothing."""
    return WebClient(TOKEN, base_url=sandbox.api_url, timeout=5, retry_handlers=[])


@pytest.fixture
def person(sandbox: Sandbox) -> Callable[[str], Person]:
    return lambda user_id: Person(sandbox.url, user_id)


@pytest.fixture
def scripted(sandbox: Sandbox) -> Iterator[ScriptedBot]:
    """A scripted bot that the sandbox talks to."""
    bot = ScriptedBot()
    sandbox.bot_url = bot.url
    yield bot
    bot.stop()
