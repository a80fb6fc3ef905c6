"""Which past cases of the firm are like one that is to be decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.rules.cases import Outcome
from bot.rules.customers import Standing

MOST: Final = 3
LIKE_ENOUGH: Final = 0.5  # of 1; below it a case says nothing about another
CATEGORY, POINTS, REPORTERS, STANDING = 0.4, 0.25, 0.2, 0.15


@dataclass(frozen=True, slots=True)
class Likeness:
    """What cases are compared by, as it was when the policy last spoke in them.

    `category`: of the heaviest report that counts. `standing`: of the customer before the case was opened.
    """

    category: str | None
    points: int
    reporters: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Precedent:
    """A past case of another customer, and how it ended: dropped, kept or warned.

    `since`: how many reports about that customer came after its end.
    """

    case: int
    customer: int
    name: str
    by: Likeness
    outcome: Outcome
    closed_at: datetime
    conditions: tuple[str, ...] = ()
    since: int = 0


def likeness(one: Likeness, other: Likeness) -> float:
    """How much two cases are alike, from 0 to 1: in kind first, then in points, in reporters and in standing.

    It is symmetrical, and 1 for equals.
    """
    same_kind = one.category == other.category and one.category is not None
    return (
        CATEGORY * same_kind
        + POINTS * _near(one.points, other.points)
        + REPORTERS * _near(one.reporters, other.reporters)
        + STANDING * (one.standing is other.standing)
    )


def most_alike(asked: Likeness, candidates: Iterable[Precedent]) -> tuple[Precedent, ...]:
    """Up to three that are like enough, the likest first, of equals the newest; one for each customer."""
    ranked = sorted(
        {each.case: each for each in candidates if likeness(asked, each.by) >= LIKE_ENOUGH}.values(),
        key=lambda each: (likeness(asked, each.by), each.closed_at, each.case),
        reverse=True,
    )
    one_each: dict[int, Precedent] = {}
    for each in ranked:
        one_each.setdefault(each.customer, each)
    return tuple(one_each.values())[:MOST]


def _near(one: int, other: int) -> float:
    """1 for equal numbers, less the more one is a multiple of the other."""
    return (min(one, other) + 1) / (max(one, other) + 1)
