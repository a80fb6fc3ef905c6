"""What managers ask for to judge fairly: hearings, safeguards, disputed warnings."""

from bot.rules.decisions import Choice
from bot.rules.objections import Answer, Remedy, Terms
from bot.usecases.objections.commands import AnswerAppeal, AskForReview, RecordDispute, SettleDispute
from handlers.button_values import case_of, dispute_of
from handlers.names import BlockId
from handlers.parsing.fields import optional_text, required_text, text_problem
from handlers.parsing.people import person
from handlers.parsing.reading import Form, one_of, refuse


def record_dispute(body: object) -> RecordDispute:
    """What a customer disputes in a warning. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return RecordDispute(by=person(body), case=case_of(form), disputed=required_text(form, BlockId.DISPUTED))


def settle_dispute(body: object) -> SettleDispute:
    """What becomes of a disputed warning, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    remedy, letter = one_of(Remedy, form.chosen(BlockId.REMEDY)), optional_text(form, BlockId.LETTER)
    which = dispute_of(body)
    return SettleDispute(
        by=person(body), dispute=which, remedy=remedy, reason=required_text(form, BlockId.REASON), letter=letter
    )


def ask_for_review(body: object) -> AskForReview:
    """Who asks on the customer's side, and what is new. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    contact, news = form.typed(BlockId.CONTACT), form.typed(BlockId.WHAT_IS_NEW)
    refuse({BlockId.CONTACT: text_problem(contact), BlockId.WHAT_IS_NEW: text_problem(news)})
    return AskForReview(person(body), case_of(form), contact, news)


def answer_appeal(body: object, answer: Answer) -> AnswerAppeal:
    """An answer to an appeal, with the terms where it changes them. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    terms = _terms(form) if answer is Answer.CHANGED else None
    return AnswerAppeal(person(body), case_of(form), answer, required_text(form, BlockId.RATIONALE), terms)


def _terms(form: Form) -> Terms:
    """A form about keeping asks neither what to change it to nor when it takes effect."""
    drops = form.asks(BlockId.CHOICE)
    return Terms(
        choice=one_of(Choice, form.chosen(BlockId.CHOICE)) if drops else Choice.KEEP,
        review_on=form.day(BlockId.REVIEW_ON),
        effective_on=form.day(BlockId.EFFECTIVE_ON) if drops else None,
        conditions=tuple(dict.fromkeys(form.ticked(BlockId.CONDITIONS))),
    )
