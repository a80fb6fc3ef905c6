"""What stands in the record: customers, reports, cases, warnings, decisions."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.rules.values.facts import Incident, Rung


class Place(StrEnum):
    """Where the episode took place."""

    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    IN_PERSON = "in_person"
    SOCIAL_MEDIA = "social_media"


class Standing(StrEnum):
    """How a customer stands with the firm."""

    CLEAR = "clear"
    WARNED = "warned"
    UNDER_REVIEW = "under_review"
    RESTRICTED = "restricted"
    DROPPED = "dropped"


class Left(StrEnum):
    """Who is left to act on a case: its managers, only the directors, or nobody at all."""

    MANAGERS = "managers"
    DIRECTORS = "directors"
    NOBODY = "nobody"


class Choice(StrEnum):
    """What a decision can be."""

    DROP = "drop"
    KEEP = "keep"


class Outcome(StrEnum):
    """How a case ended."""

    WARNED = "warned"
    NOT_NOW = "not_now"
    MISUNDERSTANDING = "misunderstanding"
    DROPPED = "dropped"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"  # into the case of the same customer under another name


class Delivery(StrEnum):
    """How a warning reached the customer."""

    EMAIL = "email"
    POST = "post"
    PHONE = "phone"
    IN_PERSON = "in_person"


@dataclass(frozen=True, slots=True)
class Customer:
    """The person or account reported. `owner` is the Slack user who looks after the account.

    `merged_into`: the record of the same customer that took this one in, if one did.
    """

    number: int
    name: str
    crm_reference: str | None = None
    worth: str | None = None
    owner: str | None = None
    standing: Standing = Standing.CLEAR
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link or an uploaded file. `kind` is "link", "file" or "message"."""

    kind: str
    address: str
    title: str


@dataclass(frozen=True, slots=True)
class Report:
    """An incident as it was told: everything the reporter wrote, and what became of it.

    `discounted_in`: the hearing that found it to be a misunderstanding.
    """

    incident: Incident
    customer: int
    place: Place
    reported_at: datetime
    narrative: str
    evidence: tuple[Evidence, ...]
    wants_support: bool
    withdrawn_at: datetime | None = None
    discounted_at: datetime | None = None
    discounted_in: int | None = None


@dataclass(frozen=True, slots=True)
class IssuedWarning:
    """A formal warning to the customer, from its issue on."""

    number: int
    case: int
    letter: str
    issued_by: str
    issued_at: datetime
    delivered_at: datetime | None = None
    delivered_by: str | None = None
    delivered_how: Delivery | None = None
    expires_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def counts_at(self, now: datetime) -> bool:
        """Whether it is valid: delivered, not expired, not withdrawn after a dispute."""
        if self.delivered_at is None or self.expires_at is None or self.withdrawn_at:
            return False
        return self.delivered_at <= now < self.expires_at


@dataclass(frozen=True, slots=True)
class Case:
    """One matter before management about one customer. `version` grows with every change that people should see.

    `due_at`: when management has to have acted. `raised`: how often the directors have been told of it.
    """

    number: int
    customer: int
    rung: Rung
    version: int
    opened_at: datetime
    due_at: datetime
    urgent: bool
    outcome: Outcome | None = None
    closed_at: datetime | None = None
    left: Left = Left.MANAGERS
    raised: int = 0

    @property
    def is_open(self) -> bool:
        """Whether management still has to act."""
        return self.closed_at is None


class Ending(StrEnum):
    """How a decision came to its end."""

    LAPSED = "lapsed"
    LET_LAPSE = "let_lapse"
    OVERTURNED = "overturned"


@dataclass(frozen=True, slots=True)
class Decision:
    """Drop or keep, by a named manager, with the rationale and a review date. `approved_by`: who approved before.

    The terms are those that stand. `appeal_until`: how long the customer may appeal.
    """

    case: int
    choice: Choice
    by: str
    at: datetime
    rationale: str
    review_on: date
    effective_on: date | None = None
    reason_class: str | None = None
    conditions: tuple[str, ...] = ()
    letter: str | None = None
    approved_by: tuple[str, ...] = ()
    appeal_until: datetime | None = None
    ended_at: datetime | None = None
    ended_how: Ending | None = None

    @property
    def binds(self) -> bool:
        """Whether it holds the customer to something: only then is it reviewed, and may be appealed."""
        return self.choice is Choice.DROP or bool(self.conditions)

    @property
    def in_force(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Approval:
    """A drop as one manager approved it, waiting for another's approval. `version`: of the case as they saw it."""

    drop: Decision
    version: int

    @property
    def by(self) -> str:
        """Who approved."""
        return self.drop.by


@dataclass(frozen=True, slots=True)
class Recusal:
    """A manager or director steps aside from a case, with or without a reason."""

    case: int
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Safeguard:
    """A note that a customer needs tolerance. `words` are what reps see."""

    kind: str
    note: str
    words: str
    until: date | None
    set_by: str
    set_at: datetime
    number: int = 0
    lifted_at: datetime | None = None
    lifted_by: str | None = None
