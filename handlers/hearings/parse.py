"""Reads the buttons and forms of a hearing. Every function raises `Malformed`; those of forms `FieldErrors` too."""

from bot.rules.hearings import Finding
from bot.usecases.hearings.hear import HearBothSides, TakeHearing, TakeOver
from bot.usecases.hearings.outcome import RecordOutcome
from handlers.button_values import case_click, case_of
from handlers.names import BlockId
from handlers.parsing.fields import optional_text, required_text
from handlers.parsing.people import sender
from handlers.parsing.reading import Form, Malformed, member_of, record_number


def take_hearing(body: object) -> TakeHearing:
    """A click on *Take the hearing*."""
    by, case, _ = case_click(body)
    return TakeHearing(by, case)


def take_over(body: object) -> TakeOver:
    """Why somebody takes the hearing over."""
    form = Form(body)
    return TakeOver(by=sender(body), case=case_of(form), words=required_text(form, BlockId.WORDS))


def hear_both_sides(body: object) -> HearBothSides:
    """Who is to hear both sides before a decision, and what about."""
    form = Form(body)
    taker = form.user(BlockId.TAKER)
    return HearBothSides(by=sender(body), case=case_of(form), taker=taker, words=required_text(form, BlockId.WORDS))


def record_outcome(body: object) -> RecordOutcome:
    """The outcome of a hearing."""
    form = Form(body)
    finding = member_of(Finding, form.chosen(BlockId.FINDING))
    if finding not in {Finding.UPHELD, Finding.MISUNDERSTANDING}:
        raise Malformed(BlockId.FINDING)
    discounted = form.ticked(BlockId.DISCOUNTED) if form.has_field(BlockId.DISCOUNTED) else ()
    return RecordOutcome(
        by=sender(body),
        case=case_of(form),
        finding=finding,
        reps_side=optional_text(form, BlockId.REPS_SIDE),
        customers_side=optional_text(form, BlockId.CUSTOMERS_SIDE),
        discounted=tuple(dict.fromkeys(map(record_number, discounted))),
        why=optional_text(form, BlockId.WHY),
    )
