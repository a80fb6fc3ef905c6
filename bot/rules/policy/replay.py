"""Another policy over the recorded history: what would have come out, with what people did held fixed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.policy.policy import Policy, assess
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Rung

STEPS: Final = (Rung.WARN, Rung.HEAR, Rung.DECIDE)
TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Told:
    """An incident, when it was reported, when it became void, and when management had judged it."""

    incident: Incident
    at: datetime
    void_at: datetime | None = None
    judged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A warning that was delivered, when the record learnt of it, and until when it stood."""

    number: int
    delivered_at: datetime
    known_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Something that held for a time: a safeguard, or a decision (`drop`: it dropped the customer)."""

    since: datetime
    until: datetime | None = None
    drop: bool = False

    def holds(self, seen: datetime) -> bool:
        """Whether it held just before this moment."""
        return self.since < seen and (self.until is None or seen <= self.until)


@dataclass(frozen=True, slots=True)
class Said:
    """One time at which the policy was asked, and what came of it.

    `news`: because of a report, so that a case may open. `before_management`: a case was open, or opened by it.
    """

    at: datetime
    rung: Rung
    news: bool
    before_management: bool


@dataclass(frozen=True, slots=True)
class Trail:
    """All that a replay needs of one customer. `told` goes by time of report, `said` in the order of the record."""

    customer: int
    name: str
    told: tuple[Told, ...]
    said: tuple[Said, ...]
    given: tuple[Given, ...] = ()
    safeguards: tuple[Span, ...] = ()
    decisions: tuple[Span, ...] = ()


class Change(StrEnum):
    """How another policy would have differed for one customer, at one step of the ladder."""

    SAME = "same"
    EARLIER = "earlier"
    LATER = "later"
    NEWLY = "newly"
    NOT_AT_ALL = "not_at_all"


@dataclass(frozen=True, slots=True)
class ReplayedStep:
    """When a customer was first put to a step, and when they would have been; None: never."""

    customer: int
    name: str
    rung: Rung
    was: datetime | None
    would: datetime | None

    @property
    def change(self) -> Change:
        """What would have been different."""
        if self.was is None or self.would is None:
            return Change.NEWLY if self.was is None else Change.NOT_AT_ALL
        if self.was == self.would:
            return Change.SAME
        return Change.EARLIER if self.would < self.was else Change.LATER


@dataclass(slots=True)
class Tally:
    """How many customers changed how, step by step."""

    counts: Counter[tuple[Rung, Change]] = field(default_factory=Counter)

    def add(self, step: ReplayedStep) -> None:
        """Count it."""
        self.counts[step.rung, step.change] += 1

    def row(self, rung: Rung) -> dict[str, int]:
        """For one step: how many were and would have been put to it, and how the two differ."""
        of = {change.value: self.counts[rung, change] for change in Change}
        every = sum(of.values())
        return {"was": every - of[Change.NEWLY], "would": every - of[Change.NOT_AT_ALL], **of}


def replay(trail: Trail, policy: Policy, since: datetime | None = None) -> tuple[ReplayedStep, ...]:
    """When the customer first came to each step from `since` on, as it was and as it would have been.

    The policy is asked whenever it was asked, about what was known then: reports from when they were made, withdrawn
    and discounted ones until they were, warnings from when their delivery was on record. A warning expires as the
    policy says, not as it did. As at the desk, a report puts a customer before management unless they are dropped and
    it is not urgent; anything else only moves a case that was open. Whatever people did at the very moment of a report
    counts as done after it. The same policy gives no change.
    """
    was: dict[Rung, datetime] = {}
    would: dict[Rung, datetime] = {}
    for said, rung in zip(trail.said, _asked(trail, policy), strict=True):
        if since is None or said.at >= since:
            if said.before_management:
                was.setdefault(said.rung, said.at)
            if rung:
                would.setdefault(rung, said.at)
    both = ((rung, was.get(rung), would.get(rung)) for rung in STEPS)
    return tuple(
        ReplayedStep(trail.customer, trail.name, rung, one, other) for rung, one, other in both if one or other
    )


def _asked(trail: Trail, policy: Policy) -> Iterator[Rung | None]:
    """For each time that the policy was asked: the step it would have put before management."""
    live: list[Told] = []
    coming = 0
    for said in trail.said:
        seen = said.at if said.news else said.at + TICK
        while coming < len(trail.told) and trail.told[coming].at <= said.at:
            live.append(trail.told[coming])
            coming += 1
        live = [told for told in live if _weighs(told, policy, seen)]
        verdict = assess(_known(trail, live, policy, seen), policy, said.at)
        heeded = verdict.urgent or not _dropped(trail, seen) if said.news else said.before_management
        yield verdict.rung if heeded else None


def _known(trail: Trail, live: list[Told], policy: Policy, seen: datetime) -> History:
    return History(
        incidents=tuple(
            replace(told.incident, judged=True) if told.judged_at and told.judged_at < seen else told.incident
            for told in live
        ),
        warnings=tuple(
            DeliveredWarning(given.number, given.delivered_at, given.delivered_at + policy.warnings_expire_after)
            for given in trail.given
            if given.known_at < seen and not (given.withdrawn_at and given.withdrawn_at < seen)
        ),
        safeguarded=any(span.holds(seen) for span in trail.safeguards),
    )


def _weighs(told: Told, policy: Policy, seen: datetime) -> bool:
    void = told.void_at is not None and told.void_at < seen
    return not void and seen <= told.incident.happened_at + policy.points_expire_after


def _dropped(trail: Trail, seen: datetime) -> bool:
    newest = max((span for span in trail.decisions if span.holds(seen)), key=lambda span: span.since, default=None)
    return newest is not None and newest.drop
