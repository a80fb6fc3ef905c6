"""What the weekly summary says, line by line. Every line is bounded, whatever the week held."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.language import _, ngettext
from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.policy.policy import Policy
from bot.rules.weekly_figures import (
    Cases,
    Coming,
    Dropped,
    Figures,
    First,
    Kind,
    Late,
    Repeat,
    Unheeded,
    Warned,
    folded,
)
from handlers.blockkit.blocks import Element, TextPiece, bullets, filled, line, strong, when
from handlers.blockkit.text import DATE_ONLY, day, listed, one_line, shorten
from handlers.shared.counts import reports
from handlers.shared.labels import ASKED, ENDINGS
from handlers.weekly.chart_data import MOST_KINDS, name_of_kind
from handlers.weekly.words import days_late, more_or_fewer, up_or_down

Trend = Callable[[Kind, int], str]
"""The twelve weeks of a kind; the number is the highest of any kind in any week."""

NAME: Final = 36  # characters of a customer's name, of which up to five stand in each of four lists
LINE: Final = 110
SHORTEST: Final = 0.05  # business days that round to something
MOST_LESSONS: Final = 3
NOTHING: Final = _("Nothing is overdue, and no warning was left without consequence.")
# Translators: {customer} is what is called so, in bold; {act} is such as "warn them", {late} such as "2 days late".
LATE: Final = _("{customer}: {act}, {late} (case {case})")
WARNED_ONCE: Final = _("{customer}: warned on {day}, {reports} since")
NO_REPORTS: Final = _("No reports")
MEDIAN: Final = _("{decisions:,}, median time to a decision {days:.1f} business days")
MEDIAN_SHORT: Final = _("{decisions:,}, median time to a decision under 0.1 business days")
QUIET: Final = _("Nothing was reported in these twelve weeks. /report-abuse takes a minute, when it is needed.")
# Translators: {drop} is the customer who was dropped, with the reason.
DROPPED_FROM: Final = _("{drop}, from {day}")
REPEATED: Final = _("{customer} {now:,} this week, {trend:,} in twelve weeks")
COMING: Final = _("Coming up: {what}.")
NOTHING_COMING: Final = _("nothing within two weeks")


def needs(figures: Figures) -> list[Element]:
    """Where management lets things slide."""
    late, unheeded, unanswered = figures.late, figures.unheeded, figures.coming.late
    said: list[Element] = []
    if late.total:
        are = ngettext("{n:,} case is overdue:", "{n:,} cases are overdue:", late.total)
        said += [line(are.format(n=late.total)), bullets(_named(late, _late))]
    if unheeded.total:
        were = ngettext(
            "{n:,} customer was warned, reported again, and nothing followed:",
            "{n:,} customers were warned, reported again, and nothing followed:",
            unheeded.total,
        )
        said += [line(were.format(n=unheeded.total)), bullets(_named(unheeded, _unheeded))]
    if unanswered:
        overdue = ngettext(
            "{n:,} answer to an appeal or a disputed warning is overdue.",
            "{n:,} answers to appeals or disputed warnings are overdue.",
            unanswered,
        )
        said.append(line(overdue.format(n=unanswered)))
    return said or [line(NOTHING)]


def _named(first: First[Any], words: Callable[[Any], Sequence[TextPiece]]) -> list[Element]:
    more = ngettext("and {n:,} more", "and {n:,} more", first.more).format(n=first.more)
    return [*(line(*words(item)) for item in first.items), *([line(more)] if first.more else [])]


def _late(case: Late) -> list[TextPiece]:
    name, late = strong(_name(case.customer)), days_late(case.days)
    return filled(LATE, customer=name, act=ASKED[case.rung], late=late, case=case.case)


def _unheeded(customer: Unheeded) -> list[TextPiece]:
    name, since, told = strong(_name(customer.customer)), when(customer.since, DATE_ONLY), reports(customer.reports)
    n = customer.warnings
    if n == 1:
        return filled(WARNED_ONCE, customer=name, day=since, reports=told)
    template = ngettext(
        "{customer}: warned {n:,} time, first on {day}, {reports} since",
        "{customer}: warned {n:,} times, first on {day}, {reports} since",
        n,
    )
    return filled(template, customer=name, n=n, day=since, reports=told)


def in_short(figures: Figures) -> list[Element]:
    """Reports, reps, cases and decisions of the week."""
    now, before = figures.reports[-1], figures.reports[-2]
    told = reports(now) if now else NO_REPORTS
    affected = [" · ", _affected(figures)] if now or figures.asked_support else []
    return [
        line(strong(told), ", ", more_or_fewer(now, before), *affected),
        line(strong(_("Cases")), ": ", _cases(figures.cases)),
        line(strong(_("Decisions")), ": ", _decisions(figures)),
    ]


def _affected(figures: Figures) -> str:
    reps, asked = figures.reps, figures.asked_support
    affected = ngettext("{n:,} rep affected", "{n:,} reps affected", reps).format(n=reps)
    # Translators: reps who asked for someone to talk to.
    wished = ngettext("{n:,} asked for support", "{n:,} asked for support", asked).format(n=asked)
    return f"{affected}, {wished}"


def _cases(cases: Cases) -> str:
    ended = sum(cases.ended.values())
    said = [
        # Translators: cases; so are the next two.
        ngettext("{n:,} opened", "{n:,} opened", cases.opened).format(n=cases.opened),
        ngettext("{n:,} ended", "{n:,} ended", ended).format(n=ended),
        ngettext("{n:,} open now", "{n:,} open now", cases.open).format(n=cases.open),
    ]
    return ", ".join(said)


def _decisions(figures: Figures) -> str:
    days = figures.median_days
    if days is None:
        return f"{figures.decided:,}"
    return (MEDIAN if days >= SHORTEST else MEDIAN_SHORT).format(decisions=figures.decided, days=days)


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
    lines = [
        line(strong(_("Warnings")), ": ", _warnings(figures.warned)),
        *_outcomes(figures),
        *_dropped(figures.drops, policy),
        *_repeats(figures.repeats),
        *_standings(figures.standings),
        *_lessons(figures.lessons),
    ]
    return [*lines, line(COMING.format(what=_coming(figures.coming)))]


def _warnings(warned: Warned) -> str:
    issued, delivered, waiting = warned.issued, warned.delivered, warned.waiting
    said = [
        # Translators: warnings; so are the next two.
        ngettext("{n:,} issued", "{n:,} issued", issued).format(n=issued),
        ngettext("{n:,} delivered", "{n:,} delivered", delivered).format(n=delivered),
    ]
    if waiting:
        said.append(ngettext("{n:,} not delivered yet", "{n:,} not delivered yet", waiting).format(n=waiting))
    return ", ".join(said)


def _coming(coming: Coming) -> str:
    reviews, appeals, disputes = coming.reviews, coming.appeals, coming.disputes
    said = [
        (reviews, ngettext("{n:,} review within two weeks", "{n:,} reviews within two weeks", reviews)),
        (appeals, ngettext("{n:,} appeal to answer", "{n:,} appeals to answer", appeals)),
        (disputes, ngettext("{n:,} disputed warning to settle", "{n:,} disputed warnings to settle", disputes)),
    ]
    return listed([template.format(n=n) for n, template in said if n]) or NOTHING_COMING


def _outcomes(figures: Figures) -> list[Element]:
    ended = {outcome: figures.cases.ended.get(outcome, 0) for outcome in Outcome}
    said = [f"{ENDINGS[outcome]} {n:,}{_conditions(figures, outcome)}" for outcome, n in ended.items() if n]
    return [line(strong(_("Cases ended")), f": {', '.join(said)}")] if said else []


def _conditions(figures: Figures, outcome: Outcome) -> str:
    held = figures.kept_with_conditions
    # Translators: customers who are kept.
    said = ngettext("{n:,} with conditions", "{n:,} with conditions", held).format(n=held)
    return f" ({said})" if outcome is Outcome.KEPT and held else ""


def _dropped(drops: First[Dropped], policy: Policy) -> list[Element]:
    def words(drop: Dropped) -> list[TextPiece]:
        why = policy.reason_classes.get(drop.reason_class or "", drop.reason_class or "")
        who: list[TextPiece] = [strong(_name(drop.customer)), *([f" ({shorten(one_line(why), 40)})"] if why else [])]
        return filled(DROPPED_FROM, drop=who, day=day(drop.effective_on)) if drop.effective_on else who

    return [line(strong(_("Dropped"))), bullets(_named(drops, words))] if drops.total else []


def _repeats(repeats: First[Repeat]) -> list[Element]:
    def words(repeat: Repeat) -> list[TextPiece]:
        return filled(REPEATED, customer=strong(_name(repeat.customer)), now=repeat.now, trend=repeat.trend)

    return [line(strong(_("Reported again"))), bullets(_named(repeats, words))] if repeats.total else []


def _standings(standings: Mapping[Standing, int]) -> list[Element]:
    said = [_standing(each, standings[each]) for each in Standing if standings.get(each)]
    return [line(strong(_("Customers now")), f": {listed(said)}")] if said else []


def _standing(standing: Standing, n: int) -> str:
    said = {
        # Translators: customers who stand so.
        Standing.CLEAR: ngettext("{n:,} clear", "{n:,} clear", n),
        Standing.WARNED: ngettext("{n:,} warned", "{n:,} warned", n),
        Standing.UNDER_REVIEW: ngettext("{n:,} under review", "{n:,} under review", n),
        Standing.RESTRICTED: ngettext("{n:,} kept with conditions", "{n:,} kept with conditions", n),
        Standing.DROPPED: ngettext("{n:,} dropped", "{n:,} dropped", n),
    }
    return said[standing].format(n=n)


def _lessons(lessons: First[str]) -> list[Element]:
    few = First(lessons.items[:MOST_LESSONS], lessons.total)

    def words(learnt: str) -> list[TextPiece]:
        return [shorten(one_line(learnt), LINE)]

    return [line(strong(_("Learnt"))), bullets(_named(few, words))] if few.total else []


def _name(customer: str) -> str:
    return shorten(one_line(customer), NAME)
