"""What managers ask for: the buttons of a case, and the forms behind them."""

import re
from datetime import date
from typing import Final

from bot.rules.decisions import Hindsight
from bot.rules.people import Person
from bot.usecases.decisions.commands import Drop, Keep, Learn, LetLapse, Renew, TakeBack
from handlers import ids
from handlers.parsing.buttons import case_and_version, case_of
from handlers.parsing.fields import UNCONSIDERED, required_text, review_problem, text_problem
from handlers.parsing.people import person
from handlers.parsing.reading import Form, Malformed, number, one_of, refuse, string

_REVIEW: Final = re.compile(r"review:([1-9][0-9]{0,17}):([0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)


def review_click(body: object) -> tuple[Person, int]:
    """A click on a review's button: who, and the case. Raises `Malformed`."""
    return person(body), _review(string(body, "actions", 0, "value"))[0]


def renew(body: object) -> Renew:
    """Why the decision stays in force, and until when. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    case, due_on = _review(form.metadata)
    return Renew(person(body), case, due_on, reason=required_text(form, ids.REASON), review_on=form.day(ids.REVIEW_ON))


def let_lapse(body: object) -> LetLapse:
    """Why the decision ends. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    case, due_on = _review(form.metadata)
    return LetLapse(person(body), case, due_on, reason=required_text(form, ids.REASON))


def learn(body: object) -> Learn:
    """What was learnt. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    learnt, line = form.typed(ids.LEARNT), form.typed(ids.LINE)
    refuse({ids.LEARNT: text_problem(learnt), ids.LINE: text_problem(line)})
    hindsight = one_of(Hindsight, form.chosen(ids.HINDSIGHT))
    return Learn(person(body), case_of(form), learnt, hindsight, line, worth=form.typed(ids.WORTH))


def _review(value: str) -> tuple[int, date]:
    found = _REVIEW.fullmatch(value)
    if found is None:
        raise Malformed("review")
    try:
        return number(found[1]), date.fromisoformat(found[2])
    except ValueError:
        raise Malformed("review") from None


def take_back(body: object) -> TakeBack:
    """Taking back an approval. Raises `Malformed`."""
    return TakeBack(by=person(body), case=case_of(Form(body)))


def drop(body: object) -> Drop:
    """A drop with all that it must say. Raises `Malformed`, and `FieldErrors` with all there is to mend."""
    form = Form(body)
    effective_on, review_on = form.day(ids.EFFECTIVE_ON), form.day(ids.REVIEW_ON)
    rationale, letter = form.typed(ids.RATIONALE), form.typed(ids.LETTER)
    considered = _considered(form)
    refuse(
        {
            ids.RATIONALE: text_problem(rationale),
            ids.REVIEW_ON: review_problem(effective_on, review_on),
            ids.SAFEGUARDS: None if considered else UNCONSIDERED,
            ids.LETTER: text_problem(letter),
        }
    )
    case, version = case_and_version(form.metadata)
    return Drop(
        by=person(body),
        case=case,
        version=version,
        rationale=rationale,
        effective_on=effective_on,
        review_on=review_on,
        reason_class=form.chosen(ids.REASON_CLASS),
        safeguards_considered=considered,
        letter=letter,
    )


def keep(body: object) -> Keep:
    """Keeping the customer, with the conditions picked. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    rationale = required_text(form, ids.RATIONALE)
    conditions = tuple(dict.fromkeys(form.ticked(ids.CONDITIONS)))
    case, version = case_and_version(form.metadata)
    return Keep(
        by=person(body),
        case=case,
        version=version,
        rationale=rationale,
        review_on=form.day(ids.REVIEW_ON),
        conditions=conditions,
    )


def _considered(form: Form) -> bool:
    ticked = form.ticked(ids.SAFEGUARDS)
    if any(value != ids.CONSIDERED for value in ticked):
        raise Malformed(ids.SAFEGUARDS)
    return bool(ticked)
