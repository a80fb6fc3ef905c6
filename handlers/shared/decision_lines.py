"""Lines about a decision and its history that several messages share. Every line is bounded, whatever the data."""

from datetime import date
from typing import Final

from bot.language import _, ngettext
from bot.rules.case_files import CaseFile, DecisionHistory
from bot.rules.cases import Left
from bot.rules.decisions import Choice, Decision, Ending, Review, Reviewed
from bot.rules.objections import Appeal, AppealAnswer, Terms
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    bold,
    filled,
    joined,
    line,
    paragraph,
    person,
    quote,
    rich,
    when,
)
from handlers.blockkit.text import DATE_ON, DATE_ONLY, day, one_line, shorten
from handlers.shared.deadline_lines import MOST_NAMED, NAME_MORE

MOST_RENEWALS: Final = 2
REASON: Final = 300  # characters of why a decision was renewed or ended
RATIONALE: Final = 700  # characters of why an appeal was answered so

# Translators: {people} are the managers who decided, with commas between them.
DECIDED: Final = {
    Choice.DROP: _("The customer was dropped, decided by {people} on {day}."),
    Choice.KEEP: _("The customer was kept with conditions, decided by {people} on {day}."),
}
DECIDED_FROM: Final = _("The customer was dropped, decided by {people} on {day}, with effect from {effect}.")
OTHER_LETTER: Final = _("The letter is the one that {by} sent; {people} approved another one.")
CHANGED: Final = {
    Choice.DROP: _("The customer was dropped, as changed after an objection by {people} on {day}."),
    Choice.KEEP: _("The customer was kept with conditions, as changed after an objection by {people} on {day}."),
}
CHANGED_FROM: Final = _(
    "The customer was dropped, as changed after an objection by {people} on {day}, with effect from {effect}."
)
RENEWED: Final = _("{renewed} by {by}, {at}, until {day}: {reason}")
LET_LAPSE: Final = _("{ended} by {by}, {at}: {reason}")
LAPSED: Final = _("{lapsed} {at}: nobody renewed it by its review date, {day}.")
UNDER_APPEAL: Final = _("{objected} {at}, to be answered by {due}.")
APPEAL_OVERDUE: Final = _("{objected} {at}; the answer was due {due}.")
ANSWERED: Final = _("{answered} by {by}, {at}.")
ENDED: Final = _("{ended}, {at}.")
ANSWERS: Final = {
    AppealAnswer.UPHELD: _("After an objection, it stands"),
    AppealAnswer.CHANGED: _("Changed after an objection"),
    AppealAnswer.OVERTURNED: _("Cancelled after an objection"),
    AppealAnswer.MOOT: _("The objection needs no answer any more"),
}
IT_WAS: Final = {
    Choice.DROP: _("Before, it was to drop them, with a review on {review}."),
    Choice.KEEP: _("Before, it was to keep them with conditions, with a review on {review}."),
}
IT_WAS_ON: Final = _("Before, it was to drop them on {day}, with a review on {review}.")
MAY_APPEAL: Final = _("The customer may object once, until {at}.")

NO_MANAGER: Final = _("No manager is left who took no part.")
WITH_DIRECTORS: Final = _("It is with the directors as well now.")
NOBODY: Final = _("Nobody is left who took no part, not even a director.")

TITLES: Final = {
    Ending.LAPSED: _("Lapsed: {customer}"),
    Ending.LET_LAPSE: _("Ended: {customer}"),
    Ending.OVERTURNED: _("Cancelled after an objection: {customer}"),
}
KEPT_ON_APPEAL: Final = _("Kept after an objection: {customer}")


def decision_sentence(file: CaseFile, effect: date | None = None) -> list[Inline]:
    """What was decided, or changed to on appeal, by whom and when. `effect`: the day of a drop, to be named as well."""
    decision, appeal = file.decision, file.decision_history.appeal
    if decision is None:
        return []
    if appeal and appeal.before and appeal.answered_by and appeal.answered_at:
        template = CHANGED_FROM if effect else CHANGED[decision.choice]
        people, at = [person(appeal.answered_by)], appeal.answered_at
    else:
        template = DECIDED_FROM if effect else DECIDED[decision.choice]
        people, at = [person(user) for user in (decision.by, *decision.approved_by)], decision.at
    since = {"effect": day(effect)} if effect else {}
    return filled(template, people=joined([each] for each in people), day=when(at, DATE_ON), **since)


def whose_letter(file: CaseFile) -> list[Inline]:
    """That a manager who approved the drop approved another letter than the one of the decision; empty if none did."""
    decision = file.decision
    others = [given.by for given in file.approvals[:MOST_NAMED] if decision and given.drop.letter != decision.letter]
    if decision is None or not others:
        return []
    people = joined([person(user)] for user in others)
    return filled(OTHER_LETTER, by=person(decision.by), people=people)


