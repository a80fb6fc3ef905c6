"""A figure, what it is held against in the same run, and how the table shows it."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

ROUNDS = 3  # for lines that take long
IN_TURN = 5
UNITS = {"µs": 1e6, "ms": 1e3, "s": 1.0, "%": 100.0, "MB": 1.0}

Pair = tuple[float, float]
"""The figure of one round, and the floor's of the same round."""


@dataclass(frozen=True)
class Line:
    """One line of the table. `reached` is None where the figure is told without a mark to reach."""

    what: str
    figure: str
    floor: str
    to_reach: str
    reached: bool | None


def in_turn(ours: Callable[[], float], floor: Callable[[], float], rounds: int = IN_TURN) -> list[Pair]:
    """Measure ours and the floor in turn, so that both live through the same moments of the machine."""
    return [(ours(), floor()) for _ in range(rounds)]


def over(what: str, pairs: Sequence[Pair], floor: str, most: float, unit: str = "ms") -> Line:
    """Ours over the floor, round by round: the median is to be at most `most`. `floor` says what the floor is.

    Times are in seconds and shares of 1; `unit` is how they are shown.
    """
    ratios, middle = _ratios(pairs)
    our, beside = (f"{statistics.median(each) * UNITS[unit]:,.3g} {unit}" for each in zip(*pairs, strict=True))
    return Line(what, f"{ratios}; {our})", f"{beside}: {floor}", f"≤ {most:.2f}", middle <= most)


def ratio(what: str, floors: Sequence[float], ours: Sequence[float], to_reach: float, unit: str = "/s") -> Line:
    """Ours over the floor, round by round: the median is to be at least `to_reach`."""
    ratios, middle = _ratios(list(zip(ours, floors, strict=True)))
    our, beside = (f"{statistics.median(each):,.0f}{unit}" for each in (ours, floors))
    return Line(what, f"{ratios}; {our})", beside, f"≥ {to_reach:.2f}", middle >= to_reach)


def _ratios(pairs: Sequence[Pair]) -> tuple[str, float]:
    ratios = [our / floor for our, floor in pairs]
    middle = statistics.median(ratios)
    return f"{middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f}", middle


def at_most(what: str, figure: float, to_reach: float, unit: str, floor: str = "") -> Line:
    """A figure that is to stay under a mark."""
    return Line(what, f"{figure:,.2f} {unit}", floor, f"≤ {to_reach:g} {unit}", figure <= to_reach)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def median_of(times: int, work: Callable[[], object]) -> float:
    """How long it takes, of so many times the median."""
    return statistics.median(seconds(work) for _ in range(times))


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
