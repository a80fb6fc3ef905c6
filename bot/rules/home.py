"""What the App Home shows: lines of lists, and figures. No narrative is in any of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Rung, Severity

T = TypeVar("T")
_Item = TypeVar("_Item", covariant=True)  # noqa: PLC0105 - read nowhere else


@dataclass(frozen=True, slots=True)
class Page(Generic[_Item]):
    """Some items of a list: page `number` of `pages`, counted from 1, and how many items there are in all."""

    items: tuple[_Item, ...]
    number: int
    pages: int
    total: int


def page_of(asked: int, size: int, total: int, cut: Callable[[int, int], tuple[T, ...]]) -> Page[T]:
    """The page asked for, or the last one where the list has become shorter. `cut` takes how many, after how many."""
    pages = max(-(-total // size), 1)
    number = min(max(asked, 1), pages)
    return Page(cut(size, (number - 1) * size) if total else (), number, pages, total)


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A rep's own report and how it stands: `rung`, `due_at` and `outcome` are of the case that it belongs to."""

    number: int
    customer: str
    category: str
    severity: Severity
    happened_at: datetime
    withdrawn: bool = False
    discounted: bool = False
    rung: Rung | None = None
    due_at: datetime | None = None
    outcome: Outcome | None = None
    choice: Choice | None = None


class Asked(StrEnum):
    """What a manager can be asked for: to act on a case, or to look once more at what was decided or written."""

    CASE = "case"
    REVIEW = "review"
    APPEAL = "appeal"
    DISPUTE = "dispute"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Whose queue it is. `late_only`: a director, with whom only what is late or left over is.

    `ahead`: up to when a decision may end that is up for review now. `channel`: where management is asked.
    """

    user: str
    now: datetime
    ahead: datetime
    channel: str
    late_only: bool


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A case that awaits somebody, or a review, an appeal or a dispute in it. `rung` is the case's.

    `issued`: its warning is written and not delivered. `channel` and `ts` are where the notice that asks for it stands,
    None while Slack does not show it.
    """

    asked: Asked
    case: int
    customer: str
    rung: Rung
    urgent: bool
    due_at: datetime
    issued: bool = False
    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """What awaits somebody in figures. `kinds`: how many of each they may act on, where there are any.

    `overdue`: of these. `others`: all else that is open, in which they take no part, or which is not with them.
    """

    kinds: dict[Asked, int]
    overdue: int
    others: int

    @property
    def theirs(self) -> int:
        """How many await them in all."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class Week:
    """This week so far in figures. `reps`: how many different reps reported."""

    reports: int
    reps: int
    opened: int
    ended: int
    warned: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer in a list. `reports`: how many stand on record."""

    number: int
    name: str
    standing: Standing
    reports: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What managers see on top of their own reports. `standings`: how many customers stand so, "clear" left out."""

    queue: Queue
    first: tuple[Awaiting, ...]
    standings: dict[Standing, int]
    week: Week


@dataclass(frozen=True, slots=True)
class HomeFile:
    """The App Home of one person. `overview` is for managers and directors.

    `barred`: they may do nothing here, as guests. `unconfirmed`: nobody could tell just now whether they manage.
    """

    user: str
    at: datetime
    mine: Page[OwnReport] = field(default_factory=lambda: Page((), 1, 1, 0))
    overview: Overview | None = None
    barred: bool = False
    unconfirmed: bool = False
