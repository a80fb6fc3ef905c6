"""Where a firm lets its servers out through a proxy alone, the Web API and Socket Mode go there, with the password."""

from __future__ import annotations

import threading
from socket import create_server
from typing import TYPE_CHECKING

import pytest
from websocket import WebSocketProxyException, create_connection

from bot.usecases.transport import Unanswered
from handlers.client.transport import SlackTransport, posting_client
from tests.builders import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a proxy is asked that lets nobody through."""
    heads: list[str] = []
    with create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(PATIENCE)

        def refuse_two() -> None:
            for _ in range(2):
                with listener.accept()[0] as connection:
                    heads.append(connection.recv(65_536).decode())
                    connection.sendall(REFUSED)

        thread = threading.Thread(target=refuse_two)
        thread.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://firm:hunter2@127.0.0.1:{listener.getsockname()[1]}")
        yield heads
        thread.join()


def test_everything_that_goes_to_slack_goes_through_the_proxy_of_the_environment(asked: list[str]) -> None:
    with pytest.raises(Unanswered):
        SlackTransport(posting_client("xoxb-1", "https://slack.example/api/")).team()
    with pytest.raises(WebSocketProxyException):
        create_connection("wss://wss.slack.example/link", timeout=PATIENCE)
    assert [head.split()[:2] for head in asked] == [
        ["CONNECT", "slack.example:443"], ["CONNECT", "wss.slack.example:443"],
    ]  # fmt: skip
    assert all("proxy-authorization: basic" in head.lower() for head in asked)
