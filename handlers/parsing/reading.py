"""Reads values from Slack's requests."""

import re
from enum import StrEnum
from typing import Final, TypeVar

from bot.rules.fields import is_storable

_MARKUP: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def without_markup(text: str) -> str:
    """Slack's markup as people read it: links as their address, mentions as their name, entities as characters.

    Source: Slack escapes only &, < and >.
    """
    return unescaped(_MARKUP.sub(lambda found: found[2] or found[1], text))


def unescaped(text: str) -> str:
    """Entities as characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_Kind = TypeVar("_Kind", bound=StrEnum)

_MISSING: Final = object()
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)  # a record's number: what fits the database, no more


class Malformed(Exception):  # noqa: N818 - it says what the request is
    """Slack would never send this request. It is answered with 400 and logged; nothing is recorded."""

    def __init__(self, *path: object) -> None:
        super().__init__("/".join(str(step) for step in path))


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
    if not isinstance(found, str) or not is_storable(found):
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
