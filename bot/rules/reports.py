"""Reports of incidents, and the check-ins in which reps are asked how they are after a report."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.rules.people import Person
from bot.rules.policy.verdicts import Incident, Severity

FIRST_CHECK_IN_AFTER: Final = timedelta(days=1)
SECOND_CHECK_IN_AFTER: Final = timedelta(days=7)


class Place(StrEnum):
    """Where the incident happened."""

    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    IN_PERSON = "in_person"
    SOCIAL_MEDIA = "social_media"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link or an uploaded file. `kind`: "link", "file" or "message"."""

    kind: str
    address: str
    title: str


@dataclass(frozen=True, slots=True)
class Report:
    """An incident with everything the reporter wrote, and what became of it.

    `discounted_in`: the number of the hearing that found it to be a misunderstanding.
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
class PickedCustomer:
    """A customer on record whom the rep picked, by number."""

    number: int


@dataclass(frozen=True, slots=True)
class TypedCustomer:
    """A customer by name. `new`: the rep picked "New customer", having seen the similar names."""

    name: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class NewReport:
    """The report form as it was sent."""

    by: Person
    customer: PickedCustomer | TypedCustomer
    category: str
    severity: Severity
    place: Place
    happened_at: datetime
    narrative: str
    evidence: tuple[Evidence, ...] = ()
    doubted: bool = False
    wants_support: bool = False


class CheckInAnswer(StrEnum):
    """What a rep answers to a check-in. A rep who declines is never asked again."""

    FINE = "fine"
    TALK = "talk"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A rep is asked how they are after a report. `round`: 1 after a day, 2 after a week.

    `answer`: fine or declined. `care_at`: when the rep asked for someone to talk to, before or after that answer.
    """

    report: int
    rep: str
    round: int
    asked_at: datetime
    answer: CheckInAnswer | None = None
    care_at: datetime | None = None


def check_in_round(reported_at: datetime, now: datetime) -> int:
    """1, or 2 from a week after the report on, even if the first round was missed."""
    return 2 if now >= reported_at + SECOND_CHECK_IN_AFTER else 1
