"""What managers ask for: the buttons of a case, and the forms behind them."""

from bot.rules.decisions import Hindsight
from bot.usecases.decisions.commands import Drop, Keep, Learn, LetLapse, Renew, TakeBack
from handlers.button_values import case_and_review_date, case_and_version, case_of
from handlers.names import BlockId, OptionValue
from handlers.parsing.fields import UNCONSIDERED, required_text, review_problem, text_problem
from handlers.parsing.people import person
from handlers.parsing.reading import Form, Malformed, one_of, refuse


def renew(body: object) -> Renew:
    """Why the decision stays in force, and until when. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    case, due_on = case_and_review_date(form.metadata)
    return Renew(
        person(body), case, due_on, reason=required_text(form, BlockId.REASON), review_on=form.day(BlockId.REVIEW_ON)
    )


def let_lapse(body: object) -> LetLapse:
    """Why the decision ends. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    case, due_on = case_and_review_date(form.metadata)
    return LetLapse(person(body), case, due_on, reason=required_text(form, BlockId.REASON))


def learn(body: object) -> Learn:
    """What was learnt. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    learnt, line = form.typed(BlockId.LEARNT), form.typed(BlockId.LINE)
    refuse({BlockId.LEARNT: text_problem(learnt), BlockId.LINE: text_problem(line)})
    hindsight = one_of(Hindsight, form.chosen(BlockId.HINDSIGHT))
    return Learn(person(body), case_of(form), learnt, hindsight, line, worth=form.typed(BlockId.WORTH))


def take_back(body: object) -> TakeBack:
    """Taking back an approval. Raises `Malformed`."""
    return TakeBack(by=person(body), case=case_of(Form(body)))


def drop(body: object) -> Drop:
    """A drop with all that it must say. Raises `Malformed`, and `FieldErrors` with all there is to mend."""
    form = Form(body)
    effective_on, review_on = form.day(BlockId.EFFECTIVE_ON), form.day(BlockId.REVIEW_ON)
    rationale, letter = form.typed(BlockId.RATIONALE), form.typed(BlockId.LETTER)
    considered = _considered(form)
    refuse(
        {
            BlockId.RATIONALE: text_problem(rationale),
            BlockId.REVIEW_ON: review_problem(effective_on, review_on),
            BlockId.SAFEGUARDS: None if considered else UNCONSIDERED,
            BlockId.LETTER: text_problem(letter),
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
        reason_class=form.chosen(BlockId.REASON_CLASS),
        safeguards_considered=considered,
        letter=letter,
    )


def keep(body: object) -> Keep:
    """Keeping the customer, with the conditions picked. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    rationale = required_text(form, BlockId.RATIONALE)
    conditions = tuple(dict.fromkeys(form.ticked(BlockId.CONDITIONS)))
    case, version = case_and_version(form.metadata)
    return Keep(
        by=person(body),
        case=case,
        version=version,
        rationale=rationale,
        review_on=form.day(BlockId.REVIEW_ON),
        conditions=conditions,
    )


def _considered(form: Form) -> bool:
    ticked = form.ticked(BlockId.SAFEGUARDS)
    if any(value != OptionValue.CONSIDERED for value in ticked):
        raise Malformed(BlockId.SAFEGUARDS)
    return bool(ticked)
