"""Reads customers from a CSV file as programs save them, and names everything that is wrong with it."""

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.cli.text_file import decoded
from bot.rules.customer_import import COLUMNS, CannotImport, ImportLine, LineProblem
from bot.rules.fields import LONGEST_NAME, is_blank, is_storable
from bot.rules.name_matching import strict_key
from bot.rules.people import USER_ID
from bot.rules.text import units

EMPTY: Final = "-"  # in a cell: deletes what is on record
HEADER: Final = f"The first line names the columns: {','.join(COLUMNS)}"
NO_COLUMNS: Final[Mapping[str, str]] = MappingProxyType({})
FOOTER: Final = "Left out, since it looks like a footer: {lines}."
_QUOTES: Final = 'A cell with a separator or a quote in it stands in quotes, and a quote within it is doubled: "".'
_SEPARATORS: Final = ",;\t|"
_SAID_SEPARATOR: Final = re.compile(rf'\s*"?sep=([{_SEPARATORS}])"?[ \t]*\r?\n', re.IGNORECASE)
_SHORTENED: Final = re.compile(r"[+-]?\d+([.,]\d+)?e\+\d+", re.IGNORECASE)
_AS_FRACTION: Final = re.compile(r"\d+[.,]0+")
_FORMULA: Final = re.compile(r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|NV|BEZUG!|WERT!)", re.IGNORECASE)
_TOTAL: Final = re.compile(r"(grand |sub)?(totals?|totaux|sum|summe|gesamt(summe)?)[:\s\d.,()]*", re.IGNORECASE)

Record = tuple[int, list[str]]  # the number of its first line, and its cells
Note = Callable[[str], None]


def load(path: Path, columns: Mapping[str, str] = NO_COLUMNS, note: Note = lambda _: None) -> tuple[ImportLine, ...]:
    """The customers of a file. `columns`: what the file calls ours. `note` gets what was taken otherwise than given.

    Raises CannotImport with every problem at once.
    """
    try:
        return parse(decoded(path.read_bytes(), note), columns, note)
    except (OSError, UnicodeDecodeError) as error:
        mend = "Save it as CSV in UTF-8 where you may read it."
        raise CannotImport([LineProblem(1, f"{path} cannot be read", mend)]) from error


def parse(text: str, columns: Mapping[str, str] = NO_COLUMNS, note: Note = lambda _: None) -> tuple[ImportLine, ...]:
    """The customers of a file's text. Raises CannotImport with every problem at once."""
    problems: list[LineProblem] = []
    records = _records(text, problems)
    header_line, header = next(records, (1, []))
    names = _names(header, columns)
    header_problems = _header_problems(header_line, header, names, columns)
    if header_problems:
        raise CannotImport([*header_problems, *problems])
    listed = []
    for line, cells in _without_footer(records, len(header), note):
        problems += _cell_problems(line, names, cells, chosen=bool(columns))
        listed.append(_import_line(line, names, cells))
    problems += [problem for each in listed for problem in _line_problems(each)]
    problems += [*_duplicates(listed), *_total(listed)]
    if problems:
        raise CannotImport(problems)
    return tuple(listed)


def _records(text: str, problems: list[LineProblem]) -> Iterator[Record]:
    """The records, also empty ones, from the header on; into `problems` goes what cannot be read as CSV."""
    said = _SAID_SEPARATOR.match(text)
    line = 2 if said else 1  # where the next record begins; a cell in quotes may have several lines
    rest = io.StringIO(text, newline="")
    rest.seek(said.end() if said else 0)
    reader = csv.reader(rest, delimiter=said[1] if said else _separator(text), strict=True)
    before, header_seen = line - 1, False
    try:
        for cells in reader:
            header_seen = header_seen or any(cell.strip() for cell in cells)
            if header_seen:
                yield line, cells
            line = before + reader.line_num + 1
    except csv.Error as error:
        problems.append(LineProblem(before + reader.line_num, f"this is not CSV ({error})", _QUOTES))


