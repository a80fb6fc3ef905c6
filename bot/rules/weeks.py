"""The firm's weeks, Monday to Sunday in its own time zone, numbered as in ISO 8601, and when each is summed up."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_NAMED = re.compile(r"([0-9]{4})-?W([0-9]{2})", re.ASCII | re.IGNORECASE)
_BASE = 100  # a key is year * _BASE + number


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week, from Monday to Sunday. Raises ValueError for a number that its year does not have."""

    year: int
    number: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.number, 1)

    @classmethod
    def of(cls, day: date) -> Self:
        """The week that contains a day."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-W47". Raises ValueError for anything else."""
        found = _NAMED.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"“{text}” is no week; write it like 2026-W47")
        try:
            return cls(int(found[1]), int(found[2]))
        except ValueError as error:
            raise ValueError(f"there is no week “{text}”") from error

    @classmethod
    def of_key(cls, key: int) -> Self:
        """The week with this key. Raises ValueError if there is none."""
        return cls(*divmod(key, _BASE))

    @property
    def key(self) -> int:
        """The number that stands for the week in the record: 202647."""
        return self.year * _BASE + self.number

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + 6 * _DAY

    def later(self, weeks: int) -> "Week":
        """The week so many weeks later; earlier if the number is negative."""
        return Week.of(self.monday + 7 * weeks * _DAY)

    def starts_at(self, zone: str) -> datetime:
        """The midnight in the zone at which it begins, in UTC."""
        return _moment(self.monday, time(), zone)

    def ends_at(self, zone: str) -> datetime:
        """The midnight in the zone at which the next week begins, in UTC."""
        return self.later(1).starts_at(zone)

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.number:02}"


def week_bounds(last: Week, weeks: int, zone: str) -> tuple[datetime, ...]:
    """The start of each of the `weeks` weeks up to and including `last`, and the end of `last`."""
    return tuple(last.later(n).starts_at(zone) for n in range(1 - weeks, 2))


@dataclass(frozen=True, slots=True)
class SummaryTime:
    """When weeks are summed up: a weekday (Monday is 0) and a time in an IANA zone.

    At that moment the last week that is over in the same zone is summed up. If the clocks never show the time on that
    day, it is an hour later; if they show it twice, the first one.
    """

    weekday: int
    at: time
    zone: str

    def after(self, now: datetime) -> datetime:
        """The first such moment after `now`, in UTC."""
        monday = self._week_of(now).monday
        days = (monday + (7 * n + self.weekday) * _DAY for n in (0, 1))
        return next(moment for day in days if (moment := _moment(day, self.at, self.zone)) > now)

    def due(self, now: datetime) -> Week:
        """The newest week that is to be summed up by `now`."""
        this = self._week_of(now)
        has_come = _moment(this.monday + self.weekday * _DAY, self.at, self.zone) <= now
        return this.later(-1 if has_come else -2)

    def week_before(self, moment: datetime) -> Week:
        """The week before the one of this moment."""
        return self._week_of(moment).later(-1)

    def is_over(self, week: Week, now: datetime) -> bool:
        """Whether the week has ended."""
        return week.ends_at(self.zone) <= now

    def _week_of(self, now: datetime) -> Week:
        return Week.of(now.astimezone(ZoneInfo(self.zone)).date())


def _moment(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
