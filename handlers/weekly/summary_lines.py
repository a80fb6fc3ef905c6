"""The lines of the weekly summary: what waits, then the week. A line without news is left out; each is bounded."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.language import _, ngettext
from bot.rules.backup import BackupFigures
from bot.rules.cases import Outcome
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Rung
from bot.rules.weekly_figures import (
    CategoryTrend,
    DroppedCustomer,
    Figures,
    FirstFew,
    Learnt,
    OverdueCase,
    ReportedAgain,
    UpcomingFigures,
    WarnedAgain,
    fold_categories,
)
from handlers.blockkit.blocks import Element, Inline, bold, filled, joined, line, link
from handlers.blockkit.text import day, listed, one_line, shorten
from handlers.shared.counts import reports, reps
from handlers.shared.labels import ENDINGS

Links = Mapping[int, str]
"""The addresses of cases' notices, by the number of the case."""

LONGEST_NAME: Final = 36  # characters
LONGEST_LESSON: Final = 110
SHORTEST: Final = 0.05  # business days: about half an hour
HALF: Final = 0.5
MOST_NAMED: Final = 3  # customers in a line
MOST_KINDS: Final = 5
TWO_MINUTES: Final = 120  # seconds

NOTHING_WAITS: Final = _("Nothing is overdue, and no warning was left without consequence.")
TO_DO: Final = {
    # Translators: what management has to do, with a link.
    Rung.RECORD: _("look at {customer}"),
    Rung.WARN: _("warn {customer}"),
    Rung.HEAR: _("hear both sides about {customer}"),
    Rung.DECIDE: _("decide about {customer}"),
}
# Translators: {cases} is such as "2 cases are overdue", {todo} such as "warn Acme, decide about Pemberton".
LATE: Final = _("{cases}: {todo}")
UNHEEDED: Final = _("Warned, reported again, no action yet: {customers}")
AGAIN: Final = _("Reported again: {customers}")
DROPPED: Final = _("Dropped: {customers}")
# Translators: all other kinds of conduct.
OTHERS: Final = _("All others")
LEARNT: Final = _("Learnt: {lesson}")
COMING: Final = _("Next two weeks: {what}")
# Translators: such as "9 reports by 3 reps, 4 more than the week before".
WEEK: Final = _("{reports} by {reps}, {change}")
# Translators: reps who asked for someone to talk to.
ASKED: Final = _("{n:,} asked for support")
NO_REPORTS: Final = _("No reports")
MEDIAN: Final = _("decisions took {days:.1f} business days")
MEDIAN_HALF: Final = _("decisions took less than half a business day")
MEDIAN_SHORT: Final = _("decisions took less than an hour")
# Translators: after this time somebody came to whoever called for backup: such as "40 seconds".
CAME: Final = _("answered after {median}, at most {slowest}")
CAME_ONCE: Final = _("answered after {median}")
FROM: Final = _("from {day}")
TWICE: Final = _("{customer} {n:,}")


def what_waits(figures: Figures, links: Links) -> list[Element]:
    """What management has left undone: the one thing that everybody reads."""
    late, unheeded, answers = figures.late, figures.unheeded, figures.coming.late
    said: list[list[Inline]] = []
    if late.total:
        cases = _late(late.total, max(case.days for case in late.items))
        said.append(filled(LATE, cases=bold(cases), todo=_named(late, lambda case: _to_do(case, links))))
    if unheeded.total:
        said.append(filled(UNHEEDED, customers=_named(unheeded, _unheeded)))
    if answers:
        overdue = ngettext(
            "{n:,} answer to an objection is overdue", "{n:,} answers to objections are overdue", answers
        )
        said.append([overdue.format(n=answers)])
    return [line(*each) for each in said] or [line(bold(NOTHING_WAITS))]


def week_in_short(figures: Figures) -> str:
    """Reports and reps of the week, against the week before, and how many asked for support if that tells of nobody."""
    now, before = figures.reports[-1], figures.reports[-2]
    if not now:
        return f"{NO_REPORTS}, {more_or_fewer(now, before)}"
    said = WEEK.format(reports=reports(now), reps=reps(figures.reps), change=more_or_fewer(now, before))
    asked = figures.asked_support
    return said if asked is None else f"{said}, {ASKED.format(n=asked)}"


def more_or_fewer(now: int, before: int) -> str:
    """How a count compares with the week before."""
    if now == before:
        return _("as many as the week before") if now else _("as in the week before")
    n = abs(now - before)
    if now > before:
        return ngettext("{n:,} more than the week before", "{n:,} more than the week before", n).format(n=n)
    return ngettext("{n:,} fewer than the week before", "{n:,} fewer than the week before", n).format(n=n)


def days_late(days: float) -> str:
    """How long something is overdue, in whole business days."""
    n = int(days)
    late = ngettext("{n:,} business day late", "{n:,} business days late", n).format(n=n)
    return late if n else _("less than a business day late")


def week_results(figures: Figures, policy: Policy) -> list[Element]:
    """What was reported and by kind, what came of it, whom it came from again, and what comes up."""
    lines = [
        _backup(figures.backup),
        _kinds(figures, policy),
        _outcomes(figures),
        _titled(DROPPED, figures.drops, lambda drop: _dropped(drop, policy)),
        _titled(AGAIN, figures.repeats, _repeat),
        _lesson(figures.lessons),
        _coming(figures.coming),
    ]
    return [line(*each) for each in lines if each]


