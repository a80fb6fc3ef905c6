"""A hearing: the forms to take it over, ask for it and record its outcome, and the message that asks for it."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.hearings import Finding, Hearing
from bot.rules.policy.policy import Policy
from bot.rules.reports import Report
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    bold,
    checkboxes_or_menu,
    field,
    filled,
    form,
    header,
    option,
    paragraph,
    person,
    radio_buttons,
    text_input,
    user_select,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ONLY, fallback_of, one_line, shorten
from handlers.button_values import case_value, report_value
from handlers.names import BlockId, CallbackId
from handlers.shared.case_header import about, case_form
from handlers.shared.confirmations import confirmation, recorded_view
from handlers.shared.deadline_lines import APART, takes_no_part
from handlers.shared.labels import name_of
from handlers.shared.report_lines import conduct

MOST_REPORTS: Final = 100  # Slack's limit of options
TAKE_OVER_HINT: Final = _("The manager who had it reads this. It goes on record.")
TO_CLEAR_UP: Final = _("What do you want to find out?")
WHO_HEARS_HINT: Final = _("A manager who has not reported this customer and does not look after the account.")
FINDING_OPTIONS: Final = {
    Finding.MISUNDERSTANDING: (_("A misunderstanding"), _("The reports ticked below have no points any more")),
    Finding.UPHELD: (_("Upheld"), _("It happened much as reported; the case continues")),
}
SIDES_HINT: Final = _("Needed if you uphold it. It stays on record as you write it.")
DISCOUNTED: Final = _("Which reports were a misunderstanding?")
DISCOUNTED_HINT: Final = _("They stay on record, without points. I tell the reps who made them, with your reason.")
WHY_HINT: Final = _("The rep who reported it reads this. It was right to report it.")
OVER: Final = _("This hearing is over, or somebody else has taken it over. You do not have to do anything here.")
TAKEN_OVER: Final = _("{by} took over this hearing from you {at}. You do not have to do anything here.")
HAS_IT: Final = _("{by} took this hearing {at}. If you take it over, I tell them that you did, and why.")
IS_YOURS: Final = _("{customer}: you have the hearing now. I tell {by}, who had it. The case stays open.")
ASKED_YOU: Final = _(
    "{by} asked you to hear both sides before management decides. Please record the outcome by {due} · case {case}."
)
ASKED_YOU_LATE: Final = _(
    "{by} asked you to hear both sides before management decides. The outcome was due {due} and is late · case {case}."
)
HOW_TO: Final = _(
    "Talk to the rep first, then to the customer. Then press Record the outcome in the management channel."
)


def take_over_form(file: CaseFile, policy: Policy) -> View:
    """*Take over*: it names who has the hearing."""
    taken = next((each for each in file.hearings if each.under_way), None)
    had = [paragraph(*filled(HAS_IT, by=person(taken.taken_by), at=when(taken.taken_at)))] if taken else []
    why = field(BlockId.WORDS, _("Why do you take it over?"), text_input(), hint=TAKE_OVER_HINT)
    blocks, value = [about(file, policy), *had, why], case_value(file.case.number, taken.number if taken else 0)
    return form(CallbackId.TAKE_OVER_FORM, _("Take over the hearing"), _("Take over"), blocks, value)


def taken_over(file: RecordedCase) -> View:
    """After *Take over*."""
    had = file.taken_from
    return confirmation(file.customer, IS_YOURS, by=person(had)) if had else recorded_view(file)


def hear_form(file: CaseFile, policy: Policy, by: str) -> View:
    """*Hear both sides*, opened by `by`: who takes the hearing, and what is to be cleared up."""
    hint = _("The deadline moves by {extension}, once. Management decides only after the outcome is recorded.").format(
        extension=policy.deadlines.extension.in_words()
    )
    return case_form(
        file,
        (CallbackId.HEAR_FORM, _("Hear both sides"), _("Hear both sides")),
        about(file, policy),
        field(BlockId.TAKER, _("Who takes the hearing?"), user_select(by), hint=WHO_HEARS_HINT),
        field(BlockId.WORDS, TO_CLEAR_UP, text_input(), hint=hint),
    )


def outcome_form(file: CaseFile, policy: Policy) -> View:
    """*Record the outcome*: what came out, what each side said, and which reports are discounted."""
    findings = [option(name, key, words) for key, (name, words) in FINDING_OPTIONS.items()]
    counting = [_report(report, policy) for report in file.reports if not report.incident.void][:MOST_REPORTS]
    choices = checkboxes_or_menu(counting)
    reports = field(BlockId.DISCOUNTED, DISCOUNTED, choices, hint=DISCOUNTED_HINT, optional=True)
    return case_form(
        file,
        (CallbackId.OUTCOME_FORM, _("Record the outcome"), _("Record")),
        about(file, policy),
        field(BlockId.FINDING, _("What came out?"), radio_buttons(findings)),
        field(BlockId.REPS_SIDE, _("What does the rep say?"), text_input(), hint=SIDES_HINT, optional=True),
        field(BlockId.CUSTOMERS_SIDE, _("What does the customer say?"), text_input(), hint=SIDES_HINT, optional=True),
        *([reports] if counting else []),
        field(BlockId.WHY, _("How did the misunderstanding come about?"), text_input(), hint=WHY_HINT, optional=True),
    )


def hearing_notice(file: CaseFile, hearing: Hearing) -> Message:
    """Asks the person who was named to take the hearing; says that it is over once it is."""
    title = header(_("Please hear both sides: {customer}").format(customer=name_of(file.customer)))
    if hearing.finding is Finding.HANDED_OVER and hearing.ended_by and not takes_no_part(file, hearing.taken_by):
        return message(title, *_handed_over(file, hearing, hearing.ended_by))
    if not hearing.under_way or hearing.asked_by is None:
        return message(title, paragraph(OVER))
    if takes_no_part(file, hearing.taken_by):
        return message(title, paragraph(APART))
    by, due = person(hearing.asked_by), when(file.case.due_at)
    asked = paragraph(*filled(ASKED_YOU_LATE if file.overdue else ASKED_YOU, by=by, due=due, case=file.case.number))
    words = paragraph(bold(TO_CLEAR_UP), f" {shorten(hearing.words or '', 1_000)}")
    return message(title, asked, words, paragraph(HOW_TO))


def _handed_over(file: CaseFile, hearing: Hearing, by: str) -> list[Block]:
    at = when(hearing.ended_at or hearing.taken_at)
    after = next((each for each in file.hearings if each.number > hearing.number), None)
    why = [paragraph(shorten(after.words, 1_000))] if after and after.words else []
    return [paragraph(*filled(TAKEN_OVER, by=person(by), at=at)), *why]


def _report(report: Report, policy: Policy) -> Element:
    incident = report.incident
    day = fallback_of(incident.happened_at, DATE_ONLY)
    title = _("Report {report}, {day}: {kind}").format(report=incident.number, day=day, kind=conduct(report, policy))
    return option(title, report_value(incident.number), shorten(one_line(report.narrative), 70) or "…")
