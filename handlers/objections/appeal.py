"""An appeal: the form that records it, the message that asks for an answer, and the forms to answer it."""

from datetime import date
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.decisions import Choice, Decision
from bot.rules.fields import LONGEST_NAME
from bot.rules.objections import Appeal, AppealAnswer, Terms
from bot.rules.policy.policy import Policy
from bot.usecases.objections.appeal_answers import AnswerAppeal
from bot.usecases.shared.letters import Drafted
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    actions,
    bold,
    button,
    checkboxes,
    context_block,
    date_input,
    field,
    filled,
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
from handlers.shared.case_header import case_form, case_summary
from handlers.shared.confirmations import confirmation
from handlers.shared.customer_lines import safeguard_lines, standing_line
from handlers.shared.deadline_lines import APART, takes_no_part
from handlers.shared.decision_lines import appeal_lines, decision_sentence, rationale_quote, who_answers
from handlers.shared.labels import name_of
from handlers.shared.letter_form import NEXT, Carried, letter_form, rationale_again

RATIONALE: Final = 600  # characters
TITLE: Final = _("Objection: {customer}")
TITLES: Final = {
    AppealAnswer.UPHELD: _("Objection answered, the decision stands: {customer}"),
    AppealAnswer.CHANGED: _("Objection answered, the decision is changed: {customer}"),
    AppealAnswer.OVERTURNED: _("Objection answered, the decision is cancelled: {customer}"),
    AppealAnswer.MOOT: _("Objection ended: {customer}"),
}
DUE: Final = _("Answer by {at} · case {case}")
OVERDUE: Final = _("*Overdue since {at}* · case {case}")
WHO_MAY_ANSWER: Final = _("Somebody who took no part in it answers, once: it stands, is changed or is cancelled.")
# Translators: {new} is "What is new" in bold.
WHAT_IS_NEW: Final = _("{new}, from {contact}, recorded by {by} on {at}")
NEWS_HINT: Final = _("In the customer's words where you can. Whoever answers reads this.")
RECORDED: Final = _("{customer}: the objection is recorded, to be answered by {due}.")
WHO_ANSWERS: Final = _("Managers who took no part are asked in the channel; please tell the customer.")
DROP: Final = _("Drop them, on other dates")
CONDITIONS: Final = _("Conditions")
CONDITIONS_HINT: Final = _("For keeping them. Reps see these before they pick up the phone.")
EFFECTIVE_HINT: Final = _("For dropping them.")
REVIEW_HINT: Final = _("The decision lapses on this day unless it is renewed.")
FORMS: Final = {
    AppealAnswer.UPHELD: (CallbackId.UPHOLD_FORM, _("The decision stands"), _("It stands")),
    AppealAnswer.CHANGED: (CallbackId.CHANGE_FORM, _("Change the decision"), _("Change")),
    AppealAnswer.OVERTURNED: (CallbackId.OVERTURN_FORM, _("Cancel the decision"), _("Cancel the decision")),
}
ANSWERED: Final = {
    AppealAnswer.UPHELD: _("{customer}: the decision stands."),
    AppealAnswer.CHANGED: _("{customer}: the decision is changed. The next review is on {day}."),
    AppealAnswer.OVERTURNED: _("{customer}: the decision is cancelled. What was reported stays on record."),
}
TELL: Final = _("The reps are told in their direct messages. Please tell the customer, in writing.")


def appeal_notice(file: CaseFile, policy: Policy, target: str = "") -> Message:
    """Asks the managers without a stake for an answer, or says what they answered.

    `target`: the person or channel that reads it.
    """
    appeal = file.decision_history.appeal
    if appeal is None:
        return message(header(TITLE.format(customer=name_of(file.customer))))
    if takes_no_part(file, target):
        return message(header(TITLE.format(customer=name_of(file.customer))), paragraph(APART))
    if appeal.answer:
        title = TITLES[appeal.answer].format(customer=name_of(file.customer))
        case = context_block(_("Case {case}").format(case=file.case.number))
        return message(header(title), rich(*appeal_lines(appeal)), case)
    return _open(file, policy, appeal)


def appeal_form(file: CaseFile, policy: Policy) -> View:
    """*Record an objection*, for the customer."""
    return case_form(
        file,
        (CallbackId.APPEAL_FORM, _("Record an objection"), _("Record")),
        case_summary(file, policy),
        paragraph(_("A customer may object once. Until somebody has answered, the decision stands.")),
        field(BlockId.CONTACT, _("Who objects, and how did they get in touch?"), line_input(LONGEST_NAME)),
        field(BlockId.WHAT_IS_NEW, _("What is new?"), text_input(), hint=NEWS_HINT),
    )


