"""What managers ask for to judge fairly: hearings, safeguards, disputed warnings."""

from typing import Final

from bot.rules.hearings import Finding
from bot.usecases.hearings.commands import HearBothSides, RecordOutcome, TakeHearing, TakeOver
from handlers.button_values import case_click, case_of
from handlers.names import BlockId
from handlers.parsing.fields import optional_text, required_text
from handlers.parsing.people import person
from handlers.parsing.reading import Form, Malformed, number, one_of

_OUTCOMES: Final = frozenset({Finding.UPHELD, Finding.MISUNDERSTANDING})


def take_hearing(body: object) -> TakeHearing:
    """A click on *Take the hearing*. Raises `Malformed`."""
    by, case, _ = case_click(body)
    return TakeHearing(by, case)


def take_over(body: object) -> TakeOver:
    """Taking a hearing over, and why. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return TakeOver(by=person(body), case=case_of(form), words=required_text(form, BlockId.WORDS))


def hear_both_sides(body: object) -> HearBothSides:
    """Who is to hear both sides before a decision, and about what. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return HearBothSides(
        by=person(body),
        case=case_of(form),
        taker=form.somebody(BlockId.TAKER),
        words=required_text(form, BlockId.WORDS),
    )


def record_outcome(body: object) -> RecordOutcome:
    """What came of a hearing. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    finding = one_of(Finding, form.chosen(BlockId.FINDING))
    if finding not in _OUTCOMES:
        raise Malformed(BlockId.FINDING)
    return RecordOutcome(
        by=person(body),
        case=case_of(form),
        finding=finding,
        reps_side=optional_text(form, BlockId.REPS_SIDE),
        customers_side=optional_text(form, BlockId.CUSTOMERS_SIDE),
        discounted=tuple(dict.fromkeys(map(number, form.ticked(BlockId.DISCOUNTED))))
        if form.asks(BlockId.DISCOUNTED)
        else (),
        why=optional_text(form, BlockId.WHY),
    )
