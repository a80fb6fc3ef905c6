"""What is wrong with a policy file, in an operator's words."""

import difflib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import ErrorDetails

from bot.policy_file.toml_lines import Path, line_of

# By pydantic's names of what can be wrong.
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
EXPLAINED: Final = "see docs/policy.md"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: the key it is about ("" for the file as a whole), its line, what is wrong, and the mend."""

    where: str
    line: int | None
    what: str
    mend: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"line {self.line}" if self.line else "", self.where) if part)
        mend = f"{self.mend[0].upper()}{self.mend[1:]}{'' if self.mend.endswith('?') else '.'}"
        return f"{place or 'the file'}: {self.what}. {mend}"


def of_syntax(error: tomllib.TOMLDecodeError, text: str) -> Problem:
    """The one problem of a file that is no TOML: reading stops there."""
    message, _, place = str(error).rpartition(" (at ")
    found = re.match(r"line (\d+)", place)
    line = int(found[1]) if found else text.count("\n") + 1
    if message.startswith("Cannot "):
        return Problem("", line, "the same key or section stands here a second time", "keep one of the two")
    what = f"this is not TOML: {message[:1].lower()}{message[1:]}"
    return Problem("", line, what, 'check the quotes, commas and brackets here; text stands in "quotes"')


def of_shape(error: ErrorDetails, lines: Mapping[Path, int], builtin: Mapping[str, Any]) -> Problem:
    """The problem behind one of pydantic's errors. `builtin`: the built-in policy's file, which the mend quotes."""
    context = error.get("ctx", {})
    inner = tuple(context.get("key", "").split(".")) if context.get("key") else ()
    path = tuple(str(part) for part in error["loc"] if not isinstance(part, int) and part != "[key]") + inner
    where, line = ".".join(path), line_of(path, lines)
    if "what" in context:
        return Problem(where, line, context["what"], context["mend"])
    what = WHAT[error["type"]].format(**context) if error["type"] in WHAT else error["msg"].lower()
    return Problem(where, line, what, _mend(error["type"], path, builtin))


def _mend(kind: str, path: Path, builtin: Mapping[str, Any]) -> str:
    if kind == "extra_forbidden":
        known = list(_example(path[:-1], builtin))
        near = difflib.get_close_matches(path[-1], known, n=1)
        return f"did you mean {near[0]}?" if near else f"take it out; known here: {', '.join(known)}"
    example = _example(path, builtin)
    if isinstance(example, dict):
        return "the built-in policy has such a section: copy it and change it"
    return EXPLAINED if example is None else f"the built-in policy has {path[-1]} = {json.dumps(example)}"


def _example(path: Path, builtin: Any) -> Any:  # noqa: ANN401 - a piece of TOML can be anything
    """What the built-in policy has there. The firm's own categories and the like take after the last built-in one."""
    for n, part in enumerate(path):
        named = n == 1 and path[0] in {"categories", "conditions", "safeguards", "reason_classes"}
        builtin = builtin.get(part, list(builtin.values())[-1] if named else None)
    return builtin
