"""Similar past cases of the firm, and how they ended: a short line each."""

from collections.abc import Sequence
from typing import Final

from bot.rules.policy import Policy
from bot.rules.precedent import Precedent
from bot.rules.values import Outcome
from handlers.views.blocks import NAMELESS, Block, Element, bullets, line, rich, strong, when
from handlers.views.labels import ENDINGS
from handlers.views.text import DATE_ONLY, count, one_line, shorten

SIMILAR: Final = "Similar cases here, other customers."
KEPT_WITH: Final = "kept: {conditions}"
NO_REPORT: Final = "no report since"
MOST_CONDITIONS: Final = 2


def similar_cases(similar: Sequence[Precedent], policy: Policy) -> Block | None:
    """Up to three; None where there is none to compare with."""
    if not similar:
        return None
    return rich(line(strong(SIMILAR)), bullets([_line(past, policy) for past in similar]))


def _line(past: Precedent, policy: Policy) -> Element:
    name = shorten(one_line(past.name), 50) or NAMELESS
    since = count(past.since, "report", "reports") + " since" if past.since else NO_REPORT
    ended = f" · {_ending(past, policy)} · "
    return line(strong(name), ended, when(past.closed_at, DATE_ONLY), f" · {_what(past, policy)} · {since}")


def _ending(past: Precedent, policy: Policy) -> str:
    if past.outcome is not Outcome.KEPT or not past.conditions:
        return ENDINGS[past.outcome]
    known = policy.conditions
    names = [known[key].name.lower() if key in known else key for key in past.conditions]
    rest = f" and {len(names) - MOST_CONDITIONS} more" if len(names) > MOST_CONDITIONS else ""
    return KEPT_WITH.format(conditions=shorten(", ".join(names[:MOST_CONDITIONS]), 60) + rest)


def _what(past: Precedent, policy: Policy) -> str:
    kind = shorten(policy.category(past.by.category or "other").name.lower(), 40)
    points = count(past.by.points, "point", "points")
    return f"{kind}, {points}, {count(past.by.reporters, 'rep', 'reps')}"
