"""What a verdict rests on, and what it says."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """How bad it was, in terms that can be observed."""

    MINOR = "minor"
    SERIOUS = "serious"
    SEVERE = "severe"


class Rung(StrEnum):
    """A step of the escalation ladder, lowest first."""

    RECORD = "record"
    WARN = "warn"
    HEAR = "hear"
    DECIDE = "decide"


@dataclass(frozen=True, slots=True)
class Incident:
    """One rep's report of one episode, without its narrative: what the policy looks at.

    `doubted`: its reporter says that it may have been a misunderstanding.
    `void`: withdrawn by its reporter or discounted after a hearing; it weighs nothing.
    `judged`: management has decided on it and kept the customer; it counts, but does not ask for a decision again.
    """

    number: int
    reporter: str
    category: str
    severity: Severity
    happened_at: datetime
    doubted: bool = False
    void: bool = False
    judged: bool = False


@dataclass(frozen=True, slots=True)
class DeliveredWarning:
    """A formal warning as the policy sees it: it counts from `delivered_at` until `expires_at`."""

    number: int
    delivered_at: datetime
    expires_at: datetime

    def counts_at(self, now: datetime) -> bool:
        """Whether it is valid."""
        return self.delivered_at <= now < self.expires_at


@dataclass(frozen=True, slots=True)
class History:
    """All that a verdict may rest on, apart from the policy and the time."""

    incidents: tuple[Incident, ...]
    warnings: tuple[DeliveredWarning, ...] = ()
    safeguarded: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a verdict: which rule spoke, and the facts it spoke of.

    `facts` holds only whole numbers, short strings and ISO dates, so that it is stored as JSON and read back the same.
    """

    rule: str
    facts: dict[str, int | str | list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy says after an incident. `points` and `reporters` count what is neither void nor expired.

    `heaviest`: the category of the report that weighs most among them.
    """

    rung: Rung
    reasons: tuple[Reason, ...]
    points: int
    reporters: int
    urgent: bool
    policy_digest: str
    heaviest: str | None = None
