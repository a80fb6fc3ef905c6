"""A figure, what it is held against in the same run, and how the table shows it."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

ROUNDS = 3


@dataclass(frozen=True)
class Line:
    """One line of the table. `reached` is None where the figure is told without a mark to reach."""

    what: str
    figure: str
    floor: str
    to_reach: str
    reached: bool | None


def ratio(what: str, floors: Sequence[float], ours: Sequence[float], to_reach: float, unit: str = "/s") -> Line:
    """Ours against the floor beside it, round by round; the median of the ratios is what counts."""
    ratios = [our / floor for our, floor in zip(ours, floors, strict=True)]
    middle = statistics.median(ratios)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    return Line(
        what,
        f"{middle:.2f} ({spread}; {statistics.median(ours):,.0f}{unit})",
        f"{statistics.median(floors):,.0f}{unit}",
        f"≥ {to_reach:.2f}",
        middle >= to_reach,
    )


def at_most(what: str, figure: float, to_reach: float, unit: str, floor: str = "") -> Line:
    """A figure that is to stay under a mark."""
    return Line(what, f"{figure:,.2f} {unit}", floor, f"≤ {to_reach:g} {unit}", figure <= to_reach)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def show(lines: Sequence[Line]) -> str:
    """The table, in Markdown."""
    rows = [("what", "measured", "floor in the same run", "to reach", "")]
    rows += [(each.what, each.figure, each.floor, each.to_reach, _mark(each.reached)) for each in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def _mark(reached: bool | None) -> str:  # noqa: FBT001 - a table's cell
    return {True: "reached", False: "NOT reached", None: ""}[reached]
