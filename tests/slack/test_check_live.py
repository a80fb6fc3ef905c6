"""`check --live` against the sandbox's Slack: what it tries, and that nothing of it stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bot.policy_file.load import load as load_policy
from bot.sandbox.workspace import SCOPES
from bot.usecases.context import Firm
from handlers.live.every_view import Drawn, every_view
from handlers.live.trial import EVENT_TYPE, FORMS, Trial
from tests.builders import PATIENCE
from tests.forked import command
from tests.slack.calling import error_of, get_json, order, plain
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import counts, real_clock
from tests.slack.steps import soon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from slack_sdk import WebClient

    from bot.sandbox.server import Sandbox
    from handlers.client.checkup import Finding
    from tests.forked import Command

HERE = "C0MANAGE"
FINE = "a message was posted, found again by its metadata, edited and deleted."


@dataclass(frozen=True)
class Settings:
    management_channel: str = HERE
    summary_channel: str = HERE
    managers: tuple[str, ...] = ("S0MANAGERS",)
    directors: tuple[str, ...] = ("U0RUTH",)
    care_contact: str | None = None
    operators: tuple[str, ...] = ()
    confirm_posts: bool = True


@dataclass
class Waiting:
    """The time, by which Slack counts its limits; it goes on when somebody waits."""

    now: datetime = field(default_factory=real_clock)
    waited: list[float] = field(default_factory=list)

    def ticks(self) -> float:
        return self.now.timestamp()

    def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def waiting(sandbox: Sandbox) -> Waiting:
    waiting = Waiting()
    sandbox._web_api._rates._ticks = waiting.ticks
    return waiting


def few_views(user: str) -> Iterator[Drawn]:
    view = {"type": "modal", "title": plain(user), "blocks": [{"type": "divider"}]}
    yield from (Drawn("first", view), Drawn("second", view))


def all_views(user: str) -> Iterator[Drawn]:
    firm = Firm(HERE, ("S0MANAGERS",), ("U0RUTH",))
    yield from every_view(load_policy(None, "UTC"), firm, user, real_clock())


def tried(slack: WebClient, waiting: Waiting, views: Any = few_views, **changes: Any) -> list[Finding]:  # noqa: ANN401
    settings: Any = Settings(**changes)
    found = [*Trial(slack, settings, real_clock, waiting.pause).run(views)]
    assert all(bool(finding.mend) is not finding.ok for finding in found)
    return found


def wrong(found: list[Finding]) -> list[str]:
    return [f"{finding.what} {finding.mend}" for finding in found if not finding.ok]


def left(sandbox: Sandbox, channel: str = HERE) -> list[str]:
    return [message["text"] for message in sandbox._state.conversations[channel].messages]


def test_everything_is_tried_and_nothing_stays(sandbox: Sandbox, slack: WebClient, waiting: Waiting) -> None:
    found = tried(slack, waiting, all_views)
    assert wrong(found) == []
    said = [finding.what for finding in found]
    assert said[0] == f"MANAGEMENT_CHANNEL: {FINE}"
    assert said[1] == "Direct messages: one with U0RUTH can be opened and read; nothing was written there."
    assert said[2] == "Files: one was uploaded, found and deleted; nobody was shown it."
    assert said[3].startswith("Views: Slack takes all 1")
    assert sandbox._state.files._files == {}
    assert found[-1] == FORMS
    assert left(sandbox) == left(sandbox, "D0RUTH") == []


def test_each_channel_is_tried(sandbox: Sandbox, slack: WebClient, waiting: Waiting) -> None:
    sandbox._state.conversations["C0SUPPORT"].members.add("U0BACKSTOP")
    found = tried(slack, waiting, summary_channel="C0SUPPORT")
    assert [finding.what.split(":")[0] for finding in found[:2]] == ["MANAGEMENT_CHANNEL", "SUMMARY_CHANNEL"]
    assert left(sandbox, "C0SUPPORT") == []


@pytest.mark.parametrize(
    ("method", "kind", "words"),
    [
        ("chat.postMessage", "drop_after", "Slack cannot be reached"),
        ("chat.postMessage", "500", "Slack cannot be reached"),
        ("chat.postMessage", "error:restricted_action", "Slack says restricted_action"),
        ("chat.update", "drop_before", "Slack cannot be reached"),
        ("chat.update", "error:cant_update_message", "Slack says cant_update_message"),
        ("conversations.history", "drop_before", "Slack cannot be reached"),
    ],
)
def test_what_fails_half_way_is_said_and_leaves_nothing(
    sandbox: Sandbox, slack: WebClient, waiting: Waiting, method: str, kind: str, words: str
) -> None:
    order(sandbox, method, kind)
    (what,) = wrong(tried(slack, waiting))
    assert what.startswith(f"MANAGEMENT_CHANNEL: {words}.")
    assert left(sandbox) == []


def test_a_message_that_cannot_be_deleted_is_named(sandbox: Sandbox, slack: WebClient, waiting: Waiting) -> None:
    order(sandbox, "chat.delete", "error:cant_delete_message")
    (what,) = wrong(tried(slack, waiting))
    assert what == "MANAGEMENT_CHANNEL: a message of the bot's may be left in C0MANAGE. Delete it by hand."
    assert len(left(sandbox)) == 1


@pytest.mark.parametrize(
    ("method", "kind", "words"),
    [
        ("files.getUploadURLExternal", "error:missing_scope", "the token lacks the scope to look."),
        ("files.completeUploadExternal", "drop_after", "Slack cannot be reached."),
        ("files.completeUploadExternal", "error:file_uploads_disabled", "Slack says file_uploads_disabled."),
        ("files.info", "error:file_not_found", ""),
        ("files.delete", "429", ""),
    ],
)
def test_an_upload_that_fails_half_way_is_said_and_leaves_nothing(
    sandbox: Sandbox, slack: WebClient, waiting: Waiting, method: str, kind: str, words: str
) -> None:
    order(sandbox, method, kind)
    said = wrong(tried(slack, waiting))
    assert [each.startswith(f"Files: {words}") for each in said] == ([True] if words else [])
    assert sandbox._state.files._files == {}


def test_a_file_that_cannot_be_deleted_is_named(sandbox: Sandbox, slack: WebClient, waiting: Waiting) -> None:
    order(sandbox, "files.delete", "error:cant_delete_file")
    (what,) = wrong(tried(slack, waiting))
    (file,) = sandbox._state.files._files
    assert what == f"Files: the file {file} of the bot's may be left. Delete it by hand."


def test_a_pause_that_slack_asks_for_is_kept(sandbox: Sandbox, slack: WebClient, waiting: Waiting) -> None:
    order(sandbox, "chat.update", "429", seconds=7)
    assert wrong(tried(slack, waiting)) == []
    assert waiting.waited == [7.0]


def test_what_a_killed_check_left_is_removed_and_a_colleagues_is_not(
    sandbox: Sandbox, slack: WebClient, waiting: Waiting
) -> None:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": "check.1"}}
    slack.chat_postMessage(channel=HERE, text="old", metadata=metadata)
    waiting.pause(1)
    slack.chat_postMessage(channel=HERE, text="somebody else's")
    waiting.pause(1)
    settings: Any = Settings()
    later = partial(Trial, slack, settings, pause=waiting.pause)
    assert wrong([*later(clock=real_clock).run(few_views)]) == []
    assert left(sandbox) == ["old", "somebody else's"]
    waiting.pause(1)
    assert wrong([*later(clock=lambda: real_clock() + timedelta(hours=1)).run(few_views)]) == []
    assert left(sandbox) == ["somebody else's"]


def test_a_token_without_the_scope_of_the_history_is_said(slack: WebClient, waiting: Waiting, sandbox: Sandbox) -> None:
    object.__setattr__(sandbox._state.app, "scopes", SCOPES - {"groups:history"})
    try:
        (what,) = wrong(tried(slack, waiting))
    finally:
        object.__setattr__(sandbox._state.app, "scopes", SCOPES)
    assert what.startswith("MANAGEMENT_CHANNEL: the token lacks the scope to look. Put what")
    assert left(sandbox) == []


def test_a_workspace_without_the_method_is_said_and_nothing_crashes(
    sandbox: Sandbox, slack: WebClient, waiting: Waiting
) -> None:
    order(sandbox, "blocks.validate", "error:unknown_method", times=9)
    found = tried(slack, waiting)
    assert wrong(found) == []
    assert "Views: not tried, since Slack has no blocks.validate here (unknown_method)." in [one.what for one in found]


def test_a_workspace_without_charts_takes_the_week_in_words(
    sandbox: Sandbox, slack: WebClient, waiting: Waiting
) -> None:
    order(sandbox, "data_visualization", "500", times=99)
    assert wrong(tried(slack, waiting, all_views)) == []


def test_a_view_that_slack_refuses_is_named_with_the_place(slack: WebClient, waiting: Waiting) -> None:
    def views(_: str) -> Iterator[Drawn]:
        yield Drawn("odd_form", {"type": "modal", "title": plain("x" * 25), "blocks": []})

    (what,) = wrong(tried(slack, waiting, views))
    assert what.startswith("View odd_form: Slack would refuse it (/title: failed to match all allowed schemas; /title")
    assert "Open an issue with this output" in what


@pytest.mark.parametrize("error", ["invalid_auth", "ratelimited", "ekm_access_denied"])
def test_another_error_ends_the_views_with_its_word(
    sandbox: Sandbox, slack: WebClient, waiting: Waiting, error: str
) -> None:
    order(sandbox, "blocks.validate", f"error:{error}", times=99)
    (what,) = wrong(tried(slack, waiting))
    assert what.startswith("Views: ")


def test_slack_validates_exactly_one_and_knows_no_text_of_a_message(slack: WebClient) -> None:
    assert error_of(slack.blocks_validate) == "invalid_arguments"
    assert error_of(slack.blocks_validate, blocks=[], message={"blocks": []}) == "invalid_arguments"
    assert error_of(slack.blocks_validate, message={"text": "x", "blocks": []}) == "invalid_message"
    assert error_of(slack.blocks_validate, blocks=[{"type": "input"}]) == "invalid_blocks"
    assert slack.blocks_validate(blocks=[{"type": "divider"}])["ok"]


@dataclass
class Run:
    """The command, as somebody starts it in a terminal."""

    sandbox: Sandbox
    folder: Path

    def environment(self, **changes: str) -> dict[str, str]:
        settings = {
            "SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": self.sandbox.api_url,
            "DATABASE_URL": f"sqlite:///{self.folder}/Priya Raman.db", "MANAGEMENT_CHANNEL": HERE,
            "MANAGERS": "U0PRIYA,U0GUS,U0NOBODY", "DIRECTORS": "U0RUTH", "HOME": str(self.folder),
        }  # fmt: skip
        return {**os.environ, **settings, **changes}

    def start(self) -> subprocess.Popen[str]:
        """As a program of its own, which ^C reaches as in a terminal."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "check", "--live"],
            env=self.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def begin(self, **changes: str) -> Command:
        return command(self.folder, self.environment(**changes), "check", "--live", "--json")


