"""`erase`, typed beside a running bot: what Slack shows of the customer is edited."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.slack.test_serve import ROOT, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.sandbox.person import Person
    from bot.sandbox.server import Sandbox

TOLD = {"What kind of conduct?": "Verbal abuse", "How serious?": "Minor", "What happened?": "She called me a gnu."}


def erase(folder: Path, sandbox: Sandbox, *words: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_SIGNING_SECRET": "shhh",
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{folder / 'record.db'}",
        "MANAGEMENT_CHANNEL": "C0MANAGE",
        "MANAGERS": "S0MANAGERS",
    }
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot", "erase", *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.fixture
def bot_beside(sandbox: Sandbox, tmp_path: Path) -> object:
    with serving(sandbox, tmp_path) as running:
        sandbox.bot_url = f"{running.url}slack/events"
        yield running


@pytest.mark.usefixtures("bot_beside")
def test_the_reps_message_says_that_it_was_erased(
    sandbox: Sandbox, person: Callable[[str], Person], tmp_path: Path
) -> None:
    ana = person("U0ANA")
    form = ana.command("/report-abuse", "Zenith Corp")
    form.fill(TOLD)
    form.submit()
    ana.direct_message("Your report on Zenith Corp")
    asked = erase(tmp_path, sandbox, "--customer", "Zenith Corp")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "Say --yes. Nothing was erased." in asked.stderr
    done = erase(tmp_path, sandbox, "--customer", "Zenith Corp", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Found: customer 1, Zenith Corp, no reference, ")
    assert "Customer 1 is erased: names and texts, in records: 1." in done.stdout
    ana.direct_message("Your report on Erased customer 1")
    assert not [message for message in ana.direct_messages() if "Zenith" in str(message.raw)]
