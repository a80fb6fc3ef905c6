"""The HTTP server, over real HTTP."""

import json
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from bot.http_server import CannotListenError, application, serve
from tests.builders import PATIENCE
from tests.slack.steps import soon

TIMEOUT = PATIENCE
MUCH = 10_000_000  # bytes; more than the buffers of two sockets


@dataclass
class Slack:
    """A stand-in for Bolt: it returns the body, and holds `/slack/events?wait` until it is released.

    `?break` raises an error, and `?much` has a long answer.
    """

    arrived: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        self.arrived.set()
        if environ["QUERY_STRING"] == "wait":
            assert self.release.wait(TIMEOUT)
        if environ["QUERY_STRING"] == "break":
            raise ValueError("a narrative that nobody else may read")
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"a" * MUCH if environ["QUERY_STRING"] == "much" else b"heard " + body]


@dataclass
class Running:
    slack: Slack
    reasons: list[str]
    stop: threading.Event
    thread: threading.Thread
    host: str
    port: int
    warnings: list[str]

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection(self.host, self.port, timeout=TIMEOUT)
        try:
            connection.request(method, path, body)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


@contextmanager
def running(host: str = "127.0.0.1", request_seconds: float = 600, connections: int = 512) -> Iterator[Running]:
    slack, reasons, warnings, stop = Slack(), list[str](), list[str](), threading.Event()
    addresses: list[str] = []
    ready = threading.Event()

    def listening(url: str) -> None:
        addresses.append(url)
        ready.set()

    app = application(slack, lambda: reasons, lambda: b"backstop_reports_total 3\n", lambda: warnings)
    named = {"request_seconds": request_seconds, "connections": connections, "stop_seconds": 10 * PATIENCE}
    kwargs = {"threads": 2, "listening": listening} | named
    thread = threading.Thread(target=serve, args=(app, host, 0, stop), kwargs=kwargs)
    thread.start()
    try:
        assert ready.wait(TIMEOUT)
        address = urlsplit(addresses[0])
        assert address.hostname
        assert address.port
        yield Running(slack, reasons, stop, thread, address.hostname, address.port, warnings)
    finally:
        slack.release.set()
        stop.set()
        thread.join(TIMEOUT)
    assert not thread.is_alive()


@pytest.fixture
def web() -> Iterator[Running]:
    with running() as one:
        yield one


def test_a_request_from_slack_is_passed_on_whole(web: Running) -> None:
    response, body = web.ask("POST", "/slack/events", b"payload=%7B%7D")
    assert (response.status, body) == (200, b"heard payload=%7B%7D")


def test_more_connections_than_threads_each_get_their_own_answer(web: Running) -> None:
    connections = [HTTPConnection(web.host, web.port, timeout=TIMEOUT) for _ in range(80)]
    for number, connection in enumerate(connections):
        connection.request("POST", "/slack/events", f"{number}".encode())
    answers = [connection.getresponse().read() for connection in connections]
    for connection in connections:
        connection.close()
    assert answers == [f"heard {number}".encode() for number in range(80)]


def test_a_process_is_healthy_even_if_it_is_not_ready(web: Running) -> None:
    web.reasons.append("The database does not answer.")
    response, body = web.ask("GET", "/healthz")
    assert (response.status, body) == (200, b"ok\n")


def test_readiness_follows_the_reasons_at_the_moment_of_asking(web: Running) -> None:
    response, body = web.ask("GET", "/readyz")
    assert (response.status, json.loads(body)) == (200, {"ready": True, "reasons": [], "warnings": []})
    web.reasons.append("Slack has been silent for 2 minutes.")
    response, body = web.ask("GET", "/readyz")
    assert response.status == 503
    assert response.headers["Content-Type"] == "application/json"
    silent = "Slack has been silent for 2 minutes."
    assert json.loads(body) == {"ready": False, "reasons": [silent], "warnings": []}
    web.reasons.clear()
    assert web.ask("GET", "/readyz")[0].status == 200


def test_a_warning_is_said_and_the_process_stays_ready(web: Running) -> None:
    web.warnings.append("The scheduled task due about 3 has broken 2 times, last with KeyError.")
    response, body = web.ask("GET", "/readyz")
    assert response.status == 200
    assert json.loads(body) == {"ready": True, "reasons": [], "warnings": web.warnings}


