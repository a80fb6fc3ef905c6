"""What a verdict's reasons say to managers. Every text stands here as a template: for one, then for many."""

from datetime import date
from typing import Final

from bot.rules.policy import Policy, Rule
from bot.rules.values import Reason

Facts = dict[str, int | str | list[int]]

SENTENCES: Final[dict[Rule, tuple[str, ...]]] = {
    Rule.ZERO_TOLERANCE: (
        "Report {incidents} is of a kind that always goes to a decision at once: {category}.",
        "Reports {incidents} are of a kind that always goes to a decision at once: {category}.",
    ),
    Rule.AFTER_WARNING: (
        "Report {incidents}, of {points}, came after a warning that was delivered on {warned_on} and is valid.",
        "Reports {incidents}, of up to {points}, came after a warning that was delivered on {warned_on} and is valid.",
    ),
    Rule.REPORTERS: (
        "One rep has reported this customer, and the policy asks for no more.",
        "{reporters} different reps have reported this customer.",
    ),
    Rule.FEW_REPORTERS: (
        "One rep alone has reported this customer; the policy asks for {limit} before a decision.",
        "Only {reporters} different reps have reported this customer; the policy asks for {limit} before a decision.",
    ),
    Rule.DOUBTED: (
        "The step would rest on report {incidents}, which its reporter calls a possible misunderstanding.",
        "The step would rest on reports {incidents}, which their reporters call possible misunderstandings.",
    ),
    Rule.SAFEGUARD: ("A safeguard is on record, so no step is taken before both sides are heard.",),
    Rule.POINTS: (
        "Report {incidents} makes {points}. The policy asks for a warning from {limit_points} on; none counts now.",
        "Reports {incidents} make {points}. The policy asks for a warning from {limit_points} on; none counts now.",
    ),
    Rule.POINTS_BELOW: (
        "The reports that count make {points} in all; the policy asks for a warning from {limit_points} on.",
    ),
    Rule.NOTHING_SINCE: (
        "A warning that was delivered on {warned_on} is valid, and no report of {limit_points} or more came after it.",
    ),
}
POINTS: Final = ("{n} point", "{n} points")
AND: Final = "{first} and {last}"
AND_OTHERS: Final = "{first} and {n} others"
NUMBERS_SHOWN: Final = 6


def sentence(reason: Reason, policy: Policy) -> str:
    """The reason as one plain English sentence. The dates in it are the firm's own calendar days.

    Raises ValueError for a rule that Backstop never had.
    """
    rule = Rule(reason.rule)
    template = SENTENCES[rule][0 if _count(reason.facts) == 1 else -1]
    return template.format_map({key: _word(key, value, policy) for key, value in _spread(reason.facts).items()})


def day(moment: date) -> str:
    """A day as letters and sentences write it: 5 October 2026."""
    return f"{moment.day} {moment:%B %Y}"


def _spread(facts: Facts) -> Facts:
    return facts | {"limit_points": facts["limit"]} if "limit" in facts else facts


def _count(facts: Facts) -> int | str | list[int]:
    incidents = facts.get("incidents")
    return len(incidents) if isinstance(incidents, list) else facts.get("reporters", 1)


def _word(key: str, value: int | str | list[int], policy: Policy) -> str:
    if isinstance(value, list):
        return _numbers(value)
    if key == "category":
        known = policy.categories.get(str(value))
        return known.name.lower() if known else str(value)
    if key == "warned_on":
        return day(date.fromisoformat(str(value)))
    if key in {"points", "limit_points"}:
        return POINTS[value != 1].format(n=value)
    return str(value)


def _numbers(numbers: list[int]) -> str:
    *first, last = map(str, numbers)
    if len(numbers) > NUMBERS_SHOWN:
        return AND_OTHERS.format(first=", ".join(first[:NUMBERS_SHOWN]), n=len(numbers) - NUMBERS_SHOWN)
    return AND.format(first=", ".join(first), last=last) if first else last
