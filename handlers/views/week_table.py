"""A week as CSV, a figure a line, for a manager's own sums."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from bot.rules.figures import TREND, Figures
from bot.rules.policy import Policy
from handlers.views.labels import ASKED, ENDINGS, STANDINGS
from handlers.views.text import one_line
from handlers.views.week_chart import name_of_kind

HEAD: Final = ("week", "what", "which", "number", "note")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # with which spreadsheets take a cell for a formula
Line = tuple[object, ...]


def as_csv(figures: Figures, policy: Policy) -> bytes:
    """The week's figures and the twelve weeks of each kind, in UTF-8 with the mark that spreadsheets look for."""
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow(HEAD)
    for week, *cells in (*_trends(figures, policy), *_counts(figures), *_names(figures, policy)):
        lines.writerow([str(week), *(_cell(cell) for cell in cells)])
    return written.getvalue().encode("utf-8-sig")


def _trends(figures: Figures, policy: Policy) -> Iterator[Line]:
    weeks = [figures.week.later(n) for n in range(1 - TREND, 1)]
    for kind in figures.kinds:
        name = name_of_kind(kind, policy)
        yield from ((week, "reports", name, n, "") for week, n in zip(weeks, kind.trend, strict=True))
    for choice, trend in figures.decisions.items():
        yield from ((week, "decisions", choice.value, n, "") for week, n in zip(weeks, trend, strict=True))


def _counts(figures: Figures) -> Iterator[Line]:
    cases, warned, coming = figures.cases, figures.warned, figures.coming
    counts: dict[tuple[str, str], object] = {
        ("reps", "affected"): figures.reps,
        ("reps", "asked for support"): figures.asked_support,
        ("cases", "opened"): cases.opened,
        **{("cases ended", ENDINGS[outcome]): n for outcome, n in cases.ended.items()},
        ("cases", "open now"): cases.open,
        ("cases", "overdue now"): figures.late.total,
        ("decisions", "kept with conditions"): figures.kept_with_conditions,
        ("decisions", "median business days"): "" if figures.median_days is None else f"{figures.median_days:.2f}",
        ("warnings", "issued"): warned.issued,
        ("warnings", "delivered"): warned.delivered,
        ("warnings", "not delivered yet"): warned.waiting,
        ("warnings", "without consequence"): figures.unheeded.total,
        **{("customers now", STANDINGS[standing]): n for standing, n in figures.standings.items()},
        ("coming up", "reviews within two weeks"): coming.reviews,
        ("coming up", "appeals waiting"): coming.appeals,
        ("coming up", "disputed warnings waiting"): coming.disputes,
        ("coming up", "answers overdue"): coming.late,
    }
    return ((figures.week, what, which, n, "") for (what, which), n in counts.items())


def _names(figures: Figures, policy: Policy) -> Iterator[Line]:
    week = figures.week
    for case in figures.late.items:
        yield week, "overdue", case.customer, f"{case.days:.1f}", f"case {case.case}: {ASKED[case.rung]}"
    for unheeded in figures.unheeded.items:
        since = f"warned {unheeded.warnings} times since {policy.hours.local_date(unheeded.since)}"
        yield week, "warned without consequence", unheeded.customer, unheeded.reports, since
    for repeat in figures.repeats.items:
        yield week, "reported again", repeat.customer, repeat.now, f"{repeat.trend} in twelve weeks"
    for drop in figures.drops.items:
        why = policy.reason_classes.get(drop.reason_class or "", drop.reason_class or "")
        yield week, "dropped", drop.customer, "", f"{why}, from {drop.effective_on}"
    for learnt in figures.lessons.items:
        yield week, "learnt", learnt, "", ""


def _cell(value: object) -> str:
    text = one_line(str(value))
    return f"'{text}" if text.startswith(FORMULA) else text
