"""Erasing personal data: the texts that replace what was erased, and the results."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.language import _
from bot.rules.text import short_day

ERASE: Final = "erase"  # the actor in the audit log
TEXT: Final = _("Erased on {day}.")
NAME: Final = _("Erased customer {number}")


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased of a customer. `customers`: their number and those merged into them.

    `rows`: number of rows whose texts were erased. `files`: number of uploaded evidence files; they are stored in
    Slack, out of reach from here.
    """

    customers: tuple[int, ...]
    rows: int
    files: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased of a colleague. `recusals`: number of reasons for stepping aside. `reports`: number of reports
    that said whether they asked for support. `check_ins`: number of answers. `known`: Slack knew of them.
    """

    recusals: int
    reports: int
    check_ins: int
    known: bool


class CannotErase(Exception):  # noqa: N818 - an answer, not an error
    """Nothing was erased. The text says why, and how to mend it."""


def instead_of_text(day: date) -> str:
    """What replaces somebody's words."""
    return TEXT.format(day=short_day(day))


def instead_of_name(number: int) -> str:
    """What replaces a customer's name."""
    return NAME.format(number=number)