def _separator(text: str) -> str:
    """Whichever the header has most of, outside quotes."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\r\n")).partition("\n")[0]
    return max(_SEPARATORS, key=first.count)


def _names(header: Sequence[str], columns: Mapping[str, str]) -> list[str | None]:
    """Our name for each column; its own one where it is none of ours; None for a column that is left out."""
    ours = {_folded(theirs): name for name, theirs in columns.items()}
    found = [ours.get(_folded(cell), "" if _folded(cell) in columns else _folded(cell)) for cell in header]
    return [name if name and (not columns or name in COLUMNS) else None for name in found]


def _folded(cell: str) -> str:
    return re.sub(r"\s+", "_", cell.strip().casefold())


def _header_problems(
    line: int, header: Sequence[str], names: Sequence[str | None], columns: Mapping[str, str]
) -> list[LineProblem]:
    there = {_folded(cell) for cell in header}
    absent = [theirs for theirs in columns.values() if _folded(theirs) not in there]
    if absent:
        called = ", ".join(cell.strip() for cell in header)
        return [LineProblem(line, f"there is no column {each!r}", f"The columns are: {called}.") for each in absent]
    if not set(names) & set(COLUMNS):
        mend = f'{HEADER}. For others: --columns name="Account Name" crm_reference="Account ID"'
        return [LineProblem(line, "there is no header", f"{mend}.")]
    unknown = [
        LineProblem(line, f"there is no column {name!r}", _suggestion(name, names))
        for name in names
        if name and name not in COLUMNS
    ]
    twice = {name for name in names if name and names.count(name) > 1} & set(COLUMNS)
    repeated = [LineProblem(line, f"the column {name!r} is there twice", "Keep one of them.") for name in sorted(twice)]
    missing = [] if "name" in names else [LineProblem(line, "the column 'name' is missing", f"{HEADER}.")]
    return [*unknown, *repeated, *missing]


def _suggestion(name: str, names: Sequence[str | None]) -> str:
    like = difflib.get_close_matches(name, COLUMNS, n=1, cutoff=0.7)
    if like and like[0] not in names:
        return f"Did you mean {like[0]}?"
    return f'{HEADER}; name alone is enough. --columns name="…" says which columns are meant, and leaves out others.'


def _without_footer(records: Iterable[Record], columns: int, note: Note) -> Iterator[Record]:
    """The records that are not empty, but for a footer: lines of one cell after an empty line, to the end."""
    waiting: list[Record] = []
    after_empty = False
    for record in records:
        filled = sum(bool(cell.strip()) for cell in record[1])
        if not filled:
            after_empty = True
        elif columns > 1 and filled == 1 and (after_empty or waiting) and record[1][0].strip():
            waiting.append(record)
        else:
            yield from waiting
            yield record
            waiting, after_empty = [], False
    if waiting and any(_is_footer(cells[0]) for _, cells in waiting):
        note(FOOTER.format(lines=", ".join(f"line {line} ({cells[0].strip()[:40]!r})" for line, cells in waiting)))
    else:
        yield from waiting


def _is_footer(text: str) -> bool:
    """What Salesforce and others write below a report, and never call a customer."""
    words = r"copyright|©|confidential information|generated by|all rights reserved|(total )?(records|rows)\b"
    return bool(_TOTAL.fullmatch(text.strip()) or re.match(words, text.strip(), re.IGNORECASE))


def _import_line(line: int, names: Sequence[str | None], cells: Sequence[str]) -> ImportLine:
    shown = {name: "" if is_blank(cell) else cell for name, cell in zip(names, cells, strict=False) if name}
    texts = {name: " ".join(cell.split()) for name, cell in shown.items()}
    name = texts.pop("name", "")
    return ImportLine(line, name, **{key: "" if text == EMPTY else text for key, text in texts.items() if text})


def _cell_problems(
    line: int, names: Sequence[str | None], cells: Sequence[str], *, chosen: bool
) -> Iterator[LineProblem]:
    """`chosen`: `--columns` says which columns are taken; any other may hold what it wants."""
    if any(cell.strip() for cell in cells[len(names) :]):
        yield LineProblem(line, f"there are {len(cells)} cells for {len(names)} columns", _QUOTES)
    for name, cell in zip(names, cells, strict=False):
        if not name and not chosen and not is_blank(cell):
            yield LineProblem(line, f"{cell[:40]!r} stands below no name of a column", "Name the column, or empty it.")
        if name and _FORMULA.fullmatch(cell.strip()):
            yield LineProblem(line, f"the {name} is {cell.strip()}, which a spreadsheet could not work out", "Mend it.")


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
    reference = listed.crm_reference or ""
    if _SHORTENED.fullmatch(reference) or _AS_FRACTION.fullmatch(reference):
        mend = "Format the column as text, enter it again from the CRM, and save the list."
        yield LineProblem(listed.line, f"the CRM reference {reference} is a number as a spreadsheet writes it", mend)
    if listed.owner and not USER_ID.fullmatch(listed.owner):
        mend = "Copy the member ID from the person's profile; it begins with U."
        yield LineProblem(listed.line, f"the owner {listed.owner[:40]!r} is no Slack user ID", mend)


def _duplicates(listed: Sequence[ImportLine]) -> Iterator[LineProblem]:
    """Lines with the reference of an earlier line; or with its name, where not both have references of their own."""
    references: dict[str, int] = {}
    names: dict[str, ImportLine] = {}
    for each in listed:
        if each.crm_reference and references.setdefault(each.crm_reference, each.line) != each.line:
            mend = "Keep one of the two, or tell them apart."
            yield LineProblem(each.line, f"the same CRM reference as in line {references[each.crm_reference]}", mend)
            continue
        first = names.setdefault(strict_key(each.name), each) if strict_key(each.name) else each
        if first is not each and not (first.crm_reference and each.crm_reference):
            mend = "Keep one of the two, or give each its CRM reference."
            yield LineProblem(each.line, f"the same name as in line {first.line}", mend)


def _total(listed: Sequence[ImportLine]) -> Iterator[LineProblem]:
    """A sum below the list, which is no customer."""
    if len(listed) > 1 and _TOTAL.fullmatch(listed[-1].name) and not listed[-1].crm_reference:
        mend = "Delete the line; if it is a customer, give them their CRM reference or move the line up."
        yield LineProblem(listed[-1].line, f"{listed[-1].name!r} looks like a sum below the list", mend)
