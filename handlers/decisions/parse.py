"""Reads the forms of a decision, its review and its lesson. Every function raises `Malformed` and `FieldErrors`."""

from bot.rules.decisions import Hindsight
from bot.usecases.decisions.approvals import TakeApprovalBack
from bot.usecases.decisions.decide import Drop, Keep
from bot.usecases.decisions.lessons import RecordLesson
from bot.usecases.decisions.reviews import LetLapse, Renew
from handlers.button_values import case_and_review_date, case_and_version, case_of
from handlers.names import BlockId, OptionValue
from handlers.parsing.fields import UNCONSIDERED, required_text, review_problem, text_problem
from handlers.parsing.people import sender
from handlers.parsing.reading import Form, Malformed, member_of, refuse


def renew(body: object) -> Renew:
    """Why the decision stays in force, and until when."""
    form = Form(body)
    case, due_on = case_and_review_date(form.metadata)
    reason = required_text(form, BlockId.REASON)
    return Renew(sender(body), case, due_on, reason=reason, review_on=form.day(BlockId.REVIEW_ON))


def let_lapse(body: object) -> LetLapse:
    """Why the decision ends."""
    form = Form(body)
    case, due_on = case_and_review_date(form.metadata)
    return LetLapse(sender(body), case, due_on, reason=required_text(form, BlockId.REASON))


def record_lesson(body: object) -> RecordLesson:
    """What was learnt."""
    form = Form(body)
    learnt, line = form.typed(BlockId.LEARNT), form.typed(BlockId.LINE)
    refuse({BlockId.LEARNT: text_problem(learnt), BlockId.LINE: text_problem(line)})
    hindsight = member_of(Hindsight, form.chosen(BlockId.HINDSIGHT))
    return RecordLesson(sender(body), case_of(form), learnt, hindsight, line, worth=form.typed(BlockId.WORTH))


def take_approval_back(body: object) -> TakeApprovalBack:
    """Taking back an approval."""
    return TakeApprovalBack(by=sender(body), case=case_of(Form(body)))


def drop(body: object) -> Drop:
    """A drop. The `FieldErrors` names every problem at once."""
    form = Form(body)
    effective_on, review_on = form.day(BlockId.EFFECTIVE_ON), form.day(BlockId.REVIEW_ON)
    rationale, letter = form.typed(BlockId.RATIONALE), form.typed(BlockId.LETTER)
    ticked = form.ticked(BlockId.SAFEGUARDS)
    if any(value != OptionValue.CONSIDERED for value in ticked):
        raise Malformed(BlockId.SAFEGUARDS)
    refuse(
        {
            BlockId.RATIONALE: text_problem(rationale),
            BlockId.REVIEW_ON: review_problem(effective_on, review_on),
            BlockId.SAFEGUARDS: None if ticked else UNCONSIDERED,
            BlockId.LETTER: text_problem(letter),
        }
    )
    case, version = case_and_version(form.metadata)
    return Drop(
        by=sender(body),
        case=case,
        version=version,
        rationale=rationale,
        effective_on=effective_on,
        review_on=review_on,
        reason_class=form.chosen(BlockId.REASON_CLASS),
        safeguards_considered=bool(ticked),
        letter=letter,
    )


def keep(body: object) -> Keep:
    """Keeping the customer, with the conditions picked."""
    form = Form(body)
    rationale = required_text(form, BlockId.RATIONALE)
    case, version = case_and_version(form.metadata)
    return Keep(
        by=sender(body),
        case=case,
        version=version,
        rationale=rationale,
        review_on=form.day(BlockId.REVIEW_ON),
        conditions=tuple(dict.fromkeys(form.ticked(BlockId.CONDITIONS))),
    )
