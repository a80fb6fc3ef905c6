"""Business time: deadlines that count a firm's working days in its own zone."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, islice
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if self.amount == 1 else 's'}"


ONE_BUSINESS_DAY = Span(1, Unit.BUSINESS_DAY)


@dataclass(frozen=True, slots=True)
class Hours:
    """When the firm works: an IANA zone, weekdays (Monday is 0), one opening and closing time, days off.

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

    @property
    def zone_info(self) -> ZoneInfo:
        """The firm's time zone."""
        return ZoneInfo(self.zone)

    def is_business_day(self, day: date) -> bool:
        """Whether the firm works on this day of its own zone."""
        return day.weekday() in self.days and day not in self.holidays

    def local_date(self, moment: datetime) -> date:
        """The firm's calendar day at a moment."""
        return moment.astimezone(self.zone_info).date()

    def at(self, day: date, clock: time) -> datetime:
        """A local time of a day in UTC: the first of two when the clocks go back, the later hour when they skip it."""
        return datetime.combine(day, clock, self.zone_info).astimezone(UTC)


def due(start: datetime, span: Span, hours: Hours) -> datetime:
    """When something is due that began at `start` and may take `span`, in UTC.

    Hours and minutes are real time, day and night, since a threat does not wait. `n` business days end with the
    business of the nth business day after the day of `start` in the firm's zone. The day of `start` never counts,
    whatever the hour and whether the firm works on it or not: so `n` whole business days are always left, and what
    comes on a Saturday is due with what came on the Friday before.
    """
    if span.unit is Unit.HOUR:
        return start.astimezone(UTC) + timedelta(hours=span.amount)
    if span.unit is Unit.MINUTE:
        return start.astimezone(UTC) + timedelta(minutes=span.amount)
    later = _business_days(hours.local_date(start) + _DAY, date.max, hours)
    return hours.at(next(islice(later, span.amount - 1, None)), hours.closes)


def next_business_day(start: datetime, hours: Hours) -> datetime:
    """The end of business on the first business day after the day of `start`, in UTC: the beat of overdue matters."""
    return due(start, ONE_BUSINESS_DAY, hours)


def before(moment: datetime, span: Span, hours: Hours) -> datetime:
    """When so much time is left until `moment`, in UTC.

    `n` business days are left as business opens on the nth business day before the day of `moment`.
    """
    if span.is_clock:
        return moment - (due(moment, span, hours) - moment)
    day = hours.local_date(moment)
    earlier = (day - n * _DAY for n in count(1))
    days = (day for day in earlier if hours.is_business_day(day))
    return hours.at(next(islice(days, span.amount - 1, None)), hours.opens)


def opening(day: date, hours: Hours) -> datetime:
    """As business opens on this day, or on the first business day after it, in UTC."""
    return hours.at(next(_business_days(day, date.max, hours)), hours.opens)


def halfway(start: datetime, until: datetime, hours: Hours, *, share: float = 0.5, clock: bool = False) -> datetime:
    """The moment at which `share` of the business time from `start` to `until` has passed, in UTC.

    Real time is shared instead when `clock` says so (see `Span.is_clock`) and when no business time lies between.
    """
    whole = [(start.astimezone(UTC), until.astimezone(UTC))]
    spans = whole if clock else [*_open_between(*whole[0], hours)] or whole
    left = sum((closes - opens for opens, closes in spans), timedelta()) * share
    for opens, closes in spans:
        if left <= closes - opens:
            return opens + left
        left -= closes - opens
    raise ValueError(f"a share lies between 0 and 1: {share}")


def business_days_between(start: datetime, until: datetime, hours: Hours) -> float:
    """How many business days lie between, as a fraction: each day counts as 1, however long the clocks make it.

    Nothing lies between when `until` is not after `start`.
    """
    spans = _open_between(start.astimezone(UTC), until.astimezone(UTC), hours)
    return sum(((closes - opens) / _length(hours.local_date(opens), hours) for opens, closes in spans), 0.0)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month where it is shorter."""
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
