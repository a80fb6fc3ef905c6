"""The values of a letter's buttons: which of a case's letters. Every function that parses raises `Malformed`."""

import re
from typing import Final, NamedTuple

from bot.rules.people import Person
from bot.rules.sent_letters import LetterKind
from handlers.parsing.people import sender
from handlers.parsing.reading import Malformed, member_of, record_number, string

_LETTER: Final = re.compile("case:([1-9][0-9]{0,17}):([a-z]{1,16})", re.ASCII)


class LetterClick(NamedTuple):
    """A click on a button of one of a case's letters."""

    by: Person
    case: int
    letter: LetterKind


def letter_value(case: int, letter: str) -> str:
    """One of a case's letters."""
    return f"case:{case}:{letter}"


def case_and_letter(value: str) -> tuple[int, LetterKind]:
    """What `letter_value` made."""
    found = _LETTER.fullmatch(value)
    if found is None:
        raise Malformed("letter")
    return record_number(found[1]), member_of(LetterKind, found[2])


def letter_click(body: object) -> LetterClick:
    """A click on a letter's button."""
    return LetterClick(sender(body), *case_and_letter(string(body, "actions", 0, "value")))
