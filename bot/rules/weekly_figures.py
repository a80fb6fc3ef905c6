"""The figures of one week, as the summary, its chart and its table show them. Names of customers, never of reps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Generic, TypeVar

from bot.rules.business_time import Hours, business_days_between
from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Rung
from bot.rules.weeks import Week


@dataclass(frozen=True, slots=True)
class Summary:
    """A week that was summed up in a channel: of when the record it shows is, and what it witnesses of the audit log.

    `digest` is None until its message is drawn for the first time. `picture`: Slack's ID of the chart, if it took it;
    `picture_of`: a digest of what the chart shows.
    """

    week: Week
    channel: str
    as_of: datetime
    digest: str | None = None
    picture: str | None = None
    picture_of: str | None = None


TREND = 12  # weeks that the summary looks back on, its own included

Item = TypeVar("Item")
Counts = Mapping[tuple[str, int], int]
"""How many of each key in each week of the trend; the weeks count up from 0."""


@dataclass(frozen=True, slots=True)
class First(Generic[Item]):
    """The first few of a list, and how many there are in all."""

    items: tuple[Item, ...] = ()
    total: int = 0

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.total - len(self.items)


@dataclass(frozen=True, slots=True)
class Kind:
    """Reports of one category in each week of the trend, oldest first; the last is the week itself."""

    category: str
    trend: tuple[int, ...]

    @property
    def now(self) -> int:
        """In the week itself."""
        return self.trend[-1]

    @property
    def before(self) -> int:
        """In the week before."""
        return self.trend[-2]


@dataclass(frozen=True, slots=True)
class Late:
    """An open case whose deadline has passed. `days`: business days since then."""

    case: int
    customer: str
    rung: Rung
    due_at: datetime
    days: float = 0.0


@dataclass(frozen=True, slots=True)
class Unheeded:
    """A customer with valid warnings who was reported again, about whom nothing was decided and no case is open.

    `since`: the delivery of the first of these warnings. `reports`: of what happened after it.
    """

    customer: str
    warnings: int
    since: datetime
    reports: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A customer who was reported in the week, and more than once within the trend."""

    customer: str
    now: int
    trend: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """A customer dropped in the week, the class of the reason, and from when."""

    customer: str
    reason_class: str | None
    effective_on: date | None


@dataclass(frozen=True, slots=True)
class Cases:
    """Cases opened in the week, those ended in it by how they ended, and those open now."""

    opened: int
    ended: Mapping[Outcome, int]
    open: int


@dataclass(frozen=True, slots=True)
class Warned:
    """Warnings issued and delivered in the week, and those issued whenever that have not been delivered by now."""

    issued: int
    delivered: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Coming:
    """Reviews that come up soon; appeals and disputed warnings that wait for an answer, `late`: those overdue."""

    reviews: int
    appeals: int
    disputes: int
    late: int


@dataclass(frozen=True, slots=True)
class Figures:
    """One week in figures. What is said of now is said of `as_of`.

    `decisions`: how many drops and keeps were decided in each week of the trend. `kept_with_conditions`: in the week.
    `median_days`: business days from a case's opening to its decision, of the decisions of the week.
    `reps`: how many different ones reported in the week; `asked_support`: how many asked for someone to talk to.
    `lessons`: what was learnt from drops, each a line.
    """

    week: Week
    as_of: datetime
    kinds: tuple[Kind, ...]
    decisions: Mapping[Choice, tuple[int, ...]]
    kept_with_conditions: int
    median_days: float | None
    reps: int
    asked_support: int
    cases: Cases
    warned: Warned
    standings: Mapping[Standing, int]
    late: First[Late] = field(default_factory=First)
    unheeded: First[Unheeded] = field(default_factory=First)
    repeats: First[Repeat] = field(default_factory=First)
    drops: First[Dropped] = field(default_factory=First)
    lessons: First[str] = field(default_factory=First)
    coming: Coming = field(default_factory=lambda: Coming(0, 0, 0, 0))

    @property
    def reports(self) -> tuple[int, ...]:
        """All reports, in each week of the trend."""
        return tuple(sum(column) for column in zip(*(kind.trend for kind in self.kinds), strict=True)) or (0,) * TREND

    @property
    def decided(self) -> int:
        """Drops and keeps decided in the week."""
        return sum(trend[-1] for trend in self.decisions.values())


def kinds(counts: Counts) -> tuple[Kind, ...]:
    """Each category that was reported within the trend: the most of this week first, then the most of the trend."""
    trends = _trends(counts)
    listed = (Kind(category, trend) for category, trend in trends.items() if any(trend))
    return tuple(sorted(listed, key=lambda kind: (-kind.now, -sum(kind.trend), kind.category)))


def decisions(counts: Counts) -> dict[Choice, tuple[int, ...]]:
    """Drops and keeps, in each week of the trend."""
    trends = _trends(counts)
    return {choice: trends.get(choice.value, (0,) * TREND) for choice in Choice}


def median_days(spans: Iterable[tuple[datetime, datetime]], hours: Hours) -> float | None:
    """The median of so many business days from the one moment to the other; None where there is none."""
    days = [business_days_between(opened, decided, hours) for opened, decided in spans]
    return median(days) if days else None


def folded(kinds_: Sequence[Kind], most: int) -> tuple[tuple[Kind, ...], Kind | None]:
    """The first `most` kinds, or one less and all the others as one (its category is empty)."""
    if len(kinds_) <= most:
        return tuple(kinds_), None
    rest = zip(*(kind.trend for kind in kinds_[most - 1 :]), strict=True)
    return tuple(kinds_[: most - 1]), Kind("", tuple(sum(column) for column in rest))


def _trends(counts: Counts) -> dict[str, tuple[int, ...]]:
    keys = dict.fromkeys(key for key, _ in counts)
    return {key: tuple(counts.get((key, week), 0) for week in range(TREND)) for key in keys}
