"""Reports of incidents, and the check-ins in which reps are asked how they are after a report."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import urlsplit

from bot.language import _, ngettext
from bot.rules.fields import NOT_STORABLE, InPolicy, Name, PastMoment, Words, is_storable
from bot.rules.people import Person
from bot.rules.policy.ending_rules import EndedContact, EndingRule, Informed
from bot.rules.policy.policy import MB, Policy
from bot.rules.policy.verdicts import Incident, Severity
from bot.rules.text import characters, units

FIRST_CHECK_IN_AFTER: Final = timedelta(days=1)
SECOND_CHECK_IN_AFTER: Final = timedelta(days=7)
CARE_IS_NEWS_AFTER: Final = timedelta(days=7)  # a request that has waited so long is made again
MANY_REPORTS: Final = 20  # by one rep; more within the time below are worth a look
MANY_WITHIN: Final = timedelta(hours=1)
LONGEST_LINK: Final = 500
MOST_LINKS: Final = 10

DIGEST_LENGTH: Final = 64  # of SHA-256 in hex; Slack's words for an error are shorter
LINK_SHOWN: Final = 40  # characters of a wrong link

# Translators: {characters} is such as "612 characters".
LINK_TOO_LONG: Final = _("The link “{link}” has {characters}; {limit} fit.")
# Translators: {name} is the name of a file, {size} and {limit} are numbers.
FILE_TOO_LARGE: Final = _(
    "The file “{name}” has {size} MB; up to {limit} MB of each are kept. Attach a part of it, or put a link here."
)
NOT_A_LINK: Final = _("“{link}” is not a link. Please put one on each line, starting with https:// or http://.")


class Place(StrEnum):
    """Where the incident happened."""

    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    IN_PERSON = "in_person"
    SOCIAL_MEDIA = "social_media"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link or an uploaded file. `kind`: "link", "file" or "message". `address`: empty where Slack gave none.

    `file`: Slack's ID of a file. `state`: of a file, empty until it was fetched from Slack; then the digest of what is
    kept, or why it could not be fetched. `size`: in bytes, as the form says; it is not kept.
    """

    kind: str
    address: str
    title: str
    file: str = ""
    state: str = ""
    size: int = field(default=0, compare=False)

    @property
    def is_waiting(self) -> bool:
        """Whether it is a file that is still to be fetched from Slack."""
        return bool(self.file) and not self.state

    @property
    def digest(self) -> str:
        """Of what is kept of a file; empty where nothing is."""
        return self.state if len(self.state) == DIGEST_LENGTH else ""

    @property
    def parts(self) -> list[str]:
        """As it is stored; empty parts at the end are left out."""
        parts = [self.kind, self.address, self.title, self.file, self.state]
        return parts[: max(n for n, part in enumerate(parts, 1) if part)]


@dataclass(frozen=True, slots=True)
class FileToFetch:
    """A file of a report that is to be fetched from Slack. `since`: when the rep sent it."""

    report: int
    file: str
    since: datetime
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """An incident with everything the reporter wrote, and what became of it.

    `discounted_in`: the number of the hearing that found it to be a misunderstanding. `reporter_known`: whether Slack
    had said who the reporter is when they reported. `informed_first`: whether the rep informed the customer before they
    ended the contact; None if they did not end it. `ended_within`: the rule of the policy of that time that
    allowed it, if any.
    """

    incident: Incident
    customer: int
    place: Place
    reported_at: datetime
    narrative: str
    evidence: tuple[Evidence, ...]
    wants_support: bool
    reporter_known: bool
    withdrawn_at: datetime | None = None
    discounted_at: datetime | None = None
    discounted_in: int | None = None
    informed_first: Informed | None = None
    ended_within: EndingRule | None = None


@dataclass(frozen=True, slots=True)
class PickedCustomer:
    """A customer on record whom the rep picked, by number."""

    number: int


@dataclass(frozen=True, slots=True)
class TypedCustomer:
    """A customer by name. `new`: the rep was asked about those who are nearly called so, and means somebody else."""

    name: str
    new: bool = False


class WhichCustomer:
    """The customer who is reported."""

    def problem(self, value: PickedCustomer | TypedCustomer, policy: Policy, now: datetime) -> str | None:
        """Wrong if a name was typed that cannot be one."""
        return None if isinstance(value, PickedCustomer) else Name().problem(value.name, policy, now)


class Links:
    """The evidence that the rep typed."""

    def problem(self, value: tuple[Evidence, ...], policy: Policy, _now: object) -> str | None:
        """Wrong if there is too much, or what is no link; the first is named."""
        if too_large := next((each for each in value if each.size > policy.evidence.file_bytes), None):
            size, limit = -(-too_large.size // MB), policy.evidence.file_mb
            return FILE_TOO_LARGE.format(name=too_large.title[:LINK_SHOWN], size=size, limit=limit)
        links = [each.address for each in value if each.kind == "link"]
        if len(links) > MOST_LINKS:
            return _too_many(len(links))
        return next((problem for problem in map(_link_problem, links) if problem), None)


def _too_many(n: int) -> str:
    return ngettext(
        "This is {n:,} link; {limit} fit. Please keep those that say most.",
        "These are {n:,} links; {limit} fit. Please keep those that say most.",
        n,
    ).format(n=n, limit=MOST_LINKS)


def _link_problem(link: str) -> str | None:
    if not is_storable(link):
        return NOT_STORABLE
    shown = link if len(link) <= LINK_SHOWN else f"{link[:LINK_SHOWN]}…"
    if units(link) > LONGEST_LINK:
        return LINK_TOO_LONG.format(link=shown, characters=characters(units(link)), limit=LONGEST_LINK)
    return None if _is_link(link) else NOT_A_LINK.format(link=shown)


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>|]", link)


@dataclass(frozen=True, slots=True)
class NewReport:
    """The report form as it was sent. `call`: the call for backup after which it was offered."""

    by: Person
    customer: Annotated[PickedCustomer | TypedCustomer, WhichCustomer()]
    category: Annotated[str, InPolicy(lambda policy: policy.categories)]
    severity: Severity
    place: Place
    happened_at: PastMoment
    narrative: Words
    evidence: Annotated[tuple[Evidence, ...], Links()] = ()
    doubted: bool = False
    wants_support: bool = False
    ended: EndedContact | None = None
    call: int | None = None


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


@dataclass(frozen=True, slots=True)
class CareRequest:
    """A rep asked for someone to talk to, when reporting or later. `talked_at`: when the care contact did."""

    report: int
    rep: str
    talked_at: datetime | None = None


def check_in_round(reported_at: datetime, now: datetime) -> int:
    """1, or 2 from a week after the report on, even if the first round was missed."""
    return 2 if now >= reported_at + SECOND_CHECK_IN_AFTER else 1


def are_many_now(times: Sequence[datetime]) -> bool:
    """Whether these have become many with the newest: more than `MANY_REPORTS` within an hour, for the first time.

    `times`: of the newest `MANY_REPORTS` + 2 reports of a rep, the newest first.
    """
    return _many(times) and not _many(times[1:])


def _many(times: Sequence[datetime]) -> bool:
    return len(times) > MANY_REPORTS and times[0] - times[MANY_REPORTS] < MANY_WITHIN
