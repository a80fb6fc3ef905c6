"""The policy file: read, checked all at once, and made into the policy."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bot.policy_file import messages as policy_problems
from bot.policy_file.messages import Problem
from bot.policy_file.schema import PolicyShape
from bot.policy_file.toml_lines import lines
from bot.rules.policy.policy import Policy

__all__ = ["BUILT_IN", "PolicyError", "Problem", "load", "parse", "say"]

BUILT_IN: Final = Path(__file__).with_name("default.toml")


class PolicyError(Exception):
    """The policy file cannot be used. `problems` names everything that is wrong, in the order of the lines."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(say(problems))
        self.problems = list(problems)


def load(path: Path | None, zone: str) -> Policy:
    """The policy of a file, or the built-in one. `zone`: the firm's time zone where the file names none.

    Raises PolicyError with every problem at once.
    """
    try:
        text = (path or BUILT_IN).read_text(encoding="utf-8-sig")  # Windows puts a mark in front
    except (OSError, UnicodeDecodeError) as error:
        mend = "save it as a plain text file in UTF-8 that the bot may read"
        raise PolicyError([Problem(str(path), None, "the file cannot be read", mend)]) from error
    return parse(text, zone)


def parse(text: str, zone: str) -> Policy:
    """The policy of a file's text. Raises PolicyError with every problem at once."""
    try:
        shape = PolicyShape.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError([policy_problems.of_syntax(error, text)]) from error
    except ValidationError as error:
        raise PolicyError(_problems(error, text)) from error
    return shape.policy(zone)


def say(problems: Sequence[Problem]) -> str:
    """The problems as the command line prints them."""
    count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
    return "\n".join([f"The policy has {count}:", *(f"  {problem}" for problem in problems)])


def _problems(error: ValidationError, text: str) -> list[Problem]:
    places = lines(text)
    builtin = tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))
    found = (policy_problems.of_shape(one, places, builtin) for one in error.errors(include_url=False))
    return sorted(found, key=lambda problem: (problem.line or 0, problem.where))
