"""`python -m bot serve` as a process against the sandbox's Slack, from its start to its stop."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox, start
from tests import forked
from tests.builders import PATIENCE
from tests.slack.calling import mended, order
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import real_clock
from tests.slack.steps import soon

APP_TOKEN = "xapp-hunter2"
PRIVATE = ("hunter2", "Hunter2", "Ribeiro", "Raman", TOKEN, SECRET, "v0=")


class Process(Protocol):
    """What is needed of a process that serves."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


@dataclass(frozen=True)
class Serving:
    """The process, its address, and its log."""

    process: Process
    url: str
    log: Path

    def ask(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:  # noqa: S310 - the process's own address
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)


@contextmanager
def serving(sandbox: Sandbox, folder: Path, **changes: str) -> Iterator[Serving]:
    """`serve` in a process that has the bot imported; `tests/test_wheel.py` runs the command as it is installed."""
    settings = {
        "PORT": "0",
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'record.db'}",
        "MANAGEMENT_CHANNEL": "C0MANAGE",
        "MANAGERS": "S0MANAGERS",
    }
    log = folder / "log"
    log.unlink(missing_ok=True)
    process, said = forked.serving(folder, settings | changes, log)
    with ended(Serving(forked.Popen(process), address(said), log)) as running:
        yield running


def address(said: str) -> str:
    """Where it listens, of the line that says so."""
    return said.strip().rpartition(" ")[2]


@contextmanager
def ended(running: Serving) -> Iterator[Serving]:
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


@pytest.fixture(params=["http", "socket"])
def firm(request: pytest.FixtureRequest) -> Iterator[tuple[Sandbox, dict[str, str]]]:
    by_socket = request.param == "socket"
    sandbox = start(token=TOKEN, signing_secret=SECRET, app_token=APP_TOKEN if by_socket else None, now=real_clock)
    yield sandbox, {"SLACK_APP_TOKEN": APP_TOKEN} if by_socket else {}
    sandbox.stop()


def test_a_report_is_delivered_and_neither_the_log_nor_a_page_shows_any_of_it(
    firm: tuple[Sandbox, dict[str, str]], tmp_path: Path
) -> None:
    sandbox, settings = firm
    with serving(sandbox, tmp_path, **settings) as bot:
        sandbox.bot_url = f"{bot.url}slack/events"
        assert soon(lambda: bot.ask("readyz")[0] == 200)
        ana = Person(sandbox.url, "U0ANA")
        order(sandbox, "chat.postMessage", "500")
        form = ana.command("/report-abuse", "Hunter2 Ltd")
        form.fill(
            {"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": "He said hunter2."}
        )
        form.submit()
        assert ana.direct_message("Hunter2 Ltd")
        bodies = [bot.ask(path)[1] for path in ("healthz", "readyz", "metrics", "slack/events", "hunter2")]
        assert bot.stop() == 0
    lines = bot.log.read_text().splitlines()
    assert lines
    assert all(json.loads(line)["level"] for line in lines)
    assert [word for word in PRIVATE if any(word in text for text in (*lines, *bodies))] == []


def test_what_a_stop_left_undelivered_is_delivered_after_the_next_start(sandbox: Sandbox, tmp_path: Path) -> None:
    ana = Person(sandbox.url, "U0ANA")
    with serving(sandbox, tmp_path) as bot:
        sandbox.bot_url = f"{bot.url}slack/events"
        assert soon(lambda: bot.ask("readyz")[0] == 200)
        order(sandbox, "chat.postMessage", "500", times=10_000)
        form = ana.command("/report-abuse", "Zenith Corp")
        form.fill({"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": "Shouted."})
        form.submit()
        assert bot.stop() == 0
    assert ana.direct_messages() == []
    mended(sandbox)
    with serving(sandbox, tmp_path) as bot:
        sandbox.bot_url = f"{bot.url}slack/events"
        assert ana.direct_message("Zenith Corp")


def test_wrong_settings_end_the_start_and_every_problem_is_named_without_a_secret(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with serving(sandbox, tmp_path, SLACK_BOT_TOKEN="hunter2", MANAGEMENT_CHANNEL="#management", PORT="x") as bot:
        assert bot.process.wait(PATIENCE) == 2
    lines = bot.log.read_text().splitlines()
    assert [line.split(":")[0] for line in lines] == ["SLACK_BOT_TOKEN", "PORT", "MANAGEMENT_CHANNEL"]
    assert "hunter2" not in "".join(lines)


def test_a_port_in_use_ends_the_start_with_one_line(sandbox: Sandbox, tmp_path: Path) -> None:
    taken = sandbox.url.rstrip("/").rpartition(":")[2]
    with serving(sandbox, tmp_path, PORT=taken) as bot:
        assert bot.process.wait(PATIENCE) == 2
    lines = [line for line in bot.log.read_text().splitlines() if not line.startswith("{")]
    assert lines == [f"Cannot listen on 127.0.0.1, port {taken}: Address already in use. See HOST and PORT."]


def test_a_second_serve_on_one_sqlite_file_ends_with_a_sentence_and_one_after_a_kill_starts(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "second").mkdir()
    file = f"sqlite:///{tmp_path / 'record.db'}"
    with serving(sandbox, tmp_path) as first:
        assert first.url
        with serving(sandbox, tmp_path / "second", DATABASE_URL=file) as second:
            assert second.process.wait(PATIENCE) == 2
        (said,) = second.log.read_text().splitlines()
        assert said.startswith(f"Another `serve` (process {first.process.pid}) runs on the database file {tmp_path}")
        first.process.kill()
        first.process.wait()
        with serving(sandbox, tmp_path / "second", DATABASE_URL=file) as second:
            assert second.ask("healthz")[0] == 200
            assert second.stop() == 0
