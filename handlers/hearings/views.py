"""Hearing both sides: taking it over, asking for it before a decision, and what came out."""

from typing import Final

from bot.language import _, ngettext
from bot.rules.business_time import Span, Unit
from bot.rules.case_files import CaseFile
from bot.rules.hearings import Finding, Hearing
from bot.rules.policy.policy import Policy
from bot.rules.reports import Report
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Element,
    View,
    field,
    filled,
    header,
    option,
    paragraph,
    person,
    radio,
    several,
    somebody,
    strong,
    text_input,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ONLY, fallback_of, one_line, shorten
from handlers.names import BlockId, CallbackId
from handlers.shared.case_header import at_stake, case_form
from handlers.shared.labels import name_of
from handlers.shared.report_lines import kind

MOST_REPORTS: Final = 100

TAKE_OVER_WHY: Final = _("Why do you take it over?")
TAKE_OVER_HINT: Final = _("Whoever had it reads this. It goes on record.")
TO_CLEAR_UP: Final = _("What is to be cleared up?")
TO_CLEAR_UP_HINT: Final = _(
    "The deadline moves by {extension}, once. Nothing is decided before the outcome is on record."
)
WHO_HEARS: Final = _("Who takes the hearing?")
WHO_HEARS_HINT: Final = _("A manager who reported nothing here and does not look after the account.")
OUTCOMES: Final = {
    Finding.MISUNDERSTANDING: (_("A misunderstanding"), _("Reports ticked below no longer count")),
    Finding.UPHELD: (_("Upheld"), _("It happened much as reported, and goes on")),
}
REPS_SIDE: Final = _("What does the rep say?")
CUSTOMERS_SIDE: Final = _("What does the customer say?")
SIDES_HINT: Final = _("Needed where it is upheld. Kept as you write it.")
DISCOUNTED: Final = _("Which reports were a misunderstanding?")
DISCOUNTED_HINT: Final = _("They stay on record and weigh nothing. Whoever made them is told, with your reason.")
WHY: Final = _("How did the misunderstanding come about?")
WHY_HINT: Final = _("Whoever reported it reads this. It was right of them to report it.")

YOURS: Final = _("Please hear both sides: {customer}")
ASKED_YOU: Final = _(
    "{by} asked you to hear both sides before anything is decided. The outcome is due by {due} · case {case}."
)
HOW_TO: Final = _(
    "Talk to the rep first, then to the customer. Then press Record the outcome in the management channel."
)
REPORT: Final = _("Report {report}, {day}: {kind}")
OVER: Final = _("This hearing is over, or somebody else has taken it over. Nothing is left for you to do here.")


def take_over_form(file: CaseFile, policy: Policy) -> View:
    """*Take over*: why."""
    return case_form(
        file,
        (CallbackId.TAKE_OVER_FORM, _("Take over the hearing"), _("Take over")),
        at_stake(file, policy),
        field(BlockId.WORDS, TAKE_OVER_WHY, text_input(), hint=TAKE_OVER_HINT),
    )


def hear_form(file: CaseFile, policy: Policy, by: str) -> View:
    """*Hear both sides*, opened by `by`: who takes the hearing, and what is to be cleared up."""
    hint = TO_CLEAR_UP_HINT.format(extension=_spelt(policy.deadlines.extension))
    return case_form(
        file,
        (CallbackId.HEAR_FORM, _("Hear both sides"), _("Hear both sides")),
        at_stake(file, policy),
        field(BlockId.TAKER, WHO_HEARS, somebody(by), hint=WHO_HEARS_HINT),
        field(BlockId.WORDS, TO_CLEAR_UP, text_input(), hint=hint),
    )


def outcome_form(file: CaseFile, policy: Policy) -> View:
    """*Record the outcome*: what came out, what each side said, and which reports are discounted."""
    findings = [option(name, key, words) for key, (name, words) in OUTCOMES.items()]
    standing = [_report(report, policy) for report in file.reports if not report.incident.void][:MOST_REPORTS]
    reports = [field(BlockId.DISCOUNTED, DISCOUNTED, several(standing), hint=DISCOUNTED_HINT, optional=True)]
    return case_form(
        file,
        (CallbackId.OUTCOME_FORM, _("Record the outcome"), _("Record")),
        at_stake(file, policy),
        field(BlockId.FINDING, _("What came out?"), radio(findings)),
        field(BlockId.REPS_SIDE, REPS_SIDE, text_input(), hint=SIDES_HINT, optional=True),
        field(BlockId.CUSTOMERS_SIDE, CUSTOMERS_SIDE, text_input(), hint=SIDES_HINT, optional=True),
        *(reports if standing else []),
        field(BlockId.WHY, WHY, text_input(), hint=WHY_HINT, optional=True),
    )


def hearing_notice(file: CaseFile, hearing: Hearing) -> Message:
    """To whoever was named to take a hearing; afterwards that it is over."""
    title = header(YOURS.format(customer=name_of(file.customer)))
    if not hearing.under_way or hearing.asked_by is None:
        return message(title, paragraph(OVER))
    by, due = person(hearing.asked_by), when(file.case.due_at)
    asked = paragraph(*filled(ASKED_YOU, by=by, due=due, case=file.case.number))
    words = paragraph(strong(TO_CLEAR_UP), f" {shorten(hearing.words or '', 1_000)}")
    return message(title, asked, words, paragraph(HOW_TO))


def _report(report: Report, policy: Policy) -> Element:
    incident = report.incident
    day = fallback_of(incident.happened_at, DATE_ONLY)
    title = REPORT.format(report=incident.number, day=day, kind=kind(report, policy))
    return option(title, str(incident.number), _excerpt(report))


def _excerpt(report: Report) -> str:
    return shorten(one_line(report.narrative), 70) or "…"


def _spelt(span: Span) -> str:
    """How long, in words: 2 business days."""
    n = span.amount
    match span.unit:
        case Unit.BUSINESS_DAY:
            said = ngettext("{n} business day", "{n} business days", n)
        case Unit.HOUR:
            said = ngettext("{n} hour", "{n} hours", n)
        case Unit.MINUTE:
            said = ngettext("{n} minute", "{n} minutes", n)
    return said.format(n=n)
