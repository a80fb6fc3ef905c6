"""Replays another policy over the recorded history: its verdicts, if people had acted as they did."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.policy.assess import assess
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Rung

STEPS: Final = (Rung.WARN, Rung.HEAR, Rung.DECIDE)
TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PastReport:
    """An incident, when it was reported, when it became void, and when management judged it."""

    incident: Incident
    at: datetime
    void_at: datetime | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastWarning:
    """A warning that was delivered, when the delivery was recorded, and when the warning was withdrawn."""

    number: int
    delivered_at: datetime
    known_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The time in which a safeguard or a decision was in force. `drop`: the decision was to drop the customer."""

    since: datetime
    until: datetime | None = None
    drop: bool = False

    def holds(self, seen: datetime) -> bool:
        """Whether it was in force just before this moment."""
        return self.since < seen and (self.until is None or seen <= self.until)


@dataclass(frozen=True, slots=True)
class PastVerdict:
    """A verdict on record. `news`: it was about a new report, so that a case could open.

    `before_management`: a case was open, or was opened by it.
    """

    at: datetime
    rung: Rung
    news: bool
    before_management: bool


@dataclass(frozen=True, slots=True)
class CustomerHistory:
    """What a replay needs of one customer. `reports` go by time of report, `verdicts` in the order of the record."""

    customer: int
    name: str
    reports: tuple[PastReport, ...]
    verdicts: tuple[PastVerdict, ...]
    warnings: tuple[PastWarning, ...] = ()
    safeguards: tuple[Period, ...] = ()
    decisions: tuple[Period, ...] = ()


class Change(StrEnum):
    """What another policy would have changed for one customer on one rung."""

    SAME = "same"
    EARLIER = "earlier"
    LATER = "later"
    NEWLY = "newly"
    NOT_AT_ALL = "not_at_all"


@dataclass(frozen=True, slots=True)
class ReplayedStep:
    """When a customer first came to a rung (`was`) and when they would have come to it (`would`). None: never."""

    customer: int
    name: str
    rung: Rung
    was: datetime | None
    would: datetime | None

    @property
    def change(self) -> Change:
        """The difference between the two."""
        if self.was is None or self.would is None:
            return Change.NEWLY if self.was is None else Change.NOT_AT_ALL
        if self.was == self.would:
            return Change.SAME
        return Change.EARLIER if self.would < self.was else Change.LATER


@dataclass(slots=True)
class Tally:
    """Number of customers by rung and change."""

    counts: Counter[tuple[Rung, Change]] = field(default_factory=Counter)

    def add(self, step: ReplayedStep) -> None:
        """Count a step."""
        self.counts[step.rung, step.change] += 1

    def row(self, rung: Rung) -> dict[str, int]:
        """For one rung: number of customers who came to it, who would have come to it, and of each change."""
        of = {change.value: self.counts[rung, change] for change in Change}
        every = sum(of.values())
        return {"was": every - of[Change.NEWLY], "would": every - of[Change.NOT_AT_ALL], **of}


def replay(history: CustomerHistory, policy: Policy, since: datetime | None = None) -> tuple[ReplayedStep, ...]:
    """When the customer first came to each rung from `since` on, on record and under this policy.

    The policy is asked at the time of each verdict on record, about what was known then: reports since they were made
    and until they were withdrawn or discounted, warnings since their delivery was recorded. Warnings expire as this
    policy says. A report puts a customer before management, unless they are dropped and it is not urgent; anything else
    only moves a case that was open. What people did at the very moment of a report counts as done after it. The policy
    that was in force gives no change.
    """
    was: dict[Rung, datetime] = {}
    would: dict[Rung, datetime] = {}
    for past, rung in zip(history.verdicts, _rungs(history, policy), strict=True):
        if since is None or past.at >= since:
            if past.before_management:
                was.setdefault(past.rung, past.at)
            if rung:
                would.setdefault(rung, past.at)
    both = ((rung, was.get(rung), would.get(rung)) for rung in STEPS)
    return tuple(
        ReplayedStep(history.customer, history.name, rung, one, other) for rung, one, other in both if one or other
    )


def _rungs(history: CustomerHistory, policy: Policy) -> Iterator[Rung | None]:
    """For each verdict on record: the rung on which this policy would have put the customer before management."""
    live: list[PastReport] = []
    coming = 0
    for past in history.verdicts:
        seen = past.at if past.news else past.at + TICK
        while coming < len(history.reports) and history.reports[coming].at <= past.at:
            live.append(history.reports[coming])
            coming += 1
        live = [report for report in live if _is_live(report, policy, seen)]
        verdict = assess(_known(history, live, policy, seen), policy, past.at)
        heeded = verdict.urgent or not _is_dropped(history, seen) if past.news else past.before_management
        yield verdict.rung if heeded else None


def _known(history: CustomerHistory, live: list[PastReport], policy: Policy, seen: datetime) -> History:
    return History(
        incidents=tuple(
            replace(report.incident, judged=True) if report.judged_at and report.judged_at < seen else report.incident
            for report in live
        ),
        warnings=tuple(
            DeliveredWarning(warning.number, warning.delivered_at, warning.delivered_at + policy.warnings_expire_after)
            for warning in history.warnings
            if warning.known_at < seen and not (warning.withdrawn_at and warning.withdrawn_at < seen)
        ),
        safeguarded=any(safeguard.holds(seen) for safeguard in history.safeguards),
    )


def _is_live(report: PastReport, policy: Policy, seen: datetime) -> bool:
    void = report.void_at is not None and report.void_at < seen
    return not void and seen <= report.incident.happened_at + policy.points_expire_after


def _is_dropped(history: CustomerHistory, seen: datetime) -> bool:
    in_force = (decision for decision in history.decisions if decision.holds(seen))
    newest = max(in_force, key=lambda decision: decision.since, default=None)
    return newest is not None and newest.drop
