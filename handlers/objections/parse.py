"""Reads the forms of disputes and appeals. Every function raises `Malformed` and `FieldErrors`."""

from bot.rules.decisions import Choice
from bot.rules.objections import AppealAnswer, Remedy, Terms
from bot.usecases.objections.appeal_answers import AnswerAppeal
from bot.usecases.objections.appeals import RecordAppeal
from bot.usecases.objections.disputes import RecordDispute, SettleDispute
from handlers.button_values import case_of, dispute_of
from handlers.names import BlockId
from handlers.parsing.fields import optional_text, required_text, text_problem
from handlers.parsing.people import sender
from handlers.parsing.reading import Form, member_of, refuse


def record_dispute(body: object) -> RecordDispute:
    """What a customer disputes in a warning."""
    form = Form(body)
    return RecordDispute(by=sender(body), case=case_of(form), disputed=required_text(form, BlockId.DISPUTED))


def settle_dispute(body: object) -> SettleDispute:
    """What becomes of a disputed warning, and why."""
    form = Form(body)
    remedy, letter = member_of(Remedy, form.chosen(BlockId.REMEDY)), optional_text(form, BlockId.LETTER)
    dispute = dispute_of(body)
    return SettleDispute(sender(body), dispute, remedy, reason=required_text(form, BlockId.REASON), letter=letter)


def record_appeal(body: object) -> RecordAppeal:
    """Who appeals on the customer's side, and what is new."""
    form = Form(body)
    contact, news = form.typed(BlockId.CONTACT), form.typed(BlockId.WHAT_IS_NEW)
    refuse({BlockId.CONTACT: text_problem(contact), BlockId.WHAT_IS_NEW: text_problem(news)})
    return RecordAppeal(sender(body), case_of(form), contact, news)


def answer_appeal(body: object, answer: AppealAnswer) -> AnswerAppeal:
    """An answer to an appeal, with the new terms if it changes them."""
    form = Form(body)
    terms = _terms(form) if answer is AppealAnswer.CHANGED else None
    return AnswerAppeal(sender(body), case_of(form), answer, required_text(form, BlockId.RATIONALE), terms)


def _terms(form: Form) -> Terms:
    """The new terms. The form about a customer who was kept has no choice and no effective day."""
    drops = form.has_field(BlockId.CHOICE)
    return Terms(
        choice=member_of(Choice, form.chosen(BlockId.CHOICE)) if drops else Choice.KEEP,
        review_on=form.day(BlockId.REVIEW_ON),
        effective_on=form.day(BlockId.EFFECTIVE_ON) if drops else None,
        conditions=tuple(dict.fromkeys(form.ticked(BlockId.CONDITIONS))),
    )
