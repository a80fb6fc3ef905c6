"""What managers ask for to judge fairly: hearings, safeguards, disputed warnings."""

import re
from typing import Final

from bot.rules.decisions import Choice
from bot.rules.objections import Answer, Remedy, Terms
from bot.rules.people import Person
from bot.usecases.objections.commands import AnswerAppeal, AskForReview, RecordDispute, SettleDispute
from handlers import ids
from handlers.parsing.buttons import case_of
from handlers.parsing.fields import optional_text, required_text, text_problem
from handlers.parsing.people import person
from handlers.parsing.reading import Form, number, one_of, refuse, shaped

_DISPUTE: Final = re.compile(r"dispute:([1-9][0-9]{0,17})", re.ASCII)


def record_dispute(body: object) -> RecordDispute:
    """What a customer disputes in a warning. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return RecordDispute(by=person(body), case=case_of(form), disputed=required_text(form, ids.DISPUTED))


def dispute_click(body: object) -> tuple[Person, int]:
    """A click on a dispute's button: who, and the dispute's number. Raises `Malformed`."""
    return person(body), _dispute(shaped(_DISPUTE, body, "actions", 0, "value"))


def settle_dispute(body: object) -> SettleDispute:
    """What becomes of a disputed warning, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    remedy, letter = one_of(Remedy, form.chosen(ids.REMEDY)), optional_text(form, ids.LETTER)
    which = _dispute(shaped(_DISPUTE, body, "view", "private_metadata"))
    return SettleDispute(
        by=person(body), dispute=which, remedy=remedy, reason=required_text(form, ids.REASON), letter=letter
    )


def _dispute(value: str) -> int:
    return number(value.partition(":")[2])


def ask_for_review(body: object) -> AskForReview:
    """Who asks on the customer's side, and what is new. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    contact, news = form.typed(ids.CONTACT), form.typed(ids.WHAT_IS_NEW)
    refuse({ids.CONTACT: text_problem(contact), ids.WHAT_IS_NEW: text_problem(news)})
    return AskForReview(person(body), case_of(form), contact, news)


def answer_appeal(body: object, answer: Answer) -> AnswerAppeal:
    """An answer to an appeal, with the terms where it changes them. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    terms = _terms(form) if answer is Answer.CHANGED else None
    return AnswerAppeal(person(body), case_of(form), answer, required_text(form, ids.RATIONALE), terms)


def _terms(form: Form) -> Terms:
    """A form about keeping asks neither what to change it to nor when it takes effect."""
    drops = form.asks(ids.CHOICE)
    return Terms(
        choice=one_of(Choice, form.chosen(ids.CHOICE)) if drops else Choice.KEEP,
        review_on=form.day(ids.REVIEW_ON),
        effective_on=form.day(ids.EFFECTIVE_ON) if drops else None,
        conditions=tuple(dict.fromkeys(form.ticked(ids.CONDITIONS))),
    )
