"""Which letters of a case there are, and which of them somebody is asked to send."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.rules.decisions import Choice, Decision, Ending
from bot.rules.objections import Answer, Objection
from bot.rules.sent_letters import Letter, LetterKind, SentLetter, letters_of
from bot.rules.warnings import Delivery
from tests.rules.samples import DAY, NOW

DROP = Decision(1, Choice.DROP, "U0PRIYA", NOW, "Enough.", date(2027, 5, 20), letter="We part.")
OPEN = Objection(1, 1, None, "U0CARLA", NOW, "Mr. Pem", "We disagree.", NOW + 9 * DAY)
ANSWERED = replace(
    OPEN, answer=Answer.STANDS, answered_by="U0BRAD", answered_at=NOW + DAY, letter="It stands.", rationale="We asked."
)
ABOUT_IT = Letter(LetterKind.DECISION, "We part.", "U0PRIYA", NOW)
ANSWER = Letter(LetterKind.ANSWER, "It stands.", "U0BRAD", NOW + DAY)


def sent(kind: LetterKind) -> SentLetter:
    return SentLetter(1, kind, Delivery.POST, NOW, "U0PRIYA", NOW)


MARK, ANSWERS_MARK = sent(LetterKind.DECISION), sent(LetterKind.ANSWER)
ENDED: dict[str, Any] = {"ended_at": NOW + DAY, "ended_how": Ending.LET_LAPSE}


@pytest.mark.parametrize(
    ("decision", "objection", "letters"),
    [
        (None, None, ()),
        (replace(DROP, letter=None), OPEN, ()),
        (DROP, None, (replace(ABOUT_IT, asked=True),)),
        (DROP, OPEN, (replace(ABOUT_IT, asked=True),)),
        (DROP, replace(ANSWERED, letter=None), (replace(ABOUT_IT, asked=True),)),
        (DROP, replace(ANSWERED, answered_by=None), (replace(ABOUT_IT, asked=True),)),
        (DROP, replace(ANSWERED, answered_at=None), (replace(ABOUT_IT, asked=True),)),
        (DROP, ANSWERED, (replace(ANSWER, asked=True), ABOUT_IT)),  # the newest says what holds
        (None, ANSWERED, (replace(ANSWER, asked=True),)),  # to a warning
        (replace(DROP, **ENDED), ANSWERED, (ANSWER, ABOUT_IT)),
        (replace(DROP, **ENDED | {"ended_how": Ending.CANCELLED}), ANSWERED, (replace(ANSWER, asked=True), ABOUT_IT)),
    ],
)
def test_somebody_is_asked_to_send_the_newest_letter_while_it_says_what_holds(
    decision: Decision | None, objection: Objection | None, letters: tuple[Letter, ...]
) -> None:
    assert letters_of(decision, objection, (), replaced=False) == letters


def test_nobody_is_asked_to_send_what_a_newer_decision_has_replaced() -> None:
    assert letters_of(DROP, None, (), replaced=True) == (ABOUT_IT,)
    assert letters_of(DROP, ANSWERED, (), replaced=True) == (ANSWER, ABOUT_IT)
    assert letters_of(None, ANSWERED, (), replaced=True) == (replace(ANSWER, asked=True),)


def test_nobody_is_asked_to_send_a_letter_twice() -> None:
    assert letters_of(DROP, None, (MARK,), replaced=False) == (replace(ABOUT_IT, sent=MARK),)
    both = (replace(ANSWER, sent=ANSWERS_MARK), replace(ABOUT_IT, sent=MARK))
    assert letters_of(DROP, ANSWERED, (MARK, ANSWERS_MARK), replaced=False) == both
    assert letters_of(DROP, ANSWERED, (MARK,), replaced=False)[0].asked


def test_nobody_is_asked_to_send_a_letter_whose_text_was_erased() -> None:
    answer, about_it = letters_of(DROP, ANSWERED, (), frozenset({LetterKind.ANSWER}), replaced=False)
    assert (answer, about_it) == (replace(ANSWER, erased=True), ABOUT_IT)
    assert letters_of(DROP, None, (), frozenset({LetterKind.DECISION}), replaced=False) == (
        replace(ABOUT_IT, erased=True),
    )
