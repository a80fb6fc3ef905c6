"""Reads the forms of objections. Every function raises `Malformed`."""

from bot.rules.decisions import Choice
from bot.rules.objections import Answer, Terms
from bot.usecases.objections.answer import AnswerObjection
from bot.usecases.objections.record import RecordObjection
from handlers.button_values import case_and_version, case_of
from handlers.names import BlockId
from handlers.parsing.form import Form
from handlers.parsing.reading import Malformed, member_of
from handlers.shared.conditions import details
from handlers.shared.letter_form import carried_by


def record_objection(form: Form) -> RecordObjection:
    """Who objects on the customer's side, and what they say."""
    return RecordObjection(form.by, case_of(form), form.line(BlockId.CONTACT), form.typed(BlockId.WORDS))


def answer_terms(form: Form) -> AnswerObjection:
    """An answer to an objection, with the terms that the form has for a decision; the letter is still blank."""
    answer, (case, version) = form.member(BlockId.ANSWER, Answer), case_and_version(form.metadata)
    terms = _terms(form) if form.has_field(BlockId.REVIEW_ON) else None
    return AnswerObjection(form.by, case, _given(answer), form.typed(BlockId.RATIONALE), "", terms, version)


def answer_objection(form: Form) -> AnswerObjection:
    """An answer to an objection, with its letter."""
    case, version, terms, why = carried_by(form)
    rationale, letter = form.typed(BlockId.RATIONALE), form.typed(BlockId.LETTER)
    return AnswerObjection(form.by, case, _given(member_of(Answer, why)), rationale, letter, terms, version)


def _given(answer: Answer) -> Answer:
    """An answer that a person may give."""
    if answer is Answer.MOOT:
        raise Malformed(BlockId.ANSWER)
    return answer


def _terms(form: Form) -> Terms:
    """The new terms. The form about a customer who was kept has no choice and no effective day."""
    drops = form.has_field(BlockId.CHOICE)
    return Terms(
        choice=form.member(BlockId.CHOICE, Choice) if drops else Choice.KEEP,
        review_on=form.day(BlockId.REVIEW_ON),
        effective_on=form.day(BlockId.EFFECTIVE_ON) if drops else None,
        conditions=form.ticked(BlockId.CONDITIONS),
        details=details(form),
    )
