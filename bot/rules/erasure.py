"""What is left where a person's data was erased: a word that says so and when, and nothing of what stood there."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.language import _
from bot.rules.date_text import short_day

ERASE: Final = "erase"  # who acts, in the audit log
TEXT: Final = _("Erased on {day}.")
NAME: Final = _("Erased customer {number}")


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of it. `customers`: the record and those merged into it. `rows`: in which texts were erased.

    `files`: uploaded files that were evidence. They lie in Slack, where this does not reach.
    """

    customers: tuple[int, ...]
    rows: int
    files: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What came of it for a colleague. `rows`: in which texts were erased; `known`: Slack had told of them."""

    rows: int
    check_ins: int
    known: bool


class CannotErase(Exception):  # noqa: N818 - an answer, not an error
    """Nothing was erased. Says why, and the mend."""


def instead_of_text(day: date) -> str:
    """What stands where somebody's words were."""
    return TEXT.format(day=short_day(day))


def instead_of_name(number: int) -> str:
    """What an erased customer is called from then on."""
    return NAME.format(number=number)
