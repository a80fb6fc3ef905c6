"""`policy init --preset`: another policy to begin with, which says for each difference where it comes from."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from bot.cli.main import main
from bot.policy_file.load import BUILT_IN, PRESETS, load

PUBLIC_BODY: Final = PRESETS["public-body-uk"].read_text(encoding="utf-8")
DIFFERENT: Final = {
    "ladder.warnings_before_decision",
    "texts.when_dropped",
    "texts.emergency",
    *(f"conditions.{key}" for key in ("set_times", "advocate", "agreement")),
}


def differences(one: object, other: object, path: str = "") -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            yield from differences(one.get(key), other.get(key), f"{path}.{key}".lstrip("."))
    elif one != other:
        yield path


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_written_and_can_be_used(preset: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "policy.toml"
    assert main(["policy", "init", str(file), "--preset", preset]) == 0
    assert file.read_bytes() == PRESETS[preset].read_bytes()
    assert main(["policy", "check", str(file)]) == 0
    said = capsys.readouterr().out
    assert "9 categories" in said
    assert "firm.address is empty, and letters ask customers to write to the address" in said
    file.write_text(PRESETS[preset].read_text(encoding="utf-8").replace('address = ""', 'address = "1 High Street"'))
    assert main(["policy", "check", str(file)]) == 0
    assert "address" not in capsys.readouterr().out


def test_the_policy_for_a_public_body_differs_only_where_a_source_says_so() -> None:
    built_in = tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))
    assert set(differences(built_in, tomllib.loads(PUBLIC_BODY))) == DIFFERENT
    for key in ("warnings_before_decision = 2", "when_dropped =", "emergency =", "[conditions.set_times]"):
        above = PUBLIC_BODY[: PUBLIC_BODY.index(f"\n{key}")].splitlines()
        comment = [line for line in above[-2:] if line.startswith("#")]
        assert re.search(r"\[\d", " ".join(comment)), key


def test_each_source_is_named_with_its_body_and_said_to_be_the_source_of_something() -> None:
    head, _, rest = PUBLIC_BODY.partition("# When the policy asks for a step.")
    assert "A LAWYER HAS TO LOOK AT THIS BEFORE YOU USE IT" in head
    listed = set(re.findall(r"^#   \[(\d)\] [A-Z].*\"?", head, re.MULTILINE))
    assert listed == set("1234567")
    assert {number for cited in re.findall(r"\[(\d)(?:, [^]]+)?\]", rest) for number in cited} == listed


def test_a_public_body_warns_twice_before_it_decides() -> None:
    policy = load(PRESETS["public-body-uk"], "Europe/London")
    assert policy.warnings_before_decision == 2
    assert sum(bool(condition.asks) for condition in policy.conditions.values()) == 4
