"""The lines of the weekly summary. Every line is bounded, whatever the week held."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.language import _, ngettext
from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.policy.policy import Policy
from bot.rules.weekly_figures import (
    CaseFigures,
    CategoryTrend,
    DroppedCustomer,
    Figures,
    FirstFew,
    OverdueCase,
    ReportedAgain,
    UpcomingFigures,
    WarnedAgain,
    WarningFigures,
)
from handlers.blockkit.blocks import Element, Inline, bold, bullets, filled, line, when
from handlers.blockkit.text import DATE_ONLY, day, listed, one_line, shorten
from handlers.shared.counts import reports
from handlers.shared.labels import ASKED_TO, ENDINGS
from handlers.weekly.chart_data import charted_kinds, name_of_kind

Trend = Callable[[CategoryTrend, int], str]
"""The twelve weeks of a kind; the number is the highest of any kind in any week."""

LONGEST_NAME: Final = 36  # characters: up to five names stand in each of four lists
LONGEST_LESSON: Final = 110
SHORTEST: Final = 0.05  # business days: the least that does not round to 0.0
MOST_LESSONS: Final = 3
# Translators: {customer} is what is called so, in bold; {act} is such as "warn them", {late} such as "2 days late".
LATE: Final = _("{customer}: {act}, {late} (case {case})")
MEDIAN: Final = _("{decisions:,}, median time to a decision {days:.1f} business days")
MEDIAN_SHORT: Final = _("{decisions:,}, median time to a decision under 0.1 business days")
# Translators: of a figure that is nought in both weeks.
AS_IN: Final = _("as in the week before")
# Translators: {drop} is the customer who was dropped, with the reason.
DROPPED_FROM: Final = _("{drop}, from {day}")
REPEATED: Final = _("{customer} {now:,} this week, {trend:,} in twelve weeks")


def needs_management(figures: Figures) -> list[Element]:
    """What management has left undone."""
    late, unheeded, unanswered = figures.late, figures.unheeded, figures.coming.late
    lines: list[Element] = []
    if late.total:
        are = ngettext("{n:,} case is overdue:", "{n:,} cases are overdue:", late.total)
        lines += [line(are.format(n=late.total)), bullets(_named(late, _late))]
    if unheeded.total:
        were = ngettext(
            "{n:,} customer was warned, reported again, and nothing followed:",
            "{n:,} customers were warned, reported again, and nothing followed:",
            unheeded.total,
        )
        lines += [line(were.format(n=unheeded.total)), bullets(_named(unheeded, _unheeded))]
    if unanswered:
        overdue = ngettext(
            "{n:,} answer to an appeal or a disputed warning is overdue.",
            "{n:,} answers to appeals or disputed warnings are overdue.",
            unanswered,
        )
        lines.append(line(overdue.format(n=unanswered)))
    return lines or [line(_("Nothing is overdue, and no warning was left without consequence."))]


def _named(first: FirstFew[Any], in_words: Callable[[Any], Sequence[Inline]]) -> list[Element]:
    more = ngettext("and {n:,} more", "and {n:,} more", first.more).format(n=first.more)
    return [*(line(*in_words(item)) for item in first.items), *([line(more)] if first.more else [])]


def _late(case: OverdueCase) -> list[Inline]:
    name, late = bold(_name(case.customer)), days_late(case.days)
    return filled(LATE, customer=name, act=ASKED_TO[case.rung], late=late, case=case.case)


def days_late(days: float) -> str:
    """How long something is overdue, in whole business days."""
    n = int(days)
    late = ngettext("{n:,} business day late", "{n:,} business days late", n).format(n=n)
    return late if n else _("less than a business day late")


def _unheeded(customer: WarnedAgain) -> list[Inline]:
    name, since, count = bold(_name(customer.customer)), when(customer.since, DATE_ONLY), reports(customer.reports)
    n = customer.warnings
    if n == 1:
        return filled(_("{customer}: warned on {day}, {reports} since"), customer=name, day=since, reports=count)
    template = ngettext(
        "{customer}: warned {n:,} time, first on {day}, {reports} since",
        "{customer}: warned {n:,} times, first on {day}, {reports} since",
        n,
    )
    return filled(template, customer=name, n=n, day=since, reports=count)


def week_in_short(figures: Figures) -> list[Element]:
    """Reports, reps, cases and decisions of the week."""
    now, before = figures.reports[-1], figures.reports[-2]
    count = reports(now) if now else _("No reports")
    affected = [" · ", _affected(figures)] if now else []
    return [
        line(bold(count), ", ", more_or_fewer(now, before), *affected),
        line(bold(_("Cases")), ": ", _cases(figures.cases)),
        line(bold(_("Decisions")), ": ", _decisions(figures)),
    ]


def more_or_fewer(now: int, before: int) -> str:
    """How a count compares with the week before."""
    if now == before:
        return _("as many as the week before") if now else AS_IN
    n = abs(now - before)
    if now > before:
        return ngettext("{n:,} more than the week before", "{n:,} more than the week before", n).format(n=n)
    return ngettext("{n:,} fewer than the week before", "{n:,} fewer than the week before", n).format(n=n)


def up_or_down(now: int, before: int) -> str:
    """A count and how it compares with the week before."""
    if now == before:
        return _("{now:,} (no change)").format(now=now)
    return (_("{now:,} (up {n:,})") if now > before else _("{now:,} (down {n:,})")).format(now=now, n=abs(now - before))


def _affected(figures: Figures) -> str:
    reps, asked = figures.reps, figures.asked_support
    affected = ngettext("{n:,} rep affected", "{n:,} reps affected", reps).format(n=reps)
    # Translators: reps who asked for someone to talk to; so is the next one, where there are three or more.
    some, support = _("some may have asked for support"), _("{n:,} asked for support")
    return f"{affected}, {some if asked is None else support.format(n=asked)}"


def _cases(cases: CaseFigures) -> str:
    ended = sum(cases.ended.values())
    parts = [
        # Translators: cases; so are the next two.
        ngettext("{n:,} opened", "{n:,} opened", cases.opened).format(n=cases.opened),
        ngettext("{n:,} ended", "{n:,} ended", ended).format(n=ended),
        ngettext("{n:,} open now", "{n:,} open now", cases.open).format(n=cases.open),
    ]
    return ", ".join(parts)


def _decisions(figures: Figures) -> str:
    days = figures.median_days
    if days is None:
        return f"{figures.decided:,}"
    return (MEDIAN if days >= SHORTEST else MEDIAN_SHORT).format(decisions=figures.decided, days=days)


def kinds(figures: Figures, policy: Policy, trend: Trend | None) -> list[Element]:
    """Each kind against the week before. Without `trend`, a chart shows the kinds that these two weeks do not have."""
    if not figures.kinds:
        return [line(_("Nothing was reported in these twelve weeks. /report-abuse takes a minute, when it is needed."))]
    shown = charted_kinds(figures)
    highest = max(max(kind.trend) for kind in shown)
    lines = [
        line(
            bold(name_of_kind(kind, policy)),
            f" {up_or_down(kind.now, kind.before)}",
            trend(kind, highest) if trend else "",
        )
        for kind in shown
        if trend or kind.now or kind.before
    ]
    return [bullets(lines)] if lines else []


def week_results(figures: Figures, policy: Policy) -> list[Element]:
    """What became of customers, how they stand now, and what comes up."""
    lessons = FirstFew(figures.lessons.items[:MOST_LESSONS], figures.lessons.total)
    return [
        line(bold(_("Warnings")), ": ", _warnings(figures.warned)),
        *_outcomes(figures),
        *_titled(_("Dropped"), figures.drops, lambda drop: _dropped(drop, policy)),
        *_titled(_("Reported again"), figures.repeats, _repeat),
        *_standings(figures.standings),
        *_titled(_("Learnt"), lessons, lambda lesson: [shorten(one_line(lesson), LONGEST_LESSON)]),
        line(_("Coming up: {what}.").format(what=_coming(figures.coming))),
    ]


def _titled(title: str, first: FirstFew[Any], in_words: Callable[[Any], Sequence[Inline]]) -> list[Element]:
    return [line(bold(title)), bullets(_named(first, in_words))] if first.total else []


def _warnings(warned: WarningFigures) -> str:
    issued, delivered, waiting = warned.issued, warned.delivered, warned.waiting
    parts = [
        # Translators: warnings; so are the next two.
        ngettext("{n:,} issued", "{n:,} issued", issued).format(n=issued),
        ngettext("{n:,} delivered", "{n:,} delivered", delivered).format(n=delivered),
    ]
    if waiting:
        parts.append(ngettext("{n:,} not delivered yet", "{n:,} not delivered yet", waiting).format(n=waiting))
    return ", ".join(parts)


def _coming(coming: UpcomingFigures) -> str:
    reviews, appeals, disputes = coming.reviews, coming.appeals, coming.disputes
    parts = [
        (reviews, ngettext("{n:,} review within two weeks", "{n:,} reviews within two weeks", reviews)),
        (appeals, ngettext("{n:,} appeal to answer", "{n:,} appeals to answer", appeals)),
        (disputes, ngettext("{n:,} disputed warning to settle", "{n:,} disputed warnings to settle", disputes)),
    ]
    return listed([template.format(n=n) for n, template in parts if n]) or _("nothing within two weeks")


def _outcomes(figures: Figures) -> list[Element]:
    ended, held = figures.cases.ended, figures.kept_with_conditions
    # Translators: customers who are kept.
    held_to = ngettext("{n:,} with conditions", "{n:,} with conditions", held).format(n=held)
    added = {Outcome.KEPT: f" ({held_to})"} if held else {}
    parts = [f"{ENDINGS[each]} {ended[each]:,}{added.get(each, '')}" for each in Outcome if ended.get(each)]
    return [line(bold(_("Cases ended")), f": {', '.join(parts)}")] if parts else []


def _dropped(drop: DroppedCustomer, policy: Policy) -> list[Inline]:
    why = policy.reason_classes.get(drop.reason_class or "", drop.reason_class or "")
    who: list[Inline] = [bold(_name(drop.customer)), *([f" ({shorten(one_line(why), 40)})"] if why else [])]
    return filled(DROPPED_FROM, drop=who, day=day(drop.effective_on)) if drop.effective_on else who


def _repeat(repeat: ReportedAgain) -> list[Inline]:
    return filled(REPEATED, customer=bold(_name(repeat.customer)), now=repeat.now, trend=repeat.trend)


def _standings(standings: Mapping[Standing, int]) -> list[Element]:
    parts = [_standing(each, standings[each]) for each in Standing if standings.get(each)]
    return [line(bold(_("Customers now")), f": {listed(parts)}")] if parts else []


def _standing(standing: Standing, n: int) -> str:
    template = {
        # Translators: customers who stand so.
        Standing.CLEAR: ngettext("{n:,} clear", "{n:,} clear", n),
        Standing.WARNED: ngettext("{n:,} warned", "{n:,} warned", n),
        Standing.UNDER_REVIEW: ngettext("{n:,} under review", "{n:,} under review", n),
        Standing.RESTRICTED: ngettext("{n:,} kept with conditions", "{n:,} kept with conditions", n),
        Standing.DROPPED: ngettext("{n:,} dropped", "{n:,} dropped", n),
    }[standing]
    return template.format(n=n)


def _name(customer: str) -> str:
    return shorten(one_line(customer), LONGEST_NAME)
