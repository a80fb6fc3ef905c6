"""A list of customers in a CSV file: read, and checked all at once."""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.rules.customer_import import CannotImport, Listed, Problem
from bot.rules.name_matching import strict_key

if TYPE_CHECKING:
    from _csv import Reader

COLUMNS: Final = ("name", "crm_reference", "worth", "owner")
LONGEST: Final = 140  # characters of a name, a reference, a worth
EMPTY: Final = "-"  # empties what is on record
HEADER: Final = f"The first line names the columns: {','.join(COLUMNS)}"
_OWNER: Final = re.compile(r"[UW][A-Z0-9]{1,30}", re.ASCII)
_QUOTES: Final = 'A cell with a separator or a quote in it stands in quotes, and a quote within it is doubled: "".'

Record = tuple[int, list[str]]


def load(path: Path) -> tuple[Listed, ...]:
    """The customers of a file. Raises CannotImport with every problem at once."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"))  # Excel puts a mark in front
    except (OSError, UnicodeDecodeError) as error:
        mend = "Save it as CSV in UTF-8 where you may read it."
        raise CannotImport([Problem(1, f"{path} cannot be read", mend)]) from error


def parse(text: str) -> tuple[Listed, ...]:
    """The customers of a file's text, separated by commas or semicolons. Raises CannotImport with every problem."""
    records, problems = _records(text)
    header = records[0] if records else (1, [])
    names = [re.sub(r"\s+", "_", cell.strip().casefold()) for cell in header[1]]
    wrong = _header_problems(header[0], names)
    if wrong:
        raise CannotImport([*wrong, *problems])
    listed = [_listed(line, names, cells) for line, cells in records[1:]]
    problems += [problem for tx in records[1:] for problem in _surplus(tx, names)]
    problems += [problem for each in listed for problem in _problems(each)]
    problems += _twice(listed)
    if problems:
        raise CannotImport(problems)
    return tuple(listed)


def _records(text: str) -> tuple[list[Record], list[Problem]]:
    """The lines that hold something, each with its number in the file, and what cannot be read as CSV."""
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[Record] = []
    try:
        found.extend((line, cells) for line, cells in _numbered(reader) if any(cell.strip() for cell in cells))
    except csv.Error as error:
        return found, [Problem(reader.line_num, f"this is not CSV ({error})", _QUOTES)]
    return found, []


def _numbered(reader: "Reader") -> Iterator[Record]:
    """Each record with the number of the line it begins on: a cell in quotes may go over several."""
    line = 1
    for cells in reader:
        yield line, cells
        line = reader.line_num + 1


def _header_problems(line: int, names: Sequence[str]) -> list[Problem]:
    if not set(names) & set(COLUMNS):
        return [Problem(line, "there is no header", f"{HEADER}.")]
    unknown = [Problem(line, f"there is no column {name!r}", _meant(name)) for name in names if name not in COLUMNS]
    twice = {name for name in names if names.count(name) > 1} & set(COLUMNS)
    repeated = [Problem(line, f"the column {name!r} is there twice", "Keep one of them.") for name in sorted(twice)]
    missing = [] if "name" in names else [Problem(line, "the column 'name' is missing", f"{HEADER}.")]
    return [*unknown, *repeated, *missing]


def _meant(name: str) -> str:
    like = difflib.get_close_matches(name, COLUMNS, n=1, cutoff=0.7)
    return f"Did you mean {like[0]}?" if like else f"{HEADER}; name alone is enough."


def _listed(line: int, names: Sequence[str], cells: Sequence[str]) -> Listed:
    said = {name: " ".join(cell.split()) for name, cell in zip(names, cells, strict=False)}
    name = said.pop("name", "")
    return Listed(line, name, **{key: "" if text == EMPTY else text for key, text in said.items() if text})


def _surplus(tx: Record, names: Sequence[str]) -> Iterator[Problem]:
    line, cells = tx
    if any(cell.strip() for cell in cells[len(names) :]):
        yield Problem(line, f"there are {len(cells)} cells for {len(names)} columns", _QUOTES)


def _problems(listed: Listed) -> Iterator[Problem]:
    if not strict_key(listed.name):
        yield Problem(listed.line, "the name is missing", "Every customer needs one, with a letter or a digit in it.")
    for what, text in (("name", listed.name), ("CRM reference", listed.crm_reference), ("worth", listed.worth)):
        if text and len(text) > LONGEST:
            yield Problem(listed.line, f"the {what} has {len(text)} characters", f"Up to {LONGEST} fit; shorten it.")
        if text and "\0" in text:
            yield Problem(listed.line, f"the {what} holds a character that is none", "Write it again.")
    if listed.owner and not _OWNER.fullmatch(listed.owner):
        mend = "Copy the member ID from the person's profile; it begins with U."
        yield Problem(listed.line, f"the owner {listed.owner[:40]!r} is no Slack user ID", mend)


def _twice(listed: Sequence[Listed]) -> Iterator[Problem]:
    """The same name or the same reference on a line further up."""
    seen: dict[tuple[str, str], int] = {}
    for each in listed:
        for what, key in (("name", strict_key(each.name)), ("CRM reference", each.crm_reference)):
            first = seen.setdefault((what, key), each.line) if key else each.line
            if first != each.line:
                yield Problem(
                    each.line, f"the same {what} as in line {first}", "Keep one of the two, or tell them apart."
                )
