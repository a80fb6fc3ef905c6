"""The chart of twelve weeks: the block that Slack draws itself, and the same in words."""

from typing import Final

from bot.language import _
from bot.rules.weekly_figures import TREND, Figures
from handlers.blockkit.blocks import Block, Element, line

TITLE: Final = _("Reports in each week")
# Translators: {weeks} are twelve numbers with commas between them.
IN_WORDS: Final = _("Reports in each week, {first} to {last}: {weeks}.")
# Translators: the name of a bar of the chart, of up to 20 characters.
REPORTS: Final = _("Reports")


def chart(figures: Figures) -> Block:
    """https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block: a workspace may still refuse it."""
    labels = [str(number) for number in _weeks(figures)]
    points = [{"label": label, "value": n} for label, n in zip(labels, figures.reports, strict=True)]
    return {
        "type": "data_visualization",
        "title": TITLE,
        "chart": {
            "type": "bar",
            "series": [{"name": REPORTS, "data": points}],
            "axis_config": {"categories": labels},
        },
    }


def chart_in_words(figures: Figures) -> Element:
    """Everything that the chart shows, for people and workspaces that do not see it."""
    weeks = _weeks(figures)
    return line(IN_WORDS.format(first=weeks[0], last=weeks[-1], weeks=", ".join(str(n) for n in figures.reports)))


def _weeks(figures: Figures) -> list[int]:
    return [figures.week.later(n).number for n in range(1 - TREND, 1)]
