"""The message to a rep about their report."""

from datetime import date, datetime
from typing import Final

from bot.language import _
from bot.rules.case_files import DecisionHistory, ReportFile
from bot.rules.cases import Case, Outcome
from bot.rules.decisions import Choice, Decision
from bot.rules.objections import Terms
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
    header,
    line,
    paragraph,
    person,
    quote,
    rich,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ON, DATE_ONLY, day, shorten
from handlers.button_values import report_value
from handlers.names import ActionId
from handlers.shared.decision_lines import appeal_lines, original_terms, review_lines
from handlers.shared.guidance import guidance
from handlers.shared.labels import ASKED_TO, name_of
from handlers.shared.report_lines import conduct

RATIONALE: Final = 1_000
DONE: Final = "✓ "
UNDER_WAY: Final = "● "

TITLE: Final = _("Your report on {customer}")
ABOUT: Final = _("Report {report} · {kind}")
# Translators: places called {day} in this message hold a day, "today" or "yesterday", or after "on" always a day.
RECORDED: Final = _("Recorded {at}")
WITHDRAWN: Final = _("Withdrawn by you {day}. It has no effect from then on.")
DISCOUNTED: Final = _(
    "Both sides were heard on {day}: it turned out to be a misunderstanding, so your report has no effect any more. "
    "It was right to report it: please do so again at any time."
)
ON_RECORD: Final = _("On record. If more is reported, management is asked to act.")
EXPIRED: Final = _("On record. It happened so long ago that it has no points under our policy any more.")
WITH_MANAGEMENT: Final = _("With management since {day}")
ASKED: Final = _("With management since {day}. They have until {due} to {act}.")
LATE: Final = _("With management since {day}. Their answer was due {due} and is late; the directors have been told.")
ISSUED: Final = _("A warning was written {day}")
UNDELIVERED: Final = _("Not delivered yet. You will read here when it is.")
HEARD_AND_SAYS: Final = _("{manager} heard both sides, and says:")
WARNED: Final = _(
    "They were formally warned on {day}. If it happens again, please report it: a report after a warning goes further."
)
WARNING_WITHDRAWN: Final = _(
    "They were formally warned on {day}. They objected, and somebody who took no part cancelled the warning "
    "{withdrawn}. Your report stays on record."
)
ENDINGS: Final = {
    Outcome.NOT_NOW: _("Management decided against a warning for now, on {day}. Your report stays on record."),
    Outcome.MISUNDERSTANDING: _(
        "Both sides were heard: what others had reported was a misunderstanding, and the case ended on {day}. "
        "Your report was not found to be one: it stays on record."
    ),
    Outcome.WITHDRAWN: _("Ended on {day}, since the reports behind it were withdrawn."),
    Outcome.MERGED: _("Goes on in another case about the same customer, since {day}."),
    Outcome.DROPPED: _("Dropped on {day}."),
    Outcome.KEPT: _("Kept on {day}."),
}
# Translators: {choice} is such as "we keep them", in bold.
DECIDED: Final = _("Decided {day} by {manager}: {choice}.")
IN_FORCE: Final = _("Decided before, {day} by {manager}: {choice}.")
DECIDED_SINCE: Final = _("Decided since, {day} by {manager}: {choice}.")
DROPPED: Final = _("we are ending the relationship")
DROPPED_ON: Final = _("we are ending the relationship on {day}")
DROPPED_SINCE: Final = _("we ended the relationship on {day}")
KEPT: Final = _("we keep them")
KEPT_WITH_CONDITIONS: Final = _("we keep them, with conditions")
REVIEW: Final = _("To be reviewed by {day}.")
WHY: Final = _("Why")
WHY_AT_FIRST: Final = _("Why it was decided so at first")
NOW_THEREFORE: Final = _("So now {choice}.")
OVER: Final = _("The decision is over: deal with them as with any customer. What was reported stays on record.")

WITHDRAW_TITLE: Final = _("Withdraw report {number}?")
WITHDRAW_TEXT: Final = _(
    "It will have no effect from then on. This cannot be undone, but you can report again at any time."
)


def report_notice(file: ReportFile, policy: Policy) -> Message:
    """How far the report is, what was decided and why, and what to do from now on."""
    return message(
        header(TITLE.format(customer=name_of(file.customer))),
        paragraph(_about(file, policy)),
        rich(*_steps(file, policy)),
        *_why(file),
        *_why_not(file),
        None if file.report.withdrawn_at else _guidance(file, policy),
        actions(_withdraw(file.report.incident.number)) if _can_withdraw(file) else None,
    )


def _guidance(file: ReportFile, policy: Policy) -> Block:
    kind = file.report.incident.category
    threatened = policy.category(kind).zero_tolerance and file.report.discounted_at is None
    return guidance(_in_force(file), policy, file.at, file.patience, conduct=kind, threatened=threatened)


def _in_force(file: ReportFile) -> Decision | None:
    return file.decision if file.decision and file.decision.in_force else None


def _about(file: ReportFile, policy: Policy) -> str:
    return ABOUT.format(report=file.report.incident.number, kind=conduct(file.report, policy))


