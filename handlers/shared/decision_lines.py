"""Lines about a decision and its history that several messages share. Every line is bounded, whatever the data."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.language import _, ngettext
from bot.rules.case_files import CaseFile, DecisionHistory
from bot.rules.decisions import Choice, Decision, Ending, Review, Reviewed
from bot.rules.objections import Terms
from bot.rules.sent_letters import Letter, LetterKind
from bot.rules.warnings import Delivery
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    bold,
    filled,
    joined,
    line,
    person,
    quote,
    rich,
    when,
)
from handlers.blockkit.text import DATE_ON, day, one_line, shorten
from handlers.shared.objection_lines import objection_lines

MOST_RENEWALS: Final = 2
REASON: Final = 300  # characters of why a decision was renewed or ended
LETTER: Final = {
    LetterKind.DECISION: _("Letter"),
    LetterKind.ANSWER: _("Letter about the objection"),
}
MANAGERS: Final = _("Managers")
MOST_SENDERS: Final = 3
# Translators: {letter} is "Letter" or "Letter about the objection" in bold, {people} are those who are asked.
NOT_SENT: Final = _("{letter} not sent yet. {people}: please send it, then mark it as sent.")
# Translators: {how} is "by e-mail" or the like.
SENT: Final = _("{letter} sent on {at} {how}, marked by {by}.")
SENT_HOW: Final = {
    Delivery.EMAIL: _("by e-mail"),
    Delivery.POST: _("by post"),
    Delivery.PHONE: _("by phone"),
    # Translators: a letter was handed over.
    Delivery.IN_PERSON: _("by hand"),
}

# Translators: {people} are the managers who decided, with commas between them.
DECIDED: Final = {
    Choice.DROP: _("The customer was dropped, decided by {people} on {day}."),
    Choice.KEEP: _("The customer was kept with conditions, decided by {people} on {day}."),
}
DECIDED_FROM: Final = _("The customer was dropped, decided by {people} on {day}, with effect from {effect}.")
OTHER_LETTER: Final = _("{by} wrote the letter; {people} approved another one.")
CHANGED: Final = {
    Choice.DROP: _("The customer was dropped: {people} changed the decision on {day} after an objection."),
    Choice.KEEP: _("The customer was kept with conditions: {people} changed the decision on {day} after an objection."),
}
CHANGED_FROM: Final = _(
    "The customer was dropped with effect from {effect}: {people} changed the decision on {day} after an objection."
)
RENEWED: Final = _("{renewed} by {by} on {at} until {day}: {reason}")
LET_LAPSE: Final = _("{ended} by {by} on {at}: {reason}")
LAPSED: Final = _("{lapsed} on {at}: nobody renewed the decision by {day}.")
MAY_OBJECT: Final = _("The customer may object once, until {at}.")

TITLES: Final = {
    Ending.LAPSED: _("Decision lapsed: {customer}"),
    Ending.LET_LAPSE: _("Decision ended: {customer}"),
    Ending.CANCELLED: _("Decision cancelled after an objection: {customer}"),
}
KEPT_AFTER: Final = _("Kept after an objection: {customer}")


def decision_sentence(file: CaseFile, effect: date | None = None) -> list[Inline]:
    """What was decided, or changed to after an objection, by whom and when.

    `effect`: the day of a drop, to be named as well.
    """
    decision, objection = file.decision, file.decision_history.objection
    if decision is None:
        return []
    if objection and objection.before and objection.answered_by and objection.answered_at:
        template = CHANGED_FROM if effect else CHANGED[decision.choice]
        people, at = [person(objection.answered_by)], objection.answered_at
    else:
        template = DECIDED_FROM if effect else DECIDED[decision.choice]
        people, at = [person(user) for user in (decision.by, *decision.approved_by)], decision.at
    since = {"effect": day(effect)} if effect else {}
    return filled(template, people=joined([each] for each in people), day=when(at, DATE_ON), **since)


def whose_letter(file: CaseFile) -> list[Inline]:
    """That a manager who approved the drop approved another letter than the one of the decision; empty if none did."""
    decision = file.decision
    others = [given.by for given in file.approvals if decision and given.drop.letter != decision.letter]
    if decision is None or not others:
        return []
    people = joined([person(user)] for user in others)
    return filled(OTHER_LETTER, by=person(decision.by), people=people)


def rationale_quote(file: CaseFile, most: int) -> Element:
    """The rationale of the decision, or of its change after an objection, in up to `most` characters."""
    decision, objection = file.decision, file.decision_history.objection
    changed = objection.rationale if objection and objection.before else None
    return quote(shorten(changed or (decision.rationale if decision else ""), most))


def changed_title(file: CaseFile) -> str | None:
    """The title of a decision that has ended or changed; None if it is in force as it was made."""
    decision = file.decision
    if decision is None:
        return None
    if decision.ended_how:
        return TITLES[decision.ended_how]
    return KEPT_AFTER if original_terms(decision, file.decision_history).choice is not decision.choice else None


def decision_history_blocks(decision: Decision | None, after: DecisionHistory) -> list[Block]:
    """The letter, the objection and the reviews, each with who, when and why."""
    if decision is None or not decision.binds:
        return []
    lines = [*letter_lines(after), *objection_lines(after.objection, overdue=after.overdue), *_reviews(after.reviews)]
    if after.may_object_until:
        lines.append(line(*filled(MAY_OBJECT, at=when(after.may_object_until))))
    return [rich(*lines)] if lines else []


def letter_line(letter: Letter, senders: Sequence[str] = ()) -> Element:
    """That a letter was sent, or who is asked to send it."""
    sent = letter.sent
    if sent is None:
        people = joined(([person(user)] for user in senders[:MOST_SENDERS]), " ")
        return line(*filled(NOT_SENT, letter=bold(LETTER[letter.kind]), people=people or [MANAGERS]))
    at, how = when(sent.sent_at, DATE_ON), SENT_HOW[sent.how]
    return line(*filled(SENT, letter=bold(LETTER[letter.kind]), at=at, how=how, by=person(sent.by)))


def letter_lines(after: DecisionHistory) -> list[Element]:
    """The newest letter: that it was sent, or who sends it; nothing of one that is not waited for any more."""
    shown = after.to_send or next((letter for letter in after.letters if letter.sent), None)
    return [letter_line(shown, after.senders)] if shown else []


def original_terms(decision: Decision, after: DecisionHistory) -> Terms:
    """What was decided before an objection changed it."""
    return after.objection.before if after.objection and after.objection.before else Terms.of(decision)


def review_lines(review: Review) -> list[Element]:
    """The result of a review."""
    at = when(review.at, DATE_ON)
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
