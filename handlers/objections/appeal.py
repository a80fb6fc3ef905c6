"""An appeal: putting it down, the message that asks for an answer, and the forms behind its buttons."""

from datetime import date
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.decisions import Choice, Decision
from bot.rules.objections import Answer, Appeal
from bot.rules.policy.policy import Policy
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    day_input,
    field,
    filled,
    header,
    line,
    line_input,
    note,
    option,
    paragraph,
    person,
    quote,
    radio,
    rich,
    some_of,
    strong,
    text_input,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ON, day, moment, one_line, shorten
from handlers.button_values import case_value
from handlers.names import ActionId, BlockId, CallbackId
from handlers.shared.case_header import at_stake, case_form
from handlers.shared.customer_lines import safeguard_lines, standing_line
from handlers.shared.decision_lines import appeal_lines, left_to_answer, what_stands, why_so
from handlers.shared.labels import name_of

LONGEST_CONTACT: Final = 140
NEWS: Final = 1_500
RATIONALE: Final = 600

TITLE: Final = _("Appeal: {customer}")
TITLES: Final = {
    Answer.UPHELD: _("Appeal answered, upheld: {customer}"),
    Answer.CHANGED: _("Appeal answered, changed: {customer}"),
    Answer.OVERTURNED: _("Appeal answered, overturned: {customer}"),
    Answer.MOOT: _("Appeal ended: {customer}"),
}
CASE: Final = _("Case {case}")
DUE: Final = _("Answer by {at} · case {case}")
OVERDUE: Final = _("*Overdue since {at}* · case {case}")
ASKS: Final = _("The customer asks for another look.")
APART: Final = _("Somebody who took no part in it answers, once: it is upheld, changed or overturned.")
NEW: Final = _("What is new")
# Translators: {new} is "What is new" in bold.
SAID_BY: Final = _("{new}, from {contact}, put down by {by} on {at}")

CONTACT: Final = _("Who asks, and how did they get in touch?")
WHAT: Final = _("What is new?")
WHAT_HINT: Final = _("In the customer's words where you can. Whoever answers rests on this.")
ONCE: Final = _("An appeal is made once for each decision. Until it is answered, the decision stands.")
PUT_DOWN: Final = _("{customer}: the appeal is put down, to be answered by {due}.")
WHO_ANSWERS: Final = _("Managers who took no part are asked in the channel; please tell the customer.")

WHY: Final = _("Why?")
WHY_HINT: Final = _("The customer is told, and the reps read it.")
CHANGE_TO: Final = _("What is it changed to?")
KEEP: Final = _("Keep them instead, with conditions")
DROP: Final = _("Drop them, on other dates")
CONDITIONS: Final = _("Conditions")
CONDITIONS_HINT: Final = _("For keeping them. Reps see these before they pick up the phone.")
EFFECTIVE: Final = _("Takes effect")
EFFECTIVE_HINT: Final = _("For dropping them.")
REVIEW_HINT: Final = _("The decision lapses on this day unless it is renewed.")
FORMS: Final = {
    Answer.UPHELD: (CallbackId.UPHOLD_FORM, _("Uphold the decision"), _("Uphold")),
    Answer.CHANGED: (CallbackId.CHANGE_FORM, _("Change the decision"), _("Change")),
    Answer.OVERTURNED: (CallbackId.OVERTURN_FORM, _("Overturn the decision"), _("Overturn")),
}
ANSWERED: Final = {
    Answer.UPHELD: _("{customer}: the decision stands."),
    Answer.CHANGED: _("{customer}: the decision is changed. The next review is on {day}."),
    Answer.OVERTURNED: _("{customer}: the decision is over. What was reported stays on record."),
}
TELL: Final = _("The reps are told in their direct messages. Please tell the customer, in writing.")


def appeal_notice(file: CaseFile, policy: Policy) -> Message:
    """Asks those who took no part for an answer; afterwards says what it was."""
    appeal = file.aftermath.appeal
    if appeal is None:
        return message(header(TITLE.format(customer=name_of(file.customer))))
    if appeal.answer:
        title = TITLES[appeal.answer].format(customer=name_of(file.customer))
        return message(header(title), rich(*appeal_lines(appeal)), context(CASE.format(case=file.case.number)))
    return _open(file, policy, appeal)


