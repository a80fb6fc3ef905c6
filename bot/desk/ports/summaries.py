"""The weekly summaries, and the figures that they are made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.rules.figures import Cases, Coming, Counts, Dropped, First, Late, Repeat, Unheeded, Warned
from bot.rules.heads import Heads
from bot.rules.values import Standing
from bot.rules.week import Week


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


class Summaries(Protocol):
    """The weeks that were summed up."""

    def add(self, week: Week, channel: str, now: datetime) -> bool:
        """Note that the week is summed up in the channel; False where it has been."""

    def get(self, week: Week, channel: str) -> Summary:
        """It, or `refusals.Unknown`."""

    def refresh(self, week: Week, channel: str, now: datetime) -> None:
        """It is to show the record as it is now."""

    def heads(self) -> Heads:
        """The ends of all chains of the audit log now."""

    def seal(self, week: Week, channel: str, heads: Heads) -> None:
        """Keep what it witnesses; the first time counts."""

    def keep_picture(self, week: Week, channel: str, file: str | None, of_what: str) -> None:
        """Keep Slack's ID of the chart, None where Slack refused it, and what the chart shows."""


class Weeks(Protocol):
    """What a week held in figures. A span begins with its first moment and ends before its second."""

    def reports(self, bounds: Sequence[datetime]) -> Counts:
        """Reports by category in each week between these moments; withdrawn ones aside."""

    def decisions(self, bounds: Sequence[datetime]) -> Counts:
        """Decisions by choice in each week between these moments."""

    def reps(self, starts: datetime, ends: datetime) -> tuple[int, int]:
        """How many different reps reported, and how many asked for someone to talk to."""

    def kept_with_conditions(self, starts: datetime, ends: datetime) -> int:
        """Decisions to keep a customer with conditions."""

    def decided(self, starts: datetime, ends: datetime) -> Iterator[tuple[datetime, datetime]]:
        """For each decision, when its case was opened and when it was made."""

    def cases(self, starts: datetime, ends: datetime) -> Cases:
        """Opened, ended and open."""

    def warned(self, starts: datetime, ends: datetime) -> Warned:
        """Warnings issued and delivered, and those not delivered yet."""

    def standings(self) -> dict[Standing, int]:
        """How many customers stand so; those that are clear are left out."""

    def coming(self, now: datetime, until: date) -> Coming:
        """Reviews due up to a day, and what waits for an answer."""


class WeekLists(Protocol):
    """What a week names: the first `most` of each list."""

    def late(self, now: datetime, most: int) -> First[Late]:
        """Open cases past their deadline, the longest first. Their `days` are left at 0."""

    def unheeded(self, now: datetime, most: int) -> First[Unheeded]:
        """Customers warned, reported again, and nothing followed; the most reports first."""

    def repeats(self, since: datetime, starts: datetime, ends: datetime, most: int) -> First[Repeat]:
        """Customers reported in the week, and more than once since a moment."""

    def drops(self, starts: datetime, ends: datetime, most: int) -> First[Dropped]:
        """Customers dropped."""

    def lessons(self, starts: datetime, ends: datetime, most: int) -> First[str]:
        """What was learnt from drops, each a line."""
