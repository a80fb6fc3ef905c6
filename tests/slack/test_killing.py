"""An acknowledged report is never lost or doubled, though the bot is killed at random moments."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.slack.killing import kill_repeatedly

if TYPE_CHECKING:
    from pathlib import Path

KILLS = int(os.environ.get("KILLS", "8"))
SEED = int(os.environ.get("SEED", "4"))


@pytest.mark.timeout(600 + 20 * KILLS)
def test_nothing_acked_is_lost_halved_or_doubled_by_kills(database_url: str, tmp_path: Path) -> None:
    found = kill_repeatedly(tmp_path, database_url, kills=KILLS, seed=SEED, min_reported=11)
    assert found.forms == found.acked > 10
    assert found.faults() == {}, found
