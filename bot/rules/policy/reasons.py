"""The reasons of a verdict as sentences for managers. Each text is a template: for one, then for many."""

from collections.abc import Callable
from datetime import date
from typing import Final

from bot.language import _, ngettext
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Reason, Rule, Verdict
from bot.rules.text import day

Facts = dict[str, int | str | list[int]]

# Each takes the number of reports, or of reps, that the reason is about.
SENTENCES: Final[dict[Rule, Callable[[int], str]]] = {
    # Translators: {incidents} are numbers of reports, as in "12, 13 and 14".
    Rule.ZERO_TOLERANCE: lambda n: ngettext(
        "Report {incidents} is of a kind that always goes to a decision at once: {category}.",
        "Reports {incidents} are of a kind that always goes to a decision at once: {category}.",
        n,
    ),
    Rule.AFTER_WARNING: lambda n: ngettext(
        "Report {incidents}, of {points}, came after a warning that was delivered on {warned_on} and is valid.",
        "Reports {incidents}, of up to {points}, came after a warning that was delivered on {warned_on} and is valid.",
        n,
    ),
    # Translators: {warnings} is a number of 2 or more.
    Rule.AFTER_WARNINGS: lambda n: ngettext(
        "Report {incidents}, of {points}, came after {warnings} valid warnings, as many as the policy asks for before "
        "a decision; the last of these was delivered on {warned_on}.",
        "Reports {incidents}, of up to {points}, came after {warnings} valid warnings, as many as the policy asks for "
        "before a decision; the last of these was delivered on {warned_on}.",
        n,
    ),
    Rule.AFTER_TOO_FEW: lambda n: ngettext(
        "Report {incidents}, of {points}, came after a warning that was delivered on {warned_on} and is valid; the "
        "policy asks for {warnings} valid warnings before a decision.",
        "Reports {incidents}, of up to {points}, came after a warning that was delivered on {warned_on} and is valid; "
        "the policy asks for {warnings} valid warnings before a decision.",
        n,
    ),
    Rule.REPORTERS: lambda n: ngettext(
        "One rep has reported this customer, and the policy asks for no more.",
        "{n} different reps have reported this customer.",
        n,
    ),
    Rule.FEW_REPORTERS: lambda n: ngettext(
        "One rep alone has reported this customer; the policy asks for {limit} before a decision.",
        "Only {n} different reps have reported this customer; the policy asks for {limit} before a decision.",
        n,
    ),
    Rule.DOUBTED: lambda n: ngettext(
        "A warning or a decision would need report {incidents}, and whoever made it says that it may have been a "
        "misunderstanding.",
        "A warning or a decision would need reports {incidents}, and those who made them say that they may have "
        "been misunderstandings.",
        n,
    ),
    Rule.SAFEGUARD: lambda _n: _(
        "A safeguard is on record, so management hears both sides before it warns or decides."
    ),
    Rule.POINTS: lambda n: ngettext(
        "Report {incidents} makes {points}. The policy asks for a warning from {limit_points} on; none is valid now.",
        "Reports {incidents} make {points}. The policy asks for a warning from {limit_points} on; none is valid now.",
        n,
    ),
    Rule.POINTS_BELOW: lambda _n: _(
        "All reports with points make {points} in all; the policy asks for a warning from {limit_points} on."
    ),
    Rule.NOTHING_SINCE: lambda _n: _(
        "A warning that was delivered on {warned_on} is valid, and no report of {limit_points} or more came after it."
    ),
}
IN_SHORT: Final[dict[Rule, str]] = {
    # Translators: why management is asked, after "3 reports by 2 reps · ". {category} is a kind of conduct.
    Rule.ZERO_TOLERANCE: _("{category}, which always goes to a decision at once"),
    Rule.AFTER_WARNING: _("again after the warning of {warned_on}"),
    Rule.AFTER_WARNINGS: _("again after {warnings} warnings"),
    Rule.AFTER_TOO_FEW: _("again after the warning of {warned_on}"),
    Rule.FEW_REPORTERS: _("too few reps have reported them for a decision"),
    Rule.DOUBTED: _("it may have been a misunderstanding"),
    Rule.SAFEGUARD: _("a safeguard is on record"),
    Rule.POINTS: _("{points} (a warning is due from {limit} on)"),
    Rule.POINTS_BELOW: _("{points} (a warning is due from {limit} on)"),
    Rule.NOTHING_SINCE: _("nothing serious since the warning of {warned_on}"),
}
TO_HEAR: Final = frozenset({Rule.FEW_REPORTERS, Rule.DOUBTED, Rule.SAFEGUARD})
MOST_IN_SHORT: Final = 2
AND: Final = _("{first} and {last}")
NUMBERS_SHOWN: Final = 6


def sentence(reason: Reason, policy: Policy) -> str:
    """The reason as one plain sentence. The dates in it are the firm's own calendar days.

    Raises ValueError for a rule that Backstop never had.
    """
    n = _count(reason.facts)
    return SENTENCES[Rule(reason.rule)](n).format_map(_words(reason.facts, policy) | {"n": str(n)})


def in_short(verdict: Verdict, policy: Policy, *, heard: bool = False) -> str:
    """The first reasons in a few words each, without how many reps there are.

    `heard`: both sides were heard since, so that the reasons to hear them are left out.
    """
    left_out = TO_HEAR if heard else frozenset()
    rules = [(Rule(reason.rule), _words(reason.facts, policy)) for reason in verdict.reasons]
    said = [IN_SHORT[rule].format_map(words) for rule, words in rules if rule in IN_SHORT and rule not in left_out]
    return "; ".join(said[:MOST_IN_SHORT])


def _words(facts: Facts, policy: Policy) -> dict[str, str]:
    with_limit = facts | ({"limit_points": facts["limit"]} if "limit" in facts else {})
    return {key: _word(key, value, policy) for key, value in with_limit.items()}


def points(number: int) -> str:
    """A number of points: 6 points."""
    return ngettext("{n:,} point", "{n:,} points", number).format(n=number)


def _count(facts: Facts) -> int:
    """The number of reports, or of reps, that a reason is about."""
    incidents = facts.get("incidents")
    return len(incidents) if isinstance(incidents, list) else int(str(facts.get("reporters", 1)))


def _word(key: str, value: int | str | list[int], policy: Policy) -> str:
    if isinstance(value, list):
        return _numbers(value)
    if key == "category":
        known = policy.categories.get(str(value))
        return known.name.lower() if known else str(value)
    if key == "warned_on":
        return day(date.fromisoformat(str(value)))
    if key in {"points", "limit_points"}:
        return points(int(value))
    return str(value)


def _numbers(numbers: list[int]) -> str:
    *first, last = map(str, numbers)
    others = len(numbers) - NUMBERS_SHOWN
    if others > 0:
        more = ngettext("{first} and {n} other", "{first} and {n} others", others)
        return more.format(first=", ".join(first[:NUMBERS_SHOWN]), n=others)
    return AND.format(first=", ".join(first), last=last) if first else last
