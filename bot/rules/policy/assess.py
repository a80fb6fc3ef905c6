"""What the policy says about a customer: the highest rung whose condition holds, and the reasons for it.

Terms:
    live: an incident that is not void, while `now < happened_at + points_expire_after`. No other incident counts.
    undoubted: a live incident that its reporter does not call a possible misunderstanding.
    points: of one incident, the points of its category times its severity; of several, the sum.
    reporters: how many different reps reported the incidents in question.
    valid: a warning, while `delivered_at <= now < expires_at`.
    warned: `warnings_before_decision` warnings or more are valid. Of more, only those delivered first count.
    the warning: of the valid ones that count, the one delivered last.
    judged: management has decided about the incident and kept the customer. It still counts in points and
        reporters. But it is neither zero tolerance nor escalation again: nobody is asked twice about it.
    followed: a warning is valid, and an incident that is not judged and has `decide_at_points` or more by itself
        happened after the delivery of the warning.
    escalated: warned and followed.
    again: followed, but not warned: a warning is valid, and the policy asks for more before a decision.
    accumulated: no warning is valid, and the incidents together have `warn_at_points` or more.

Rungs, highest first:
    decide: A live incident that is not judged is of a zero-tolerance category. The case is urgent, and neither
        doubts nor a safeguard matter. Or: escalated by undoubted incidents, the undoubted incidents have
        `decide_reporters` reporters or more, and there is no safeguard.
    hear: Escalated by live incidents. Or: accumulated or again by live incidents, but not by the undoubted alone, or
        there is a safeguard.
    warn: Accumulated or again by undoubted incidents.
    record: Otherwise.

Reasons:
    decide: Zero tolerance, once for each category. Else: the abuse after the warning, and the reporters.
    hear: What asks for the step, and each of these that applies: all live incidents together have too few
        reporters, where they escalated; the step depends on doubted incidents; there is a safeguard.
    warn: The points, or the abuse after the warning.
    record: With a valid warning, that nothing has followed it; else, that points are missing.

The heaviest incident is one of zero tolerance, then the one with the most points, then the newest, then by key of
the category. The order of incidents and warnings does not matter. Hear and warn are both one step before a
decision: one more undoubted incident can turn hear into warn.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Reason, Rule, Rung, Verdict


def assess(history: History, policy: Policy, now: datetime) -> Verdict:
    """The verdict on a customer: rung and reasons, as the docstring of this module specifies."""
    facts = _Facts(history, policy, now)
    rung, reasons = next((rung, reasons) for rung, rule in _LADDER if (reasons := rule(facts)))
    return Verdict(
        rung,
        reasons,
        facts.points(facts.live),
        _reporters(facts.live),
        urgent=reasons[0].rule == Rule.ZERO_TOLERANCE,
        policy_digest=policy.digest,
        heaviest=facts.heaviest(),
    )


class _Facts:
    """What the rungs ask of a history, at one moment."""

    def __init__(self, history: History, policy: Policy, now: datetime) -> None:
        self.policy = policy
        self.safeguarded = history.safeguarded
        live = (i for i in history.incidents if not i.void and now < i.happened_at + policy.points_expire_after)
        self.live = tuple(sorted(live, key=lambda incident: incident.number))
        self.undoubted = tuple(incident for incident in self.live if not incident.doubted)
        valid = [warning for warning in history.warnings if warning.is_valid_at(now)]
        valid.sort(key=lambda warning: (warning.delivered_at, warning.number))
        counting = valid[: policy.warnings_before_decision]
        self.warning = counting[-1] if counting else None
        self.missing = policy.warnings_before_decision - len(counting)

    def points(self, incidents: Iterable[Incident]) -> int:
        return sum(map(self.policy.points, incidents))

    def escalated(self, incidents: Iterable[Incident]) -> tuple[Reason, ...]:
        """The reason that abuse followed as many warnings as the policy asks for, if it did."""
        return () if self.missing or not self.warning else self._followed(self.warning, incidents)

    def to_warn(self, incidents: tuple[Incident, ...]) -> tuple[Reason, ...]:
        """The reason for a warning, if there is one: the points, or abuse after a warning that is not the last.

        Abuse after the last one asks for a decision or a hearing, which come first.
        """
        return self._followed(self.warning, incidents) if self.warning else self._accumulated(incidents)

    def _followed(self, warning: DeliveredWarning, incidents: Iterable[Incident]) -> tuple[Reason, ...]:
        since, limit = warning.delivered_at, self.policy.decide_at_points
        after = [i for i in incidents if not i.judged and i.happened_at > since and self.policy.points(i) >= limit]
        if not after:
            return ()
        worst = max(map(self.policy.points, after))
        facts = self.warned(warning) | {"incidents": _numbers(after), "points": worst, "limit": limit}
        one = Rule.AFTER_WARNING if self.policy.warnings_before_decision == 1 else Rule.AFTER_WARNINGS
        return (Reason(Rule.AFTER_TOO_FEW if self.missing else one, facts),)

    def _accumulated(self, incidents: tuple[Incident, ...]) -> tuple[Reason, ...]:
        points, limit = self.points(incidents), self.policy.warn_at_points
        if points < limit:
            return ()
        return (Reason(Rule.POINTS, {"incidents": _numbers(incidents), "points": points, "limit": limit}),)

    def doubts(self, *, doubted: bool) -> tuple[Reason, ...]:
        """The reasons to hear both sides first. `doubted`: the step depends on doubted incidents."""
        incidents = _numbers(incident for incident in self.live if incident.doubted)
        misunderstood = (Reason(Rule.DOUBTED, {"incidents": incidents}),) if doubted else ()
        return (*misunderstood, Reason(Rule.SAFEGUARD)) if self.safeguarded else misunderstood

    def is_zero_tolerance(self, incident: Incident) -> bool:
        return self.policy.category(incident.category).zero_tolerance

    def heaviest(self) -> str | None:
        worst = max(
            self.live,
            key=lambda i: (self.is_zero_tolerance(i), self.policy.points(i), i.happened_at, i.category),
            default=None,
        )
        return worst.category if worst else None

    def warned(self, warning: DeliveredWarning) -> dict[str, int | str | list[int]]:
        day, asked = self.policy.hours.local_date(warning.delivered_at), self.policy.warnings_before_decision
        facts: dict[str, int | str | list[int]] = {"warning": warning.number, "warned_on": day.isoformat()}
        return facts if asked == 1 else facts | {"warnings": asked, "missing": self.missing}


def _decide(facts: _Facts) -> tuple[Reason, ...]:
    zero_tolerance: dict[str, list[int]] = {}
    for incident in facts.live:
        if not incident.judged and facts.is_zero_tolerance(incident):
            zero_tolerance.setdefault(incident.category, []).append(incident.number)
    if zero_tolerance:
        return tuple(
            Reason(Rule.ZERO_TOLERANCE, {"category": category, "incidents": numbers})
            for category, numbers in zero_tolerance.items()
        )
    reporters, limit = _reporters(facts.undoubted), facts.policy.decide_reporters
    escalated = facts.escalated(facts.undoubted)
    if not escalated or facts.safeguarded or reporters < limit:
        return ()
    return (*escalated, Reason(Rule.REPORTERS, {"reporters": reporters, "limit": limit}))


def _hear(facts: _Facts) -> tuple[Reason, ...]:
    if escalated := facts.escalated(facts.live):
        reporters, limit = _reporters(facts.live), facts.policy.decide_reporters
        few = (Reason(Rule.FEW_REPORTERS, {"reporters": reporters, "limit": limit}),) if reporters < limit else ()
        doubted = not facts.escalated(facts.undoubted) or _reporters(facts.undoubted) < limit <= reporters
        return (*escalated, *few, *facts.doubts(doubted=doubted))
    to_warn = facts.to_warn(facts.live)
    doubts = facts.doubts(doubted=not facts.to_warn(facts.undoubted))
    return (*to_warn, *doubts) if to_warn and doubts else ()


def _warn(facts: _Facts) -> tuple[Reason, ...]:
    return facts.to_warn(facts.undoubted)


def _record(facts: _Facts) -> tuple[Reason, ...]:
    if facts.warning:
        return (Reason(Rule.NOTHING_SINCE, facts.warned(facts.warning) | {"limit": facts.policy.decide_at_points}),)
    return (Reason(Rule.POINTS_BELOW, {"points": facts.points(facts.live), "limit": facts.policy.warn_at_points}),)


_LADDER: tuple[tuple[Rung, Callable[[_Facts], tuple[Reason, ...]]], ...] = (
    (Rung.DECIDE, _decide),
    (Rung.HEAR, _hear),
    (Rung.WARN, _warn),
    (Rung.RECORD, _record),
)


def _reporters(incidents: Iterable[Incident]) -> int:
    return len({incident.reporter for incident in incidents})


def _numbers(incidents: Iterable[Incident]) -> list[int]:
    return [incident.number for incident in incidents]
