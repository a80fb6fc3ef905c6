"""Mergers of duplicates: which customer was merged, what moved, and how two open cases become one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rules.cases import Case
from bot.rules.policy.verdicts import Rung


@dataclass(frozen=True, slots=True)
class Merger:
    """A duplicate that was merged into a customer: its number and name, by whom and when."""

    number: int
    duplicate: int
    customer: int
    name: str
    by: str
    at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a merger moved to the customer, so that it can be moved back.

    `joined`: reports of the case `closed`, which were moved to the case `survivor`. `owner`, `worth`, `crm_reference`:
    what the customer took over from the duplicate; None if they had their own or the duplicate had none.
    """

    reports: tuple[int, ...] = ()
    cases: tuple[int, ...] = ()
    safeguards: tuple[int, ...] = ()
    closed: int | None = None
    survivor: int | None = None
    joined: tuple[int, ...] = ()
    owner: str | None = None
    worth: str | None = None
    crm_reference: str | None = None

    @classmethod
    def read(cls, body: dict[str, Any]) -> "Moved":
        """The value whose fields were stored as this JSON."""
        values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in body.items()}
        return cls(**values)


def surviving_case(one: Case, other: Case, *, bound: frozenset[int]) -> tuple[Case, Case]:
    """Of two open cases about one customer: the one that survives, then the one that ends.

    The survivor is a case with a written warning or a hearing under way (`bound`), so that these are not lost; else
    the one that is due first.
    """
    first, second = sorted((one, other), key=lambda case: (case.number not in bound, case.due_at, case.number))
    return first, second


def higher_rung(one: Rung, other: Rung) -> Rung:
    """The one higher up the ladder."""
    return max(one, other, key=list(Rung).index)
