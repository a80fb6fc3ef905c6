"""What managers ask for once a decision was made: reviews, appeals, and what was learnt."""

import re
from datetime import date
from typing import Final

from bot.desk.commands_later import AnswerAppeal, AskForReview, Learn, LetLapse, Renew
from bot.desk.people import Person
from bot.rules.aftermath import Answer, Hindsight, Terms
from bot.rules.values import Choice
from handlers.payloads.cases import case_of
from handlers.payloads.people import person
from handlers.payloads.problems import text_problem
from handlers.payloads.reading import Form, Malformed, number, one_of, refuse, string
from handlers.views import ids

_REVIEW: Final = re.compile(r"review:([1-9][0-9]{0,17}):([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)


def review_click(body: object) -> tuple[Person, int]:
    """A click on a review's button: who, and the case. Raises `Malformed`."""
    return person(body), _review(string(body, "actions", 0, "value"))[0]


def renew(body: object) -> Renew:
    """Why the decision stays in force, and until when. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    case, due_on = _review(form.metadata)
    return Renew(person(body), case, due_on, reason=_text(form, ids.REASON), review_on=form.day(ids.REVIEW_ON))


def let_lapse(body: object) -> LetLapse:
    """Why the decision ends. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    case, due_on = _review(form.metadata)
    return LetLapse(person(body), case, due_on, reason=_text(form, ids.REASON))


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
    return AnswerAppeal(person(body), case_of(form), answer, _text(form, ids.RATIONALE), terms)


def learn(body: object) -> Learn:
    """What was learnt. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    learnt, line = form.typed(ids.LEARNT), form.typed(ids.LINE)
    refuse({ids.LEARNT: text_problem(learnt), ids.LINE: text_problem(line)})
    hindsight = one_of(Hindsight, form.chosen(ids.HINDSIGHT))
    return Learn(person(body), case_of(form), learnt, hindsight, line, worth=form.typed(ids.WORTH))


def _terms(form: Form) -> Terms:
    """A form about keeping asks neither what to change it to nor when it takes effect."""
    drops = form.asks(ids.CHOICE)
    return Terms(
        choice=one_of(Choice, form.chosen(ids.CHOICE)) if drops else Choice.KEEP,
        review_on=form.day(ids.REVIEW_ON),
        effective_on=form.day(ids.EFFECTIVE_ON) if drops else None,
        conditions=tuple(dict.fromkeys(form.ticked(ids.CONDITIONS))),
    )


def _text(form: Form, block: str) -> str:
    text = form.typed(block)
    refuse({block: text_problem(text)})
    return text


def _review(value: str) -> tuple[int, date]:
    found = _REVIEW.fullmatch(value)
    if found is None:
        raise Malformed("review")
    try:
        return number(found[1]), date.fromisoformat(found[2])
    except ValueError:
        raise Malformed("review") from None
