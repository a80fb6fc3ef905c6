"""What managers ask for to judge fairly: hearings, safeguards, disputed warnings."""

import re
from typing import Final

from bot.desk.commands import (
    HearBothSides,
    LiftSafeguard,
    RecordDispute,
    RecordOutcome,
    SetSafeguard,
    SettleDispute,
    TakeHearing,
    TakeOver,
)
from bot.desk.people import Person
from bot.rules.disputes import Remedy
from bot.rules.hearings import Finding
from handlers.payloads.cases import case_click, case_of
from handlers.payloads.people import person
from handlers.payloads.problems import text_problem
from handlers.payloads.reading import Form, Malformed, number, one_of, refuse, shaped, string
from handlers.views import ids

_DISPUTE: Final = re.compile(r"dispute:([1-9][0-9]{0,17})", re.ASCII)
_OUTCOMES: Final = frozenset({Finding.UPHELD, Finding.MISUNDERSTANDING})


def take_hearing(body: object) -> TakeHearing:
    """A click on *Take the hearing*. Raises `Malformed`."""
    by, case, _ = case_click(body)
    return TakeHearing(by, case)


def take_over(body: object) -> TakeOver:
    """Taking a hearing over, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return TakeOver(by=person(body), case=case_of(form), words=_text(form, ids.WORDS))


def hear_both_sides(body: object) -> HearBothSides:
    """Who is to hear both sides before a decision, and about what. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return HearBothSides(
        by=person(body), case=case_of(form), taker=form.somebody(ids.TAKER), words=_text(form, ids.WORDS)
    )


def record_outcome(body: object) -> RecordOutcome:
    """What came of a hearing. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    finding = one_of(Finding, form.chosen(ids.FINDING))
    if finding not in _OUTCOMES:
        raise Malformed(ids.FINDING)
    return RecordOutcome(
        by=person(body),
        case=case_of(form),
        finding=finding,
        reps_side=_said(form, ids.REPS_SIDE),
        customers_side=_said(form, ids.CUSTOMERS_SIDE),
        discounted=tuple(dict.fromkeys(map(number, form.ticked(ids.DISCOUNTED)))) if form.asks(ids.DISCOUNTED) else (),
        why=_said(form, ids.WHY),
    )


def set_safeguard(body: object) -> SetSafeguard:
    """A safeguard with what is known. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    note, until = _text(form, ids.SAFEGUARD_NOTE), form.maybe_day(ids.UNTIL)
    return SetSafeguard(by=person(body), case=case_of(form), kind=form.chosen(ids.KIND), note=note, until=until)


def lift_safeguard(body: object) -> LiftSafeguard:
    """Which safeguard is no longer needed, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    which = number(form.chosen(ids.SAFEGUARD))
    return LiftSafeguard(by=person(body), case=case_of(form), safeguard=which, reason=_text(form, ids.REASON))


def record_dispute(body: object) -> RecordDispute:
    """What a customer disputes in a warning. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return RecordDispute(by=person(body), case=case_of(form), disputed=_text(form, ids.DISPUTED))


def dispute_click(body: object) -> tuple[Person, int]:
    """A click on a dispute's button: who, and the dispute's number. Raises `Malformed`."""
    return person(body), _dispute(shaped(_DISPUTE, body, "actions", 0, "value"))


def settle_dispute(body: object) -> SettleDispute:
    """What becomes of a disputed warning, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    remedy, letter = one_of(Remedy, form.chosen(ids.REMEDY)), _said(form, ids.LETTER)
    which = _dispute(shaped(_DISPUTE, body, "view", "private_metadata"))
    return SettleDispute(by=person(body), dispute=which, remedy=remedy, reason=_text(form, ids.REASON), letter=letter)


def chosen_from_menu(body: object) -> str:
    """Which of the rarer things was picked: the action_id that a button for it would have. Raises `Malformed`."""
    action, found, _ = string(body, "actions", 0, "selected_option", "value").partition(":")
    if not found:
        raise Malformed("actions", 0, "selected_option", "value")
    return action


def _dispute(value: str) -> int:
    return number(value.partition(":")[2])


def _text(form: Form, block: str) -> str:
    text = form.typed(block)
    refuse({block: text_problem(text)})
    return text


def _said(form: Form, block: str) -> str:
    """A text that may be left out."""
    text = form.typed(block)
    refuse({block: text_problem(text) if text else None})
    return text
