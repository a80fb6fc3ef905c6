"""`python -m bot summary`: a week in the terminal, or in its channel."""

import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from storage.database import Database
from tests.builders import FrozenClock, a_context, reported
from tests.slack.conftest import SECRET, TOKEN


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """An operator's shell."""
    chosen = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'record.db'}",
        "MANAGEMENT_CHANNEL": "C0MANAGE",
        "MANAGERS": "S0MANAGERS",
    }
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return sandbox


@pytest.mark.usefixtures("settings")
def test_a_week_is_shown_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "--week", "2026-W07"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Week 7, 9 to 15 February 2026\nCustomer conduct · as of ")
    assert "<!date" not in said
    assert "Refresh" not in said


def test_a_week_is_posted_once_and_corrected_in_place_after_that(
    settings: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert main(["summary", "--week", "2025-W07", "--post"]) == 0
        assert "Week 2025-W07 stands in C0MANAGE." in capsys.readouterr().out
        with closing(Database(os.environ["DATABASE_URL"])) as database:
            reported(a_context(database, FrozenClock(datetime(2025, 2, 12, 10, tzinfo=UTC))), category="other")
    posted = Person(settings.url, "U0PRIYA").channel("C0MANAGE")
    assert [message.text.split("\n")[0] for message in posted] == ["Week 7, 10 to 16 February 2025"]
    assert posted[0].raw["edited"]
    assert "1 report" in posted[0].text


@pytest.mark.usefixtures("settings")
def test_a_week_that_is_not_over_is_not_posted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "--week", "2089-W07", "--post"]) == 2
    assert "Week 2089-W07 is not over yet" in capsys.readouterr().err


@pytest.mark.usefixtures("settings")
def test_what_is_no_week_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["summary", "--week", "2025-W53"])
    assert "there is no week “2025-W53”" in capsys.readouterr().err
