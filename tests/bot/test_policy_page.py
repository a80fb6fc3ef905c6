"""`policy show` says all that the policy says, and `policy init` writes one that can be used."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.cli.policy_page import for_hr, for_staff
from bot.policy_file.load import BUILT_IN
from bot.policy_file.schema import PolicyFile

TEXT = BUILT_IN.read_text(encoding="utf-8")
# Another value that the schema takes, where adding one, or a word, makes none.
OTHERS: dict[str, object] = {
    **dict.fromkeys(("warn", "hear", "decide", "zero_tolerance", "extension"), "7 business days"),
    **dict.fromkeys(("review_notice", "appeal_within", "dispute_within"), "7 business days"),
    "zone": "Asia/Tokyo",
    "opens": "08:15",
    "closes": "18:15",
    "holidays": [date(2027, 1, 4)],
    "holidays_of": "IE",
    "days": ["tue"],
    "files": 7,
    "file_mb": 7,
    "approvals_to_drop": 2,
    "reminder": 0.7,
    "asks_for": "text",
    "at": ["hear"],
    "protection": "not_alone",
    "at_once": ["threat"],
    "after_warning": ["other"],
    "after_repetition": ["other"],
}
# What is in no sentence: whether the form that asks for a value offers people or takes a text.
UNSAID = {"asks_for"}


def leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if not isinstance(value, dict):
        yield path
        return
    for key, inner in value.items():
        yield from leaves(inner, (*path, key))


def changed(path: tuple[str, ...]) -> dict[str, Any]:
    whole = tomllib.loads(TEXT)
    *sections, key = path
    section = whole
    for each in sections:
        section = section[each]
    match section[key]:
        case bool(old):
            section[key] = not old
        case int(old) if key not in OTHERS:
            section[key] = old + 1
        case str(old) if key not in OTHERS:
            section[key] = f"{old} 7"
        case _:
            section[key] = OTHERS[key]
    return whole


def page(whole: dict[str, Any]) -> list[str]:
    policy = PolicyFile.model_validate(whole).policy("UTC")
    return [line for line in for_hr(policy) if policy.digest[:12] not in line]


PATHS = [each for each in leaves(tomllib.loads(TEXT)) if each != ("categories", "other", "zero_tolerance")]


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_the_page_for_hr_says_each_value_of_the_policy(path: tuple[str, ...]) -> None:
    says_so = page(changed(path)) != page(tomllib.loads(TEXT))
    assert says_so is (path[-1] not in UNSAID)


def test_the_page_for_staff_has_what_they_may_say_and_no_points(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "show", "--for", "staff"]) == 0
    said = capsys.readouterr().out
    policy = PolicyFile.model_validate(tomllib.loads(TEXT)).policy("UTC")
    assert said.splitlines() == list(for_staff(policy))
    for may_say in (policy.texts.boundary, policy.texts.end_contact, policy.texts.when_threatened):
        assert may_say in said
    assert "Points:" not in said


def test_the_policy_shown_is_the_one_of_the_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, settings = tmp_path / "own.toml", tmp_path / "own.env"
    file.write_text(TEXT.replace("warn_at_points = 4 ", "warn_at_points = 9 "))
    settings.write_text(f"POLICY_FILE={file}\nTIMEZONE=Asia/Tokyo\n")
    assert main(["policy", "show", "--env-file", str(settings)]) == 0
    said = capsys.readouterr().out
    assert "A warning is due from 9 points on" in said
    assert "Asia/Tokyo" in said


def test_init_writes_a_policy_that_can_be_used_and_never_over_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.toml"
    assert main(["policy", "init", str(file)]) == 0
    assert main(["policy", "check", str(file)]) == 0
    file.write_text("mine")
    capsys.readouterr()
    assert main(["policy", "init", str(file)]) == 2
    assert f"{file} is there already" in capsys.readouterr().err
    assert file.read_text() == "mine"
