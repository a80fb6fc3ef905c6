"""Reads the forms of disputes and appeals. Every function raises `Malformed`."""

from bot.rules.decisions import Choice
from bot.rules.objections import AppealAnswer, Remedy, Terms
from bot.usecases.objections.appeal_answers import AnswerAppeal
from bot.usecases.objections.appeals import RecordAppeal
from bot.usecases.objections.disputes import RecordDispute, SettleDispute
from handlers.button_values import case_of, dispute_of
from handlers.names import BlockId
from handlers.parsing.form import Form
from handlers.parsing.reading import member_of
from handlers.shared.letter_form import carried_by


def record_dispute(form: Form) -> RecordDispute:
    """What a customer disputes in a warning."""
    return RecordDispute(by=form.by, case=case_of(form), disputed=form.typed(BlockId.DISPUTED))


def settle_dispute(form: Form) -> SettleDispute:
    """What becomes of a disputed warning, and why."""
    remedy, reason, letter = form.member(BlockId.REMEDY, Remedy), form.typed(BlockId.REASON), form.typed(BlockId.LETTER)
    return SettleDispute(form.by, dispute_of(form), remedy, reason, letter)


def record_appeal(form: Form) -> RecordAppeal:
    """Who appeals on the customer's side, and what is new."""
    return RecordAppeal(form.by, case_of(form), form.line(BlockId.CONTACT), form.typed(BlockId.WHAT_IS_NEW))


def answer_terms(form: Form, answer: AppealAnswer) -> AnswerAppeal:
    """An answer to an appeal, with the new terms if it changes them; the letter is still blank."""
    terms = _terms(form) if answer is AppealAnswer.CHANGED else None
    return AnswerAppeal(form.by, case_of(form), answer, form.typed(BlockId.RATIONALE), "", terms)


def answer_appeal(form: Form) -> AnswerAppeal:
    """An answer to an appeal, with its letter."""
    case, _, terms, why = carried_by(form)
    answer = member_of(AppealAnswer, why)
    changed = terms if answer is AppealAnswer.CHANGED else None
    rationale, letter = form.typed(BlockId.RATIONALE), form.typed(BlockId.LETTER)
    return AnswerAppeal(form.by, case, answer, rationale, letter, changed)


def _terms(form: Form) -> Terms:
    """The new terms. The form about a customer who was kept has no choice and no effective day."""
    drops = form.has_field(BlockId.CHOICE)
    return Terms(
        choice=form.member(BlockId.CHOICE, Choice) if drops else Choice.KEEP,
        review_on=form.day(BlockId.REVIEW_ON),
        effective_on=form.day(BlockId.EFFECTIVE_ON) if drops else None,
        conditions=form.ticked(BlockId.CONDITIONS),
    )
