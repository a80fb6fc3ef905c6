"""What is wrong with a policy file, in an operator's words."""

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import ErrorDetails

from bot.policy_file.toml_lines import Path, line_of, line_of_error

# What is wrong, by pydantic's error type.
WHAT: Final = {
    "missing": "is missing",
    "extra_forbidden": "there is no such key",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "string_type": "must be text in quotes",
    "list_type": "must be a list in [brackets]",
    "dict_type": "must be a section",
    "model_type": "must be a section",
    "date_type": "must be a date such as 2026-12-25, without quotes",
    "time_type": 'must be a time such as "09:00"',
    "literal_error": "must be one of {expected}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "greater_than": "must be more than {gt:g}",
    "less_than": "must be less than {lt:g}",
    "string_too_long": "has more than {max_length} characters",
    "string_too_short": "is empty",
    "too_long": "has more than {max_length} entries",
    "too_short": "has no entries",
    "string_pattern_mismatch": "is no key: small letters, digits and _, a letter first, 50 at most",
}


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """`where` is the key, or "" for the whole file; `mend` says how to put it right."""

    where: str
    line: int | None
    what: str
    mend: str

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.where)))
        mend = f"{self.mend[0].upper()}{self.mend[1:]}{'' if self.mend.endswith('?') else '.'}"
        return f"{where or 'the file'}: {self.what}. {mend}"


def syntax_problem(error: tomllib.TOMLDecodeError, text: str, first_line: int = 1) -> PolicyProblem:
    """The problem of a text that is not TOML and begins at this line of the file: the parser stops at the first."""
    message = str(error).rpartition(" (at ")[0]
    line = first_line - 1 + line_of_error(error, text)
    if message.startswith("Cannot "):
        return PolicyProblem("", line, "the same key or section stands here a second time", "keep one of the two")
    what = f"this is not TOML: {message[:1].lower()}{message[1:]}"
    return PolicyProblem("", line, what, 'check the quotes, commas and brackets here; text stands in "quotes"')


def schema_problem(error: ErrorDetails, line_numbers: Mapping[Path, int], built_in: Mapping[str, Any]) -> PolicyProblem:
    """The problem that one of pydantic's errors means. `built_in`: the built-in policy, which the mend quotes."""
    context = error.get("ctx", {})
    inner = tuple(context.get("key", "").split(".")) if context.get("key") else ()
    path = tuple(str(part) for part in error["loc"] if not isinstance(part, int) and part != "[key]") + inner
    where, line = ".".join(path), line_of(path, line_numbers)
    if "what" in context:
        return PolicyProblem(where, line, context["what"], context["mend"])
    what = WHAT[error["type"]].format(**context) if error["type"] in WHAT else error["msg"].lower()
    return PolicyProblem(where, line, what, _mend(error["type"], path, built_in))


def _mend(kind: str, path: Path, built_in: Mapping[str, Any]) -> str:
    if kind == "extra_forbidden":
        known = list(_example(path[:-1], built_in))
        near = difflib.get_close_matches(path[-1], known, n=1)
        return f"did you mean {near[0]}?" if near else f"take it out; known here: {', '.join(known)}"
    example = _example(path, built_in)
    if isinstance(example, dict):
        return "the built-in policy has such a section: copy it and change it"
    return "see docs/policy.md" if example is None else f"the built-in policy has {path[-1]} = {json.dumps(example)}"


def _example(path: Path, value: Any) -> Any:  # noqa: ANN401 - any TOML value
    """The built-in policy's value at this path. For a category of the firm's own it is the last built-in one's."""
    for n, key in enumerate(path):
        is_own = n == 1 and path[0] in {"categories", "conditions", "safeguards", "reason_classes"}
        value = value.get(key, list(value.values())[-1] if is_own else None)
    return value
