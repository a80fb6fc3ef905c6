"""Reads the buttons and forms of a hearing. Every function raises `Malformed`."""

from bot.rules.hearings import Finding
from bot.usecases.hearings.hear import HearBothSides, TakeHearing, TakeOver
from bot.usecases.hearings.outcome import RecordOutcome
from handlers.button_values import case_and_version, case_click, case_of, report_number
from handlers.names import BlockId
from handlers.parsing.form import Form
from handlers.parsing.reading import Malformed


def take_hearing(body: object) -> TakeHearing:
    """A click on *Take the hearing*."""
    by, case, _ = case_click(body)
    return TakeHearing(by, case)


def take_over(form: Form) -> TakeOver:
    """Why somebody takes the hearing over."""
    case, hearing = case_and_version(form.metadata)
    return TakeOver(form.by, case, form.typed(BlockId.WORDS), hearing)


def hear_both_sides(form: Form) -> HearBothSides:
    """Who is to hear both sides before a decision, and what about."""
    taker = form.user(BlockId.TAKER)
    return HearBothSides(by=form.by, case=case_of(form), taker=taker, words=form.typed(BlockId.WORDS))


def record_outcome(form: Form) -> RecordOutcome:
    """The outcome of a hearing."""
    finding = form.member(BlockId.FINDING, Finding)
    if finding not in {Finding.UPHELD, Finding.MISUNDERSTANDING}:
        raise Malformed(BlockId.FINDING)
    case, version = case_and_version(form.metadata)
    discounted = form.ticked(BlockId.DISCOUNTED) if form.has_field(BlockId.DISCOUNTED) else ()
    return RecordOutcome(
        by=form.by,
        case=case,
        finding=finding,
        reps_side=form.typed(BlockId.REPS_SIDE),
        customers_side=form.typed(BlockId.CUSTOMERS_SIDE),
        discounted=tuple(map(report_number, discounted)),
        why=form.typed(BlockId.WHY),
        version=version,
    )
