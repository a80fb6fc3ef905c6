"""Finds the line of each key in a TOML file, and everything in it that is no TOML: `tomllib` tells neither."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, NamedTuple

Path = tuple[str, ...]

_QUOTED_OR_COMMENT: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""' r"|'''.*?'''" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|#[^\n]*", re.DOTALL
)
_HEADER: Final = re.compile(r"\s*\[\[?\s*([\w.\s-]+?)\s*\]\]?\s*$")
_KEY: Final = re.compile(r"\s*([\w.-]+(?:\s*\.\s*[\w-]+)*)\s*=")
_STARTS: Final = re.compile(r"[A-Za-z_\[]")  # a statement; what it goes on with is indented, a string or a bracket
_NOTHING: Final = re.compile(r"[ \t\r]*(#.*)?")


class Slip(NamedTuple):
    """A statement that is no TOML: its first line, its text, and why."""

    line: int
    text: str
    error: tomllib.TOMLDecodeError


def without_slips(text: str) -> tuple[str, list[Slip]]:
    """What of a text is TOML, each line at its number, and what is not. A section is left out with its header."""
    slips = []
    left = dict(_statements(text))
    for line, statement in list(left.items()):
        if line in left and (error := _error(statement)):
            slips.append(Slip(line, statement, error))
            _leave_out(line, left)
    while error := _error(rest := _at_their_lines(left)):  # what stands there twice
        at = line_of_error(error, rest)
        line = max(each for each in left if each <= at)
        slips.append(Slip(1, "\n" * (at - 1) + left[line], error))
        _leave_out(line, left)
    return rest, slips


def line_of_error(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line of the text at which it is no TOML."""
    found = re.search(r" \(at line (\d+)", str(error))
    return int(found[1]) if found else text.count("\n") + 1


def line_of(path: Path, line_numbers: Mapping[Path, int]) -> int | None:
    """The line of a key, or of the innermost section around it that is in the file."""
    return next((line_numbers[path[:n]] for n in range(len(path), 0, -1) if path[:n] in line_numbers), None)


def line_numbers(text: str) -> dict[Path, int]:
    """The first line of each section and key of a text that is valid TOML. Quoted keys are left out."""
    found: dict[Path, int] = {}
    for number, path in _paths(text):
        for n in range(1, len(path) + 1):
            found.setdefault(path[:n], number)
    return found


def _error(text: str) -> tomllib.TOMLDecodeError | None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return error
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    lines = text.split("\n")
    starts = [n for n, line in enumerate(_without_strings(text).split("\n")) if n == 0 or _STARTS.match(line)]
    for start, end in pairwise([*starts, len(lines)]):
        statement = lines[start:end]
        while statement and _NOTHING.fullmatch(statement[-1]):
            statement.pop()
        if statement:
            yield start + 1, "\n".join(statement)


def _leave_out(line: int, statements: dict[int, str]) -> None:
    """Leave out the statement of this line, and all below it up to the next header if it is one itself."""
    headers = [each for each, text in statements.items() if each > line and text.startswith("[")]
    end = min(headers, default=max(statements) + 1) if statements[line].startswith("[") else line + 1
    for each in [each for each in statements if line <= each < end]:
        del statements[each]


def _at_their_lines(statements: Mapping[int, str]) -> str:
    found: list[str] = []
    for line, text in statements.items():
        found += [""] * (line - 1 - len(found)) + text.split("\n")
    return "\n".join(found)


def _paths(text: str) -> Iterator[tuple[int, Path]]:
    section: Path = ()
    depth = 0
    for number, line in enumerate(_without_strings(text).split("\n"), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if depth == 0 and header:
            section = _split(header[1])
            yield number, section
            continue
        if depth == 0 and key:
            yield number, section + _split(key[1])
        depth += sum(line.count(opening) for opening in "[{") - sum(line.count(closing) for closing in "]}")


def _without_strings(text: str) -> str:
    """The text with its strings emptied and comments removed: they may look like TOML. Lines keep their numbers."""
    return _QUOTED_OR_COMMENT.sub(lambda found: "\n" * found[0].count("\n") or '""'[: 2 * (found[0][0] != "#")], text)


def _split(dotted: str) -> Path:
    return tuple(key.strip() for key in dotted.split("."))
