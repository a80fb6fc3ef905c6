"""The chart of the weekly summary: JSON on stdin, a PNG on stdout. Run by `bot.drawing` in a process of its own."""

import json
import sys
from io import BytesIO
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bot.language import _

# A light card of its own, so that it reads the same in light and in dark; large, since phones shrink it to a third.
PAPER, INK, SOFT, FAINT = "#fbfaf7", "#24262b", "#8f8a7e", "#d9d6cd"
COLOURS: Final = (
    "#2f6f9f",
    "#e08a2e",
    "#3f9b7c",
    "#b0466f",
    "#7b6fc4",
    "#8f8a7e",
)  # told apart by the colour-blind too
HATCHES: Final = ("", "//", "", "..", "", "")
DOTS = 180  # for each inch
WIDE, TALL, A_ROW = 6.4, 3.7, 0.29  # inches: without the legend, which adds a row for each of its names
MARKS: Final = {"dropped": _("Customer dropped"), "kept": _("Customer kept")}
SHORT: Final = 22  # characters of a name of which two stand side by side
WIDEST: Final = 0.72  # of the place that a week has
ROOM: Final = 0.8  # of that place, beyond the middle of the first and the last week


def draw(told: dict[str, Any]) -> bytes:
    """A PNG of `told`: `weeks` (labels), `kinds` (each a name and counts by week), `dropped` and `kept` by week."""
    written = BytesIO()
    laid_out(told).savefig(written, format="png")
    return written.getvalue()


def laid_out(told: dict[str, Any]) -> Figure:
    """The same before it is a picture."""
    figure = Figure(dpi=DOTS, facecolor=PAPER, layout=ConstrainedLayoutEngine(w_pad=0.2, h_pad=0.15))
    axes = figure.add_subplot()
    tops = _bars(axes, told)
    _decisions(axes, told, tops)
    _scales(axes, told["weeks"], tops)
    rows = _legend(figure, axes)
    figure.set_size_inches(WIDE, TALL + A_ROW * rows)  # however many names there are, the bars stay as tall
    return figure


def _bars(axes: Axes, told: dict[str, Any]) -> list[int]:
    tops = [0] * len(told["weeks"])
    for n, kind in enumerate(told["kinds"]):
        look: dict[str, Any] = {
            "color": COLOURS[n % len(COLOURS)],
            "hatch": HATCHES[n % len(HATCHES)],
            "edgecolor": PAPER,
        }
        weeks = [week for week, count in enumerate(kind["counts"]) if count]
        heights, bottoms = ([of[week] for week in weeks] for of in (kind["counts"], tops))
        axes.bar(weeks, heights, WIDEST, bottom=bottoms, label=_label(kind["name"]), linewidth=0.8, **look)
        tops = [top + count for top, count in zip(tops, kind["counts"], strict=True)]
    return tops


def _decisions(axes: Axes, told: dict[str, Any], tops: list[int]) -> None:
    """A triangle above the week in which a customer was dropped, a circle where one was kept."""
    step = max(*tops, 4) * 0.11
    height = [float(top) for top in tops]
    for key, marker in (("dropped", "v"), ("kept", "o")):
        weeks = [week for week, count in enumerate(told[key]) if count]
        for week in weeks:
            height[week] += step
        look: dict[str, Any] = {
            "facecolor": INK if key == "dropped" else PAPER,
            "edgecolor": INK,
            "linewidth": 1.8,
            "s": 130,
        }
        if weeks:
            axes.scatter(weeks, [height[week] for week in weeks], marker=marker, label=MARKS[key], zorder=3, **look)


def _scales(axes: Axes, weeks: list[str], tops: list[int]) -> None:
    axes.set_xlim(-ROOM, len(weeks) - 1 + ROOM)  # the same room at both ends, weeks without a report included
    axes.set_ylim(0, max(*tops, 4) * 1.3)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda n, _at: f"{n:,.0f}"))
    axes.set_xticks(range(len(weeks)), weeks)
    axes.tick_params(labelsize=15, colors=INK, length=0, pad=6)
    axes.grid(axis="y", color=FAINT, linewidth=1)
    axes.axhline(0, color=SOFT, linewidth=1.5, clip_on=False, zorder=2)
    axes.set_axisbelow(True)
    axes.set_facecolor(PAPER)
    axes.set_title(_("Reports by week"), loc="left", fontsize=16, color=INK, pad=12)
    for side in axes.spines.values():
        side.set_visible(False)


def _legend(figure: Figure, axes: Axes) -> int:
    """The kinds first, then the marks; how many rows they take."""
    named = sorted(zip(*axes.get_legend_handles_labels(), strict=True), key=lambda each: each[1] in MARKS.values())
    if not named:
        return 0
    columns = 2 if all(len(name) <= SHORT for _handle, name in named) else 1
    look: dict[str, Any] = {"frameon": False, "fontsize": 14, "labelcolor": INK, "handlelength": 1.2}
    figure.legend(*zip(*named, strict=True), loc="outside lower left", ncols=columns, **look)
    return -(-len(named) // columns)


def _label(name: str) -> str:
    """A name as it is: what begins with an underscore is left out by the legend, and a dollar sign begins a formula."""
    return name.replace("$", r"\$").lstrip("_")


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
