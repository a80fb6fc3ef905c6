"""Backup: a rep calls for somebody while it happens, and the first who says so joins them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from bot.rules.customers import Standing
from bot.rules.policy.backup_rules import BackupRules
from bot.rules.refusals import NotRecorded
from bot.rules.reports import Place

MOST_AT_ONCE: Final = 20  # people who are asked at the same time
MOST_COMMAS: Final = 4  # in what was typed, that a customer's name is looked for between
LASTS: Final = timedelta(hours=1)  # by then a call that nobody ended has ended by itself
REPORT_OFFERED_FOR: Final = timedelta(days=7)  # messages about an older call are left as they are once it was reported
ASKED_AFTER: Final = timedelta(days=1)  # when a rep who made no report since is asked for one, once


class Circle(StrEnum):
    """Who was asked last, each one wider than the one before. The values are stored and never change."""

    LEADS = "leads"
    MANAGERS = "managers"
    DIRECTORS = "directors"
    CHANNEL = "channel"  # the management channel

    def is_wider_than(self, other: "Circle") -> bool:
        """Whether it is asked after the other."""
        circles = list(Circle)
        return circles.index(self) > circles.index(other)


class HowEnded(StrEnum):
    """How a call ended. The values are stored and never change."""

    STOOD_DOWN = "stood_down"  # nobody is needed
    CALMED = "calmed"
    TAKEN_OVER = "taken_over"  # whoever came went on with the customer
    CONTACT_ENDED = "contact_ended"
    EMERGENCY = "emergency"  # the emergency services were called
    OVER = "over"  # by itself: nobody said how
    MISSED = "missed"  # by itself: it reached nobody in time


@dataclass(frozen=True, slots=True)
class BackupCall:
    """A rep's call. `customer`: 0 where it is not known. `words`: who or where, as they typed it.

    `asked`: everybody who was asked, in this order. `taken_by`: who said that they come.
    """

    number: int
    customer: int
    caller: str
    called_at: datetime
    words: str
    circle: Circle
    asked: tuple[str, ...]
    taken_by: str | None = None
    taken_at: datetime | None = None
    ended_by: str | None = None
    ended_at: datetime | None = None
    ended_how: HowEnded | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None

    @property
    def waits(self) -> bool:
        """Whether it waits for somebody to come."""
        return self.is_open and self.taken_at is None

    def is_late(self, now: datetime, rules: BackupRules) -> bool:
        """Whether it was made so long ago that nobody is notified of it as of a new one."""
        return now - self.called_at > rules.late_after

    def is_joined(self, now: datetime, rules: BackupRules) -> bool:
        """Whether calling again means this call. Later somebody needs help again, and others are to be asked."""
        last = self.taken_at or self.called_at
        return self.is_open and timedelta() <= now - last < rules.alone_after


@dataclass(frozen=True, slots=True)
class CallFile:
    """What the messages about a call show. `name` and `standing` are the customer's, as far as the reader may know.

    `comes_late`: the message was not shown in time, and asks for nothing. `reported`: the rep has reported since.
    `again`: for the channel, the managers and directors who were asked before.
    """

    call: BackupCall
    name: str = ""
    standing: Standing | None = None
    comes_late: bool = False
    reported: bool = False
    again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    """What a report begins with after a call: the customer as the rep named them, when, where, and what is known."""

    call: int
    typed: str
    happened_at: datetime
    place: Place | None
    narrative: str


class WeeksCall(NamedTuple):
    """A call for backup. `came_at`: when somebody came. `stood_down`: the rep said that nobody was needed."""

    caller: str
    made_at: datetime
    came_at: datetime | None
    stood_down: bool


@dataclass(frozen=True, slots=True)
class BackupFigures:
    """Calls for backup in the week: how many, to how many nobody came, and after how many seconds somebody did.

    Where fewer than three reps called, `calls` is None and nothing says how long they waited: colleagues could tell of
    whom that is. To how many nobody came is said of any.
    """

    calls: int | None = 0
    unanswered: int = 0
    median: float | None = None
    slowest: float | None = None


class NotCalled(NotRecorded):
    """Nobody could be called, since nothing can be recorded. `alone`: what the policy says to do alone."""

    def __init__(self, why: NotRecorded, alone: str) -> None:
        super().__init__(why.trouble, why.code)
        self.alone = alone


_PLACES: Final = {
    Place.PHONE: ("phone", "call", "line"),
    Place.EMAIL: ("mail",),
    Place.CHAT: ("chat",),
    Place.IN_PERSON: ("desk", "counter", "door", "room", "person", "lobby", "shop"),
    Place.SOCIAL_MEDIA: ("social", "facebook", "instagram", "twitter"),
}


def place_in(words: str) -> Place | None:
    """The place that the words name; None where they name none."""
    said = words.casefold()
    return next((place for place, names in _PLACES.items() if any(name in said for name in names)), None)


class Named(NamedTuple):
    """What may be a customer's name in what was typed, and what stands beside it.

    `single`: it is one stretch, from a comma to the next.
    """

    name: str
    beside: str
    single: bool


def names_in(typed: str) -> tuple[Named, ...]:
    """Whatever in what was typed may be a customer's name: each stretch from comma to comma, in this order.

    A name may have commas itself: so several stretches in a row may be one too, and the longest comes first.
    """
    parts = [part.strip() for part in typed.split(",", MOST_COMMAS)]
    runs = [(first, last) for first in range(len(parts)) for last in range(len(parts), first, -1)]
    return tuple(
        Named(", ".join(parts[first:last]), ", ".join([*parts[:first], *parts[last:]]), last == first + 1)
        for first, last in runs
    )


def first_name_in(typed: str) -> str:
    """What was typed before the first comma."""
    return typed.partition(",")[0].strip()
