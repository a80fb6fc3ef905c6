"""Finds the line of each key in a TOML file, which `tomllib` does not tell."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

Path = tuple[str, ...]

_QUOTED_OR_COMMENT: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""' r"|'''.*?'''" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'" r"|#[^\n]*", re.DOTALL
)
_HEADER: Final = re.compile(r"\s*\[\[?\s*([\w.\s-]+?)\s*\]\]?\s*$")
_KEY: Final = re.compile(r"\s*([\w.-]+(?:\s*\.\s*[\w-]+)*)\s*=")


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