def name_of_kind(kind: CategoryTrend, policy: Policy) -> str:
    """A category's name; its key if the policy no longer has it."""
    if not kind.category:
        return OTHERS
    known = policy.categories.get(kind.category)
    return shorten(one_line(known.name if known else kind.category), LONGEST_NAME)


def _late(n: int, days: float) -> str:
    if n == 1:
        return _("One case is {late}").format(late=days_late(days))
    return ngettext("{n:,} case is overdue", "{n:,} cases are overdue", n).format(n=n)


def _to_do(case: OverdueCase, links: Links) -> list[Inline]:
    name = _name(case.customer)
    words = TO_DO[case.rung].format(customer=name)
    return [link(links[case.case], words) if case.case in links else words]


def _unheeded(customer: WarnedAgain) -> list[Inline]:
    return [_name(customer.customer)]


def _kinds(figures: Figures, policy: Policy) -> list[Inline]:
    reported = [kind for kind in figures.kinds if kind.now]
    shown, rest = fold_categories(reported, MOST_KINDS)
    kinds = [*shown, *([rest] if rest else [])]
    return [" · ".join(f"{name_of_kind(kind, policy)} {kind.now:,}" for kind in kinds)] if kinds else []


def _backup(backup: BackupFigures) -> list[Inline]:
    """Calls to which nobody came stand first. Where fewer than three reps called, nothing says that anybody did."""
    n = backup.unanswered
    nobody = ngettext("Nobody came to {n:,} call for backup", "Nobody came to {n:,} calls for backup", n)
    said = [nobody.format(n=n)] if n else []
    if calls := backup.calls:
        said.append(ngettext("{n:,} call for backup", "{n:,} calls for backup", calls).format(n=calls))
    if backup.median is not None and backup.slowest is not None:
        came = CAME if in_time(backup.median) != in_time(backup.slowest) else CAME_ONCE
        said.append(came.format(median=in_time(backup.median), slowest=in_time(backup.slowest)))
    return [" · ".join(said)] if said else []


def in_time(seconds: float) -> str:
    """How long somebody waited, in seconds, or in minutes from two on."""
    if seconds < TWO_MINUTES:
        n = round(seconds)
        return ngettext("{n:,} second", "{n:,} seconds", n).format(n=n)
    n = round(seconds / 60)
    return ngettext("{n:,} minute", "{n:,} minutes", n).format(n=n)


def _outcomes(figures: Figures) -> list[Inline]:
    warned, ended = figures.warned, figures.cases.ended
    named = {Outcome.WARNED, Outcome.DROPPED}  # said otherwise
    parts = [
        (warned.delivered, ngettext("{n:,} warning delivered", "{n:,} warnings delivered", warned.delivered)),
        (warned.waiting, ngettext("{n:,} not delivered yet", "{n:,} not delivered yet", warned.waiting)),
    ]
    said = [template.format(n=n) for n, template in parts if n]
    said += [f"{ENDINGS[each]} {ended[each]:,}" for each in Outcome if ended.get(each) and each not in named]
    days = figures.median_days
    if days is not None:
        median = MEDIAN if days >= HALF else MEDIAN_HALF if days >= SHORTEST else MEDIAN_SHORT
        said.append(median.format(days=days))
    line = " · ".join(said)
    return [line[0].upper() + line[1:]] if line else []


def _dropped(drop: DroppedCustomer, policy: Policy) -> list[Inline]:
    why = policy.reason_classes.get(drop.reason_class or "", drop.reason_class or "")
    since = FROM.format(day=day(drop.effective_on)) if drop.effective_on else ""
    facts = ", ".join(filter(None, (shorten(one_line(why).lower(), 40), since)))
    return [f"{_name(drop.customer)} ({facts})" if facts else _name(drop.customer)]


def _repeat(repeat: ReportedAgain) -> list[Inline]:
    return [TWICE.format(customer=_name(repeat.customer), n=repeat.now)]


def _lesson(lessons: FirstFew[Learnt]) -> list[Inline]:
    return [LEARNT.format(lesson=shorten(one_line(lessons.items[0].line), LONGEST_LESSON))] if lessons.items else []


def _coming(coming: UpcomingFigures) -> list[Inline]:
    reviews, objections = coming.reviews, coming.objections
    parts = [
        (reviews, ngettext("{n:,} review", "{n:,} reviews", reviews)),
        (objections, ngettext("{n:,} objection to answer", "{n:,} objections to answer", objections)),
    ]
    what = listed([template.format(n=n) for n, template in parts if n])
    return [COMING.format(what=what)] if what else []


def _titled(template: str, first: FirstFew[Any], in_words: Callable[[Any], Sequence[Inline]]) -> list[Inline]:
    return filled(template, customers=_named(first, in_words)) if first.total else []


def _named(first: FirstFew[Any], in_words: Callable[[Any], Sequence[Inline]]) -> list[Inline]:
    shown = first.items[:MOST_NAMED]
    named = joined([in_words(item) for item in shown])
    more = first.total - len(shown)
    if not more:
        return named
    # Translators: {first}: several, with commas between them.
    return filled(ngettext("{first} and {n:,} more", "{first} and {n:,} more", more), first=named, n=more)


def _name(customer: str) -> str:
    return shorten(one_line(customer), LONGEST_NAME)
