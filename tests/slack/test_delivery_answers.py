"""What Slack's answers mean: without a clear answer, it is in doubt whether a message was posted."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from bot.rules.notices import Mark
from bot.usecases.transport import InDoubt, Message, MessageGone, RateLimited, Refused, Unanswered
from handlers.client.answers import CountingClient, SlackAnswers
from handlers.client.transport import SlackTransport
from tests.builders import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

MESSAGE = Message("Case 1", [])
PAGE = b"<html><body>Bad gateway, said the proxy; token=xoxb-1</body></html>"
DOUBTFUL = {
    "a server's error": (500, b'{"ok": false, "error": "internal_error"}', {}),
    "a proxy's page": (502, PAGE, {}),
    "a page that claims to be fine": (200, PAGE, {}),
    "nothing": (200, b"", {}),
    "half an answer": (200, b'{"ok": true, "ts"', {"Content-Length": "500"}),
    "no ts": (200, b'{"ok": true, "channel": "C1"}', {}),
    "a list": (200, b"[]", {}),
    "a list of something": (200, b"[1]", {}),
    "a text": (200, b'"fine"', {}),
    "what is no UTF-8": (200, b'{"ok": true, "ts": "\xff"}', {}),
    "an unknown encoding": (200, b'{"ok": true}', {"Content-Type": "application/json; charset=klingon"}),
    "internal_error": (200, b'{"ok": false, "error": "internal_error"}', {}),
    "no reason": (200, b'{"ok": false}', {}),
}
REFUSED = b'{"ok": false, "error": "%s"}'


@contextmanager
def answering(status: int, body: bytes, headers: dict[str, str]) -> Iterator[SlackTransport]:
    """A Slack that has one answer to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield SlackTransport(
            CountingClient(
                SlackAnswers(),
                token="xoxb-1",
                base_url=f"http://127.0.0.1:{server.server_port}/api/",
                timeout=int(PATIENCE),
                retry_handlers=[],
            )
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("said", DOUBTFUL)
def test_an_answer_that_tells_nothing_leaves_a_post_in_doubt(said: str) -> None:
    with answering(*DOUBTFUL[said]) as poster, pytest.raises(InDoubt) as doubt:
        poster.post("C1", MESSAGE, Mark("tag"))
    assert "xoxb" not in str(doubt.value)
    assert len(str(doubt.value)) < 64


@pytest.mark.parametrize("said", [said for said in DOUBTFUL if said != "no ts"])
def test_an_edit_or_a_look_without_an_answer_leaves_nothing_in_doubt(said: str) -> None:
    with answering(*DOUBTFUL[said]) as poster:
        for call in (lambda: poster.edit("C1", "1.0", MESSAGE), lambda: poster.channel_for("U1")):
            with pytest.raises(Unanswered) as silence:
                call()
            assert not isinstance(silence.value, InDoubt)


@pytest.mark.parametrize(
    ("headers", "body", "pause"),
    [
        ({"Retry-After": "7"}, b'{"ok": false, "error": "ratelimited"}', 7),
        ({"retry-after": "7"}, b"", 7),
        ({}, b'{"ok": false, "error": "ratelimited"}', 30),
        ({"Retry-After": "soon"}, PAGE, 30),
        ({"Retry-After": "86400"}, PAGE, 300),
    ],
)
def test_a_429_is_a_pause_whatever_stands_in_it(headers: dict[str, str], body: bytes, pause: float) -> None:
    with answering(429, body, headers) as poster, pytest.raises(RateLimited) as limited:
        poster.post("C1", MESSAGE, Mark("tag"))
    assert limited.value.seconds == pause


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "invalid_blocks", "not_yet_known_to_us"])
def test_any_other_word_of_slacks_is_a_refusal(error: str) -> None:
    with answering(200, REFUSED % error.encode(), {}) as poster, pytest.raises(Refused, match=error):
        poster.post("C1", MESSAGE, Mark("tag"))


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_a_message_that_cannot_be_edited_any_more_is_gone(error: str) -> None:
    with answering(200, REFUSED % error.encode(), {}) as poster, pytest.raises(MessageGone):
        poster.edit("C1", "1.0", MESSAGE)


def test_nobody_listening_leaves_a_post_in_doubt() -> None:
    with answering(200, b"", {}) as poster:
        pass
    with pytest.raises(InDoubt):
        poster.post("C1", MESSAGE, Mark("tag"))
