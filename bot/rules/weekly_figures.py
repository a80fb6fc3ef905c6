"""The figures of one week, for the summary, its chart and its table. They name customers, never reps.

Each item of a list has the `number` of its customer beside the name, so that figures are kept without names.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from statistics import median
from typing import Generic, TypeVar

from bot.rules.backup import BackupFigures, WeeksCall
from bot.rules.business_time import Hours, business_days_between
from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Rung
from bot.rules.weeks import Week

FEWEST = 3  # people in a group of whom it may be said how many there are
TREND = 12  # weeks that the summary looks back on, its own included
NAMING = ("late", "unheeded", "repeats", "drops")  # the lists of `Figures` that name customers

Item = TypeVar("Item")
Counts = Mapping[tuple[str, int], int]
"""Numbers by key and week of the trend; the weeks count up from 0."""


@dataclass(frozen=True, slots=True)
class FirstFew(Generic[Item]):
    """The first few items of a list, and how many there are in all."""

    items: tuple[Item, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class CategoryTrend:
    """Number of reports of one category in each week of the trend, oldest first."""

    category: str
    trend: tuple[int, ...]

    @property
    def now(self) -> int:
        """In the week itself."""
        return self.trend[-1]


@dataclass(frozen=True, slots=True)
class OverdueCase:
    """An open case whose deadline has passed. `days`: business days since then."""

    case: int
    customer: str
    rung: Rung
    due_at: datetime
    days: float = 0.0
    number: int = 0


@dataclass(frozen=True, slots=True)
class WarnedAgain:
    """A customer who was reported again after a valid warning, with no open case and no decision.

    `warnings`: number of valid warnings. `since`: delivery of the first of them. `reports`: number of incidents after.
    """

    customer: str
    warnings: int
    since: datetime
    reports: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class ReportedAgain:
    """A customer who was reported in the week (`now` times) and more than once within the trend (`trend` times)."""

    customer: str
    now: int
    trend: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class DroppedCustomer:
    """A customer dropped in the week, the class of the reason, and from when."""

    customer: str
    reason_class: str | None
    effective_on: date | None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt from a drop, in one line."""

    case: int
    line: str


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Number of cases opened in the week, ended in it (by outcome), and open when this was read."""

    opened: int
    ended: Mapping[Outcome, int]
    open: int


@dataclass(frozen=True, slots=True)
class WarningFigures:
    """Number of warnings issued and delivered in the week, and of all that still wait for delivery."""

    issued: int
    delivered: int
    waiting: int


@dataclass(frozen=True, slots=True)
class UpcomingFigures:
    """Number of reviews that come up soon, of open objections, and of those that are overdue (`late`)."""

    reviews: int
    objections: int
    late: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One week in figures.

    `decisions`: number of drops and keeps in each week of the trend. `kept_with_conditions`: in the week.
    `median_days`: business days from opening a case to its decision, for decisions of the week. `reps`: number of
    different reps who reported in the week; `asked_support`: how many asked for someone to talk to, as far as
    `tells_of_nobody` lets it be said, when the week was first summed up; None before.
    `lessons`: what was learnt from drops.
    """

    week: Week
    kinds: tuple[CategoryTrend, ...]
    decisions: Mapping[Choice, tuple[int, ...]]
    kept_with_conditions: int
    median_days: float | None
    reps: int
    asked_support: int | None
    cases: CaseFigures
    warned: WarningFigures
    standings: Mapping[Standing, int]
    late: FirstFew[OverdueCase] = field(default_factory=FirstFew)
    unheeded: FirstFew[WarnedAgain] = field(default_factory=FirstFew)
    repeats: FirstFew[ReportedAgain] = field(default_factory=FirstFew)
    drops: FirstFew[DroppedCustomer] = field(default_factory=FirstFew)
    lessons: FirstFew[Learnt] = field(default_factory=FirstFew)
    backup: BackupFigures = field(default_factory=BackupFigures)
    coming: UpcomingFigures = field(default_factory=lambda: UpcomingFigures(0, 0, 0))

    @property
    def reports(self) -> tuple[int, ...]:
        """Number of reports in each week of the trend."""
        return tuple(sum(column) for column in zip(*(kind.trend for kind in self.kinds), strict=True)) or (0,) * TREND


