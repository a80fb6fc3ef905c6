"""Importing a list of customers: its lines, its problems, and the result."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.rules.customers import Customer


class SameName(StrEnum):
    """What it means that a name is on record with another reference than the list's.

    ONE: it is one customer, under a new reference. TWO: they are two customers of one name.
    """

    ONE = "one"
    TWO = "two"


COLUMNS: Final = ("name", "crm_reference", "worth", "owner")
"""What a list of customers may say, and an import may change."""


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One customer of the list. A field that is None leaves what is on record; an empty text clears it."""

    line: int
    name: str
    crm_reference: str | None = None
    worth: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of a line. `known`: the customer on record whom it is about. `after`: as they are to be."""

    listed: ImportLine
    known: Customer | None
    after: Customer

    @property
    def outcome(self) -> str:
        """What an import does with the line: "added", "changed" or "unchanged"."""
        if self.known is None:
            return "added"
        return "unchanged" if self.known == self.after else "changed"


def namesake(name: str, reference: str) -> str:
    """What a customer is called where another one has the name already."""
    return f"{name} ({reference})"


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong with a line of the list, and how to mend it."""

    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}. {self.mend}"


class CannotImport(Exception):  # noqa: N818 - it says what is so
    """The list has problems. `problems` is sorted by line.

    Nothing was imported, unless the record changed meanwhile so that a line became wrong: then `imported` lines were.
    """

    def __init__(self, problems: list[LineProblem], imported: int = 0) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        outcome = f"after {imported} lines were imported" if imported else "and nothing was imported"
        lines = [f"  {problem}" for problem in self.problems]
        super().__init__("\n".join([f"The list has {count}, {outcome}:", *lines]))


@dataclass(frozen=True, slots=True)
class Imported:
    """How many customers were added, changed, and left as they were."""

    added: int
    changed: int
    unchanged: int


def changed_fields(before: Customer, after: Customer) -> list[str]:
    """The names of the fields in which they differ."""
    return [name for name in COLUMNS if getattr(after, name) != getattr(before, name)]
