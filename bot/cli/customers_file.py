"""Reads customers from a CSV file, and names everything that is wrong with it."""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bot.rules.customer_import import CannotImport, ImportLine, LineProblem
from bot.rules.fields import LONGEST_NAME, is_blank, is_storable
from bot.rules.name_matching import strict_key
from bot.rules.text import units

COLUMNS: Final = ("name", "crm_reference", "worth", "owner")
EMPTY: Final = "-"  # in a cell: deletes what is on record
HEADER: Final = f"The first line names the columns: {','.join(COLUMNS)}"
_OWNER: Final = re.compile(r"[UW][A-Z0-9]{1,30}", re.ASCII)
_QUOTES: Final = 'A cell with a separator or a quote in it stands in quotes, and a quote within it is doubled: "".'

Record = tuple[int, list[str]]  # the number of its first line, and its cells


def load(path: Path) -> tuple[ImportLine, ...]:
    """The customers of a file. Raises CannotImport with every problem at once."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"))  # Excel writes a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        mend = "Save it as CSV in UTF-8 where you may read it."
        raise CannotImport([LineProblem(1, f"{path} cannot be read", mend)]) from error


def parse(text: str) -> tuple[ImportLine, ...]:
    """The customers of a file's text. Raises CannotImport with every problem at once."""
    records, problems = _records(text)
    (header_line, header), rows = (records[0], records[1:]) if records else ((1, []), [])
    names = [re.sub(r"\s+", "_", cell.strip().casefold()) for cell in header]
    header_problems = _header_problems(header_line, names)
    if header_problems:
        raise CannotImport([*header_problems, *problems])
    listed = [_import_line(line, names, cells) for line, cells in rows]
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(names) :]):
            problems.append(LineProblem(line, f"there are {len(cells)} cells for {len(names)} columns", _QUOTES))
    problems += [problem for each in listed for problem in _line_problems(each)]
    problems += _duplicates(listed)
    if problems:
        raise CannotImport(problems)
    return tuple(listed)


def _records(text: str) -> tuple[list[Record], list[LineProblem]]:
    """The records that are not empty, and what cannot be read as CSV. Comma or semicolon: whichever the header has."""
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[Record] = []
    line = 1  # where the next record begins; a cell in quotes may have several lines
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        return records, [LineProblem(reader.line_num, f"this is not CSV ({error})", _QUOTES)]
    return records, []


def _header_problems(line: int, names: Sequence[str]) -> list[LineProblem]:
    if not set(names) & set(COLUMNS):
        return [LineProblem(line, "there is no header", f"{HEADER}.")]
    unknown = [
        LineProblem(line, f"there is no column {name!r}", _suggestion(name)) for name in names if name not in COLUMNS
    ]
    twice = {name for name in names if names.count(name) > 1} & set(COLUMNS)
    repeated = [LineProblem(line, f"the column {name!r} is there twice", "Keep one of them.") for name in sorted(twice)]
    missing = [] if "name" in names else [LineProblem(line, "the column 'name' is missing", f"{HEADER}.")]
    return [*unknown, *repeated, *missing]


def _suggestion(name: str) -> str:
    like = difflib.get_close_matches(name, COLUMNS, n=1, cutoff=0.7)
    return f"Did you mean {like[0]}?" if like else f"{HEADER}; name alone is enough."


def _import_line(line: int, names: Sequence[str], cells: Sequence[str]) -> ImportLine:
    shown = {name: "" if is_blank(cell) else cell for name, cell in zip(names, cells, strict=False)}
    texts = {name: " ".join(cell.split()) for name, cell in shown.items()}
    name = texts.pop("name", "")
    return ImportLine(line, name, **{key: "" if text == EMPTY else text for key, text in texts.items() if text})


def _line_problems(listed: ImportLine) -> Iterator[LineProblem]:
    if not strict_key(listed.name):
        mend = "Every customer needs one, with a letter or a digit in it."
        yield LineProblem(listed.line, "the name is missing", mend)
    for what, text in (("name", listed.name), ("CRM reference", listed.crm_reference), ("worth", listed.worth)):
        if text and units(text) > LONGEST_NAME:
            mend = f"Up to {LONGEST_NAME} fit; shorten it."
            yield LineProblem(listed.line, f"the {what} has {units(text)} characters", mend)
        if text and not is_storable(text):
            yield LineProblem(listed.line, f"the {what} holds a character that is none", "Write it again.")
    if listed.owner and not _OWNER.fullmatch(listed.owner):
        mend = "Copy the member ID from the person's profile; it begins with U."
        yield LineProblem(listed.line, f"the owner {listed.owner[:40]!r} is no Slack user ID", mend)


def _duplicates(listed: Sequence[ImportLine]) -> Iterator[LineProblem]:
    """Lines with the name or the reference of an earlier line."""
    seen: dict[tuple[str, str], int] = {}
    for each in listed:
        for what, key in (("name", strict_key(each.name)), ("CRM reference", each.crm_reference)):
            first = seen.setdefault((what, key), each.line) if key else each.line
            if first != each.line:
                mend = "Keep one of the two, or tell them apart."
                yield LineProblem(each.line, f"the same {what} as in line {first}", mend)
