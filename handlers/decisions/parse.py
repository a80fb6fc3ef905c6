"""Reads the forms of a decision, its review and its lesson. Every function raises `Malformed`."""

from typing import NamedTuple

from bot.rules.decisions import Hindsight
from bot.usecases.decisions.approvals import TakeApprovalBack
from bot.usecases.decisions.decide import Drop, Keep
from bot.usecases.decisions.lessons import RecordLesson
from bot.usecases.decisions.reviews import LetLapse, Renew
from handlers.blockkit.blocks import View
from handlers.button_values import case_and_review_date, case_and_version, case_of
from handlers.names import BlockId, CallbackId, OptionValue
from handlers.parsing.form import Form
from handlers.parsing.reading import Malformed, optional
from handlers.shared.conditions import details
from handlers.shared.letter_form import carried_by
from handlers.shared.sent_form import shown_again


class Ticked(NamedTuple):
    """*Keep customer* as it is filled in, and whether a condition is ticked in it."""

    form: View
    any: bool


def ticked(body: object) -> Ticked:
    """A condition was ticked, or is no more."""
    form = shown_again(optional(body, "view"), lambda blocks: blocks)
    if form is None or form["callback_id"] != CallbackId.KEEP_FORM:
        raise Malformed("view")
    return Ticked(form, bool(optional(body, "actions", 0, "selected_options")))


def renew(form: Form) -> Renew:
    """Why the decision stays in force, and until when."""
    case, due_on = case_and_review_date(form.metadata)
    reason, review_on = form.typed(BlockId.REASON), form.day(BlockId.REVIEW_ON)
    return Renew(form.by, case, due_on, reason=reason, review_on=review_on, details=details(form))


def let_lapse(form: Form) -> LetLapse:
    """Why the decision ends."""
    case, due_on = case_and_review_date(form.metadata)
    return LetLapse(form.by, case, due_on, reason=form.typed(BlockId.REASON))


def record_lesson(form: Form) -> RecordLesson:
    """What was learnt."""
    learnt, hindsight = form.typed(BlockId.LEARNT), form.member(BlockId.HINDSIGHT, Hindsight)
    line, worth = form.line(BlockId.LINE), form.line(BlockId.WORTH)
    return RecordLesson(form.by, case_of(form), learnt, hindsight, line, worth)


def take_approval_back(form: Form) -> TakeApprovalBack:
    """Taking back an approval."""
    return TakeApprovalBack(by=form.by, case=case_of(form))


def drop_terms(form: Form) -> Drop:
    """A drop, as far as the first step asks; the letter is still blank."""
    ticked = form.ticked(BlockId.SAFEGUARDS)
    if any(value != OptionValue.CONSIDERED for value in ticked):
        raise Malformed(BlockId.SAFEGUARDS)
    case, version = case_and_version(form.metadata)
    return Drop(
        by=form.by,
        case=case,
        version=version,
        rationale=form.typed(BlockId.RATIONALE),
        effective_on=form.day(BlockId.EFFECTIVE_ON),
        review_on=form.day(BlockId.REVIEW_ON),
        reason_class=form.chosen(BlockId.REASON_CLASS),
        safeguards_considered=bool(ticked),
        letter="",
    )


def drop(form: Form) -> Drop:
    """A drop, with its letter. The first step did not go on before the safeguards were considered."""
    case, version, terms, reason_class = carried_by(form)
    if terms is None or terms.effective_on is None or not reason_class:
        raise Malformed("private_metadata")
    return Drop(
        by=form.by,
        case=case,
        version=version,
        rationale=form.typed(BlockId.RATIONALE),
        effective_on=terms.effective_on,
        review_on=terms.review_on,
        reason_class=reason_class,
        safeguards_considered=True,
        letter=form.typed(BlockId.LETTER),
    )


def keep(form: Form) -> Keep:
    """Keeping the customer with conditions, with the letter about them."""
    case, version, terms, _ = carried_by(form)
    if terms is None:
        raise Malformed("private_metadata")
    rationale, letter = form.typed(BlockId.RATIONALE), form.typed(BlockId.LETTER)
    return Keep(form.by, case, version, rationale, terms.review_on, terms.conditions, letter, terms.details)


def keep_terms(form: Form) -> Keep:
    """Keeping the customer, with the conditions picked, as far as the first step asks."""
    case, version = case_and_version(form.metadata)
    return Keep(
        by=form.by,
        case=case,
        version=version,
        rationale=form.typed(BlockId.RATIONALE),
        review_on=form.day(BlockId.REVIEW_ON),
        conditions=form.ticked(BlockId.CONDITIONS),
        details=details(form),
    )
