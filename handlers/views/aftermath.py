"""What became of a decision, in lines that its messages share. Every line is bounded, whatever the data."""

from typing import Final

from bot.rules.aftermath import Aftermath, Answer, Appeal, Review, Reviewed, Terms
from bot.rules.files import CaseFile
from bot.rules.values import Choice, Decision, Ending, Left
from handlers.views.blocks import Block, Element, Part, line, paragraph, person, quote, rich, strong, when
from handlers.views.text import DATE_ONLY, day, one_line, shorten

MOST_RENEWALS: Final = 2
REASON: Final = 300  # characters of why a decision was renewed or ended
RATIONALE: Final = 700  # characters of why an appeal was answered so

RENEWED: Final = "Renewed"
UNTIL: Final = ", until {day}: "
MORE_RENEWALS: Final = "and {n} more renewals before"
LET_LAPSE: Final = "Ended by "
LAPSED: Final = "Lapsed"
NOBODY_RENEWED: Final = ": nobody renewed it by its review date, {day}."
UNDER_APPEAL: Final = "Under appeal"
SINCE: Final = ", to be answered by "
ANSWERS: Final = {
    Answer.UPHELD: "Upheld on appeal",
    Answer.CHANGED: "Changed on appeal",
    Answer.OVERTURNED: "Overturned on appeal",
    Answer.MOOT: "The appeal needs no answer any more",
}
IT_WAS: Final = {
    Choice.DROP: " Before, it was to drop them",
    Choice.KEEP: " Before, it was to keep them with conditions",
}
REVIEW: Final = ", with a review on {day}."
MAY_APPEAL: Final = "The customer may ask for another look, once, until "

NO_MANAGER: Final = "No manager is left who took no part. "
WITH_DIRECTORS: Final = "It is with the directors as well now."
NOBODY: Final = "Nobody is left who took no part, not even a director. "
NAME_MORE: Final = "Whoever set up Backstop has to name more people in MANAGERS or DIRECTORS."

TITLES: Final = {
    Ending.LAPSED: "Lapsed: {customer}",
    Ending.LET_LAPSE: "Ended: {customer}",
    Ending.OVERTURNED: "Overturned on appeal: {customer}",
}
KEPT_ON_APPEAL: Final = "Kept on appeal: {customer}"


def since_then(file: CaseFile) -> str | None:
    """The title of a decision that is not any more what it was; None where it stands as it was made."""
    decision = file.decision
    if decision is None:
        return None
    if decision.ended_how:
        return TITLES[decision.ended_how]
    return KEPT_ON_APPEAL if as_made(decision, file.aftermath).choice is not decision.choice else None


def aftermath_blocks(decision: Decision | None, after: Aftermath) -> list[Block]:
    """Reviewed, renewed, lapsed, under appeal, upheld …: each with who, when and why."""
    if decision is None or not decision.binds:
        return []
    lines = [*appeal_lines(after.appeal), *_reviews(after.reviews)]
    if after.may_appeal and decision.appeal_until:
        lines.append(line(MAY_APPEAL, when(decision.appeal_until), "."))
    return [rich(*lines)] if lines else []


def as_made(decision: Decision, after: Aftermath) -> Terms:
    """What was decided, before an appeal changed it."""
    return after.appeal.before if after.appeal and after.appeal.before else Terms.of(decision)


def appeal_lines(appeal: Appeal | None) -> list[Element]:
    """How the appeal stands, or what came of it."""
    if appeal is None:
        return []
    if appeal.answer is None:
        return [
            line(strong(UNDER_APPEAL), " since ", when(appeal.asked_at, DATE_ONLY), SINCE, when(appeal.due_at), ".")
        ]
    said: list[Part] = [strong(ANSWERS[appeal.answer])]
    said += [" by ", person(appeal.answered_by)] if appeal.answered_by else []
    said += [", ", when(appeal.answered_at, DATE_ONLY)] if appeal.answered_at else []
    before = [_before(appeal.before)] if appeal.before else []
    why = [quote(shorten(appeal.rationale, RATIONALE))] if appeal.rationale else []
    return [line(*said, ".", *before), *why]


def left_to_answer(left: Left, *, overdue: bool) -> Block | None:
    """That the appeal is not with the managers alone, where that is so."""
    if left is Left.MANAGERS:
        return None
    if left is Left.NOBODY:
        return paragraph(strong(NOBODY), NAME_MORE)
    return paragraph(WITH_DIRECTORS) if overdue else paragraph(strong(NO_MANAGER), WITH_DIRECTORS)


def review_lines(review: Review) -> list[Element]:
    """What came of one review."""
    if review.outcome is Reviewed.LAPSED:
        return [line(strong(LAPSED), " ", when(review.at, DATE_ONLY), NOBODY_RENEWED.format(day=day(review.due_on)))]
    by = person(review.by or ""), ", ", when(review.at, DATE_ONLY)
    why = f"“{shorten(one_line(review.reason), REASON)}”"
    if review.until is None:
        return [line(strong(LET_LAPSE), *by, ": ", why)]
    return [line(strong(RENEWED), " by ", *by, UNTIL.format(day=day(review.until)), why)]


def _reviews(reviews: tuple[Review, ...]) -> list[Element]:
    shown, earlier = reviews[-MOST_RENEWALS:], len(reviews) - MOST_RENEWALS
    more = [line(MORE_RENEWALS.format(n=earlier))] if earlier > 0 else []
    return [*more, *(each for review in shown for each in review_lines(review))]


def _before(terms: Terms) -> str:
    on = f" on {day(terms.effective_on)}" if terms.effective_on else ""
    return f"{IT_WAS[terms.choice]}{on}{REVIEW.format(day=day(terms.review_on))}"
