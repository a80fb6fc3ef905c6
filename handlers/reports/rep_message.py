"""The message to a rep about their report."""

from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.case_files import ReportFile
from bot.rules.cases import Case, Outcome
from bot.rules.decisions import Decision
from bot.rules.objections import Answer, Terms
from bot.rules.policy.policy import Policy
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    actions,
    bold,
    button,
    confirm,
    filled,
    line,
    paragraph,
    person,
    quote,
    rich,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ON, DATE_ONLY, shorten
from handlers.button_values import report_value
from handlers.names import ActionId
from handlers.shared.decision_lines import original_terms, review_lines
from handlers.shared.ending import ended_in_brief
from handlers.shared.guidance import AGAIN, until_decided, what_to_do
from handlers.shared.labels import ASKED_TO, name_of
from handlers.shared.objection_lines import objection_lines
from handlers.shared.sentences import (
    DECIDED,
    DIRECTORS_ARE_LATE,
    EXPIRED,
    MANAGEMENT_HAS_UNTIL,
    MANAGEMENT_IS_LATE,
    ON_RECORD,
    OVER,
    choice_in_words,
)

RATIONALE: Final = 300
TITLE: Final = _("Your report on {customer}")
WITHDRAWN: Final = _("You withdrew it on {day}. It has no effect from then on.")
DISCOUNTED: Final = _(
    "A manager heard both sides on {day}: it was a misunderstanding, so your report has no effect any more. It was "
    "right to report it."
)
UNDELIVERED: Final = _("A manager wrote a warning on {day}, not marked as delivered yet.")
HEARD_AND_SAYS: Final = _("{manager} heard both sides, and says:")
WARNED: Final = _("We warned them formally on {day}. Please report it if it happens again.")
WARNED_BEFORE: Final = _("We warned them formally on {day}.")
WARNING_WITHDRAWN: Final = _("They objected to the warning of {day}, which was cancelled on {withdrawn}.")
ENDINGS: Final = {
    Outcome.NOT_NOW: _("Management decided against a warning for now, on {day}."),
    Outcome.MISUNDERSTANDING: _("Ended on {day}: what others reported was a misunderstanding, your report was not."),
    Outcome.WITHDRAWN: _("Ended on {day}, since all reports were withdrawn."),
    Outcome.MERGED: _("Since {day} it is part of another case about the same customer."),
    Outcome.DROPPED: _("Dropped on {day}."),
    Outcome.KEPT: _("Kept on {day}."),
}
# Translators: {choice} is such as "we keep them", in bold.
IN_FORCE: Final = _("Decided before, on {day} by {manager}: {choice}.")
DECIDED_SINCE: Final = _("Decided since, on {day} by {manager}: {choice}.")
WHY: Final = _("Why")
# Translators: of the decision to which the customer objected; the answer and its reason stand above.
WHY_DECIDED: Final = _("Why it was decided")
NOW_THEREFORE: Final = _("So now {choice}.")
# Translators: {again} is "If they get in touch again" in bold.
AS_ANY: Final = _("{again}: deal with them as with any customer.")

WITHDRAW_TITLE: Final = _("Withdraw report {number}?")
WITHDRAW_TEXT: Final = _(
    "It will have no effect from then on. You cannot undo this, but you can report again at any time."
)


def report_notice(file: ReportFile, policy: Policy) -> Message:
    """What to do if they get in touch again, then how far the report is, what was decided and why."""
    title = bold(TITLE.format(customer=name_of(file.customer)))
    return message(
        paragraph(title, " · ", when(file.report.reported_at, DATE_ONLY)),
        _what_to_do(file, policy),
        rich(*_status(file, policy)),
        *([] if _says_decision(file) else ended_in_brief(file.report)),
        *_why(file),
        *_why_not(file),
        actions(_withdraw(file.report.incident.number)) if _can_withdraw(file) else None,
    )


def _what_to_do(file: ReportFile, policy: Policy) -> Block | None:
    """Nothing where the report is void, unless something holds about the customer."""
    kind, decision = file.report.incident.category, _in_force(file)
    void = bool(file.report.discounted_at)
    threatened = policy.category(kind).zero_tolerance and not void
    if file.report.withdrawn_at or (void and decision is None):
        holds = until_decided(file.protection, policy)
        return rich(*holds) if holds else None
    open_again = file.protection or (file.case and file.case.is_open)
    if file.decision and not decision and not threatened and not open_again:
        return paragraph(*filled(AS_ANY, again=bold(AGAIN)))
    return what_to_do(
        decision,
        policy,
        file.at,
        file.patience,
        conduct=kind,
        threatened=threatened,
        letter_owed_by=file.letter_owed_by,
        gone=file.gone,
        has_ended=bool(file.report.ended_within),
        protection=file.protection,
    )


def _in_force(file: ReportFile) -> Decision | None:
    return file.decision if file.decision and file.decision.in_force else None


def _says_decision(file: ReportFile) -> bool:
    """Whether the message says what was decided: not of a report that is void, nor while management is asked."""
    void = file.report.withdrawn_at or file.report.discounted_at
    return bool(file.decision and not void and not (file.case and file.case.is_open))


def _can_withdraw(file: ReportFile) -> bool:
    stands = file.report.withdrawn_at is None and file.report.discounted_at is None
    return stands and (file.case is None or file.case.is_open)


