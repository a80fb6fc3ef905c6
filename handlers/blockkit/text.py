"""Escapes, shortens and formats text for Slack. Nothing else does."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import accumulate, takewhile
from typing import Final

from bot.language import _
from bot.rules.text import short_day

ELLIPSIS: Final = "…"
# Slack writes "Today" with a capital letter where a date's pattern begins with it; the space of no width prevents that.
# Translators: Slack fills in these places: a day as "Nov 22", "today" or "yesterday", and a time of day.
DATE_AND_TIME: Final = "\u200b" + _("{date_short_pretty} at {time}")
DATE_ONLY: Final = "\u200b{date_short_pretty}"
TIME_ONLY: Final = "{time}"
DATE_FIRST: Final = "{date_short_pretty}"  # at the beginning of a line
TIME: Final = "{time}"
DATE_ON: Final = "{date_short}"  # after "on", which "today" does not bear
IN_UTC: Final = _("{day}, {time} UTC")
# Translators: {first}: one or several, with commas between them.
AND: Final = _("{first} and {last}")
OR: Final = _("{first} or {last}")

_UNSEEN: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")  # controls; overrides of direction
_JOINER: Final = "\u200d"
_WORD: Final = 20  # how far a cut looks back for the end of a word


def escape(text: str) -> str:
    """Text in which Slack finds no mention and no link. Source: Slack's three control characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    """A text on one line, without control characters and overrides of the writing direction."""
    return " ".join(_UNSEEN.sub("", text).split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters once escaped. A cut is marked with … and is at the end of a word if one is near.

    The text is cut before it is escaped, so no entity is cut; accents and joined emoji stay whole too.
    """
    return _cut(text, limit, _escaped)


def fit(text: str, limit: int) -> str:
    """Like `shorten`, for a text that somebody edits: it is not escaped, so `&` counts as one character."""
    return _cut(text, limit, _edited)


def mention(user: str) -> str:
    """A person, for mrkdwn."""
    return f"<@{user}>"


def moment(at: datetime) -> str:
    """A time in each reader's time zone, for mrkdwn."""
    return f"<!date^{int(at.timestamp())}^{DATE_AND_TIME}|{fallback_of(at)}>"


def short_moment(at: datetime) -> str:
    """The same where there is little room."""
    return f"<!date^{int(at.timestamp())}^{DATE_ON} {TIME}|{at.astimezone(UTC):%d.%m. %H:%M}>"


def fallback_of(at: datetime, form: str = DATE_AND_TIME) -> str:
    """The same time in UTC, for clients that do not know the reader's time zone."""
    utc = at.astimezone(UTC)
    on = day(utc.date())
    return IN_UTC.format(day=on, time=f"{utc:%H:%M}") if "{time}" in form else on


def unmarked(text: str) -> str:
    """Our own mrkdwn as plain text, with times in UTC."""
    return (
        re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    )


def day(on: date) -> str:
    """A calendar day, the same in every zone."""
    return short_day(on)


def listed(items: list[str], link: str = AND) -> str:
    """Items as in a sentence: "a", "a and b", "a, b and c"; with `OR`, "a or b"."""
    return link.format(first=", ".join(items[:-1]), last=items[-1]) if items[1:] else "".join(items)


def _cut(text: str, limit: int, cost: Callable[[str], int]) -> str:
    if sum(map(cost, text)) <= limit:
        return text
    kept = _whole(text, _fitting(text, limit - len(ELLIPSIS), cost))
    word_goes_on = not text[len(kept)].isspace()
    space = kept.rfind(" ", max(0, len(kept) - _WORD)) if word_goes_on else -1
    return (kept[:space] if space > 0 else kept).rstrip() + ELLIPSIS


def _edited(char: str) -> int:
    return 2 if char > "\uffff" else 1


def _escaped(char: str) -> int:
    return len(escape(char)) if char in "&<>" else _edited(char)


def _fitting(text: str, limit: int, cost: Callable[[str], int]) -> int:
    """How many characters of a text fit."""
    spent = accumulate(map(cost, text))
    return sum(1 for _ in takewhile(lambda length: length <= limit, spent))


def _whole(text: str, end: int) -> str:
    """The text up to `end`, or less if `end` is inside what people see as one character."""
    while 0 < end < len(text) and (_hangs_on(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    return text[:end]


def _hangs_on(char: str) -> bool:
    return char == _JOINER or unicodedata.combining(char) > 0 or "\ufe00" <= char <= "\ufe0f" or "🏻" <= char <= "🏿"
