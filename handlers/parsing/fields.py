"""Checks of fields. A `…_problem` function returns a text for the person who filled it in, or None."""

from datetime import date, datetime, timedelta
from typing import Final

from bot.language import _
from bot.rules.text import characters
from handlers.blockkit.text import units
from handlers.parsing.reading import FILL_IN, Form, refuse

LONGEST_NAME: Final = 140  # with its kind before it, a name has to fit the 150 characters of an option's value
LONGEST_TEXT: Final = 3_000
EARLIEST: Final = timedelta(days=3_653)
CLOCK_SKEW: Final = timedelta(minutes=2)  # a phone's clock may run ahead of ours

# Translators: {characters} is such as "612 characters".
NAME_TOO_LONG: Final = _("The name is {characters} long; {limit} fit. Please shorten it.")
TEXT_TOO_LONG: Final = _("This is {characters} long; {limit:,} fit. Please shorten it.")
NOT_YET: Final = _("This time has not come yet. Please check the date and the time.")
TOO_LONG_AGO: Final = _("This is more than ten years ago. Please check the year.")
REVIEW_TOO_EARLY: Final = _("The review has to come after the day the decision takes effect.")
UNCONSIDERED: Final = _("Please consider the safeguards first, then tick this.")


def name_problem(name: str | int) -> str | None:
    """A customer's name, or the length of one that was too long for an option's value."""
    length = name if isinstance(name, int) else units(name)
    if length > LONGEST_NAME:
        return NAME_TOO_LONG.format(characters=characters(length), limit=LONGEST_NAME)
    return None if length else FILL_IN


def text_problem(text: str) -> str | None:
    """A text that is required."""
    if units(text) > LONGEST_TEXT:
        return TEXT_TOO_LONG.format(characters=characters(units(text)), limit=LONGEST_TEXT)
    return None if text else FILL_IN


def past_problem(moment: datetime, now: datetime) -> str | None:
    """A time that has to be in the past, and not more than ten years ago."""
    if moment > now + CLOCK_SKEW:
        return NOT_YET
    return TOO_LONG_AGO if moment < now - EARLIEST else None


def review_problem(effective_on: date, review_on: date) -> str | None:
    """A review has to be after the decision takes effect."""
    return REVIEW_TOO_EARLY if review_on <= effective_on else None


def required_text(form: Form, block: str) -> str:
    """The text of a required field. Raises `FieldErrors`."""
    text = form.typed(block)
    refuse({block: text_problem(text)})
    return text


def optional_text(form: Form, block: str) -> str:
    """The text of an optional field. Raises `FieldErrors` if it is too long."""
    text = form.typed(block)
    refuse({block: text_problem(text) if text else None})
    return text