def ask_form(file: CaseFile, policy: Policy) -> View:
    """*Ask for a review*, on the customer's behalf."""
    return case_form(
        file,
        (CallbackId.APPEAL_FORM, _("Ask for a review"), _("Put it down")),
        at_stake(file, policy),
        paragraph(ONCE),
        field(BlockId.CONTACT, CONTACT, line_input(LONGEST_CONTACT)),
        field(BlockId.WHAT_IS_NEW, WHAT, text_input(), hint=WHAT_HINT),
    )


def answer_form(file: CaseFile, policy: Policy, answer: Answer, today: date) -> View:
    """*Uphold*, *Change* or *Overturn*. `today`: the firm's calendar day."""
    decision, appeal = file.decision, file.aftermath.appeal
    asked = [rich(*_news(appeal))] if appeal else []
    stands = [rich(line(*what_stands(file)), why_so(file, RATIONALE))]
    terms = _terms(decision, policy, today) if decision and answer is Answer.CHANGED else []
    why = field(BlockId.RATIONALE, WHY, text_input(), hint=WHY_HINT)
    return case_form(file, FORMS[answer], at_stake(file, policy), *stands, *asked, *terms, why)


def put_down(file: CaseFile) -> View:
    """After *Ask for a review*."""
    appeal = file.aftermath.appeal
    name = strong(name_of(file.customer))
    said = filled(PUT_DOWN, customer=name, due=when(appeal.due_at)) if appeal else [name]
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*said, f" {WHO_ANSWERS}")])


def answered(file: CaseFile) -> View:
    """After an answer."""
    appeal, decision = file.aftermath.appeal, file.decision
    name = strong(name_of(file.customer))
    template = ANSWERED.get(appeal.answer) if appeal and appeal.answer else None
    review = {"day": day(decision.review_on)} if decision and template and "{day}" in template else {}
    said = filled(template, customer=name, **review) if template else [name]
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*said, f" {TELL}")])


def _open(file: CaseFile, policy: Policy, appeal: Appeal) -> Message:
    due = (OVERDUE if file.aftermath.overdue else DUE).format(at=moment(appeal.due_at), case=file.case.number)
    return message(
        header(TITLE.format(customer=name_of(file.customer))),
        context(due),
        left_to_answer(file.aftermath.left, overdue=file.aftermath.overdue),
        paragraph(strong(ASKS), f" {APART}"),
        rich(*_news(appeal)),
        rich(line(*what_stands(file)), why_so(file, RATIONALE)),
        rich(standing_line(file), *safeguard_lines(file.safeguards, policy)),
        actions(*_buttons(file)),
    )


def _buttons(file: CaseFile) -> list[Element]:
    value = case_value(file.case.number, file.case.version)
    # Translators: buttons, of what becomes of a decision.
    answers = ((_("Uphold"), ActionId.UPHOLD), (_("Change"), ActionId.CHANGE), (_("Overturn"), ActionId.OVERTURN))
    return [
        *(button(words, action, value) for words, action in answers),
        button(_("Read in full"), ActionId.READ_IN_FULL, value),
    ]


def _news(appeal: Appeal) -> list[Element]:
    contact = shorten(one_line(appeal.contact), LONGEST_CONTACT)
    by, at = person(appeal.asked_by), when(appeal.asked_at, DATE_ON)
    said = filled(SAID_BY, new=strong(NEW), contact=contact, by=by, at=at)
    return [line(*said), quote(shorten(appeal.news, NEWS))]


def _terms(decision: Decision, policy: Policy, today: date) -> list[Block]:
    review = field(BlockId.REVIEW_ON, _("Review"), day_input(max(today, decision.review_on)), hint=REVIEW_HINT)
    if decision.choice is Choice.KEEP:
        return [field(BlockId.CONDITIONS, CONDITIONS, _conditions(decision, policy)), review]
    keep, drop = option(KEEP, Choice.KEEP), option(DROP, Choice.DROP)
    return [
        field(BlockId.CHOICE, CHANGE_TO, radio([keep, drop])),
        field(BlockId.CONDITIONS, CONDITIONS, _conditions(decision, policy), hint=CONDITIONS_HINT, optional=True),
        field(BlockId.EFFECTIVE_ON, EFFECTIVE, day_input(decision.effective_on or today), hint=EFFECTIVE_HINT),
        review,
    ]


def _conditions(decision: Decision, policy: Policy) -> Element:
    """The policy's conditions, those ticked that hold already."""
    options = {key: option(each.name, key, each.words) for key, each in policy.conditions.items()}
    held = [options[key] for key in decision.conditions if key in options]
    return some_of(list(options.values())) | ({"initial_options": held} if held else {})
