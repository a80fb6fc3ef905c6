"""Drafts of the letters to a customer. A manager edits them before they are sent.

Their contents follow published policies on unacceptable conduct. A warning says what was unacceptable, with examples
and dates, the change asked for, what happens otherwise, and how to object. A decision says the reason, the exact
action, from when and for how long, when it is reviewed, and how to object. An answer says what comes of the objection
and why. Each says who writes, with the firm's address, and who signs, as far as the policy names them. A draft names no
rep and quotes no narrative; the manager sees these beside it and may add them.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.language import _, ngettext
from bot.rules.conditions import UNSAID, VALUE
from bot.rules.decisions import Choice
from bot.rules.fields import LONGEST_NAME, LONGEST_TEXT
from bot.rules.letter_texts import (
    ANSWER,
    CANCELLED,
    CHANGED_TO_DROP,
    CHANGED_TO_KEEP,
    CONDITIONS,
    CONSEQUENCE,
    DROP,
    EPISODE,
    HOLDS_UNTIL,
    LETTER,
    NEXT_WARNING,
    NOT_WARNED,
    OBJECTED,
    OBJECTED_TO_WARNING,
    PLACES,
    REASON,
    STANDS,
    TELL_US,
    TO_A_DECISION,
    TWICE,
    WARNED,
    WARNING,
    WARNING_CANCELLED,
    WARNING_STANDS,
    in_letters,
)
from bot.rules.objections import Answer, Terms
from bot.rules.policy.policy import Policy, Wording
from bot.rules.reports import Place, Report
from bot.rules.text import cut, day, units

LONGEST: Final = LONGEST_TEXT - 100  # the manager needs room to edit
MOST_NAMED: Final = 6
BRIEF_NAME: Final = 55  # of a condition, in a letter that would be too long otherwise


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom a letter goes, under which policy, and the day on which it is written."""

    customer: str
    policy: Policy
    today: date


def warning_letter(to: Addressed, reports: Sequence[Report], objection_until: date, warned: int) -> str:
    """A draft of a formal warning, in plain text and under `LONGEST` characters.

    Names the heaviest incidents and counts the others. Void ones are left out. `warned`: how many warnings are valid.
    """
    policy, asked = to.policy, to.policy.warnings_before_decision
    next_step = CONSEQUENCE if warned + 1 >= asked else NEXT_WARNING.format(n=asked, consequence=CONSEQUENCE)
    return _fitting(
        to,
        lambda most: WARNING.format(
            episodes=_episodes(reports, policy, most),
            changes=_changes(reports, policy, most),
            consequence=next_step,
            until=day(objection_until),
            how=in_letters(policy, policy.texts.dispute),
            within=policy.deadlines.decide.in_words(),
            tell_us=TELL_US,
            valid=_valid(policy.warnings_expire_after),
        ),
    )


def drop_letter(
    to: Addressed,
    reports: Sequence[Report],
    *,
    reason_class_name: str,
    warning_date: date | None,
    effective_on: date,
    review_on: date,
    objection_until: date,
) -> str:
    """A draft of the letter that ends the relationship, in plain text and under `LONGEST` characters.

    `warning_date`: when the warning before it was delivered. None: none was, as the conduct needs none.
    """
    return _fitting(
        to,
        lambda most: DROP.format(
            effective_on=day(effective_on),
            why=_why(reason_class_name, warning_date),
            episodes=_episodes(reports, to.policy, most),
            review_on=day(review_on),
            objecting=_how_to_object(to.policy, objection_until),
            emergency=in_letters(to.policy, to.policy.texts.emergency),
        ),
    )


def conditions_letter(to: Addressed, reports: Sequence[Report], terms: Terms, objection_until: date) -> str:
    """A draft of the letter to a customer who is kept with conditions, under `LONGEST`."""

    def draft(most: int, *, brief: bool = False) -> str:
        return CONDITIONS.format(
            conditions=_named_conditions(terms, to.policy, brief=brief),
            episodes=_episodes(reports, to.policy, most),
            review_on=day(terms.review_on),
            objecting=_how_to_object(to.policy, objection_until),
        )

    letter = _fitting(to, draft)
    return letter if units(letter) < LONGEST else _framed(to, draft(0, brief=True))


def answer_letter(
    to: Addressed, *, answer: Answer, rationale: str, before: Choice, terms: Terms, decided_on: date
) -> str:
    """A draft of the answer to an objection to a decision, under `LONGEST`.

    `before`: what had been decided on the day `decided_on`. `terms`: what holds from the answer on.
    """
    said = (_answer(answer, terms, to.policy, brief=brief) for brief in (False, True))
    letters = [_answered(to, OBJECTED[before], decided_on, each, rationale) for each in said]
    return next((letter for letter in letters if rationale.strip() in letter), letters[1])


def answer_about_warning(to: Addressed, *, stands: bool, rationale: str, issued_on: date, valid_until: date) -> str:
    """A draft of the answer to an objection to a warning that stands or is cancelled, under `LONGEST`."""
    said = WARNING_STANDS.format(until=day(valid_until)) if stands else WARNING_CANCELLED
    return _answered(to, OBJECTED_TO_WARNING, issued_on, said, rationale)