def test_metrics_are_prometheus_text(web: Running) -> None:
    response, body = web.ask("GET", "/metrics")
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert body == b"backstop_reports_total 3\n"


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/events/", "/healthz/x"])
def test_any_other_path_is_not_found(web: Running, path: str) -> None:
    assert web.ask("GET", path)[0].status == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/slack/events", "POST"),
        ("HEAD", "/slack/events", "POST"),
        ("OPTIONS", "/slack/events", "POST"),
        ("POST", "/healthz", "GET, HEAD"),
        ("PUT", "/readyz", "GET, HEAD"),
        ("POST", "/metrics", "GET, HEAD"),
        ("PROPFIND", "/metrics", "GET, HEAD"),
        ("TRACE", "/metrics", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_answered_with_the_right_one(web: Running, method: str, path: str, allowed: str) -> None:
    response, _ = web.ask(method, path)
    assert (response.status, response.headers["Allow"]) == (405, allowed)
    assert not web.slack.arrived.is_set()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/slack/events", "/nothing"])
def test_a_monitor_that_asks_for_the_head_gets_that_of_a_get_and_no_body(web: Running, path: str) -> None:
    web.reasons.append("Slack cannot be reached.")
    connection = HTTPConnection(web.host, web.port, timeout=TIMEOUT)
    answers = []
    for method in ("HEAD", "GET", "HEAD"):  # on one line: a body that nobody reads would stand before the next answer
        connection.request(method, path)
        response = connection.getresponse()
        answers.append((response.status, response.headers["Content-Type"], response.headers["Content-Length"]))
        assert bool(response.read()) is (method == "GET")
    connection.close()
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == {"/healthz": 200, "/readyz": 503, "/metrics": 200, "/slack/events": 405}.get(path, 404)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET http://backstop.example.com/healthz HTTP/1.1", 200),
        ("GET /healthz?probe=1 HTTP/1.1", 200),
        ("GET /healthz HTTP/1.0", 200),
        ("GET /%68ealthz HTTP/1.1", 200),
        ("OPTIONS * HTTP/1.1", 404),
        ("CONNECT backstop.example.com:443 HTTP/1.1", 404),
        ("PRI * HTTP/2.0", 400),
        ("get /healthz HTTP/1.1", 400),
        ("GET /healthz HTTP/9.9", 400),
        ("GET", 400),
        ("\x16\x03\x01\x02\x00\x01", 400),
    ],
)
def test_an_odd_first_line_is_answered_and_nothing_breaks(web: Running, line: str, status: int) -> None:
    with socket.create_connection((web.host, web.port), timeout=TIMEOUT) as connection:
        connection.sendall(f"{line}\r\nHost: bot\r\nConnection: close\r\n\r\n".encode("latin-1"))
        assert int(connection.makefile("rb").readline().split()[1]) == status
    assert web.ask("GET", "/healthz")[0].status == 200


@pytest.mark.parametrize(
    "declared",
    ["Content-Length: 1000001\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nF4241\r\n" + "a" * 1_000_001 + "\r\n"],
)
def test_a_body_over_a_megabyte_is_refused(web: Running, declared: str) -> None:
    with socket.create_connection((web.host, web.port), timeout=TIMEOUT) as line:
        line.sendall(f"POST /slack/events HTTP/1.1\r\nHost: bot\r\n{declared}".encode())
        assert line.recv(64).startswith(b"HTTP/1.1 413 ")
    assert not web.slack.arrived.is_set()


def test_a_body_of_a_megabyte_is_taken(web: Running) -> None:
    response, body = web.ask("POST", "/slack/events", b"a" * 1_000_000)
    assert (response.status, len(body)) == (200, 1_000_006)


def test_an_error_shows_nothing_of_itself_to_the_client(web: Running) -> None:
    response, body = web.ask("POST", "/slack/events?break", b"x")
    assert response.status == 500
    assert b"narrative" not in body
    assert "Server" not in response.headers


def test_a_stop_finishes_what_is_in_flight_and_takes_nothing_new() -> None:
    answers: list[tuple[int, bytes]] = []
    with running() as web:

        def ask() -> None:
            response, body = web.ask("POST", "/slack/events?wait", b"a report")
            answers.append((response.status, body))

        asking = threading.Thread(target=ask)
        asking.start()
        assert web.slack.arrived.wait(TIMEOUT)
        web.stop.set()
        assert soon(lambda: _refused(web))
        assert web.thread.is_alive()
        web.slack.release.set()
        asking.join(TIMEOUT)
        web.thread.join(TIMEOUT)
        assert not web.thread.is_alive()
    assert answers == [(200, b"heard a report")]


def test_a_stop_waits_for_the_rest_of_a_request_that_has_begun_to_arrive() -> None:
    with running() as web, socket.create_connection((web.host, web.port), timeout=TIMEOUT) as line:
        line.sendall(b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Length: 8\r\n\r\na re")
        assert web.ask("GET", "/healthz")[0].status == 200  # by now the server has read what came before
        web.stop.set()
        assert soon(lambda: _refused(web))
        line.sendall(b"port")
        assert line.makefile("rb").read().endswith(b"heard a report")


def test_a_stop_waits_until_an_answer_has_left() -> None:
    with running() as web, socket.create_connection((web.host, web.port), timeout=TIMEOUT) as line:
        line.sendall(b"POST /slack/events?much HTTP/1.0\r\nContent-Length: 0\r\n\r\n")
        assert web.slack.arrived.wait(TIMEOUT)
        web.stop.set()
        assert soon(lambda: _refused(web))
        assert line.makefile("rb").read().count(b"a" * 1000) == MUCH // 1000


def _refused(web: Running) -> bool:
    try:
        socket.create_connection((web.host, web.port), timeout=TIMEOUT).close()
    except (ConnectionRefusedError, ConnectionResetError):  # reset: it was waiting when the listener closed
        return True
    return False


def test_an_idle_connection_does_not_delay_the_stop() -> None:
    with running() as web:
        connection = HTTPConnection(web.host, web.port, timeout=TIMEOUT)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        web.stop.set()
        web.thread.join(TIMEOUT)
        assert not web.thread.is_alive()
        connection.close()


def test_the_server_listens_on_localhost() -> None:
    with running("localhost") as web:
        assert web.ask("GET", "/healthz")[0].status == 200


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListenError) as caught:
            serve(application(Slack(), list, bytes), "127.0.0.1", port, threading.Event())
    assert str(caught.value) == f"Cannot listen on 127.0.0.1, port {port}: Address already in use. See HOST and PORT."


def test_an_address_of_another_machine_is_one_clear_line() -> None:
    with pytest.raises(CannotListenError, match=r"^Cannot listen on 192\.0\.2\.1, port 0: [^\n]+$"):
        serve(application(Slack(), list, bytes), "192.0.2.1", 0, threading.Event())
