"""Similar cases of other customers, and how they ended, in a line each."""

from collections.abc import Sequence
from typing import Final

from bot.language import _, ngettext
from bot.rules.cases import Outcome
from bot.rules.policy.policy import Policy
from bot.rules.policy.reasons import points
from bot.rules.precedents import Precedent
from handlers.blockkit.blocks import NAMELESS, Block, Element, bold, bullets, line, rich, when
from handlers.blockkit.text import DATE_ONLY, one_line, shorten
from handlers.shared.counts import reps
from handlers.shared.labels import ENDINGS

SIMILAR: Final = _("Similar cases with other customers.")
# Translators: how a case ended; {conditions} are listed with commas.
KEPT_WITH: Final = _("kept: {conditions}")
NO_REPORT: Final = _("no report since")
# Translators: what a case was about: {kind} is a kind of conduct.
WHAT: Final = _("{kind}, {points}, {reps}")
MOST_CONDITIONS: Final = 2


def similar_cases(similar: Sequence[Precedent], policy: Policy) -> Block | None:
    """A line for each; None if there are none."""
    if not similar:
        return None
    return rich(line(bold(SIMILAR)), bullets([_line(past, policy) for past in similar]))


def _line(past: Precedent, policy: Policy) -> Element:
    name = shorten(one_line(past.name), 50) or NAMELESS
    ended = f" · {_ending(past, policy)} · "
    return line(
        bold(name),
        ended,
        when(past.closed_at, DATE_ONLY),
        f" · {_what(past, policy)} · {_since(past.since)}",
    )


def _since(n: int) -> str:
    return ngettext("{n:,} report since", "{n:,} reports since", n).format(n=n) if n else NO_REPORT


def _ending(past: Precedent, policy: Policy) -> str:
    if past.outcome is not Outcome.KEPT or not past.conditions:
        return ENDINGS[past.outcome]
    known = policy.conditions
    names = [known[key].name.lower() if key in known else key for key in past.conditions]
    first, more = shorten(", ".join(names[:MOST_CONDITIONS]), 60), len(names) - MOST_CONDITIONS
    # Translators: {first}: several, with commas between them.
    rest = ngettext("{first} and {n:,} more", "{first} and {n:,} more", more).format(first=first, n=more)
    return KEPT_WITH.format(conditions=rest if more > 0 else first)


def _what(past: Precedent, policy: Policy) -> str:
    kind = shorten(policy.category(past.traits.category or "other").name.lower(), 40)
    return WHAT.format(kind=kind, points=points(past.traits.points), reps=reps(past.traits.reporters))
