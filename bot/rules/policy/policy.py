"""The firm's policy as a value, and the same as plain JSON, so that a past verdict can be derived again."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any, Final

from bot.rules.business_time import Hours, Span
from bot.rules.policy.backup_rules import BY_DEFAULT, BackupRules
from bot.rules.policy.ending_rules import NO_RULES, EndingRules
from bot.rules.policy.interim_rules import NO_PROTECTION, InterimRules
from bot.rules.policy.verdicts import Incident, Rung, Severity


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of conduct. `unacceptable` and `change` are words for letters: what it was, and what is asked for.

    `boundary`, `end_contact`: what reps may say to set a boundary and to end the contact; "": as in `Texts`.
    `decide`: how long a decision about it may take; None: as in `Deadlines`.
    """

    key: str
    name: str
    explanation: str
    points: int
    zero_tolerance: bool
    unacceptable: str
    change: str
    boundary: str = ""
    end_contact: str = ""
    decide: Span | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What a severity means to a rep, and by how much it multiplies a category's points (`times`)."""

    name: str
    explanation: str
    times: int


@dataclass(frozen=True, slots=True)
class Wording:
    """A choice on a form and what reps see of it: a condition of keeping, or a kind of safeguard.

    `say`: under this condition, what reps may say instead of setting a boundary, if it is not "". `letter`: how a
    letter says the condition; "": by its name. `asks`: what the form asks for one value of, such as who the contact is;
    the value then stands for "{value}" in these texts. `asks_for`: "person" or "text". `default`: the value proposed.
    """

    key: str
    name: str
    words: str
    say: str = ""
    letter: str = ""
    asks: str = ""
    asks_for: str = "text"
    default: str = ""


@dataclass(frozen=True, slots=True)
class Texts:
    """The firm's own sentences: what reps may say, and what letters must say.

    "{address}" in `emergency`, `dispute` and `appeal` is the firm's address. `complain`: to whom else customers may
    turn; "": letters name nobody.
    """

    boundary: str
    end_contact: str
    when_threatened: str
    when_dropped: str
    emergency: str
    dispute: str
    appeal: str
    complain: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes the letters to customers, as they say it: each is "" where the policy does not say."""

    name: str = ""
    address: str = ""
    signature: str = ""

    @property
    def address_on_one_line(self) -> str:
        """The address as it stands in a sentence."""
        return ", ".join(line.strip() for line in self.address.splitlines())


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long management may take. `extension`: what a hearing adds. `reminder`: after which share of the time."""

    warn: Span
    hear: Span
    decide: Span
    zero_tolerance: Span
    extension: Span
    reminder: float


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many months what is personal is kept. See docs/policy.md."""

    texts_months: int
    files_months: int
    support_months: int
    dropped_months: int


MOST_FILES: Final = 10  # that a field of a form takes, at Slack
LARGEST_FILE_MB: Final = 10  # likewise
MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class EvidenceLimits:
    """How many files a report may have, and how large each may be. See docs/policy.md."""

    files: int = MOST_FILES
    file_mb: int = LARGEST_FILE_MB

    @property
    def file_bytes(self) -> int:
        """The same, in bytes."""
        return self.file_mb * MB


@dataclass(frozen=True)
class Policy:
    """The firm's rules. The mappings go by key; `reason_classes` holds the name of each.

    The category `other` is used in place of one that is no longer in the policy while the record still holds it.
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
    retention: Retention
    evidence: EvidenceLimits = EvidenceLimits()
    firm: Letterhead = Letterhead()
    backup: BackupRules = BY_DEFAULT
    ending: EndingRules = NO_RULES
    warnings_before_decision: int = 1
    interim: InterimRules = NO_PROTECTION

    def points(self, incident: Incident) -> int:
        """The points of an incident: its category's points times its severity."""
        return self.category(incident.category).points * self.severities[incident.severity].times

    def category(self, key: str) -> Category:
        """The category with this key, or `other` if it is no longer in the policy."""
        return self.categories.get(key) or self.categories["other"]

    def zero_tolerance(self, kinds: Iterable[str] | None = None) -> tuple[str, ...]:
        """The names of the categories of zero tolerance, in the policy's order. `kinds`: of these keys only."""
        among = self.categories if kinds is None else {self.category(kind).key for kind in kinds}
        return tuple(each.name for each in self.categories.values() if each.zero_tolerance and each.key in among)

    def deadlines_for(self, rung: Rung, kinds: Iterable[str], *, urgent: bool) -> tuple[Span, ...]:
        """How long management may take on a rung that asks something (warn, hear or decide): the shortest of these.

        `kinds`: the categories of the live incidents, which may have times of their own to decide.
        """
        times = self.deadlines
        if rung is Rung.DECIDE and not urgent:
            return tuple({self.category(kind).decide or times.decide for kind in kinds}) or (times.decide,)
        return (times.zero_tolerance if urgent else {Rung.WARN: times.warn, Rung.HEAR: times.hear}[rung],)

    def body(self) -> dict[str, Any]:
        """The whole policy as plain JSON values. `policy_body.policy_from_body` reads it back."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=_plain))
        return plain

    @cached_property
    def text(self) -> str:
        """The body as the record keeps it. The same rules and words give the same text, whatever file they came from.

        A later release may write more of a policy, so one that is on record is compared with its digest as it stands.
        """
        return json.dumps(self.body(), sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """The digest of the text."""
        return text_digest(self.text)


def text_digest(text: str) -> str:
    """SHA-256 of a policy's text in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    """A JSON value for a type that JSON does not have. Sets are sorted, so that they always give the same JSON."""
    if isinstance(value, timedelta):
        return value.days
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"a policy holds no {type(value).__name__}")
