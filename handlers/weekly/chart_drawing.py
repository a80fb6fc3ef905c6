"""Draws the chart of the weekly summary: JSON on stdin, a PNG on stdout. `chart_process` runs it."""

import json
import sys
from io import BytesIO
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bot.language import _

# A light background, so that the chart looks the same in light and dark mode. Large: phones shrink it to a third.
PAPER, INK, SOFT, FAINT = "#fbfaf7", "#24262b", "#8f8a7e", "#d9d6cd"
# People who are colour-blind can tell these apart as well.
COLOURS: Final = ("#2f6f9f", "#e08a2e", "#3f9b7c", "#b0466f", "#7b6fc4", "#8f8a7e")
HATCHES: Final = ("", "//", "", "..", "", "")
DOTS = 180  # per inch
WIDTH, HEIGHT, LEGEND_ROW = 6.4, 3.7, 0.29  # inches; the legend adds its rows to the height
MARKS: Final = {"dropped": _("Customer dropped"), "kept": _("Customer kept")}
SHORT: Final = 22  # characters of a name that fits into half a row of the legend
BAR_WIDTH: Final = 0.72  # of the width of a week
MARGIN: Final = 0.8  # of the width of a week, beyond the middle of the first and the last week


def draw(chart: dict[str, Any]) -> bytes:
    """A PNG of `chart`: `weeks` (labels), `kinds` (each with name and counts by week), `dropped` and `kept` by week."""
    written = BytesIO()
    chart_figure(chart).savefig(written, format="png")
    return written.getvalue()


def chart_figure(chart: dict[str, Any]) -> Figure:
    """The figure with everything in it, before it is rendered."""
    figure = Figure(dpi=DOTS, facecolor=PAPER, layout=ConstrainedLayoutEngine(w_pad=0.2, h_pad=0.15))
    axes = figure.add_subplot()
    tops = _bars(axes, chart)
    _decisions(axes, chart, tops)
    _scales(axes, chart["weeks"], tops)
    rows = _legend(figure, axes)
    figure.set_size_inches(WIDTH, HEIGHT + LEGEND_ROW * rows)  # the bars keep their height
    return figure


def _bars(axes: Axes, chart: dict[str, Any]) -> list[int]:
    tops = [0] * len(chart["weeks"])
    for n, kind in enumerate(chart["kinds"]):
        look: dict[str, Any] = {"color": COLOURS[n % len(COLOURS)], "hatch": HATCHES[n % len(HATCHES)]}
        look |= {"edgecolor": PAPER, "linewidth": 0.8, "label": _label(kind["name"])}
        weeks = [week for week, count in enumerate(kind["counts"]) if count]
        heights, bottoms = ([of[week] for week in weeks] for of in (kind["counts"], tops))
        axes.bar(weeks, heights, BAR_WIDTH, bottom=bottoms, **look)
        tops = [top + count for top, count in zip(tops, kind["counts"], strict=True)]
    return tops


def _decisions(axes: Axes, chart: dict[str, Any], tops: list[int]) -> None:
    """A triangle above each week in which a customer was dropped, a circle where one was kept."""
    step = max(*tops, 4) * 0.11
    height = [float(top) for top in tops]
    for key, marker in (("dropped", "v"), ("kept", "o")):
        weeks = [week for week, count in enumerate(chart[key]) if count]
        for week in weeks:
            height[week] += step
        fill = INK if key == "dropped" else PAPER
        look: dict[str, Any] = {"facecolor": fill, "edgecolor": INK, "linewidth": 1.8, "s": 130, "zorder": 3}
        if weeks:
            axes.scatter(weeks, [height[week] for week in weeks], marker=marker, label=MARKS[key], **look)


def _scales(axes: Axes, weeks: list[str], tops: list[int]) -> None:
    axes.set_xlim(-MARGIN, len(weeks) - 1 + MARGIN)  # the same margins, also for weeks without reports
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
    """Draw the kinds, then the marks. Returns the number of rows."""
    named = sorted(zip(*axes.get_legend_handles_labels(), strict=True), key=lambda each: each[1] in MARKS.values())
    if not named:
        return 0
    columns = 2 if all(len(name) <= SHORT for _handle, name in named) else 1
    look: dict[str, Any] = {"frameon": False, "fontsize": 14, "labelcolor": INK, "handlelength": 1.2}
    figure.legend(*zip(*named, strict=True), loc="outside lower left", ncols=columns, **look)
    return -(-len(named) // columns)


def _label(name: str) -> str:
    """A name without what Matplotlib takes for markup: `_` in front hides it, `$` starts a formula."""
    return name.replace("$", r"\$").lstrip("_")


if __name__ == "__main__":
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
