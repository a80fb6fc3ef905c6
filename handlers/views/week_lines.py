"""What the weekly summary says, line by line. Every line is bounded, whatever the week held."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.rules.figures import Coming, Dropped, Figures, First, Kind, Late, Repeat, Unheeded, folded
from bot.rules.policy import Policy
from bot.rules.values import Outcome, Standing
from handlers.views.blocks import Element, bullets, line, strong, when
from handlers.views.labels import ASKED, ENDINGS, STANDINGS
from handlers.views.text import DATE_ONLY, count, day, listed, one_line, shorten
from handlers.views.week_chart import MOST_KINDS, name_of_kind
from handlers.views.week_words import days_late, more_or_fewer, up_or_down

Trend = Callable[[Kind, int], str]
"""The twelve weeks of a kind; the number is the highest of any kind in any week."""

NAME: Final = 36  # characters of a customer's name, of which up to five stand in each of four lists
LINE: Final = 110
SHORTEST: Final = 0.05  # business days that round to something
MOST_LESSONS: Final = 3
NOTHING: Final = "Nothing is overdue, and no warning was left without consequence."
NO_REPORTS: Final = "No reports"
QUIET: Final = "Nothing was reported in these twelve weeks. /report-abuse takes a minute, when it is needed."
UNANSWERED: Final = (
    "answer to an appeal or a disputed warning is overdue",
    "answers to appeals or disputed warnings are overdue",
)
COMING: Final = "Coming up: {what}."
NOTHING_COMING: Final = "nothing within two weeks"
MEDIAN_SHORT: Final = ", median time to a decision under 0.1 business days"


def needs(figures: Figures) -> list[Element]:
    """Where management lets things slide."""
    late, unheeded, unanswered = figures.late, figures.unheeded, figures.coming.late
    said: list[Element] = []
    if late.total:
        said += [line(count(late.total, "case is", "cases are"), " overdue:"), bullets(_named(late, _late))]
    if unheeded.total:
        were = count(unheeded.total, "customer was", "customers were")
        said += [line(were, " warned, reported again, and nothing followed:"), bullets(_named(unheeded, _unheeded))]
    if unanswered:
        said.append(line(f"{count(unanswered, *UNANSWERED)}."))
    return said or [line(NOTHING)]


def _named(first: First[Any], words: Callable[[Any], Sequence[Element | str]]) -> list[Element]:
    more = [line(f"and {first.more:,} more")] if first.more else []
    return [*(line(*words(item)) for item in first.items), *more]


def _late(case: Late) -> list[Element | str]:
    return [strong(_name(case.customer)), f": {ASKED[case.rung]}, {days_late(case.days)} (case {case.case})"]


def _unheeded(customer: Unheeded) -> list[Element | str]:
    reports = count(customer.reports, "report", "reports")
    warned = f": warned {customer.warnings} times, first on " if customer.warnings > 1 else ": warned on "
    return [strong(_name(customer.customer)), warned, when(customer.since, DATE_ONLY), f", {reports} since"]


def in_short(figures: Figures) -> list[Element]:
    """Reports, reps, cases and decisions of the week."""
    now, before = figures.reports[-1], figures.reports[-2]
    told = count(now, "report", "reports") if now else NO_REPORTS
    cases = figures.cases
    ended = sum(cases.ended.values())
    reps = f" · {count(figures.reps, 'rep', 'reps')} affected, {figures.asked_support:,} asked for support"
    affected = [reps] if now or figures.asked_support else []
    return [
        line(
            strong(told),
            f", {more_or_fewer(now, before)} the week before",
            *affected,
        ),
        line(strong("Cases"), f": {cases.opened:,} opened, {ended:,} ended, {cases.open:,} open now"),
        line(strong("Decisions"), f": {figures.decided:,}{_median(figures.median_days)}"),
    ]


def _median(days: float | None) -> str:
    if days is None:
        return ""
    return f", median time to a decision {days:.1f} business days" if days >= SHORTEST else MEDIAN_SHORT


def kinds(figures: Figures, policy: Policy, trend: Trend | None) -> list[Element]:
    """Each kind against the week before. Without a `trend` only those of the two weeks: a chart shows the others."""
    if not figures.kinds:
        return [line(QUIET)]
    first, rest = folded(figures.kinds, MOST_KINDS)
    every = [*first, *([rest] if rest else [])]
    highest = max(max(kind.trend) for kind in every)
    said = [
        line(
            strong(name_of_kind(kind, policy)),
            f" {up_or_down(kind.now, kind.before)}{trend(kind, highest) if trend else ''}",
        )
        for kind in every
        if trend or kind.now or kind.before
    ]
    return [bullets(said)] if said else []


def what_came(figures: Figures, policy: Policy) -> list[Element]:
    """What became of customers, how they stand now, and what comes up."""
    warned = figures.warned
    waiting = f", {warned.waiting:,} not delivered yet" if warned.waiting else ""
    lines = [
        line(strong("Warnings"), f": {warned.issued:,} issued, {warned.delivered:,} delivered{waiting}"),
        *_outcomes(figures),
        *_dropped(figures.drops, policy),
        *_repeats(figures.repeats),
        *_standings(figures.standings),
        *_lessons(figures.lessons),
    ]
    return [*lines, line(COMING.format(what=_coming(figures.coming)))]


def _coming(coming: Coming) -> str:
    said = [
        (coming.reviews, "review within two weeks", "reviews within two weeks"),
        (coming.appeals, "appeal to answer", "appeals to answer"),
        (coming.disputes, "disputed warning to settle", "disputed warnings to settle"),
    ]
    return listed([count(n, one, many) for n, one, many in said if n]) or NOTHING_COMING


def _outcomes(figures: Figures) -> list[Element]:
    ended = {outcome: figures.cases.ended.get(outcome, 0) for outcome in Outcome}
    said = [f"{ENDINGS[outcome]} {n:,}{_conditions(figures, outcome)}" for outcome, n in ended.items() if n]
    return [line(strong("Cases ended"), f": {', '.join(said)}")] if said else []


def _conditions(figures: Figures, outcome: Outcome) -> str:
    held = figures.kept_with_conditions
    return f" ({held:,} with conditions)" if outcome is Outcome.KEPT and held else ""


def _dropped(drops: First[Dropped], policy: Policy) -> list[Element]:
    def words(drop: Dropped) -> list[Element | str]:
        why = policy.reason_classes.get(drop.reason_class or "", drop.reason_class or "")
        reason = [f" ({shorten(one_line(why), 40)})"] if why else []
        effective = [f", from {day(drop.effective_on)}"] if drop.effective_on else []
        return [strong(_name(drop.customer)), *reason, *effective]

    return [line(strong("Dropped")), bullets(_named(drops, words))] if drops.total else []


def _repeats(repeats: First[Repeat]) -> list[Element]:
    def words(repeat: Repeat) -> list[Element | str]:
        return [strong(_name(repeat.customer)), f" {repeat.now:,} this week, {repeat.trend:,} in twelve weeks"]

    return [line(strong("Reported again")), bullets(_named(repeats, words))] if repeats.total else []


def _standings(standings: Mapping[Standing, int]) -> list[Element]:
    said = [f"{standings[each]:,} {STANDINGS[each]}" for each in Standing if standings.get(each)]
    return [line(strong("Customers now"), f": {listed(said)}")] if said else []


def _lessons(lessons: First[str]) -> list[Element]:
    few = First(lessons.items[:MOST_LESSONS], lessons.total)

    def words(learnt: str) -> list[Element | str]:
        return [shorten(one_line(learnt), LINE)]

    return [line(strong("Learnt")), bullets(_named(few, words))] if few.total else []


def _name(customer: str) -> str:
    return shorten(one_line(customer), NAME)
