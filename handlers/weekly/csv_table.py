"""A week as CSV, one figure a line, for spreadsheets."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from bot.language import _, ngettext
from bot.rules.decisions import Choice
from bot.rules.policy.policy import Policy
from bot.rules.weekly_figures import TREND, Figures
from handlers.blockkit.text import one_line
from handlers.shared.labels import ASKED_TO, ENDINGS, STANDINGS
from handlers.weekly.summary_lines import name_of_kind

# Translators: the columns and lines of a table for spreadsheets.
HEAD: Final = (_("week"), _("what"), _("which"), _("number"), _("note"))
CHOICES: Final = {Choice.DROP: _("drop"), Choice.KEEP: _("keep")}
REPEATED: Final = _("{trend:,} in twelve weeks")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # spreadsheets take a cell that starts so for a formula
Line = tuple[object, ...]


def as_csv(figures: Figures, policy: Policy) -> bytes:
    """The week's figures and the twelve weeks of each kind, in UTF-8 with the byte order mark for spreadsheets."""
    written = StringIO()
    lines = csv.writer(written)
    lines.writerow(HEAD)
    for week, *cells in (*_trends(figures, policy), *_counts(figures), *_names(figures, policy)):
        lines.writerow([str(week), *(cell(each) for each in cells)])
    return written.getvalue().encode("utf-8-sig")


def _trends(figures: Figures, policy: Policy) -> Iterator[Line]:
    weeks = [figures.week.later(n) for n in range(1 - TREND, 1)]
    for kind in figures.kinds:
        name = name_of_kind(kind, policy)
        yield from ((week, _("reports"), name, n, "") for week, n in zip(weeks, kind.trend, strict=True))
    for choice, trend in figures.decisions.items():
        yield from ((week, _("decisions"), CHOICES[choice], n, "") for week, n in zip(weeks, trend, strict=True))


def _counts(figures: Figures) -> Iterator[Line]:
    cases, warned, coming, days = figures.cases, figures.warned, figures.coming, figures.median_days
    asked = _("some or none") if figures.asked_support is None else figures.asked_support
    calls = _("by fewer than three reps") if figures.backup.calls is None else figures.backup.calls
    counts: list[tuple[str, str, object]] = [
        (_("reps"), _("affected"), figures.reps),
        (_("reps"), _("asked for support"), asked),
        (_("cases"), _("opened"), cases.opened),
        *((_("cases ended"), ENDINGS[outcome], n) for outcome, n in cases.ended.items()),
        (_("cases"), _("open"), cases.open),
        (_("cases"), _("overdue"), figures.late.total),
        (_("decisions"), _("kept with conditions"), figures.kept_with_conditions),
        (_("decisions"), _("median business days"), "" if days is None else f"{days:.2f}"),
        (_("warnings"), _("issued"), warned.issued),
        (_("warnings"), _("delivered"), warned.delivered),
        (_("warnings"), _("not delivered yet"), warned.waiting),
        (_("warnings"), _("without consequence"), figures.unheeded.total),
        (_("backup"), _("calls"), calls),
        (_("backup"), _("calls to which nobody came"), figures.backup.unanswered),
        (_("backup"), _("median seconds until somebody came"), _seconds(figures.backup.median)),
        (_("backup"), _("slowest seconds until somebody came"), _seconds(figures.backup.slowest)),
        *((_("customers"), STANDINGS[standing], n) for standing, n in figures.standings.items()),
        (_("coming up"), _("reviews within two weeks"), coming.reviews),
        (_("coming up"), _("objections waiting"), coming.objections),
        (_("coming up"), _("answers overdue"), coming.late),
    ]
    return ((figures.week, what, which, n, "") for what, which, n in counts)


def _seconds(waited: float | None) -> str:
    return "" if waited is None else f"{waited:.0f}"


def _names(figures: Figures, policy: Policy) -> Iterator[Line]:
    week = figures.week
    for case in figures.late.items:
        yield (
            week,
            _("overdue"),
            case.customer,
            f"{case.days:.1f}",
            _("case {case}: {act}").format(case=case.case, act=ASKED_TO[case.rung]),
        )
    for unheeded in figures.unheeded.items:
        n, since = unheeded.warnings, policy.hours.local_date(unheeded.since)
        warned = ngettext("warned {n:,} time since {day}", "warned {n:,} times since {day}", n).format(n=n, day=since)
        yield week, _("warned without consequence"), unheeded.customer, unheeded.reports, warned
    for repeat in figures.repeats.items:
        yield week, _("reported again"), repeat.customer, repeat.now, REPEATED.format(trend=repeat.trend)
    for drop in figures.drops.items:
        why = policy.reason_classes.get(drop.reason_class or "", drop.reason_class or "")
        said = _("{why}, from {day}").format(why=why, day=drop.effective_on) if drop.effective_on else why
        yield week, _("dropped"), drop.customer, "", said
    for learnt in figures.lessons.items:
        yield week, _("learnt"), learnt.line, "", ""


def cell(value: object) -> str:
    """A value as a spreadsheet shows it, and never computes it."""
    text = one_line(str(value))
    return f"'{text}" if text.startswith(FORMULA) else text