def rationale_quote(file: CaseFile, most: int) -> Element:
    """The rationale of the decision, or of its change on appeal, in up to `most` characters."""
    decision, appeal = file.decision, file.decision_history.appeal
    changed = appeal.rationale if appeal and appeal.before else None
    return quote(shorten(changed or (decision.rationale if decision else ""), most))


def changed_title(file: CaseFile) -> str | None:
    """The title of a decision that has ended or changed; None if it is in force as it was made."""
    decision = file.decision
    if decision is None:
        return None
    if decision.ended_how:
        return TITLES[decision.ended_how]
    return KEPT_ON_APPEAL if original_terms(decision, file.decision_history).choice is not decision.choice else None


def decision_history_blocks(decision: Decision | None, after: DecisionHistory) -> list[Block]:
    """The appeal and the reviews, each with who, when and why."""
    if decision is None or not decision.binds:
        return []
    lines = [*appeal_lines(after.appeal, overdue=after.overdue), *_reviews(after.reviews)]
    if after.may_appeal and decision.appeal_until:
        lines.append(line(*filled(MAY_APPEAL, at=when(decision.appeal_until))))
    return [rich(*lines)] if lines else []


def original_terms(decision: Decision, after: DecisionHistory) -> Terms:
    """What was decided before an appeal changed it."""
    return after.appeal.before if after.appeal and after.appeal.before else Terms.of(decision)


def appeal_lines(appeal: Appeal | None, *, overdue: bool = False, brief: bool = False) -> list[Element]:
    """The state of the appeal, or its answer. `overdue`: it was to be answered before now.

    `brief`: without what was decided before.
    """
    if appeal is None:
        return []
    if appeal.answer is None:
        since, due = when(appeal.asked_at, DATE_ONLY), when(appeal.due_at)
        template = APPEAL_OVERDUE if overdue else UNDER_APPEAL
        return [line(*filled(template, objected=bold(_("The customer objected")), at=since, due=due))]
    before = [" ", _before(appeal.before)] if appeal.before and not brief else []
    why = [quote(shorten(appeal.rationale, RATIONALE))] if appeal.rationale else []
    return [line(*_answered(appeal, appeal.answer), *before), *why]


def _answered(appeal: Appeal, answer: AppealAnswer) -> list[Inline]:
    said = bold(ANSWERS[answer])
    if appeal.answered_at is None:
        return [said, "."]
    at = when(appeal.answered_at, DATE_ONLY)
    if appeal.answered_by is None:
        return filled(ENDED, ended=said, at=at)
    return filled(ANSWERED, answered=said, by=person(appeal.answered_by), at=at)


def who_answers(left: Left, *, overdue: bool) -> Block | None:
    """That directors answer the appeal, or that nobody can; None while managers do."""
    if left is Left.MANAGERS:
        return None
    if left is Left.NOBODY:
        return paragraph(bold(NOBODY), " ", NAME_MORE)
    return paragraph(WITH_DIRECTORS) if overdue else paragraph(bold(NO_MANAGER), " ", WITH_DIRECTORS)


def review_lines(review: Review) -> list[Element]:
    """The result of a review."""
    at = when(review.at, DATE_ONLY)
    if review.outcome is Reviewed.LAPSED:
        return [line(*filled(LAPSED, lapsed=bold(_("Lapsed")), at=at, day=day(review.due_on)))]
    by, reason = person(review.by or ""), f"“{shorten(one_line(review.reason), REASON)}”"
    if review.until is None:
        return [line(*filled(LET_LAPSE, ended=bold(_("Ended")), by=by, at=at, reason=reason))]
    renewed, until = bold(_("Renewed")), day(review.until)
    return [line(*filled(RENEWED, renewed=renewed, by=by, at=at, day=until, reason=reason))]


def _reviews(reviews: tuple[Review, ...]) -> list[Element]:
    shown, earlier = reviews[-MOST_RENEWALS:], len(reviews) - MOST_RENEWALS
    before = ngettext("and {n} more renewal before", "and {n} more renewals before", earlier)
    more = [line(before.format(n=earlier))] if earlier > 0 else []
    return [*more, *(each for review in shown for each in review_lines(review))]


def _before(terms: Terms) -> str:
    review = day(terms.review_on)
    if terms.choice is Choice.DROP and terms.effective_on:
        return IT_WAS_ON.format(day=day(terms.effective_on), review=review)
    return IT_WAS[terms.choice].format(review=review)
