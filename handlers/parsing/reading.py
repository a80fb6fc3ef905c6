"""Reads values from Slack's requests, and from the fields of a form that was sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final, TypeVar

from bot.language import _

_MARKUP: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def without_markup(text: str) -> str:
    """Slack's markup as people read it: links as their address, mentions as their name, entities as characters.

    Source: Slack escapes only &, < and >.
    """
    bare = _MARKUP.sub(lambda found: found[2] or found[1], text)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_Kind = TypeVar("_Kind", bound=StrEnum)

_MISSING: Final = object()
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)  # a record's number: what fits the database, no more
_FAR: Final = 253_402_300_799  # the last second of the year 9999
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
USER: Final = re.compile(r"[UW][A-Z0-9]{1,30}", re.ASCII)
_LONGEST_OPTION: Final = 150  # Slack's limit

FILL_IN: Final = _("Please fill this in.")
CHOOSE: Final = _("Please choose one.")


class Malformed(Exception):  # noqa: N818 - it says what the request is
    """Slack would never send this request. It is answered with 400 and logged; nothing is recorded."""

    def __init__(self, *path: object) -> None:
        super().__init__("/".join(str(step) for step in path))


@dataclass(eq=False)
class FieldErrors(Exception):  # noqa: N818 - Slack's own word for them
    """What somebody can correct in the form that is still open: a text for each block."""

    errors: dict[str, str]


def refuse(problems: Mapping[str, str | None]) -> None:
    """Raises `FieldErrors` with every problem that is not None, if there is one."""
    errors = {block: problem for block, problem in problems.items() if problem is not None}
    if errors:
        raise FieldErrors(errors)


def value_at(body: object, *path: str | int) -> object:
    """The value at a path of keys and indexes. Raises `Malformed` if there is none."""
    for step in path:
        body = _step(body, step)
        if body is _MISSING:
            raise Malformed(*path)
    return body


def _step(body: object, step: str | int) -> object:
    if isinstance(step, str):
        return body.get(step, _MISSING) if isinstance(body, dict) else _MISSING
    return body[step] if isinstance(body, list) and step < len(body) else _MISSING


def optional(body: object, *path: str | int) -> object:
    """The value at a path; None if Slack left it out or sent null."""
    for step in path:
        body = _step(body, step)
        if body is _MISSING:
            return None
    return body


def string(body: object, *path: str | int) -> str:
    """The string at a path. Raises `Malformed`, also for what no database takes: lone surrogates and NUL."""
    found = value_at(body, *path)
    if not isinstance(found, str) or _UNSTORABLE.search(found):
        raise Malformed(*path)
    return found


def matching(pattern: re.Pattern[str], body: object, *path: str | int) -> str:
    """The string at a path, if the whole of it matches. Raises `Malformed`."""
    found = string(body, *path)
    if pattern.fullmatch(found) is None:
        raise Malformed(*path)
    return found


def record_number(digits: str) -> int:
    """A record's number. Raises `Malformed`."""
    if _NUMBER.fullmatch(digits) is None:
        raise Malformed("number")
    return int(digits)


def member_of(kind: type[_Kind], value: str) -> _Kind:
    """The member of an enumeration that a value names. Raises `Malformed`."""
    try:
        return kind(value)
    except ValueError:
        raise Malformed(kind.__name__) from None


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was sent. A required field that is empty raises `FieldErrors`, anything unexpected `Malformed`."""

    body: object

    @property
    def metadata(self) -> str:
        """What the form was opened with."""
        return string(self.body, "view", "private_metadata")

    def typed(self, block: str) -> str:
        """The text without outer spaces; "" if nothing was typed."""
        found = self._value(block, "value")
        return "" if found is None else string({block: found}, block).strip()

    def chosen(self, block: str) -> str:
        """The value of the option that was picked."""
        found = self._required(block, "selected_option", CHOOSE)
        return _option(found)

    def ticked(self, block: str) -> tuple[str, ...]:
        """The values of all options that were picked."""
        found = self._value(block, "selected_options")
        return tuple(_option(option) for option in _listed(found, block))

    def attached(self, block: str) -> list[object]:
        """The uploaded files as Slack describes them."""
        return _listed(self._value(block, "files"), block)

    def day(self, block: str) -> date:
        """The day that was picked."""
        found = string({block: self._required(block, "selected_date", FILL_IN)}, block)
        try:
            return date.fromisoformat(found)
        except ValueError:
            raise Malformed(block, "selected_date") from None

    def optional_day(self, block: str) -> date | None:
        """The day that was picked; None if none was."""
        return None if self._value(block, "selected_date") is None else self.day(block)

    def user(self, block: str) -> str:
        """The ID of the colleague who was picked."""
        return matching(USER, {block: self._required(block, "selected_user", CHOOSE)}, block)

    def has_field(self, block: str) -> bool:
        """Whether the form has this field: some are left out when there is nothing to pick."""
        return optional(self.body, "view", "state", "values", block) is not None

    def moment(self, block: str) -> datetime:
        """The date and time that were picked, in UTC."""
        found = self._required(block, "selected_date_time", FILL_IN)
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= _FAR:
            raise Malformed(block, "selected_date_time")
        return datetime.fromtimestamp(found, UTC)

    def _value(self, block: str, key: str) -> object:
        return value_at(self.body, "view", "state", "values", block, block, key)

    def _required(self, block: str, key: str, error: str) -> object:
        found = self._value(block, key)
        if found is None:
            raise FieldErrors({block: error})
        return found


def _option(found: object) -> str:
    value = string(found, "value")
    if len(value) > _LONGEST_OPTION:
        raise Malformed("value")
    return value


def _listed(found: object, block: str) -> list[object]:
    if found is None:
        return []
    if not isinstance(found, list):
        raise Malformed(block)
    return found
