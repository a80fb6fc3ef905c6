"""The sandbox answers its own page and programs on this machine, and no other page; the bot does not look at Host."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.builders import PATIENCE
from tests.slack.conftest import TOKEN
from tests.slack.test_web import running

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.server import Sandbox

PATHS = (
    ("GET", "/"),
    ("GET", "/static/page.js"),
    ("GET", "/sandbox/state?user=U0ANA"),
    ("GET", "/socket"),
    ("POST", "/api/auth.test"),
    ("POST", "/sandbox/clock"),
)
FOREIGN: tuple[dict[str, str], ...] = (
    {"Host": "evil.example"},
    {"Host": "evil.example:{port}"},
    {"Host": "localhost.evil.example"},
    {"Host": "127.0.0.1.evil.example:{port}"},
    {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"},
    {"Host": ""},
    {"Origin": "http://evil.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "https://127.0.0.1:{port}"},
    {"Origin": "http://127.0.0.1:{port}.evil.example"},
    {"Origin": "null"},
)
OWN: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://127.0.0.1:{port}"},
    {"Host": "localhost:{port}", "Origin": "http://localhost:{port}"},
    {"Host": "LocalHost:8080"},  # a port that is forwarded to the sandbox
    {"Host": "[::1]:{port}"},
)


def status(sandbox: Sandbox, method: str, path: str, headers: Mapping[str, str]) -> int:
    address = urlsplit(sandbox.url)
    named = {name: value.format(port=address.port) for name, value in headers.items()}
    connection = HTTPConnection(address.netloc, timeout=PATIENCE)
    body = json.dumps({"hours": 0}) if method == "POST" else None
    extra = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    connection.request(method, path, body, {"Host": address.netloc, **extra, **named})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_page_is_refused_on_every_path(sandbox: Sandbox, headers: Mapping[str, str]) -> None:
    assert {status(sandbox, *path, headers) for path in PATHS} == {403}


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_the_sandboxs_own_page_and_programs_are_answered(sandbox: Sandbox, headers: Mapping[str, str]) -> None:
    assert 403 not in {status(sandbox, *path, headers) for path in PATHS if path[1] != "/socket"}  # it wants a ticket
    assert status(sandbox, "GET", "/", headers) == 200


@pytest.mark.parametrize("host", ["bot.example", "127.0.0.1", "evil.example:80", ""])
def test_the_bot_answers_the_same_whatever_host_it_is_called_by(host: str) -> None:
    with running() as web:
        for method, path, expected in (("GET", "/healthz", 200), ("POST", "/slack/events", 200), ("GET", "/", 404)):
            connection = HTTPConnection(web.host, web.port, timeout=PATIENCE)
            connection.request(method, path, b"", {"Host": host})
            assert connection.getresponse().status == expected
            connection.close()
