"""Policy files of former releases load for ever: a key that a newer release adds has a default."""

from pathlib import Path

import pytest

from bot.cli.main import main
from bot.policy_file.load import load

KEPT = sorted((Path(__file__).parent / "policies").glob("*.toml"))


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_a_policy_file_that_a_firm_has_written_is_still_taken(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", str(file)]) == 0
    assert "can be used" in capsys.readouterr().out


def test_what_an_older_file_does_not_say_is_as_it_was() -> None:
    (oldest,) = (file for file in KEPT if file.stem == "before_0_1_0")
    policy = load(oldest, "UTC")
    assert policy.warnings_before_decision == 1
