"""CONFIRM_POSTS=off, against a Slack that grants no scope of the history."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.cli import manifest, reconcile
from bot.cli.shared import DOTENV
from bot.rules.policy.verdicts import Severity
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox, start
from bot.sandbox.workspace import FIRM, SCOPES
from bot.settings.load import load
from bot.usecases.reconcile import after_restore
from handlers.client.checkup import checkup
from handlers.client.transport import SlackTransport
from handlers.live.trial import MESSAGE_UNREAD, Trial
from handlers.notices import not_on_record
from tests.builders import PATIENCE, TEAM, dropped, opened
from tests.slack.assembled import Assembled, assembled
from tests.slack.calling import order
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import counts, office, patient_client, real_clock, shown
from tests.slack.test_check_live import few_views, left, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from storage.database import Database

REPEATED = "You may have had this message before"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    granted = frozenset(scope for scope in SCOPES if not scope.endswith(":history"))
    workspace = replace(FIRM, app=replace(FIRM.app, scopes=granted))
    running = start(workspace, token=TOKEN, signing_secret=SECRET, now=real_clock, bot_timeout=PATIENCE)
    yield running
    running.stop()


@pytest.fixture
def firm(sandbox: Sandbox, database_url: str) -> Iterator[Assembled]:
    firm = assembled(sandbox, database_url)
    firm.start(CONFIRM_POSTS="off")
    yield firm
    firm.stop()


def asked_for_history(sandbox: Sandbox) -> list[str]:
    return [method for method in counts(sandbox) if method in {"conversations.history", "conversations.replies"}]


@pytest.mark.parametrize("kind", ["drop_after", "500", "internal_error"])
def test_a_doubtful_post_is_sent_again_and_marked_as_a_possible_repeat(
    database: Database, sandbox: Sandbox, kind: str
) -> None:
    ours = office(database, sandbox, TOKEN)
    ours.slack = SlackTransport(patient_client(sandbox, TOKEN), confirms=False)
    order(sandbox, "chat.postMessage", kind)
    ours.want()
    ours.attempts_within(seconds=10)
    assert REPEATED in shown(sandbox)[-1]
    assert len(shown(sandbox)) == (2 if kind == "drop_after" else 1)
    ours.words = "Version 2"
    ours.want()
    ours.work()
    assert shown(sandbox)[-1] == "Case 1: Version 2"
    assert asked_for_history(sandbox) == []


def test_the_whole_bot_works_and_asks_for_no_history(firm: Assembled, sandbox: Sandbox) -> None:
    case = opened(firm.running[-1].context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    dropped(firm.running[-1].context, case.number, "U0PRIYA")
    firm.work()
    assert "dropped" in shown(sandbox)[0]
    assert firm.behind() == 0
    bot = firm.running[-1]
    assert after_restore(bot.context, bot.worker.delivery.slack, TEAM, not_on_record(), lambda _: None) is None
    assert asked_for_history(sandbox) == []


def test_after_a_restore_what_is_on_record_is_drawn_again_and_what_cannot_be_done_is_said(
    firm: Assembled,
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened(firm.running[-1].context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    (before,) = Person(sandbox.url, "U0PRIYA").channel("C0MANAGE")
    client = patient_client(sandbox, TOKEN)
    client.chat_update(channel="C0MANAGE", ts=before.ts, text="what a later record said")
    monkeypatch.chdir(tmp_path)
    for name, value in firm.settings.items():
        monkeypatch.setenv(name, value)
    assert reconcile.run(Namespace(env_file=DOTENV)) == 0
    assert "CONFIRM_POSTS is off, so the bot cannot look for others" in capsys.readouterr().out
    firm.work()
    (after,) = Person(sandbox.url, "U0PRIYA").channel("C0MANAGE")
    assert (after.text, after.buttons) == (before.text, before.buttons)
    assert asked_for_history(sandbox) == []


def test_check_asks_for_no_scope_that_is_not_needed(firm: Assembled, sandbox: Sandbox) -> None:
    settings = load(firm.settings, None)
    client = patient_client(sandbox, TOKEN)
    assert "Scopes: all 10 granted." in [finding.what for finding in checkup(client, settings)]
    found = [*Trial(client, settings, real_clock, lambda _: None).run(few_views)]
    assert wrong(found) == []
    assert found[0].what == f"MANAGEMENT_CHANNEL: {MESSAGE_UNREAD}."
    assert left(sandbox) == []
    assert asked_for_history(sandbox) == []


def test_what_a_check_without_history_may_have_left_is_said(firm: Assembled, sandbox: Sandbox) -> None:
    order(sandbox, "chat.postMessage", "drop_after")
    found = [
        *Trial(patient_client(sandbox, TOKEN), load(firm.settings, None), real_clock, lambda _: None).run(few_views)
    ]
    assert "a message of the bot's may be left in C0MANAGE. Delete it by hand" in wrong(found)[0]


@pytest.mark.parametrize(("said", "history"), [("CONFIRM_POSTS=off", False), ("CONFIRM_POSTS=", True), ("", True)])
def test_the_manifest_asks_for_them_only_where_they_are_used(
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    history: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(said)
    manifest.run(Namespace(url=None, env_file=DOTENV))
    asked = json.loads(capsys.readouterr().out)["oauth_config"]["scopes"]["bot"]
    assert any(scope.endswith(":history") for scope in asked) is history
