"""What docs/security-review.md says of a scope that is missing: what fails, and that the rest goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.rules.policy.verdicts import Severity
from bot.sandbox.person import Person
from bot.sandbox.server import start
from bot.sandbox.workspace import FIRM
from bot.settings.load import load
from handlers.client.checkup import checkup
from handlers.names import SCOPES
from tests.builders import PATIENCE, opened
from tests.slack.assembled import assembled
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import patient_client, real_clock

if TYPE_CHECKING:
    from pathlib import Path

NOTHING = "chat:write"  # without it nothing is posted; a message to somebody needs no other


@pytest.mark.parametrize("missing", SCOPES)
def test_without_a_scope_only_that_fails_which_needs_it(missing: str, migrated_file: Path, tmp_path: Path) -> None:
    (tmp_path / "backstop.db").write_bytes(migrated_file.read_bytes())
    workspace = replace(FIRM, app=replace(FIRM.app, scopes=FIRM.app.scopes - {missing}))
    sandbox = start(workspace, token=TOKEN, signing_secret=SECRET, now=real_clock, bot_timeout=PATIENCE)
    firm = assembled(sandbox, f"sqlite:///{tmp_path / 'backstop.db'}")
    try:
        bot = firm.start()
        opened(bot.context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
        firm.work()
        assert bool(Person(sandbox.url, "U0PRIYA").channel("C0MANAGE")) is (missing != NOTHING)
        assert bool(Person(sandbox.url, "U0ANA").direct_messages()) is (missing != NOTHING)
        findings = checkup(patient_client(sandbox, TOKEN), load(firm.settings, None))
        assert any(missing in finding.what for finding in findings if not finding.ok)
    finally:
        firm.stop()
        sandbox.stop()
