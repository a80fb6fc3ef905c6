"""Business time: deadlines that count the firm's working days in its own time zone."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, islice
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.language import ngettext

_DAY = timedelta(days=1)
_SPAN = re.compile(r"([1-9][0-9]{0,3}) (business day|hour|minute)s?")


class Unit(StrEnum):
    """What a span is counted in."""

    BUSINESS_DAY = "business day"
    HOUR = "hour"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class Span:
    """How long something may take, such as "2 business days" or "4 hours"."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2 business days", "1 business day", "4 hours" or "90 minutes". Raises ValueError for anything else."""
        match = _SPAN.fullmatch(" ".join(text.split()))
        if match is None:
            raise ValueError(f"not a span of time: {text!r}")
        return cls(int(match[1]), Unit(match[2]))

    @property
    def is_clock(self) -> bool:
        """Whether it runs day and night, holidays included."""
        return self.unit is not Unit.BUSINESS_DAY

    def in_words(self) -> str:
        """The same in the language of the interface."""
        n = self.amount
        match self.unit:
            case Unit.BUSINESS_DAY:
                template = ngettext("{n} business day", "{n} business days", n)
            case Unit.HOUR:
                template = ngettext("{n} hour", "{n} hours", n)
            case Unit.MINUTE:
                template = ngettext("{n} minute", "{n} minutes", n)
        return template.format(n=n)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if self.amount == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Hours:
    """When the firm works: an IANA zone, weekdays (Monday is 0), one opening and one closing time, days off.

    Raises ValueError for an unknown zone, for no weekday, for closing at or before opening, and for a year whose
    holidays leave no business day.
    """

    zone: str
    days: frozenset[int]
    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except ZoneInfoNotFoundError as error:
            raise ValueError(f"no such time zone: {self.zone!r}") from error
        if not self.days or not self.days <= set(range(7)):
            raise ValueError("business days are weekdays from 0, Monday, to 6, Sunday, and at least one of them")
        if self.closes <= self.opens:
            raise ValueError("business closes after it opens, on the same day")
        for year in sorted({holiday.year for holiday in self.holidays}):
            if not any(_business_days(date(year, 1, 1), date(year, 12, 31), self)):
                raise ValueError(f"the holidays leave no business day in {year}")

    def is_business_day(self, day: date) -> bool:
        """Whether the firm works on this day."""
        return day.weekday() in self.days and day not in self.holidays

    def local_date(self, moment: datetime) -> date:
        """The firm's calendar day at a moment."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def at(self, day: date, clock: time) -> datetime:
        """A local time of a day, in UTC. If the clocks show it twice that day, the first; if never, as
        much later as the clocks go forward.
        """
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)


def due(start: datetime, span: Span, hours: Hours) -> datetime:
    """When something is due that began at `start` and may take `span`, in UTC.

    Hours and minutes are real time, day and night, because a threat does not wait. `n` business days end when the firm
    closes on the nth business day after the day of `start` in its zone. The day of `start` itself never counts, at any
    hour, business day or not. So `n` whole business days always remain, and what comes in on a Saturday is due
    together with what came in on the Friday before.
    """
    if span.unit is Unit.HOUR:
        return start.astimezone(UTC) + timedelta(hours=span.amount)
    if span.unit is Unit.MINUTE:
        return start.astimezone(UTC) + timedelta(minutes=span.amount)
    later = _business_days(hours.local_date(start) + _DAY, date.max, hours)
    return hours.at(next(islice(later, span.amount - 1, None)), hours.closes)


def next_business_day(start: datetime, hours: Hours) -> datetime:
    """When the firm closes on the first business day after the day of `start`, in UTC. An overdue case is
    escalated again then.
    """
    return due(start, Span(1, Unit.BUSINESS_DAY), hours)


def moment_before(moment: datetime, span: Span, hours: Hours) -> datetime:
    """When `span` is left until `moment`, in UTC.

    `n` business days are left when the firm opens on the nth business day before the day of `moment`.
    """
    if span.is_clock:
        return moment - (due(moment, span, hours) - moment)
    day = hours.local_date(moment)
    earlier = (day - n * _DAY for n in count(1))
    days = (day for day in earlier if hours.is_business_day(day))
    return hours.at(next(islice(days, span.amount - 1, None)), hours.opens)


def opening(day: date, hours: Hours) -> datetime:
    """When the firm opens on this day, or on the first business day after it, in UTC."""
    return hours.at(next(_business_days(day, date.max, hours)), hours.opens)


def moment_at_share(
    start: datetime, until: datetime, hours: Hours, *, share: float = 0.5, clock: bool = False
) -> datetime:
    """The moment at which `share` (0 to 1) of the business time from `start` to `until` has passed, in UTC.

    Counts real time instead if `clock` is true (see `Span.is_clock`) or if no business time lies between the two.
    Raises ValueError for a `share` above 1.
    """
    whole = [(start.astimezone(UTC), until)]
    spans = whole if clock else [*_open_between(*whole[0], hours)] or whole
    left = sum((closes - opens for opens, closes in spans), timedelta()) * share
    for opens, closes in spans:
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise ValueError(f"a share lies between 0 and 1: {share}")


def business_days_between(start: datetime, until: datetime, hours: Hours) -> float:
    """How many business days lie between the two, as a fraction; 0 if `until` is not after `start`.

    Each whole day counts as 1, even if the clocks change on it.
    """
    spans = _open_between(start.astimezone(UTC), until, hours)
    return sum(((closes - opens) / _length(hours.local_date(opens), hours) for opens, closes in spans), 0.0)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month if it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _business_days(first: date, last: date, hours: Hours) -> Iterator[date]:
    days = (first + n * _DAY for n in range((last - first).days + 1))
    return (day for day in days if hours.is_business_day(day))


def _length(day: date, hours: Hours) -> timedelta:
    return hours.at(day, hours.closes) - hours.at(day, hours.opens)


def _open_between(start: datetime, until: datetime, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
    for day in _business_days(hours.local_date(start), hours.local_date(until), hours):
        opens, closes = max(start, hours.at(day, hours.opens)), min(until, hours.at(day, hours.closes))
        if opens < closes:
            yield opens, closes