def appeal_answer_form(file: CaseFile, policy: Policy, answer: AppealAnswer, today: date) -> View:
    """*Uphold*, *Change* or *Overturn*. `today`: the firm's calendar day."""
    decision, appeal = file.decision, file.decision_history.appeal
    news = [rich(*_news(appeal))] if appeal else []
    decided = rich(line(*decision_sentence(file)), rationale_quote(file, RATIONALE))
    terms = _terms(decision, policy, today) if decision and answer is AppealAnswer.CHANGED else []
    why = field(BlockId.RATIONALE, _("Why?"), text_input(), hint=_("The customer is told, and the reps read it."))
    callback, title, _submit = FORMS[answer]
    return case_form(file, (callback, title, NEXT), case_summary(file, policy), decided, *news, *terms, why)


def answer_letter_form(drafted: Drafted[AnswerAppeal]) -> View:
    """The second step of *Uphold*, *Change* and *Overturn*."""
    file, command = drafted.file, drafted.command
    terms = command.terms or (Terms.of(file.decision) if file.decision else None)
    if terms is None:
        return case_form(file, FORMS[command.answer])
    return letter_form(
        (CallbackId.ANSWER_LETTER_FORM, FORMS[command.answer][2]),
        Carried(command.case, file.case.version, terms, command.answer.value),
        drafted.letter,
        paragraph(bold(name_of(file.customer)), f" · {FORMS[command.answer][1]}"),
        [rationale_again(_("Why?"), command.rationale)],
    )


def appeal_recorded(file: RecordedCase) -> View:
    """After *Record an objection*."""
    appeal = file.appeal
    template, due = (RECORDED, {"due": when(appeal.due_at)}) if appeal else ("{customer}", {})
    return confirmation(file.customer, f"{template} {WHO_ANSWERS}", **due)


def appeal_answered(file: RecordedCase) -> View:
    """After *Uphold*, *Change* or *Overturn*."""
    appeal, decision = file.appeal, file.decision
    template = ANSWERED.get(appeal.answer, "{customer}") if appeal and appeal.answer else "{customer}"
    review = {"day": day(decision.review_on)} if decision and "{day}" in template else {}
    return confirmation(file.customer, f"{template} {TELL}", **review)


def _open(file: CaseFile, policy: Policy, appeal: Appeal) -> Message:
    history, value = file.decision_history, case_value(file.case.number, file.case.version)
    due = (OVERDUE if history.overdue else DUE).format(at=moment(appeal.due_at), case=file.case.number)
    return message(
        header(TITLE.format(customer=name_of(file.customer))),
        context_block(due),
        who_answers(history.left, overdue=history.overdue),
        paragraph(bold(_("The customer objects to the decision.")), f" {WHO_MAY_ANSWER}"),
        rich(*_news(appeal)),
        rich(line(*decision_sentence(file)), rationale_quote(file, RATIONALE)),
        rich(standing_line(file), *safeguard_lines(file.safeguards, policy)),
        actions(
            # Translators: buttons, of what becomes of a decision.
            button(_("It stands"), ActionId.UPHOLD, value),
            button(_("Change the decision"), ActionId.CHANGE, value),
            button(_("Cancel the decision"), ActionId.OVERTURN, value),
            see_case(file),
        ),
    )


def _news(appeal: Appeal) -> list[Element]:
    contact = shorten(one_line(appeal.contact), LONGEST_NAME)
    by, at = person(appeal.asked_by), when(appeal.asked_at, DATE_ON)
    said_by = filled(WHAT_IS_NEW, new=bold(_("What is new")), contact=contact, by=by, at=at)
    return [line(*said_by), quote(shorten(appeal.news, 1_500))]


def _terms(decision: Decision, policy: Policy, today: date) -> list[Block]:
    review = field(BlockId.REVIEW_ON, _("Review"), date_input(max(today, decision.review_on)), hint=REVIEW_HINT)
    if decision.choice is Choice.KEEP:
        return [field(BlockId.CONDITIONS, CONDITIONS, _conditions(decision, policy)), review]
    keep, drop = option(_("Keep them instead, with conditions"), Choice.KEEP), option(DROP, Choice.DROP)
    return [
        field(BlockId.CHOICE, _("What is it changed to?"), radio_buttons([keep, drop])),
        field(BlockId.CONDITIONS, CONDITIONS, _conditions(decision, policy), hint=CONDITIONS_HINT, optional=True),
        field(BlockId.EFFECTIVE_ON, _("Takes effect"), date_input(decision.effective_on or today), hint=EFFECTIVE_HINT),
        review,
    ]


def _conditions(decision: Decision, policy: Policy) -> Element:
    """The policy's conditions; those of the decision are ticked."""
    options = {key: option(each.name, key, each.words) for key, each in policy.conditions.items()}
    held = [options[key] for key in decision.conditions if key in options]
    return checkboxes(list(options.values())) | ({"initial_options": held} if held else {})