def _can_withdraw(file: ReportFile) -> bool:
    stands = file.report.withdrawn_at is None and file.report.discounted_at is None
    return stands and (file.case is None or file.case.is_open)


def _withdraw(number: int) -> Element:
    sure = confirm(WITHDRAW_TITLE.format(number=number), WITHDRAW_TEXT, yes=_("Withdraw"), no=_("Keep it"))
    return button(_("Withdraw"), ActionId.WITHDRAW, report_value(number), confirm=sure)


def _steps(file: ReportFile, policy: Policy) -> list[Element]:
    recorded = line(DONE, *filled(RECORDED, at=when(file.report.reported_at)))
    if file.report.withdrawn_at:
        return [recorded, line(DONE, *filled(WITHDRAWN, day=when(file.report.withdrawn_at, DATE_ONLY)))]
    if file.report.discounted_at:
        discounted = line(DONE, *filled(DISCOUNTED, day=when(file.report.discounted_at, DATE_ON)))
        return [recorded, discounted, *_how_it_came_about(file)]
    if file.case is None:
        return [recorded, line(UNDER_WAY, EXPIRED if file.expired else ON_RECORD), *_decided(file, policy)]
    return [recorded, *_with_management(file, file.case, policy)]


def _how_it_came_about(file: ReportFile) -> list[Element]:
    hearing = file.discounted
    if hearing is None or hearing.ended_by is None or not hearing.why:
        return []
    return [line(*filled(HEARD_AND_SAYS, manager=person(hearing.ended_by))), quote(shorten(hearing.why, RATIONALE))]


def _with_management(file: ReportFile, case: Case, policy: Policy) -> list[Element]:
    since = when(max(case.opened_at, file.report.reported_at), DATE_ONLY)
    with_management = line(DONE, *filled(WITH_MANAGEMENT, day=since))
    if not case.is_open:
        return [with_management, *_ending(file, case, policy)]
    if file.warning and file.warning.case == case.number and file.warning.delivered_at is None:
        issued = line(DONE, *filled(ISSUED, day=when(file.warning.issued_at, DATE_ONLY)))
        return [with_management, issued, line(UNDER_WAY, UNDELIVERED)]
    if file.overdue:
        return [line(UNDER_WAY, *filled(LATE, day=since, due=when(case.due_at)))]
    return [line(UNDER_WAY, *filled(ASKED, day=since, act=ASKED_TO[case.rung], due=when(case.due_at)))]


def _ending(file: ReportFile, case: Case, policy: Policy) -> list[Element]:
    ended: list[Element] = []
    if case.outcome and case.closed_at and not (file.decision and file.decision.case == case.number):
        ended = [line(DONE, *_ended(file, case.outcome, case.closed_at))]
    return [*ended, *_decided(file, policy)]


def _decided(file: ReportFile, policy: Policy) -> list[Element]:
    decision = file.decision
    if decision is None:
        return []
    today = policy.hours.local_date(file.at)
    own = file.case is not None and file.case.number == decision.case
    template = DECIDED if own else DECIDED_SINCE if decision.at > file.report.reported_at else IN_FORCE
    choice = bold(_choice(original_terms(decision, file.decision_history), today))
    made = filled(template, day=when(decision.at, DATE_ONLY), manager=person(decision.by), choice=choice)
    return [line(DONE, *made), *_since(decision, file.decision_history, today)]


def _since(decision: Decision, after: DecisionHistory, today: date) -> list[Element]:
    """The decision's history: an appeal, the last review, its end."""
    said = appeal_lines(after.appeal, overdue=after.overdue)
    if after.appeal and after.appeal.before:
        said.append(line(DONE, *filled(NOW_THEREFORE, choice=bold(_choice(Terms.of(decision), today)))))
    if after.reviews:
        said += review_lines(after.reviews[-1])
    return said if decision.in_force else [*said, line(DONE, OVER)]


def _choice(decision: Terms, today: date) -> str:
    if decision.choice is Choice.KEEP:
        return KEPT_WITH_CONDITIONS if decision.conditions else KEPT
    if decision.effective_on is None:
        return DROPPED
    return (DROPPED_SINCE if decision.effective_on <= today else DROPPED_ON).format(day=day(decision.effective_on))


def _why(file: ReportFile) -> list[Block]:
    decision = file.decision
    if decision is None:
        return []
    stands = decision.in_force and original_terms(decision, file.decision_history) == Terms.of(decision)
    rationale = quote(shorten(decision.rationale, RATIONALE))
    review = line(REVIEW.format(day=day(decision.review_on)))
    title = line(bold(WHY if stands else WHY_AT_FIRST))
    return [rich(title, rationale, *([review] if decision.binds and decision.in_force else []))]


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
        withdrawn = when(file.warning.withdrawn_at, DATE_ONLY)
        return filled(WARNING_WITHDRAWN, day=when(at, DATE_ON), withdrawn=withdrawn)
    return filled(WARNED, day=when(at, DATE_ON))
