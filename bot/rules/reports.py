"""What stands in the record: customers, reports, cases, warnings, decisions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules.people import Person
from bot.rules.policy.verdicts import Incident, Severity


class Place(StrEnum):
    """Where the episode took place."""

    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    IN_PERSON = "in_person"
    SOCIAL_MEDIA = "social_media"


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
class Known:
    """A customer picked from the record, by number."""

    number: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A customer by name. `new`: picked as "New customer", so a likeness to known names has been seen and declined."""

    name: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class NewReport:
    """The report form as it was sent. `form` is the form's own ID: the same form is recorded once."""

    by: Person
    form: str
    customer: Known | Typed
    category: str
    severity: Severity
    place: Place
    happened_at: datetime
    narrative: str
    evidence: tuple[Evidence, ...] = ()
    doubted: bool = False
    wants_support: bool = False
