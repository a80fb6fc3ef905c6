"""Dates and lengths in words, as letters, sentences, forms and tables write them."""

import re
from datetime import date
from typing import Final

from bot.language import _, ngettext

UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but for tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the direction of writing: marks, embeddings, overrides, isolates
    "\u2028\u2029]"  # ends of lines and paragraphs
)
MONTHS: Final = (
    _("January"), _("February"), _("March"), _("April"),
    # Translators: the whole name and the short one at once.
    _("May"),
    _("June"), _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip
SHORT_MONTHS: Final = (
    _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
    _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
)  # fmt: skip
# Translators: a day, "5 October 2026" or "5 Oct 2026".
DAY: Final = _("{day} {month} {year}")


def day(on: date) -> str:
    """The long form, for letters and sentences: 5 October 2026."""
    return DAY.format(day=on.day, month=month(on), year=on.year)


def short_day(on: date) -> str:
    """The short form: 5 Oct 2026."""
    return DAY.format(day=on.day, month=SHORT_MONTHS[on.month - 1], year=on.year)


def month(on: date) -> str:
    """The name of a day's month."""
    return MONTHS[on.month - 1]


def characters(number: int) -> str:
    """A length: 140 characters."""
    return ngettext("{n:,} character", "{n:,} characters", number).format(n=number)


def printable(text: str) -> str:
    """The text with control characters and those that change the direction of writing shown as what they are.

    They appear as JSON would write them, so that JSON stays JSON. Line ends and tabs stay.
    """
    return UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def units(text: str) -> int:
    """A text's length in UTF-16 code units, in which Slack's clients count it: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, room: int) -> str:
    """As much of the text as fits into so many UTF-16 code units."""
    return text.encode("utf-16-le")[: 2 * max(room, 0)].decode("utf-16-le", "ignore")
