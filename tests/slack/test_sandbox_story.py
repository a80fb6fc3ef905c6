"""The story that a sandbox begins with: what happens when, and what is there at its end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import bot
from bot.cli.sandbox import sandboxed
from bot.http_server import CannotListenError
from bot.policy_file.load import PRESETS
from bot.sandbox.client import Client
from bot.sandbox.person import Message, Person
from bot.sandbox.story import WEEKS, first_moment, play_story, steps
from bot.sandbox.story_people import WEEK
from tests.builders import PATIENCE
from tests.handlers.reading import read, words
from tests.slack.office import real_clock
from tests.slack.steps import people

BUILT_IN = Path(bot.__file__).parent / "policy_file" / "default.toml"
READ = {"header", "section", "context", "rich_text", "divider"}
NOWS = [datetime(2026, 11, day, hour, 59, tzinfo=UTC) for day in range(16, 23) for hour in (0, 8, 9, 23)]


@pytest.mark.parametrize("now", NOWS, ids=str)
def test_whenever_it_is_played_twelve_full_weeks_are_summed_up_and_the_rest_follows(now: datetime) -> None:
    begins = first_moment(now)
    monday = begins.replace(hour=0, minute=0, second=0)
    assert begins - monday == timedelta(hours=9, seconds=30)
    assert monday.weekday() == 0
    assert monday + WEEKS * WEEK + timedelta(hours=9) <= now < monday + (WEEKS + 1) * WEEK + timedelta(hours=9)
    received = [step.at for step in steps(monday, now)]
    assert received == sorted(received)
    assert begins < received[0]
    assert received[-1] < now


def test_each_week_has_reports_and_people_talk() -> None:
    monday = datetime(2026, 8, 31, tzinfo=UTC)
    received = list(steps(monday, monday + 13 * WEEK))
    reports = Counter((step.at - monday) // WEEK for step in received if step.does in ("reports", "raises"))
    assert set(reports) >= set(range(WEEKS))
    assert sum(step.what == "#support" for step in received) > 20


def too_long(messages: list[Message], most: int) -> list[str]:
    """Those that are longer than they may be; see docs/decisions/how-much-to-read.md."""
    assert messages
    blocks = [[block for block in each.raw["blocks"] if block["type"] in READ] for each in messages]
    return [f"{words(each, quotes=False)}: {read(each)}" for each in blocks if words(each, quotes=False) > most]


@pytest.mark.timeout(600)
def test_the_story_is_played_whole_and_ends_now_with_a_decision_that_waits_for_priya() -> None:
    behind, said = real_clock() - first_moment(real_clock()), list[str]()
    with sandboxed(real_clock, 0, threading.Event(), behind, customers=True) as sandbox:
        assert play_story(sandbox.url, said.append) == []
        state = Client(sandbox.url, "U0PRIYA").get("state")
        messages = Person(sandbox.url, "U0PRIYA").channel("C0MANAGE")
        support = Person(sandbox.url, "U0ANA").channel("C0SUPPORT")
        received = [each for rep in people(sandbox, "ANA", "JOE", "MIA") for each in rep.direct_messages()]
    assert too_long([each for each in messages if each.text.startswith("Week ")], 120) == []
    assert too_long([each for each in messages if "See the case" in each.buttons], 80) == []
    assert too_long([each for each in received if each.text.startswith("Your report on")], 60) == []
    assert said[-1].startswith("Ready")
    received_texts = [each.text for each in received]
    assert any("@U0PRIYA came to your call" in text for text in received_texts)
    assert any("The contact was ended. You have reported it." in text.replace("\n", " ") for text in received_texts)
    protected = [text for text in received_texts if "Until management has decided: Contact in writing only." in text]
    assert any("Zenith Corp" in text and "You ended it within our policy" in text for text in protected)
    assert sum("I am calling somebody" in each.text for each in support) == 1
    assert abs(state["clock"]["offset_seconds"]) < 1
    assert sum(message.text.startswith("Week ") for message in messages) == WEEKS
    case = next(message for message in messages if message.ts == state["tour"]["steps"][1]["place"]["ts"])
    assert "Zenith Corp" in case.text
    assert {"Approve drop", "Keep customer"} <= set(case.buttons)
    assert case.ts == messages[-1].ts
    assert state["tour"]["progress"] == ""


@pytest.mark.timeout(600)
def test_under_another_policy_the_story_goes_on_without_what_does_not_fit(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(BUILT_IN.read_text().replace('name = "Threat of violence"', 'name = "Intimidation"'))
    behind = real_clock() - first_moment(real_clock())
    with sandboxed(real_clock, 0, threading.Event(), behind, customers=True, policy=policy) as sandbox:
        left_out = play_story(sandbox.url, lambda _: None, PATIENCE, all_sent=sandbox.all_sent)
        case = Person(sandbox.url, "U0PRIYA").message("C0MANAGE", "Zenith Corp")
        received_texts = [each.text for each in Person(sandbox.url, "U0ANA").direct_messages()]
    to_keep_them, the_letter = left_out
    for each in (to_keep_them, the_letter):
        assert each.startswith("brad presses Borealis Foods:")
    assert "Approve drop" in case.buttons
    assert any("@U0PRIYA came to your call" in text for text in received_texts)


@pytest.mark.timeout(600)
def test_under_the_policy_for_a_public_body_the_story_comes_to_a_second_warning() -> None:
    policy, behind = PRESETS["public-body-uk"], real_clock() - first_moment(real_clock())
    with sandboxed(real_clock, 0, threading.Event(), behind, customers=True, policy=policy) as sandbox:
        left_out = play_story(sandbox.url, lambda _: None, PATIENCE, all_sent=sandbox.all_sent)
        case = Person(sandbox.url, "U0PRIYA").message("C0MANAGE", "Warn Zenith Corp?")
    assert all(each.startswith("priya presses Meridian Print:") for each in left_out)
    assert "again after the warning of" in case.text
    assert "Issue warning" in case.buttons


def test_a_port_that_is_taken_is_said_with_the_way_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = pytest.raises(CannotListenError, match=f"port {port}: Address already in use. See --port")
        with refused, sandboxed(real_clock, port, threading.Event()):
            pass


def test_it_can_be_stopped_while_the_story_is_played() -> None:
    command = [sys.executable, "-m", "bot", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as sandbox:  # noqa: S603 - our own command
        assert sandbox.stdout is not None
        assert any(line.startswith("Telling the story") for line in iter(sandbox.stdout.readline, ""))
        sandbox.send_signal(signal.SIGINT)
        _, errors = sandbox.communicate(timeout=60)
    assert (sandbox.returncode, "Traceback" in errors) == (0, False)
