"""Read models of the App Home: lists and figures. None of them holds a narrative."""

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
    """Some items of a list: page `number` of `pages`, counted from 1. `total`: number of items in all."""

    items: tuple[_Item, ...]
    number: int
    pages: int
    total: int


def page_of(asked: int, size: int, total: int, read: Callable[[int, int], tuple[T, ...]]) -> Page[T]:
    """The page asked for, or the last one if there are fewer. `read` takes how many items to read and to skip."""
    pages = max(-(-total // size), 1)
    number = min(max(asked, 1), pages)
    return Page(read(size, (number - 1) * size) if total else (), number, pages, total)


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A rep's own report and its state. `rung`, `due_at` and `outcome` are those of its case.

    `choice`: what was decided in its case, as it is now, and `is_over`: that has ended. `cancelled`: the warning of its
    case was cancelled. `holds`: what is in force by the decision of another case: a drop, or what was decided since.
    `ended_within`: they ended the contact, within the policy.
    """

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
    is_over: bool = False
    cancelled: bool = False
    holds: Choice | None = None
    ended_within: bool = False


class QueueKind(StrEnum):
    """What a manager can be asked for: to act on a case, to answer a review or an objection, or to send a letter."""

    CASE = "case"
    REVIEW = "review"
    OBJECTION = "objection"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose queue is read. `late_only`: a director, who acts only on what is overdue or left to the directors.

    `ahead`: reviews of decisions that end by then are in the queue. `channel`: the management channel. `stake_since`
    and `stake_days`: who has a stake, see `storage.stakes`.
    """

    user: str
    now: datetime
    ahead: datetime
    channel: str
    late_only: bool
    stake_since: datetime
    stake_days: int


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A case that awaits somebody, or a review or an objection of one. `rung` is the case's.

    `issued`: the warning is written but not delivered. `channel` and `ts`: the address of the notice that asks for it,
    None if Slack does not show one.
    """

    kind: QueueKind
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
    """What awaits somebody, in figures. `kinds`: number of items they may act on, by kind, zeros left out.

    `overdue`: number of these that are overdue. `others`: number of all other open items.
    """

    kinds: dict[QueueKind, int]
    overdue: int
    others: int

    @property
    def theirs(self) -> int:
        """Number of items they may act on."""
        return sum(self.kinds.values())


@dataclass(frozen=True, slots=True)
class WeekSoFar:
    """The current week in figures. `reps`: number of different reps who reported."""

    reports: int
    reps: int
    opened: int
    ended: int
    warned: int
    dropped: int


@dataclass(frozen=True, slots=True)
class ListedCustomer:
    """A customer in a list. `reports`: number of reports on record."""

    number: int
    name: str
    standing: Standing
    reports: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What managers see besides their own reports. `standings`: number of customers of each, "clear" left out."""

    queue: Queue
    first: tuple[QueueItem, ...]
    standings: dict[Standing, int]
    week: WeekSoFar


@dataclass(frozen=True, slots=True)
class HomeFile:
    """The App Home of one person. `overview`: for managers and directors.

    `no_access`: they may do nothing here, as guests. `unconfirmed`: it could not be confirmed whether they manage.
    `directs`: of those with an overview, a director who is no manager.
    `available`: whether they may be called for backup; None for somebody who never is.
    """

    user: str
    at: datetime
    mine: Page[OwnReport] = field(default_factory=lambda: Page((), 1, 1, 0))
    overview: Overview | None = None
    no_access: bool = False
    directs: bool = False
    unconfirmed: bool = False
    available: bool | None = None
