"""Reads the policy file, names everything that is wrong with it, and makes the policy."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bot.policy_file.messages import PolicyProblem, schema_problem, syntax_problem
from bot.policy_file.schema import PolicyFile
from bot.policy_file.toml_lines import line_numbers
from bot.rules.policy.policy import Policy

BUILT_IN: Final = Path(__file__).with_name("default.toml")


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
        raise PolicyError([syntax_problem(error, text)]) from error
    except ValidationError as error:
        raise PolicyError(_problems(error, text)) from error


def as_text(problems: Sequence[PolicyProblem]) -> str:
    """The problems as the command line prints them."""
    count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"The policy has {count}:", *(f"  {problem}" for problem in problems)])


def _problems(error: ValidationError, text: str) -> list[PolicyProblem]:
    lines = line_numbers(text)
    built_in = tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))
    found = (schema_problem(one, lines, built_in) for one in error.errors(include_url=False))
    return sorted(found, key=lambda problem: (problem.line or 0, problem.where))
