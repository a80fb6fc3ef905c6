"""An objection: the form that records it, the message that asks for an answer, and the form to answer it."""

from datetime import date
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.decisions import Choice, Decision
from bot.rules.fields import LONGEST_NAME
from bot.rules.objections import Answer, Objection, Terms
from bot.rules.policy.policy import Policy
from bot.usecases.objections.answer import AnswerObjection
from bot.usecases.shared.letters import Drafted
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    actions,
    bold,
    button,
    context_block,
    date_input,
    field,
    filled,
    form,
    header,
    line,
    line_input,
    option,
    paragraph,
    person,
    quote,
    radio_buttons,
    rich,
    text_input,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ON, day, moment, one_line, shorten
from handlers.button_values import case_value
from handlers.names import ActionId, BlockId, CallbackId
from handlers.shared.case_buttons import see_case
from handlers.shared.case_header import case_form, customer_and_case
from handlers.shared.conditions import condition_fields
from handlers.shared.confirmations import confirmation
from handlers.shared.customer_lines import safeguard_kinds, standing_line, warnings_line
from handlers.shared.deadline_lines import APART, OVERDUE, takes_no_part
from handlers.shared.decision_lines import decision_sentence, rationale_quote
from handlers.shared.labels import name_of
from handlers.shared.letter_form import NEXT, Carried, letter_form, rationale_again
from handlers.shared.objection_lines import objection_lines, who_answers

RATIONALE: Final = 600  # characters
TITLE: Final = _("Objection: {customer}")
TITLE_ANSWERED: Final = _("Objection answered: {customer}")
TITLE_MOOT: Final = _("Objection ended: {customer}")
DUE: Final = _("Answer by {at} · case {case}")
TO_WARNING: Final = _("The customer objected to the warning.")
TO_DECISION: Final = _("The customer objected to the decision.")
WHO_MAY_ANSWER: Final = _("Somebody who was not involved in it answers, once.")
# Translators: {says} is "What they say" in bold.
WHAT_THEY_SAY: Final = _("{says}, from “{contact}”, recorded by {by} on {at}")
WORDS_HINT: Final = _(
    "What is wrong or new, in the customer's own words if you can. The person who answers reads this."
)
ONCE: Final = _("A customer may object once. Until somebody answers, the warning or decision stands.")
RECORDED: Final = _(
    "{customer}: the objection is recorded. Somebody who was not involved has until {due} to answer. Please tell "
    "the customer."
)
DROP: Final = _("Drop them, on other dates")
CONDITIONS: Final = _("If changed: conditions")
CONDITIONS_HINT: Final = _("For keeping them.")
EFFECTIVE_HINT: Final = _("For dropping them.")
# Translators: a form and the button that opens it.
ANSWER: Final = _("Answer the objection")
ABOUT_WARNING: Final = {
    Answer.STANDS: (_("It stands"), _("The facts are right, or the important ones are")),
    Answer.CHANGED: (_("It is changed"), _("It stays valid; next you correct its letter")),
    Answer.CANCELLED: (_("It is cancelled"), _("It is no longer valid; what was reported stays on record")),
}
ABOUT_DECISION: Final = {
    Answer.STANDS: (_("It stands"), _("The decision does not change")),
    Answer.CHANGED: (_("It is changed"), _("To the terms below")),
    Answer.CANCELLED: (_("It is cancelled"), _("The decision ends now")),
}
WARNING_ANSWERED: Final = {
    Answer.STANDS: _("{customer}: the warning stands."),
    Answer.CHANGED: _("{customer}: the warning is changed and stays valid."),
    Answer.CANCELLED: _("{customer}: the warning is cancelled and no longer valid."),
}
DECISION_ANSWERED: Final = {
    Answer.STANDS: _("{customer}: the decision stands."),
    Answer.CHANGED: _("{customer}: the decision is changed. The next review is on {day}."),
    Answer.CANCELLED: _("{customer}: the decision is cancelled. What was reported stays on record."),
}
TELL: Final = _("I tell the reps. Please send the customer the letter, then press Mark as sent in the notice.")


def objection_notice(file: CaseFile, policy: Policy, target: str = "") -> Message:
    """Asks those who took no part for an answer, or says what it was. `target`: the person or channel that reads it."""
    objection, name = file.decision_history.objection, name_of(file.customer)
    if objection is None or takes_no_part(file, target):
        apart = paragraph(APART) if objection else None
        return message(header(TITLE.format(customer=name)), apart)
    if objection.is_open:
        return _open(file, policy, objection)
    title = TITLE_MOOT if objection.answer is Answer.MOOT else TITLE_ANSWERED
    about = paragraph(TO_WARNING if objection.warning else TO_DECISION)
    case = context_block(_("Case {case}").format(case=file.case.number))
    return message(header(title.format(customer=name)), about, rich(*objection_lines(objection)), case)


def objection_form(file: CaseFile) -> View:
    """*Record an objection*, of the customer."""
    return case_form(
        file,
        (CallbackId.OBJECTION_FORM, _("Record an objection"), _("Record")),
        rich(customer_and_case(file), *_objected_to(file)),
        paragraph(ONCE),
        field(BlockId.CONTACT, _("Who objects, and how did they get in touch?"), line_input(LONGEST_NAME)),
        field(BlockId.WORDS, _("What do they say?"), text_input(), hint=WORDS_HINT),
    )


