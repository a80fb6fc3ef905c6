"""Days as letters, sentences and tables write them."""

from datetime import date
from typing import Final

from bot.language import _

MONTHS: Final = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    # Translators: the whole name and the short one at once.
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
SHORT_MONTHS: Final = (
    _("Jan"),
    _("Feb"),
    _("Mar"),
    _("Apr"),
    _("May"),
    _("Jun"),
    _("Jul"),
    _("Aug"),
    _("Sep"),
    _("Oct"),
    _("Nov"),
    _("Dec"),
)
# Translators: a day, "5 October 2026" or "5 Oct 2026".
DAY: Final = _("{day} {month} {year}")


def day(on: date) -> str:
    """A day as letters and sentences write it: 5 October 2026."""
    return DAY.format(day=on.day, month=month(on), year=on.year)


def short_day(on: date) -> str:
    """A day where there is less room: 5 Oct 2026."""
    return DAY.format(day=on.day, month=SHORT_MONTHS[on.month - 1], year=on.year)


def month(on: date) -> str:
    """The name of a day's month."""
    return MONTHS[on.month - 1]