def _withdraw(number: int) -> Element:
    sure = confirm(WITHDRAW_TITLE.format(number=number), WITHDRAW_TEXT, yes=_("Withdraw"), no=_("Keep it"))
    return button(_("Withdraw"), ActionId.WITHDRAW, report_value(number), confirm=sure)


def _status(file: ReportFile, policy: Policy) -> list[Element]:
    if file.report.withdrawn_at:
        return [line(*filled(WITHDRAWN, day=when(file.report.withdrawn_at, DATE_ON)))]
    if file.report.discounted_at:
        discounted = line(*filled(DISCOUNTED, day=when(file.report.discounted_at, DATE_ON)))
        return [discounted, *_how_it_came_about(file)]
    if file.case is None:
        return _decided(file, policy) or [line(EXPIRED if file.expired else ON_RECORD)]
    return _in_case(file, file.case, policy)


def _how_it_came_about(file: ReportFile) -> list[Element]:
    hearing = file.discounted
    if hearing is None or hearing.ended_by is None or not hearing.why:
        return []
    return [line(*filled(HEARD_AND_SAYS, manager=person(hearing.ended_by))), quote(shorten(hearing.why, RATIONALE))]


def _in_case(file: ReportFile, case: Case, policy: Policy) -> list[Element]:
    if not case.is_open:
        return _ending(file, case, policy)
    if file.warning and file.warning.case == case.number and file.warning.delivered_at is None:
        return [line(*filled(UNDELIVERED, day=when(file.warning.issued_at, DATE_ON)))]
    late = DIRECTORS_ARE_LATE if file.directors_notified else MANAGEMENT_IS_LATE
    act = ASKED_TO[case.rung]
    if file.overdue:
        return [line(*filled(late, act=act, due=when(case.due_at, DATE_ON)))]
    return [line(*filled(MANAGEMENT_HAS_UNTIL, act=act, due=when(case.due_at)))]


def _ending(file: ReportFile, case: Case, policy: Policy) -> list[Element]:
    ended: list[Element] = []
    if case.outcome and case.closed_at and not (file.decision and file.decision.case == case.number):
        ended = [line(*_ended(file, case.outcome, case.closed_at)), *_objected(file)]
    return [*ended, *_decided(file, policy)]


def _objected(file: ReportFile) -> list[Element]:
    """What becomes of an objection to the warning; that the warning was cancelled is said already."""
    if file.objection is None:
        return []
    lines = objection_lines(file.objection, overdue=file.objection.due_at <= file.at)
    return lines[1:] if file.objection.answer is Answer.CANCELLED else lines


def _decided(file: ReportFile, policy: Policy) -> list[Element]:
    """What was decided, or changed to after an objection, and what came of it."""
    decision, after, today = file.decision, file.decision_history, policy.hours.local_date(file.at)
    if decision is None:
        return []
    choice = bold(choice_in_words(Terms.of(decision), today))
    reviews = review_lines(after.reviews[-1]) if after.reviews else []
    answer = objection_lines(after.objection, overdue=after.overdue, brief=True)
    if original_terms(decision, after) != Terms.of(decision):
        return [*answer, line(*filled(NOW_THEREFORE, choice=choice)), *reviews]
    own = file.case is not None and file.case.number == decision.case
    template = DECIDED if own else DECIDED_SINCE if decision.at > file.report.reported_at else IN_FORCE
    made = filled(template, day=when(decision.at, DATE_ON), manager=person(decision.by), choice=choice)
    return [line(*made), *answer, *reviews, *([] if decision.in_force else [line(OVER)])]


def _why(file: ReportFile) -> list[Block]:
    """Why it was decided so. Why it was changed after an objection stands beside the change."""
    decision = _in_force(file) if _says_decision(file) else None
    if decision is None or original_terms(decision, file.decision_history) != Terms.of(decision):
        return []
    objection = file.decision_history.objection
    heading = WHY_DECIDED if objection and objection.answer else WHY
    return [rich(line(bold(heading)), quote(shorten(decision.rationale, RATIONALE)))]


def _why_not(file: ReportFile) -> list[Block]:
    """Why there was no warning. What a hearing found is in `_how_it_came_about`."""
    ended_so = file.case is not None and file.case.outcome is Outcome.NOT_NOW
    if not (ended_so and file.closing and file.closing.rationale):
        return []
    return [rich(line(bold(WHY)), quote(shorten(file.closing.rationale, RATIONALE)))]


def _ended(file: ReportFile, outcome: Outcome, closed_at: datetime) -> list[Inline]:
    if outcome is Outcome.WARNED:
        return _warned(file, closed_at)
    return filled(ENDINGS[outcome], day=when(closed_at, DATE_ON))


def _warned(file: ReportFile, closed_at: datetime) -> list[Inline]:
    at = file.warning.delivered_at if file.warning and file.warning.delivered_at else closed_at
    if file.warning and file.warning.withdrawn_at:
        withdrawn = when(file.warning.withdrawn_at, DATE_ON)
        return filled(WARNING_WITHDRAWN, day=when(at, DATE_ON), withdrawn=withdrawn)
    return filled(WARNED_BEFORE if file.decision else WARNED, day=when(at, DATE_ON))