def answer_form(file: CaseFile, policy: Policy, today: date) -> View:
    """*Answer the objection*. `today`: the firm's calendar day."""
    objection, decision = file.decision_history.objection, file.decision
    said = [rich(*_said(objection))] if objection else []
    answers = ABOUT_DECISION if decision else ABOUT_WARNING
    options = [option(name, answer, words) for answer, (name, words) in answers.items()]
    blocks = [
        rich(customer_and_case(file)),
        *said,
        field(BlockId.ANSWER, _("Your answer"), radio_buttons(options)),
        field(BlockId.RATIONALE, _("Why?"), text_input(), hint=_("The customer and the reps read it.")),
        *(_terms(decision, policy, today) if decision else []),
    ]
    return form(CallbackId.ANSWER_FORM, ANSWER, NEXT, blocks, case_value(file.case.number, _version(file)))


def answer_letter_form(drafted: Drafted[AnswerObjection], policy: Policy) -> View:
    """The second step of *Answer the objection*."""
    file, command = drafted.file, drafted.command
    answers = ABOUT_DECISION if file.decision else ABOUT_WARNING
    return letter_form(
        policy,
        (CallbackId.ANSWER_LETTER_FORM, _("Answer")),
        Carried(command.case, _version(file), command.terms, command.answer.value),
        drafted.letter,
        paragraph(bold(name_of(file.customer)), f" · {answers[command.answer][0]}"),
        [rationale_again(_("Why?"), command.rationale)],
    )


def objection_recorded(file: RecordedCase) -> View:
    """After *Record an objection*."""
    due = when(file.objection.due_at) if file.objection else ""
    return confirmation(file.customer, RECORDED, due=due)


def objection_answered(file: RecordedCase) -> View:
    """After *Answer the objection*."""
    objection, decision = file.objection, file.decision
    answered = DECISION_ANSWERED if decision else WARNING_ANSWERED
    template = answered.get(objection.answer, "{customer}") if objection and objection.answer else "{customer}"
    review = {"day": day(decision.review_on)} if decision and "{day}" in template else {}
    return confirmation(file.customer, f"{template} {TELL}", **review)


def _version(file: CaseFile) -> int:
    """Of what an answer is about: a decision's terms may be renewed while a form is open, a warning stays as it is."""
    return Terms.of(file.decision).version if file.decision else 0


def _open(file: CaseFile, policy: Policy, objection: Objection) -> Message:
    history, value = file.decision_history, case_value(file.case.number, file.case.version)
    due = (OVERDUE if history.overdue else DUE).format(at=moment(objection.due_at), case=file.case.number)
    return message(
        header(TITLE.format(customer=name_of(file.customer))),
        context_block(due),
        who_answers(history.left, overdue=history.overdue),
        paragraph(bold(TO_WARNING if objection.warning else TO_DECISION), f" {WHO_MAY_ANSWER}"),
        rich(*_said(objection)),
        rich(*_objected_to(file), standing_line(file), *safeguard_kinds(file.safeguards, policy)),
        actions(button(ANSWER, ActionId.ANSWER_OBJECTION, value, primary=True), *_letter(objection), see_case(file)),
    )


def _letter(objection: Objection) -> list[Element]:
    """The warning's letter, which whoever answers has to read."""
    value = case_value(objection.case, 0)
    return [button(_("Read the letter"), ActionId.READ_LETTER, value)] if objection.warning else []


def _objected_to(file: CaseFile) -> list[Element]:
    """The decision and why, or the warning."""
    if file.decision:
        return [line(*decision_sentence(file)), rationale_quote(file, RATIONALE)]
    return warnings_line([file.warning] if file.warning else [], (), file.at)


def _said(objection: Objection) -> list[Element]:
    contact = shorten(one_line(objection.contact), LONGEST_NAME)
    by, at = person(objection.recorded_by), when(objection.recorded_at, DATE_ON)
    said_by = filled(WHAT_THEY_SAY, says=bold(_("What they say")), contact=contact, by=by, at=at)
    return [line(*said_by), quote(shorten(objection.words, 1_500))]


def _terms(decision: Decision, policy: Policy, today: date) -> list[Block]:
    """What a decision may be changed to, filled in as it is now."""
    review_on = date_input(max(today, decision.review_on))
    review = field(BlockId.REVIEW_ON, _("If changed: review"), review_on)
    held = decision.conditions, decision.details
    if decision.choice is Choice.KEEP:
        return [*condition_fields(policy, *held, label=CONDITIONS), review]
    keep, drop = option(_("Keep them instead, with conditions"), Choice.KEEP), option(DROP, Choice.DROP)
    effective_on = date_input(decision.effective_on or today)
    return [
        field(BlockId.CHOICE, _("If changed: to what?"), radio_buttons([keep, drop], keep)),
        *condition_fields(policy, *held, label=CONDITIONS, hint=CONDITIONS_HINT),
        field(BlockId.EFFECTIVE_ON, _("If changed: takes effect"), effective_on, hint=EFFECTIVE_HINT),
        review,
    ]
