"""The fields of forms: how long a text may be, when a moment or a day may be, and what is said beside a wrong field.

A command names the kind of each field in its annotation, and `problems` checks them all. Lengths are counted in UTF-16
code units, in which an emoji is two; docs/decisions/fields.md says why.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Final, Protocol, TypeAlias, get_type_hints
from unicodedata import category

from bot.language import _
from bot.rules.business_time import add_months
from bot.rules.name_matching import strict_key
from bot.rules.policy.policy import Policy
from bot.rules.text import characters, day, units

LONGEST_TEXT: Final = 3_000  # Slack's limit for a text field
LONGEST_NAME: Final = 140  # with its kind before it, a name has to fit the 150 characters of an option's value
LONGEST_LINE: Final = 200  # a line of the weekly summary
LONGEST_RECUSAL: Final = 300  # the notice shows it
CLOCK_SKEW: Final = timedelta(minutes=2)  # a phone's clock may be ahead of ours by this much
TEN_YEARS: Final = timedelta(days=3_653)

FILL_IN: Final = _("Please fill this in.")
CHOOSE: Final = _("Please choose one.")
# Translators: {characters} is such as "612 characters".
TOO_LONG: Final = _("This has {characters}; {limit:,} fit. Please shorten it.")
NOT_STORABLE: Final = _("This contains a character that cannot be recorded. Please type it again.")
NAMELESS: Final = _("A name needs a letter or a digit.")
NOT_YET: Final = _("This time has not come yet. Please check the date and the time.")
TOO_LONG_AGO: Final = _("This is more than ten years ago. Please check the year.")
PASSED: Final = _("This day has passed. Please pick today or a later day.")
TOO_FAR: Final = _("This is more than ten years ahead. Please check the year.")
REVIEW_WHEN: Final = _("Please pick a day after today, and {day} at the latest.")
REVIEW_TOO_EARLY: Final = _("Please pick a day after the one on which the decision takes effect.")
GONE: Final = _("This is no longer in the policy. Please pick again.")
UNCONSIDERED: Final = _("Please consider the safeguards first, then tick this.")

_STORABLE: Final = re.compile("[^\0\ud800-\udfff]*")  # PostgreSQL takes no NUL, UTF-8 no half of a character
# Neither white space, nor a control, nor in Unicode's Default_Ignorable_Code_Point, nor the blank in Braille.
_VISIBLE: Final = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff]"
)


class Kind(Protocol):
    """A kind of field."""

    def problem(self, value: Any, policy: Policy, now: datetime) -> str | None:  # noqa: ANN401 - each kind has its type
        """What is wrong with the value, for the person who filled it in; None if nothing is."""


def problems(command: Any, policy: Policy, now: datetime) -> dict[str, str]:  # noqa: ANN401 - of any use case
    """What is wrong with the fields of a command, by field name; empty if nothing is."""
    found = {
        name: kind.problem(getattr(command, name), policy, now) for name, kind in _kinds(command.__class__).items()
    }
    return {name: problem for name, problem in found.items() if problem}


def text_problem(text: str, limit: int = LONGEST_TEXT, *, optional: bool = False) -> str | None:
    """What is wrong with a text, or None."""
    if not is_storable(text):
        return NOT_STORABLE
    if units(text) > limit:
        return too_long(units(text), limit)
    return FILL_IN if not optional and is_blank(text) else None


def too_long(length: int, limit: int) -> str:
    """What is said of a text of this length."""
    return TOO_LONG.format(characters=characters(length), limit=limit)


def is_storable(text: str) -> bool:
    """Whether every database takes the text."""
    return _STORABLE.fullmatch(text) is not None


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen; accents and marks without a letter cannot."""
    return all(category(found[0])[0] == "M" for found in _VISIBLE.finditer(text))


@dataclass(frozen=True, slots=True)
class Text:
    """A text of up to `limit` UTF-16 code units."""

    limit: int = LONGEST_TEXT
    optional: bool = False

    def problem(self, value: str, _policy: object, _now: object) -> str | None:
        """Wrong if it is empty, too long or cannot be stored."""
        return text_problem(value, self.limit, optional=self.optional)


class Name:
    """What a customer is called."""

    def problem(self, value: str, _policy: object, _now: object) -> str | None:
        """Wrong also if it has nothing by which it can be found."""
        return text_problem(value, LONGEST_NAME) or (None if strict_key(value) else NAMELESS)


class Past:
    """When something happened."""

    def problem(self, value: datetime, _policy: object, now: datetime) -> str | None:
        """Wrong in the future and more than ten years ago."""
        if value > now + CLOCK_SKEW:
            return NOT_YET
        return TOO_LONG_AGO if value < now - TEN_YEARS else None


class Ahead:
    """The day on which something begins or ends; it may be left open."""

    def problem(self, value: date | None, policy: Policy, now: datetime) -> str | None:
        """Wrong before today, and more than ten years ahead."""
        today = policy.hours.local_date(now)
        if value is None or today <= value <= today + TEN_YEARS:
            return None
        return PASSED if value < today else TOO_FAR


class Review:
    """When a decision is reviewed."""

    def problem(self, value: date, policy: Policy, now: datetime) -> str | None:
        """Wrong today or before, and later than the policy allows."""
        today = policy.hours.local_date(now)
        latest = add_months(today, policy.longest_months)
        return None if today < value <= latest else REVIEW_WHEN.format(day=day(latest))


@dataclass(frozen=True, slots=True)
class InPolicy:
    """A key of the policy, or several; `keys` are those that there are."""

    keys: Callable[[Policy], Collection[str]]

    def problem(self, value: str | tuple[str, ...], policy: Policy, _now: object) -> str | None:
        """Wrong if the policy has changed since the form was opened."""
        asked = {value} if isinstance(value, str) else set(value)
        return GONE if asked - set(self.keys(policy)) else None


class Considered:
    """The box that says that the safeguards were considered."""

    def problem(self, value: bool, _policy: object, _now: object) -> str | None:  # noqa: FBT001 - the field's value
        """Wrong unless it is ticked."""
        return None if value else UNCONSIDERED


Words: TypeAlias = Annotated[str, Text()]
OptionalWords: TypeAlias = Annotated[str, Text(optional=True)]
Line: TypeAlias = Annotated[str, Text(LONGEST_NAME)]
OptionalLine: TypeAlias = Annotated[str, Text(LONGEST_NAME, optional=True)]
CustomerName: TypeAlias = Annotated[str, Name()]
PastMoment: TypeAlias = Annotated[datetime, Past()]
DayAhead: TypeAlias = Annotated[date, Ahead()]
OptionalDayAhead: TypeAlias = Annotated[date | None, Ahead()]
ReviewDay: TypeAlias = Annotated[date, Review()]
Conditions: TypeAlias = Annotated[tuple[str, ...], InPolicy(lambda policy: policy.conditions)]
SafeguardKind: TypeAlias = Annotated[str, InPolicy(lambda policy: policy.safeguards)]


@cache
def _kinds(command: type) -> Mapping[str, Kind]:
    hints = get_type_hints(command, include_extras=True)
    return {name: kind for name, hint in hints.items() for kind in getattr(hint, "__metadata__", ())}
