"""The figures of the weekly chart, and the same figures in words and as sparklines."""

import hashlib
import json
from typing import Any, Final

from bot.language import _
from bot.rules.decisions import Choice
from bot.rules.policy.policy import Policy
from bot.rules.weekly_figures import TREND, CategoryTrend, Figures, fold_categories
from handlers.blockkit.text import one_line, shorten

MOST_KINDS: Final = 6  # people cannot tell more apart in one chart
# Translators: all other kinds of conduct.
OTHERS: Final = _("All others")
# Translators: {weeks} are such as "1 in week 46, 2 in week 47".
DECISIONS: Final = {Choice.DROP: _("Customers dropped: {weeks}."), Choice.KEEP: _("Customers kept: {weeks}.")}
STEPS: Final = "▁▂▃▄▅▆▇█"


def chart_data(figures: Figures, policy: Policy) -> dict[str, Any]:
    """What `chart_drawing` draws: counts and the names of categories, nothing else."""
    return {
        "weeks": [str(figures.week.later(n).number) for n in range(1 - TREND, 1)],
        "kinds": [{"name": name_of_kind(kind, policy), "counts": list(kind.trend)} for kind in charted_kinds(figures)],
        "dropped": list(figures.decisions[Choice.DROP]),
        "kept": list(figures.decisions[Choice.KEEP]),
    }


def is_chart_empty(figures: Figures) -> bool:
    """Whether there is nothing to draw."""
    return not figures.kinds and not any(any(trend) for trend in figures.decisions.values())


def chart_digest(chart: dict[str, Any]) -> str:
    """The same for two charts that show the same."""
    return hashlib.sha256(json.dumps(chart, sort_keys=True).encode()).hexdigest()


def chart_in_words(figures: Figures, policy: Policy) -> str:
    """Everything that the chart shows, for people who cannot see it."""
    weeks = [figures.week.later(n).number for n in range(1 - TREND, 1)]
    sentences = [_("Reports by week, weeks {first} to {last}.").format(first=weeks[0], last=weeks[-1])]
    sentences += [f"{name_of_kind(kind, policy)}{numbers(kind)}." for kind in charted_kinds(figures)]
    for choice, template in DECISIONS.items():
        decided = zip(weeks, figures.decisions[choice], strict=True)
        marked = [_("{n:,} in week {week}").format(n=n, week=week) for week, n in decided if n]
        sentences += [template.format(weeks=", ".join(marked))] if marked else []
    return shorten(" ".join(sentences), 1_900)  # Slack takes 2,000 characters


def numbers(kind: CategoryTrend, _highest: int = 0) -> str:
    """The twelve weeks in numbers."""
    return f": {', '.join(str(n) for n in kind.trend)}"


def sparkline(kind: CategoryTrend, highest: int) -> str:
    """The twelve weeks as small bars. `highest`: the count that the tallest bar stands for."""
    return "  " + "".join(STEPS[-(-n * (len(STEPS) - 1) // max(highest, 1))] for n in kind.trend)


def name_of_kind(kind: CategoryTrend, policy: Policy) -> str:
    """A category's name; its key if the policy no longer has it."""
    if not kind.category:
        return OTHERS
    known = policy.categories.get(kind.category)
    return shorten(one_line(known.name if known else kind.category), 36)


def charted_kinds(figures: Figures) -> list[CategoryTrend]:
    """The kinds that the chart shows; beyond `MOST_KINDS` the rest is one kind."""
    kinds, rest = fold_categories(figures.kinds, MOST_KINDS)
    return [*kinds, *([rest] if rest else [])]
