"""What managers ask for: the buttons of a case, and the forms behind them."""

import re
from datetime import datetime
from typing import Final

from bot.desk.commands import Drop, IssueWarning, Keep, MarkDelivered, NotNow, Recuse, TakeBack
from bot.desk.people import Person
from bot.rules.values import Delivery
from handlers.payloads.people import person
from handlers.payloads.problems import UNCONSIDERED, past_problem, review_problem, text_problem
from handlers.payloads.reading import Form, Malformed, maybe, number, one_of, refuse, string
from handlers.views import ids

_CASE: Final = re.compile(r"case:([1-9][0-9]{0,17}):([0-9]{1,18})", re.ASCII)


def case_click(body: object) -> tuple[Person, int, int]:
    """A click on a case's button, or on its menu: who, the case's number, and the version they saw.

    Raises:
        Malformed: see there.
    """
    if maybe(body, "actions", 0, "type") == "overflow":
        _, _, value = string(body, "actions", 0, "selected_option", "value").partition(":")
    else:
        value = string(body, "actions", 0, "value")
    return person(body), *_case(value)


def issue_warning(body: object) -> IssueWarning:
    """The warning's letter as edited. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    letter = form.typed(ids.LETTER)
    refuse({ids.LETTER: text_problem(letter)})
    return IssueWarning(by=person(body), case=case_of(form), letter=letter)


def recuse(body: object) -> Recuse:
    """Stepping aside, with a reason or without. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return Recuse(by=person(body), case=case_of(form), reason=form.typed(ids.REASON))


def take_back(body: object) -> TakeBack:
    """Taking back an approval. Raises `Malformed`."""
    return TakeBack(by=person(body), case=case_of(Form(body)))


def mark_delivered(body: object, now: datetime) -> MarkDelivered:
    """How and when the warning reached the customer; not later than `now`. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    at = form.moment(ids.DELIVERED_AT)
    refuse({ids.DELIVERED_AT: past_problem(at, now)})
    return MarkDelivered(by=person(body), case=case_of(form), how=one_of(Delivery, form.chosen(ids.HOW)), at=at)


def not_now(body: object) -> NotNow:
    """Why there is no warning this time. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    rationale = form.typed(ids.RATIONALE)
    refuse({ids.RATIONALE: text_problem(rationale)})
    case, version = _case(form.metadata)
    return NotNow(by=person(body), case=case, version=version, rationale=rationale)


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
    case, version = _case(form.metadata)
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
    rationale = form.typed(ids.RATIONALE)
    refuse({ids.RATIONALE: text_problem(rationale)})
    conditions = tuple(dict.fromkeys(form.ticked(ids.CONDITIONS)))
    case, version = _case(form.metadata)
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


def case_of(form: Form) -> int:
    """The case that a form is about. Raises `Malformed`."""
    return _case(form.metadata)[0]


def _case(value: str) -> tuple[int, int]:
    found = _CASE.fullmatch(value)
    if found is None:
        raise Malformed("case")
    return number(found[1]), int(found[2])
