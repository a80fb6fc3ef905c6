"""Verdicts of the policy: what the policy is asked about, and what it answers."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """How bad an incident was, in terms that can be observed."""

    MINOR = "minor"
    SERIOUS = "serious"
    SEVERE = "severe"


class Rung(StrEnum):
    """A step of the escalation ladder, lowest first."""

    RECORD = "record"
    WARN = "warn"
    HEAR = "hear"
    DECIDE = "decide"


class Rule(StrEnum):
    """Which rule gave a reason of a verdict. `reasons.SENTENCES` has the sentence of each."""

    ZERO_TOLERANCE = "zero_tolerance"
    AFTER_WARNING = "after_warning"
    AFTER_WARNINGS = "after_warnings"
    AFTER_TOO_FEW = "after_too_few"
    REPORTERS = "reporters"
    POINTS = "points"
    FEW_REPORTERS = "few_reporters"
    DOUBTED = "doubted"
    SAFEGUARD = "safeguard"
    POINTS_BELOW = "points_below"
    NOTHING_SINCE = "nothing_since"


@dataclass(frozen=True, slots=True)
class Incident:
    """One rep's report of one incident, as the policy sees it: without the narrative.

    `doubted`: the reporter says that it may have been a misunderstanding. `void`: the report was withdrawn, or
    discounted after a hearing. `judged`: management has decided about it and kept the customer.
    """

    number: int
    reporter: str
    category: str
    severity: Severity
    happened_at: datetime
    doubted: bool = False
    void: bool = False
    judged: bool = False


def in_order(*incidents: Incident) -> tuple[Incident, ...]:
    """The incidents as a `History` has them: in the order in which they happened."""
    return tuple(sorted(incidents, key=lambda each: (each.happened_at, each.number)))


@dataclass(frozen=True, slots=True)
class DeliveredWarning:
    """A formal warning as the policy sees it."""

    number: int
    delivered_at: datetime
    expires_at: datetime

    def is_valid_at(self, now: datetime) -> bool:
        """Whether it has been delivered and has not expired."""
        return self.delivered_at <= now < self.expires_at


@dataclass(frozen=True, slots=True)
class History:
    """All that a verdict depends on, besides the policy and the time. `safeguarded`: a safeguard is in force."""

    incidents: tuple[Incident, ...]
    warnings: tuple[DeliveredWarning, ...] = ()
    safeguarded: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a verdict: the rule, and the facts to which it applied.

    `facts` holds only whole numbers, lists of them, short strings and ISO dates, so that JSON can store them.
    """

    rule: str
    facts: dict[str, int | str | list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy says about a customer; see `assess`. `points` and `reporters` are those of all live incidents.

    `heaviest`: the category of the heaviest live incident.
    """

    rung: Rung
    reasons: tuple[Reason, ...]
    points: int
    reporters: int
    urgent: bool
    policy_digest: str
    heaviest: str | None = None