@dataclass(frozen=True, slots=True)
class Summary:
    """A week as it was posted in a channel. Its figures have neither names nor texts: see `named`."""

    posted_at: datetime
    figures: Figures


def named(figures: Figures, name_of: Callable[[int], str], line_of: Callable[[int], str]) -> Figures:
    """The figures with the name of each customer, by number, and the line of each lesson, by case."""
    lists = {name: getattr(figures, name) for name in NAMING}
    again = {
        name: replace(few, items=tuple(replace(item, customer=name_of(item.number)) for item in few.items))
        for name, few in lists.items()
    }
    lessons = tuple(replace(learnt, line=line_of(learnt.case)) for learnt in figures.lessons.items)
    return replace(figures, **again, lessons=replace(figures.lessons, items=lessons))


def shortened(figures: Figures, most: int) -> Figures:
    """The figures with the first `most` items of each list."""
    lists = {name: getattr(figures, name) for name in (*NAMING, "lessons")}
    return replace(figures, **{name: replace(few, items=few.items[:most]) for name, few in lists.items()})


def tells_of_nobody(asked: int, reps: int) -> int | None:
    """The number of reps who asked for support, where at least three did and three did not; else None.

    Colleagues know who reported. Of one or two who asked, each would know about the other; where nearly all asked, they
    would know about everybody. Nothing distinguishes the two, and neither is a week without any.
    """
    return asked if FEWEST <= asked <= reps - FEWEST else None


def category_trends(counts: Counts) -> tuple[CategoryTrend, ...]:
    """Each category reported within the trend, those with most reports in the week first, then most in the trend."""
    trends = (CategoryTrend(category, trend) for category, trend in _trends(counts).items() if any(trend))
    return tuple(sorted(trends, key=lambda kind: (-kind.now, -sum(kind.trend), kind.category)))


def decision_trends(counts: Counts) -> dict[Choice, tuple[int, ...]]:
    """Number of drops and keeps in each week of the trend."""
    trends = _trends(counts)
    return {choice: trends.get(choice.value, (0,) * TREND) for choice in Choice}


def median_days(spans: Iterable[tuple[datetime, datetime]], hours: Hours) -> float | None:
    """The median of the business days between the two moments of each span; None if there is none."""
    days = [business_days_between(opened, decided, hours) for opened, decided in spans]
    return median(days) if days else None


def backup_figures(calls: Iterable[WeeksCall]) -> BackupFigures:
    """The figures of a week's calls."""
    every = list(calls)
    unanswered = sum(call.came_at is None and not call.stood_down for call in every)
    if 0 < len({call.caller for call in every}) < FEWEST:
        return BackupFigures(None, unanswered)
    waited = [(call.came_at - call.made_at).total_seconds() for call in every if call.came_at]
    return BackupFigures(len(every), unanswered, median(waited) if waited else None, max(waited, default=None))


def fold_categories(
    kinds: Sequence[CategoryTrend], most: int
) -> tuple[tuple[CategoryTrend, ...], CategoryTrend | None]:
    """The first `most` categories; if there are more, the first `most` - 1, and the others as one without a name."""
    if len(kinds) <= most:
        return tuple(kinds), None
    rest = zip(*(kind.trend for kind in kinds[most - 1 :]), strict=True)
    return tuple(kinds[: most - 1]), CategoryTrend("", tuple(sum(column) for column in rest))


def _trends(counts: Counts) -> dict[str, tuple[int, ...]]:
    keys = dict.fromkeys(key for key, _ in counts)
    return {key: tuple(counts.get((key, week), 0) for week in range(TREND)) for key in keys}
