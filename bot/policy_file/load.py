"""Reads the policy file, names everything that is wrong with it, and makes the policy."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bot.policy_file.messages import WHAT, PolicyProblem, schema_problem, syntax_problem
from bot.policy_file.schema import PolicyFile
from bot.policy_file.toml_lines import line_numbers, without_slips
from bot.rules.policy.policy import Policy

NO_SECTION: Final = "there is no ["  # how it is said that a section is named elsewhere, and is not there
BUILT_IN: Final = Path(__file__).with_name("default.toml")
PRESETS: Final = {"public-body-uk": BUILT_IN.with_name("public_body_uk.toml")}


class PolicyError(Exception):
    """The policy file cannot be used. `problems` names everything that is wrong, in the order of the lines."""

    def __init__(self, problems: Sequence[PolicyProblem]) -> None:
        super().__init__(as_text(problems))
        self.problems = list(problems)


def load(path: Path | None, zone: str) -> Policy:
    """The policy of a file, or the built-in one. `zone`: the firm's time zone if the file names none.

    Raises PolicyError with every problem at once.
    """
    try:
        text = (path or BUILT_IN).read_text(encoding="utf-8-sig")  # Windows writes a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        mend = "save it as a plain text file in UTF-8 that the bot may read"
        raise PolicyError([PolicyProblem(str(path), None, "the file cannot be read", mend)]) from error
    return parse(text, zone)


def parse(text: str, zone: str) -> Policy:
    """The policy of a file's text. Raises PolicyError with every problem at once."""
    try:
        return PolicyFile.model_validate(tomllib.loads(text)).policy(zone)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(_with_slips(error, text)) from error
    except ValidationError as error:
        raise PolicyError(_problems(error, text)) from error


def as_text(problems: Sequence[PolicyProblem]) -> str:
    """The problems as the command line prints them."""
    count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"The policy has {count}:", *(f"  {problem}" for problem in problems)])


def _with_slips(error: tomllib.TOMLDecodeError, text: str) -> list[PolicyProblem]:
    """What is no TOML, and what is wrong with the rest, where nothing is missing that only could not be read."""
    rest, slips = without_slips(text)
    found = [syntax_problem(slip.error, slip.text, slip.line) for slip in slips]
    found = found or [syntax_problem(error, text)]  # as for a control character in a comment
    try:
        if rest:
            PolicyFile.model_validate(tomllib.loads(rest))
    except ValidationError as wrong:
        unread = "\n".join(slip.text for slip in slips)
        sections_missing = any(slip.text.lstrip().startswith("[") for slip in slips)
        found += [
            each
            for each in _problems(wrong, rest)
            if (each.what != WHAT["missing"] or each.where.rpartition(".")[2] not in unread)
            and not (sections_missing and each.what.startswith(NO_SECTION))
        ]
    return sorted(found, key=lambda problem: problem.line or 0)


def _problems(error: ValidationError, text: str) -> list[PolicyProblem]:
    lines = line_numbers(text)
    built_in = tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))
    found = (schema_problem(one, lines, built_in) for one in error.errors(include_url=False))
    return sorted(found, key=lambda problem: (problem.line or 0, problem.where))