@pytest.fixture
def run(sandbox: Sandbox, tmp_path: Path) -> Iterator[Run]:
    sandbox._web_api._rates.count = lambda *_: None  # a real minute would pass
    # A shell that starts the tests in the background has them ignore ^C, and all that they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield Run(sandbox, tmp_path)
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(("method", "when"), [("chat.postMessage", "while it posts"), ("chat.update", "afterwards")])
def test_stopped_by_a_person_it_cleans_up(run: Run, method: str, when: str) -> None:
    order(run.sandbox, method, "slow", seconds=1)
    process = run.start()
    assert soon(lambda: get_json(f"{run.sandbox.url}sandbox/calls")["in_hand"] and _reached(run.sandbox, method)), when
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert said.strip() == "Stopped."
    assert soon(lambda: counts(run.sandbox).get("chat.postMessage") == 1)
    assert left(run.sandbox) == []


def _reached(sandbox: Sandbox, method: str) -> bool:
    """Whether a call of the method is under way, which the sandbox counts when it has answered."""
    return not [fault for fault in sandbox._web_api.faults._pending if fault.method == method and fault.times]


def test_what_it_prints_holds_no_secret_and_no_name(run: Run) -> None:
    at_work, nowhere = run.begin(), run.begin(SLACK_API_URL="http://127.0.0.1:1/api/")
    away = run.begin(DATABASE_URL="postgresql://somebody:hunter2@127.0.0.1:1/there", HEARTBEAT_URL="http://h/key")
    for begun in (at_work, nowhere, away):
        said = "".join(begun.result()[1:])
        assert not [word for word in SECRETS if word in said], said
        assert {finding["ok"] for finding in json.loads(said)} == {True, False}
    assert "OPERATORS" not in said


SECRETS = (TOKEN, SECRET, "hunter2", "somebody", "/key", "Priya", "Ruth", "Gus", "The Firm", 'management"', "#")
