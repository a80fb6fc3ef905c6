"""What the chart of a week shows, and the same in words and in sparklines."""

import hashlib
import json
from typing import Any, Final

from bot.language import _
from bot.rules.decisions import Choice
from bot.rules.policy.policy import Policy
from bot.rules.weekly_figures import TREND, Figures, Kind, folded
from handlers.blockkit.text import one_line, shorten

MOST_KINDS: Final = 6  # in one chart; more cannot be told apart
# Translators: all other kinds of conduct.
OTHERS: Final = _("All others")
BY_WEEK: Final = _("Reports by week, weeks {first} to {last}.")
IN_WEEK: Final = _("{n:,} in week {week}")
# Translators: {weeks} are such as "1 in week 46, 2 in week 47".
DECISIONS: Final = {
    Choice.DROP: _("Customers dropped: {weeks}."),
    Choice.KEEP: _("Customers kept: {weeks}."),
}
STEPS: Final = "▁▂▃▄▅▆▇█"
LONGEST: Final = 1_900  # characters of a picture's description; Slack takes 2,000


def chart_of(figures: Figures, policy: Policy) -> dict[str, Any]:
    """What `bot.chart` draws: counts and the names of categories, nothing else."""
    return {
        "weeks": [str(figures.week.later(n).number) for n in range(1 - TREND, 1)],
        "kinds": [{"name": name_of_kind(kind, policy), "counts": list(kind.trend)} for kind in _kinds(figures)],
        "dropped": list(figures.decisions[Choice.DROP]),
        "kept": list(figures.decisions[Choice.KEEP]),
    }


def is_blank(figures: Figures) -> bool:
    """Whether there is nothing to draw."""
    return not figures.kinds and not any(any(trend) for trend in figures.decisions.values())


def fingerprint(chart: dict[str, Any]) -> str:
    """By which two charts that show the same are known."""
    return hashlib.sha256(json.dumps(chart, sort_keys=True).encode()).hexdigest()


def described(figures: Figures, policy: Policy) -> str:
    """All that the chart shows, for who cannot see it."""
    weeks = [figures.week.later(n).number for n in range(1 - TREND, 1)]
    said = [BY_WEEK.format(first=weeks[0], last=weeks[-1])]
    said += [f"{name_of_kind(kind, policy)}{numbers(kind)}." for kind in _kinds(figures)]
    for choice, template in DECISIONS.items():
        decided = zip(weeks, figures.decisions[choice], strict=True)
        marked = [IN_WEEK.format(n=n, week=week) for week, n in decided if n]
        said += [template.format(weeks=", ".join(marked))] if marked else []
    return shorten(" ".join(said), LONGEST)


def numbers(kind: Kind, _highest: int = 0) -> str:
    """The twelve weeks in numbers."""
    return f": {', '.join(str(n) for n in kind.trend)}"


def spark(kind: Kind, highest: int) -> str:
    """The twelve weeks as a line of small bars; `highest` is what the tallest bar of all kinds stands for."""
    return "  " + "".join(STEPS[-(-n * (len(STEPS) - 1) // max(highest, 1))] for n in kind.trend)


def name_of_kind(kind: Kind, policy: Policy) -> str:
    """What a category is called; one that the policy no longer has goes by its key."""
    if not kind.category:
        return OTHERS
    known = policy.categories.get(kind.category)
    return shorten(one_line(known.name if known else kind.category), 36)


def _kinds(figures: Figures) -> list[Kind]:
    kinds, rest = folded(figures.kinds, MOST_KINDS)
    return [*kinds, *([rest] if rest else [])]
