"""`setup` against the sandbox's Slack: asked in a terminal, and with everything given."""

from __future__ import annotations

import argparse
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

from bot.cli import setup
from bot.sandbox.server import Sandbox, start
from bot.settings.load import load
from tests.builders import PATIENCE
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
APP_TOKEN = "xapp-test"
GIVEN = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_APP_TOKEN": APP_TOKEN}
LINK = "https://harbour.slack.com/archives/C0MANAGE"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Slack's limits go by a clock that is a minute later at each look: to try every view takes minutes otherwise."""
    running = start(token=TOKEN, signing_secret=SECRET, app_token=APP_TOKEN, now=real_clock, bot_timeout=PATIENCE)
    running._web_api._rates._ticks = count(1.0, 60.0).__next__
    yield running
    running.stop()


@pytest.fixture
def folder(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_API_URL", sandbox.api_url)
    return tmp_path


class Terminal:
    """The command in a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "bot", "setup", *arguments]
        environ = os.environ | {"PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
        )
        os.close(theirs)
        self.said = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def answer(self, question: str, text: str) -> None:
        """Wait for a question, and type the answer."""
        self.until(question)
        os.write(self._ours, f"{text}\n".encode())

    def until(self, words: str) -> str:
        """What it has said since, up to these words and the rest of their line."""
        while not re.search(words, self.said):
            ready, _, _ = select.select([self._ours], [], [], PATIENCE)
            assert ready, f"it says nothing of {words!r}: {self.said}"
            self.said += os.read(self._ours, 4096).decode()
        said, self.said = self.said, ""
        return said


@pytest.mark.timeout(300)
def test_a_newcomer_is_led_from_nothing_to_a_bot_that_was_tried(folder: Path) -> None:
    with Terminal() as terminal:
        begun = terminal.until("Bot token")
        assert "https://api.slack.com/apps?new_app=1&manifest_json=%7B" in begun
        assert '"socket_mode_enabled": true' in begun
        terminal.said = "Bot token"
        terminal.answer("Bot token", "xoxb-wrong")
        terminal.answer("Slack does not accept it[^$]*Bot token", TOKEN)
        secret = terminal.until("Signing secret")
        assert TOKEN not in secret  # typed without echo
        terminal.said = "Signing secret"
        terminal.answer("Signing secret", SECRET)
        terminal.answer("App-level token", APP_TOKEN)
        terminal.answer("paste a link", "https://harbour.slack.com/archives/C0NOBODY")
        terminal.answer("no such channel[^$]*paste a link", LINK)
        terminal.answer("Who decides about customers", "r")
        terminal.answer("may be [^$]*Who decides about customers", "managers, Brad")
        terminal.answer("Who decides what is late", "ruth")
        terminal.answer("Who is called", "")
        terminal.answer("Who gets a message", "managers")
        terminal.answer("no user groups[^$]*Who gets a message", "olek")
        terminal.answer("Who talks to reps", "cora")
        terminal.answer(r"time zone \[Europe/London\]", "")
        end = terminal.until("backstop serve")
    assert "MEND" not in end
    file = folder / ".env"
    assert file.stat().st_mode & 0o777 == 0o600
    settings = load({}, file)
    assert settings.slack_bot_token.get_secret_value() == TOKEN
    assert (settings.management_channel, settings.managers) == ("C0MANAGE", ("S0MANAGERS", "U0BRAD"))
    assert (settings.directors, settings.leads, settings.operators) == (("U0RUTH",), (), ("U0OLEK",))
    assert (settings.care_contact, settings.timezone) == ("U0CORA", "Europe/London")
    assert "# setup: Managers, Brad" in file.read_text()


OPTIONS = ("--yes", "--management-channel", LINK, "--managers", "@managers", "--operators", "U0OLEK")


@pytest.fixture
def given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    return folder


def written(*options: str) -> None:
    parser = argparse.ArgumentParser()
    setup.add_arguments(parser)
    setup.set_up(parser.parse_args(options))


def refused(*options: str) -> list[str]:
    with pytest.raises(ValueError, match=r"\w") as why:
        written(*options)
    return str(why.value).splitlines()


def test_the_second_time_what_was_not_given_stays_and_so_do_other_lines(given: Path) -> None:
    file = given / "own.env"
    file.write_text(
        "# mine\nPORT=3001\nexport MANAGERS=U0GONE\nTIMEZONE=Asia/Tokyo\nHEARTBEAT_URL=https://x.example/\n"
    )
    file.chmod(0o644)
    group = os.getgroups()[-1] if os.getuid() else 65534  # root may give it to any
    os.chown(file, -1, group)
    written(*OPTIONS, "--env-file", str(file))
    written("--yes", "--care-contact", "cora", "--env-file", str(file))
    text = file.read_text()
    assert text.startswith("# mine\nPORT=3001\n# setup: Managers\nMANAGERS=S0MANAGERS\nTIMEZONE=Asia/Tokyo\n")
    assert "HEARTBEAT_URL=https://x.example/\n" in text
    assert text.count("MANAGERS=") == text.count("# setup: Managers") == 1
    assert "CARE_CONTACT=U0CORA\n" in text
    assert "OPERATORS=U0OLEK\n" in text
    assert (file.stat().st_mode & 0o777, file.stat().st_gid) == (0o600, group)


def test_whatever_is_wrong_is_said_at_once_and_nothing_is_written(given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-other")
    where_and_who = ("--management-channel", "#management", "--managers", "nobody", "--care-contact", "ana, joe")
    said = refused("--yes", *where_and_who, "--timezone", "X")
    assert [line.split(":")[0] for line in said] == [
        *("SLACK_APP_TOKEN", "MANAGEMENT_CHANNEL", "MANAGERS", "CARE_CONTACT", "TIMEZONE"),
        "Stopped. Nothing was written.",
    ]
    assert not (given / ".env").exists()


def test_without_a_terminal_it_ends_with_a_sentence(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "setup"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, input="", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Nothing was written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_not_there_is_named_before_anything_is_asked(given: Path) -> None:
    (said,) = refused(*OPTIONS, "--env-file", str(given / "nowhere" / ".env"))
    assert "there is no folder" in said


def test_for_a_public_address_no_app_level_token_is_asked_for(
    given: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / ".env.example", given / ".env")  # as somebody begins who then finds `setup`
    monkeypatch.delenv("SLACK_APP_TOKEN")
    written(*OPTIONS, "--url", "https://backstop.example.com")
    assert "Socket Mode can connect" not in capsys.readouterr().out
    settings = load({}, given / ".env")
    assert (settings.slack_app_token, settings.timezone) == (None, "Europe/London")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    written("--yes", "--leads", "ana")  # nor the second time, without the address
    settings = load({}, given / ".env")
    assert (settings.slack_app_token, settings.leads) == (None, ("U0ANA",))
