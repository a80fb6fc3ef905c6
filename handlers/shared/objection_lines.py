"""Lines about an objection that several messages share. Every line is bounded, whatever the data."""

from typing import Final

from bot.language import _
from bot.rules.cases import Left
from bot.rules.decisions import Choice
from bot.rules.objections import Answer, Objection, Terms
from handlers.blockkit.blocks import Block, Element, Inline, bold, filled, line, paragraph, person, quote, when
from handlers.blockkit.text import DATE_ON, day, shorten
from handlers.shared.deadline_lines import NAME_MORE

RATIONALE: Final = 700  # characters of why it was answered so
# Translators: {objected} is "The customer objected" in bold.
WAITS: Final = _("{objected} on {at}. Answer due by {due}.")
OVERDUE: Final = _("{objected} on {at}. Answer overdue since {due}.")
# Translators: {answer} is such as "it stands" in bold.
ANSWERED: Final = _("{by} answered the objection on {at}: {answer}.")
ENDED: Final = _("{ended} ({at}).")
MOOT: Final = _("The objection needs no answer any more")
ANSWERS: Final = {
    # Translators: a warning or a decision.
    Answer.STANDS: _("it stands"),
    Answer.CHANGED: _("it is changed"),
    Answer.CANCELLED: _("it is cancelled"),
}
IT_WAS: Final = {
    Choice.DROP: _("Before, it was: drop them, with a review on {review}."),
    Choice.KEEP: _("Before, it was: keep them with conditions, with a review on {review}."),
}
IT_WAS_ON: Final = _("Before, it was: drop them on {day}, with a review on {review}.")

NO_MANAGER: Final = _("No manager is left who may answer.")
DIRECTORS_ANSWER: Final = _("The directors answer.")
WITH_DIRECTORS: Final = _("The directors have it as well now.")
NOBODY: Final = _("Nobody is left who may answer, not even a director.")


def objection_sentence(objection: Objection, *, overdue: bool = False) -> list[Inline]:
    """That it waits for an answer, or what the answer was. `overdue`: it was to be answered before now."""
    if objection.answer is None:
        template, objected = OVERDUE if overdue else WAITS, bold(_("The customer objected"))
        return filled(template, objected=objected, at=when(objection.recorded_at, DATE_ON), due=when(objection.due_at))
    at = when(objection.answered_at, DATE_ON) if objection.answered_at else ""
    if objection.answer is Answer.MOOT or objection.answered_by is None:
        return filled(ENDED, ended=bold(MOOT), at=at)
    return filled(ANSWERED, by=person(objection.answered_by), at=at, answer=bold(ANSWERS[objection.answer]))


def objection_lines(objection: Objection | None, *, overdue: bool = False, brief: bool = False) -> list[Element]:
    """The state of the objection, or its answer, with what it changed and why. `brief`: without what it changed."""
    if objection is None:
        return []
    before = [" ", _before(objection.before)] if objection.before and not brief else []
    why = [quote(shorten(objection.rationale, RATIONALE))] if objection.rationale else []
    return [line(*objection_sentence(objection, overdue=overdue), *before), *why]


def who_answers(left: Left, *, overdue: bool) -> Block | None:
    """That directors answer the objection, or that nobody can; None while managers do."""
    if left is Left.MANAGERS:
        return None
    if left is Left.NOBODY:
        return paragraph(bold(NOBODY), " ", NAME_MORE)
    return paragraph(WITH_DIRECTORS) if overdue else paragraph(bold(NO_MANAGER), " ", DIRECTORS_ANSWER)


def _before(terms: Terms) -> str:
    review = day(terms.review_on)
    if terms.choice is Choice.DROP and terms.effective_on:
        return IT_WAS_ON.format(day=day(terms.effective_on), review=review)
    return IT_WAS[terms.choice].format(review=review)
