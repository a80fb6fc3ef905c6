"""Customers as a list from elsewhere names them, a line each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list. None says nothing, and what is on record stays; an empty text empties it."""

    line: int
    name: str
    crm_reference: str | None = None
    worth: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line of the list, and the mend."""

    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}. {self.mend}"


class CannotImport(Exception):  # noqa: N818 - it says what is so
    """The list cannot be used, and nothing was imported. `problems`: everything that is wrong, by line."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = [f"  {problem}" for problem in self.problems]
        super().__init__("\n".join([f"The list has {count}, and nothing was imported:", *lines]))


@dataclass(frozen=True, slots=True)
class Imported:
    """How many customers were new, changed, and as they were."""

    added: int
    changed: int
    unchanged: int
