"""The letters about a decision, and whether they were sent: until then somebody is asked to send them."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.rules.decisions import Decision, Ending
from bot.rules.objections import Objection
from bot.rules.warnings import Delivery


class LetterKind(StrEnum):
    """What a letter to the customer is about. The values are stored in every database, so they never change."""

    DECISION = "decision"
    ANSWER = "answer"  # to an objection
    WARNING = "warning"  # as it was issued; that it reached the customer is its delivery


@dataclass(frozen=True, slots=True)
class SentLetter:
    """That a letter was sent. `by`: who marked it as sent, `at` when."""

    case: int
    letter: LetterKind
    how: Delivery
    sent_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it was written. `by`: who wrote it, with the decision or the answer, `at` when.

    `asked`: it was not sent yet, and still says what holds. `erased`: its text was.
    """

    kind: LetterKind
    text: str
    by: str
    at: datetime
    sent: SentLetter | None = None
    asked: bool = False
    erased: bool = False


def letters_of(
    decision: Decision | None,
    objection: Objection | None,
    sent: tuple[SentLetter, ...],
    erased: frozenset[LetterKind] = frozenset(),
    *,
    replaced: bool,
) -> tuple[Letter, ...]:
    """The letters of a case that has ended, but for a warning as it was issued; the newest first.

    `replaced`: a newer decision about the customer is in force. The answer to an objection says what holds from then
    on, so the letter before it is not asked for any more. Neither is one about a decision that has ended; but that an
    objection has ended it, the customer gets a letter. Nobody can send one that was erased.
    """
    found = {each.letter: each for each in sent}
    in_force = decision is not None and decision.in_force and not replaced
    letters = []
    if objection and objection.letter and objection.answered_by and objection.answered_at:
        holds = decision is None or in_force or decision.ended_how is Ending.CANCELLED
        answer = found.get(LetterKind.ANSWER)
        by, at = objection.answered_by, objection.answered_at
        letters.append(Letter(LetterKind.ANSWER, objection.letter, by, at, answer, holds and answer is None))
    if decision and decision.letter:
        mark = found.get(LetterKind.DECISION)
        asked = in_force and not letters and mark is None
        letters.append(Letter(LetterKind.DECISION, decision.letter, decision.by, decision.at, mark, asked))
    return tuple(replace(each, asked=False, erased=True) if each.kind in erased else each for each in letters)
