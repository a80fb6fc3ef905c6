"""The firm's policy as a value, and what it says about a customer."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from bot.rules.business_time import Hours, Span
from bot.rules.policy.sections import Category, Deadlines, Texts, Weight, Wording
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Reason, Rung, Severity, Verdict

__all__ = ["Category", "Deadlines", "Policy", "Rule", "Texts", "Weight", "Wording", "assess"]


class Rule(StrEnum):
    """What can speak in a verdict. `bot.rules.words` has the sentence of each."""

    ZERO_TOLERANCE = "zero_tolerance"
    AFTER_WARNING = "after_warning"
    REPORTERS = "reporters"
    POINTS = "points"
    FEW_REPORTERS = "few_reporters"
    DOUBTED = "doubted"
    SAFEGUARD = "safeguard"
    POINTS_BELOW = "points_below"
    NOTHING_SINCE = "nothing_since"


@dataclass(frozen=True)
class Policy:
    """The firm's rules. The mappings go by key; `reason_classes` gives the name of each.

    A category that left the policy while the record still holds it weighs what `other` weighs.
    """

    warn_at_points: int
    decide_at_points: int
    decide_reporters: int
    points_expire_after: timedelta
    warnings_expire_after: timedelta
    severities: dict[Severity, Weight]
    categories: dict[str, Category]
    deadlines: Deadlines
    hours: Hours
    approvals_to_drop: int
    notice_days: int
    review_after_months: int
    longest_months: int
    review_notice: Span
    appeal_within: Span
    follow_up_after_months: int
    dispute_within: Span
    reason_classes: dict[str, str]
    conditions: dict[str, Wording]
    safeguards: dict[str, Wording]
    texts: Texts

    def points(self, incident: Incident) -> int:
        """What an incident weighs while it is live: its category's points times its severity."""
        return self.category(incident.category).points * self.severities[incident.severity].times

    def category(self, key: str) -> Category:
        """The category of this key, or `other` where the policy no longer knows it."""
        return self.categories.get(key) or self.categories["other"]

    def deadline(self, rung: Rung, *, urgent: bool) -> Span:
        """How long management may take on a rung that asks something of it: warn, hear or decide."""
        if urgent:
            return self.deadlines.zero_tolerance
        return {Rung.WARN: self.deadlines.warn, Rung.HEAR: self.deadlines.hear, Rung.DECIDE: self.deadlines.decide}[
            rung
        ]

    def body(self) -> dict[str, Any]:
        """The whole policy as plain JSON values. `policy_body.read` makes the policy of it again."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        return plain

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the body in hex: the same rules and words give the same digest, whatever file they came from."""
        canonical = json.dumps(self.body(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def assess(history: History, policy: Policy, now: datetime) -> Verdict:
    """What the policy says: the first rung from the top that holds, with the reasons for it.

    An incident is live while it is not void and `now < happened_at + points_expire_after`. It is undoubted unless its
    reporter calls it a possible misunderstanding. A warning is valid while `delivered_at <= now < expires_at`. A
    customer is *escalated* by incidents of `decide_at_points` or more that happened after a valid warning's delivery,
    and has *accumulated* at `warn_at_points` or more in all while no warning is valid: never both.

    decide: a live incident of a zero-tolerance category, whoever doubts it and whatever the safeguard: urgent.
        Or escalated by undoubted incidents, with `decide_reporters` different reporters among the undoubted, and no
        safeguard.
    hear: escalated, but decide does not hold; the reasons name each that applies: too few reporters, only with
        doubted incidents, a safeguard. Or accumulated, but only with doubted incidents, or there is a safeguard.
    warn: accumulated by undoubted incidents, and no safeguard.
    record: otherwise; the reason says whether points are missing or nothing has followed a warning.

    An incident on which management has decided, keeping the customer, still counts among points and reporters, but
    neither escalates nor is zero tolerance again: nobody is asked twice about the same episode.

    The order of the facts does not matter. Hear and warn are both one step before a decision: an undoubted incident
    more may turn a hearing into a warning.
    """
    tally = _Tally(history, policy, now)
    rung, reasons = next((rung, said) for rung, rule in _LADDER if (said := rule(tally)))
    return Verdict(
        rung,
        reasons,
        tally.points(tally.live),
        tally.reporters(tally.live),
        urgent=reasons[0].rule == Rule.ZERO_TOLERANCE,
        policy_digest=policy.digest,
        heaviest=tally.heaviest(),
    )


class _Tally:
    """What counts of a history at a moment."""

    def __init__(self, history: History, policy: Policy, now: datetime) -> None:
        self.policy = policy
        self.safeguarded = history.safeguarded
        self.live = _live(history.incidents, policy, now)
        self.sure = tuple(incident for incident in self.live if not incident.doubted)
        valid = (warning for warning in history.warnings if warning.counts_at(now))
        self.warning = min(valid, key=lambda warning: (warning.delivered_at, warning.number), default=None)

    def points(self, incidents: Iterable[Incident]) -> int:
        return sum(map(self.policy.points, incidents))

    def escalated(self, incidents: Iterable[Incident]) -> tuple[Reason, ...]:
        """The reason that abuse followed a warning, if it did. Of several valid warnings the earliest counts."""
        if self.warning is None:
            return ()
        since = self.warning.delivered_at
        limit = self.policy.decide_at_points
        after = [i for i in incidents if not i.judged and i.happened_at > since and self.policy.points(i) >= limit]
        if not after:
            return ()
        worst = max(map(self.policy.points, after))
        facts = self.warned(self.warning) | {"incidents": _numbers(after), "points": worst, "limit": limit}
        return (Reason(Rule.AFTER_WARNING, facts),)

    def accumulated(self, incidents: Iterable[Incident]) -> tuple[Reason, ...]:
        """The reason that enough has come together for a warning, if it has."""
        listed = tuple(incidents)
        points, limit = self.points(listed), self.policy.warn_at_points
        if self.warning or points < limit:
            return ()
        return (Reason(Rule.POINTS, {"incidents": _numbers(listed), "points": points, "limit": limit}),)

    def heaviest(self) -> str | None:
        """The category of what weighs most, zero tolerance above all; of equals the newest, then by key."""
        kinds = ((self.policy.category(i.category).zero_tolerance, self.policy.points(i), i) for i in self.live)
        worst = max(kinds, key=lambda kind: (*kind[:2], kind[2].happened_at, kind[2].category), default=None)
        return worst[2].category if worst else None

    @staticmethod
    def reporters(incidents: Iterable[Incident]) -> int:
        return len({incident.reporter for incident in incidents})

    def warned(self, warning: DeliveredWarning) -> dict[str, int | str | list[int]]:
        day = self.policy.hours.local_date(warning.delivered_at)
        return {"warning": warning.number, "warned_on": day.isoformat()}


def _decide(tally: _Tally) -> tuple[Reason, ...]:
    always = [i for i in tally.live if not i.judged and tally.policy.category(i.category).zero_tolerance]
    if always:
        kinds = dict.fromkeys(incident.category for incident in always)
        return tuple(
            Reason(
                Rule.ZERO_TOLERANCE, {"category": kind, "incidents": _numbers(i for i in always if i.category == kind)}
            )
            for kind in kinds
        )
    reporters, limit = tally.reporters(tally.sure), tally.policy.decide_reporters
    escalated = tally.escalated(tally.sure)
    if not escalated or tally.safeguarded or reporters < limit:
        return ()
    return (*escalated, Reason(Rule.REPORTERS, {"reporters": reporters, "limit": limit}))


def _hear(tally: _Tally) -> tuple[Reason, ...]:
    if escalated := tally.escalated(tally.live):
        all_reporters, limit = tally.reporters(tally.live), tally.policy.decide_reporters
        few = (
            (Reason(Rule.FEW_REPORTERS, {"reporters": all_reporters, "limit": limit}),) if all_reporters < limit else ()
        )
        doubted = not tally.escalated(tally.sure) or tally.reporters(tally.sure) < limit <= all_reporters
        return (*escalated, *few, *_doubts(tally, doubted=doubted))
    accumulated = tally.accumulated(tally.live)
    doubts = _doubts(tally, doubted=not tally.accumulated(tally.sure))
    return (*accumulated, *doubts) if accumulated and doubts else ()


def _doubts(tally: _Tally, *, doubted: bool) -> tuple[Reason, ...]:
    incidents = _numbers(incident for incident in tally.live if incident.doubted)
    misunderstood = (Reason(Rule.DOUBTED, {"incidents": incidents}),) if doubted else ()
    return (*misunderstood, Reason(Rule.SAFEGUARD)) if tally.safeguarded else misunderstood


def _warn(tally: _Tally) -> tuple[Reason, ...]:
    return tally.accumulated(tally.sure)


def _record(tally: _Tally) -> tuple[Reason, ...]:
    if tally.warning:
        facts = tally.warned(tally.warning) | {"limit": tally.policy.decide_at_points}
        return (Reason(Rule.NOTHING_SINCE, facts),)
    return (Reason(Rule.POINTS_BELOW, {"points": tally.points(tally.live), "limit": tally.policy.warn_at_points}),)


_LADDER: tuple[tuple[Rung, Callable[[_Tally], tuple[Reason, ...]]], ...] = (
    (Rung.DECIDE, _decide),
    (Rung.HEAR, _hear),
    (Rung.WARN, _warn),
    (Rung.RECORD, _record),
)


def _live(incidents: Iterable[Incident], policy: Policy, now: datetime) -> tuple[Incident, ...]:
    counting = (i for i in incidents if not i.void and now < i.happened_at + policy.points_expire_after)
    return tuple(sorted(counting, key=lambda incident: incident.number))


def _numbers(incidents: Iterable[Incident]) -> list[int]:
    return [incident.number for incident in incidents]


def _plain(value: object) -> object:
    """JSON for what JSON has no word for. Sets are sorted, so that they read the same every time."""
    if isinstance(value, timedelta):
        return value.days
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"a policy holds no {type(value).__name__}")