def _answered(to: Addressed, objected: str, on: date, answer: str, rationale: str) -> str:
    """With as much of the rationale as there is room for."""
    named = {"objected": objected.format(day=day(on)), "answer": answer}
    room = LONGEST - units(_framed(to, ANSWER.format(rationale="", **named))) - 1
    return _framed(to, ANSWER.format(rationale=cut(rationale.strip(), room), **named))


def _framed(to: Addressed, body: str) -> str:
    """The whole letter: who writes, the day, the customer's name, what it says, and who signs."""
    firm = to.policy.firm
    lines = ((firm.name, firm.address), (firm.signature, firm.name))
    above, below = ("\n".join(filter(None, each)) for each in lines)
    said = "\n\n".join(filter(None, (body.strip(), to.policy.texts.complain)))
    letter = LETTER.format(today=day(to.today), customer=to.customer[:LONGEST_NAME], body=said)
    return "\n\n".join(filter(None, (above, letter.strip(), below))) + "\n"


def _how_to_object(policy: Policy, until: date) -> str:
    within = policy.appeal_within.in_words()
    return TO_A_DECISION.format(
        until=day(until), how=in_letters(policy, policy.texts.appeal), within=within, tell_us=TELL_US
    )


def _answer(answer: Answer, terms: Terms, policy: Policy, *, brief: bool) -> str:
    if answer is Answer.CANCELLED:
        return CANCELLED
    until = HOLDS_UNTIL.format(review_on=day(terms.review_on))
    if answer is Answer.STANDS:
        return f"{STANDS} {until}"
    if terms.choice is Choice.KEEP:
        return f"{CHANGED_TO_KEEP.format(conditions=_named_conditions(terms, policy, brief=brief))}\n{until}"
    return f"{CHANGED_TO_DROP.format(effective_on=day(terms.effective_on or terms.review_on))} {until}"


def _named_conditions(terms: Terms, policy: Policy, *, brief: bool) -> str:
    """The conditions with what they ask for, a line each. `brief`: by their names."""
    known, values = policy.conditions, dict(terms.details)
    return "\n".join(f"- {_condition(known.get(key), key, values.get(key), brief=brief)}" for key in terms.conditions)


def _condition(condition: Wording | None, key: str, value: str | None, *, brief: bool) -> str:
    if condition is None:
        return key
    if condition.letter and not brief:
        return condition.letter.replace(VALUE, value or UNSAID)
    name = cut(condition.name, BRIEF_NAME)
    return f"{name}: {value or UNSAID}" if condition.asks else name


def _fitting(to: Addressed, draft: Callable[[int], str]) -> str:
    """The letter that names as many incidents as there is room for."""
    letters = (_framed(to, draft(most)) for most in range(MOST_NAMED, 0, -1))
    return next((letter for letter in letters if units(letter) < LONGEST), _framed(to, draft(0)))


def _why(reason: str, warned_on: date | None) -> str:
    warned = WARNED.format(day=day(warned_on)) if warned_on else NOT_WARNED
    return f"{REASON.format(reason=reason.rstrip('.'))} {warned}"


def heaviest(reports: Sequence[Report], policy: Policy, most: int) -> list[Report]:
    """Up to `most` incidents with the most points, of equals the latest, in the order in which they happened."""
    valid = [report for report in reports if not report.incident.void]
    valid.sort(key=lambda report: (policy.points(report.incident), report.incident.happened_at), reverse=True)
    return sorted(valid[:most], key=lambda report: report.incident.happened_at)


def _episodes(reports: Sequence[Report], policy: Policy, most: int) -> str:
    named = heaviest(reports, policy, most)
    further = sum(not report.incident.void for report in reports) - len(named)
    lines = [
        _often(times).format(day=day(on), place=PLACES[place], conduct=conduct, n=times)
        for (on, place, conduct), times in Counter(_episode(each, policy) for each in named).items()
    ]
    more = ngettext("- and one more episode", "- and {n} more episodes", further).format(n=further)
    return "\n".join([*lines, *([more] if further else [])])


def _episode(report: Report, policy: Policy) -> tuple[date, Place, str]:
    incident = report.incident
    conduct = policy.category(incident.category).unacceptable
    return policy.hours.local_date(incident.happened_at), report.place, conduct


def _often(times: int) -> str:
    """The line of what several reports say alike."""
    more = ngettext("- {day}, {place}, {n} time: {conduct}", "- {day}, {place}, {n} times: {conduct}", times)
    return {1: EPISODE, 2: TWICE}.get(times, more)


def _changes(reports: Sequence[Report], policy: Policy, most: int) -> str:
    named = heaviest(reports, policy, most)
    changes = dict.fromkeys(policy.category(report.incident.category).change for report in named)
    return "\n".join(f"- {change}" for change in changes)


def _valid(span: timedelta) -> str:
    if span.days in {365, 366}:
        return _("12 months")
    return ngettext("{n} day", "{n} days", span.days).format(n=span.days)
