"""Slow clients, and requests that two servers could read differently, over real sockets."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection

import pytest

from tests.slack.test_web import TIMEOUT, Running, running

SLOW = 160
A_WHILE = 2.0  # seconds in which a request arrives that is sent whole, also on a busy machine
HEADS = (
    b"",
    b"P",
    b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nX-",
    b"POST /slack/events HTTP/1.1\r\nContent-Length: 99999\r\n\r\n",
)
POST = "POST /slack/events HTTP/1.1\r\nHost: bot\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
REFUSED = {
    "a length and chunks": f"{POST}Content-Length: 4\r\n{CHUNKED}\r\n0\r\n\r\n",
    "chunks and a length": f"{POST}{CHUNKED}Content-Length: 4\r\n\r\n0\r\n\r\n",
    "a length and no encoding": f"{POST}Content-Length: 4\r\nTransfer-Encoding:\r\n\r\nbody",
    "an encoding without a name": f"{POST}Transfer-Encoding:\r\n\r\n",
    "chunks in HTTP/1.0": f"POST /slack/events HTTP/1.0\r\n{CHUNKED}\r\n0\r\n\r\n",
    "two encodings": f"{POST}{CHUNKED}{CHUNKED}\r\n0\r\n\r\n",
    "two lengths": f"{POST}Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody",
    "the same length twice": f"{POST}Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
    "a length by another name": f"{POST}Content-Length: 4\r\nContent_Length: 5\r\n\r\nbody",
    "a negative length": f"{POST}Content-Length: -4\r\n\r\nbody",
    "a length with a sign": f"{POST}Content-Length: +4\r\n\r\nbody",
    "a length that is none": f"{POST}Content-Length: 0x4\r\n\r\nbody",
    "a length of 5,000 digits": f"{POST}Content-Length: {'4' * 5_000}\r\n\r\nbody",
    "a wrong length before which it waits": f"{POST}Expect: 100-continue\r\nContent-Length: x\r\n\r\n",
    "a header over two lines": f"{POST}X-One: a\r\n b\r\nContent-Length: 4\r\n\r\nbody",
    "a header that goes on with a tab": f"{POST}Transfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": f"{POST}Content-Length : 4\r\n\r\nbody",
    "a bare line feed": f"{POST}X-One: a\nContent-Length: 4\r\n\r\nbody",
    "a bare carriage return": f"{POST}X-One: a\rContent-Length: 4\r\n\r\nbody",
    "a zero byte": f"{POST}X-One: a\0\r\n\r\n",
    "a header without a colon": f"{POST}X-One\r\n\r\n",
    "a chunk of a wrong size": f"{POST}{CHUNKED}\r\n0x4\r\nbody\r\n0\r\n\r\n",
    "a chunk of a negative size": f"{POST}{CHUNKED}\r\n-4\r\nbody\r\n0\r\n\r\n",
    "a chunk that is longer than it says": f"{POST}{CHUNKED}\r\n3\r\nbody\r\n0\r\n\r\n",
    "no version": "POST /slack/events\r\nHost: bot\r\n\r\n",
    "another version": "POST /slack/events HTTP/1.2\r\nContent-Length: 4\r\n\r\nbody",
    "an address that is none": "POST http://[ HTTP/1.1\r\nHost: bot\r\n\r\n",
}
OTHERS = {
    "another encoding": (501, f"{POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
    "a head of 70 KB": (431, f"{POST}X-One: {'a' * 70_000}\r\n\r\n"),
    "a head of 70 KB that does not end": (431, f"{POST}X-One: {'a' * 70_000}"),
    "a large body before which it waits": (413, f"{POST}Expect: 100-continue\r\nContent-Length: 2000000\r\n\r\n"),
}


@pytest.fixture(scope="module")
def web() -> Iterator[Running]:
    with running() as one:
        yield one


def status_of(web: Running, raw: str) -> int:
    with socket.create_connection((web.host, web.port), timeout=TIMEOUT) as line:
        line.sendall(raw.encode("latin-1"))
        return int(line.makefile("rb").readline().split()[1])


@pytest.mark.parametrize("what", REFUSED)
def test_what_two_servers_could_read_differently_is_400_and_reaches_nobody(web: Running, what: str) -> None:
    web.slack.arrived.clear()
    assert status_of(web, REFUSED[what]) == 400
    assert not web.slack.arrived.is_set()


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_too_large_or_in_another_encoding_is_refused_by_name(web: Running, what: str) -> None:
    web.slack.arrived.clear()
    assert status_of(web, OTHERS[what][1]) == OTHERS[what][0]
    assert not web.slack.arrived.is_set()


@pytest.mark.parametrize("body", ["Content-Length: 4\r\n\r\nbody", f"{CHUNKED}\r\n4\r\nbody\r\n0\r\n\r\n"])
def test_a_body_by_its_length_or_in_chunks_is_taken(web: Running, body: str) -> None:
    with socket.create_connection((web.host, web.port), timeout=TIMEOUT) as line:
        line.sendall(f"POST /slack/events HTTP/1.1\r\nConnection: close\r\n{body}".encode())
        assert line.makefile("rb").read().endswith(b"heard body")


def test_who_waits_for_permission_to_send_nothing_is_answered_and_the_next_request_is_another(web: Running) -> None:
    with socket.create_connection((web.host, web.port), timeout=TIMEOUT) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nExpect: 100-continue\r\n\r\n")
        line.sendall(b"GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n")
        answers = line.makefile("rb").read()
    assert (answers.count(b"HTTP/1.1 200 OK"), b"100 Continue" in answers) == (2, False)


def test_who_waits_for_permission_to_send_a_body_gets_it(web: Running) -> None:
    with socket.create_connection((web.host, web.port), timeout=TIMEOUT) as line:
        line.sendall(f"{POST}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n".encode())
        assert line.recv(64).startswith(b"HTTP/1.1 100 Continue")
        line.sendall(b"body")
        assert line.makefile("rb").read().endswith(b"heard body")


@contextmanager
def slow_connections(web: Running, number: int) -> Iterator[list[socket.socket]]:
    """So many that have sent nothing, or the beginning of a request. Each goes on with a byte now and then."""
    stop = threading.Event()
    with ExitStack() as stack:
        lines = [stack.enter_context(socket.create_connection((web.host, web.port), TIMEOUT)) for _ in range(number)]
        for index, line in enumerate(lines):
            line.sendall(HEADS[index % len(HEADS)])

        def drip() -> None:
            while not stop.wait(0.1):
                for index, line in enumerate(lines):
                    if index % len(HEADS):
                        with suppress(OSError):  # the server has closed it
                            line.send(b"a")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            yield lines
        finally:
            stop.set()
            dripping.join(TIMEOUT)


def ended(line: socket.socket) -> bool:
    """Whether the server closes the connection without an answer."""
    try:
        return line.recv(64) == b""
    except ConnectionError:  # bytes had come that it never read
        return True


def test_a_hundred_and_sixty_slow_connections_stop_nobody(web: Running) -> None:
    with slow_connections(web, SLOW):
        took = []
        for number in range(5):
            began = time.monotonic()
            assert web.ask("POST", "/slack/events", f"{number}".encode())[1] == f"heard {number}".encode()
            took.append(time.monotonic() - began)
    assert min(took) < 3  # what Slack waits


def test_a_request_that_does_not_arrive_in_time_is_given_up() -> None:
    with running(request_seconds=A_WHILE) as web, slow_connections(web, len(HEADS)) as lines:
        assert all(ended(line) for line in lines)
        assert web.ask("GET", "/healthz")[0].status == 200
    assert not web.slack.arrived.is_set()


def test_a_connection_that_rests_after_a_request_is_kept() -> None:
    with running(request_seconds=A_WHILE) as web, closing(HTTPConnection(web.host, web.port, timeout=TIMEOUT)) as line:
        line.request("GET", "/healthz")
        own = line.sock.getsockname()
        assert line.getresponse().read() == b"ok\n"
        threading.Event().wait(1.5 * A_WHILE)
        line.request("GET", "/healthz")
        assert line.getresponse().read() == b"ok\n"
        assert line.sock.getsockname() == own


def test_a_request_that_takes_long_to_answer_is_not_given_up() -> None:
    with running(request_seconds=A_WHILE) as web:
        answers: list[bytes] = []
        asking = threading.Thread(target=lambda: answers.append(web.ask("POST", "/slack/events?wait", b"a")[1]))
        asking.start()
        assert web.slack.arrived.wait(TIMEOUT)
        threading.Event().wait(1.5 * A_WHILE)
        web.slack.release.set()
        asking.join(TIMEOUT)
        assert answers == [b"heard a"]


def test_who_keeps_all_connections_open_after_an_answer_keeps_nobody_out() -> None:
    with running(connections=64) as web, ExitStack() as stack:
        for _ in range(150):
            kept = HTTPConnection(web.host, web.port, timeout=TIMEOUT)
            stack.callback(kept.close)
            kept.request("GET", "/healthz")
            assert kept.getresponse().read() == b"ok\n"
        response, _ = web.ask("GET", "/healthz")
        assert response.status == HTTPStatus.OK
