"""Precedents: past cases that are similar to one that awaits a decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.rules.cases import Outcome
from bot.rules.customers import Standing

MOST: Final = 3
SIMILAR_ENOUGH: Final = 0.5  # of 1
CATEGORY, POINTS, REPORTERS, STANDING = 0.4, 0.25, 0.2, 0.15


@dataclass(frozen=True, slots=True)
class CaseTraits:
    """What cases are compared by, as of the last verdict in them.

    `category`: of the heaviest live incident. `standing`: of the customer before the case was opened.
    """

    category: str | None
    points: int
    reporters: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Precedent:
    """A past case of another customer, and how it ended: dropped, kept or warned.

    `since`: number of reports about that customer after its end.
    """

    case: int
    customer: int
    name: str
    traits: CaseTraits
    outcome: Outcome
    closed_at: datetime
    conditions: tuple[str, ...] = ()
    since: int = 0


def similarity(one: CaseTraits, other: CaseTraits) -> float:
    """How similar two cases are, from 0 to 1 (equal): by category first, then points, reporters and standing."""
    same_category = one.category == other.category and one.category is not None
    return (
        CATEGORY * same_category
        + POINTS * _near(one.points, other.points)
        + REPORTERS * _near(one.reporters, other.reporters)
        + STANDING * (one.standing is other.standing)
    )


def most_similar(asked: CaseTraits, candidates: Iterable[Precedent]) -> tuple[Precedent, ...]:
    """Up to three that are similar enough, one per customer. The most similar comes first, then the newest."""
    ranked = sorted(
        {each.case: each for each in candidates if similarity(asked, each.traits) >= SIMILAR_ENOUGH}.values(),
        key=lambda each: (similarity(asked, each.traits), each.closed_at, each.case),
        reverse=True,
    )
    one_each: dict[int, Precedent] = {}
    for each in ranked:
        one_each.setdefault(each.customer, each)
    return tuple(one_each.values())[:MOST]


def _near(one: int, other: int) -> float:
    """1 for equal numbers, less the larger their ratio is."""
    return (min(one, other) + 1) / (max(one, other) + 1)
