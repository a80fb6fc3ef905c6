"""The lesson of a drop: the message that asks for it and later shows it, and its form."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.decisions import Hindsight, Lesson
from bot.rules.fields import LONGEST_LINE, LONGEST_NAME
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Element,
    Inline,
    View,
    actions,
    bold,
    button,
    context_block,
    field,
    filled,
    header,
    joined,
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
from handlers.blockkit.text import DATE_ON, one_line, shorten
from handlers.button_values import case_value
from handlers.names import ActionId, BlockId, CallbackId
from handlers.shared.case_buttons import see_case
from handlers.shared.case_header import case_form, customer_and_case
from handlers.shared.confirmations import confirmation
from handlers.shared.decision_lines import decision_sentence, rationale_quote
from handlers.shared.labels import name_of

LOOKED_BACK: Final = _("Looked back: {customer}")
WHAT: Final = _("What did we learn?")
WHAT_HINT: Final = _("What we saw too late, what we would do sooner, what the reps needed.")
WORTH: Final = _("What was the account worth a year?")
LINE_HINT: Final = _("Everybody in the summary's channel may read it: no names, please.")
HINDSIGHT: Final = {
    Hindsight.RIGHT: _("Yes, it was right"),
    Hindsight.PARTLY: _("In part: right, but too early or too late"),
    Hindsight.WRONG: _("No, we would decide otherwise today"),
}
# Translators: who looked back, and when.
BY: Final = _("{by} on {at}")


def lesson_notice(file: CaseFile) -> Message:
    """Asks managers what they learnt, or says what they learnt."""
    lesson = file.decision_history.lesson
    title = (LOOKED_BACK if lesson else _("What did we learn? {customer}")).format(customer=name_of(file.customer))
    if lesson:
        case = context_block(_("Case {case}").format(case=file.case.number))
        return message(header(title), rich(*_lesson(lesson)), case)
    value = case_value(file.case.number, file.case.version)
    look_back = button(_("Look back"), ActionId.LOOK_BACK, value, primary=True)
    return message(
        header(title),
        rich(*_what_happened(file)),
        paragraph(_("It takes two minutes, and may help you to keep the next account.")),
        actions(look_back, see_case(file)),
    )


def lesson_form(file: CaseFile) -> View:
    """*Look back*."""
    options = [option(words, key) for key, words in HINDSIGHT.items()]
    return case_form(
        file,
        (CallbackId.LESSON_FORM, WHAT, _("Send")),
        rich(customer_and_case(file), *_what_happened(file)),
        field(BlockId.LEARNT, WHAT, text_input(placeholder=WHAT_HINT)),
        field(BlockId.HINDSIGHT, _("Was it the right decision?"), radio_buttons(options)),
        field(BlockId.WORTH, WORTH, line_input(LONGEST_NAME, file.customer.worth or ""), optional=True),
        field(BlockId.LINE, _("In one line, for the weekly summary"), line_input(LONGEST_LINE), hint=LINE_HINT),
    )


def lesson_recorded(file: RecordedCase) -> View:
    """After *Look back*."""
    return confirmation(file.customer, _("{customer}, thank you. The weekly summary can show your line."))


def _what_happened(file: CaseFile) -> list[Element]:
    decision = file.decision
    return [line(*decision_sentence(file, decision.effective_on)), rationale_quote(file, 500)] if decision else []


def _lesson(lesson: Lesson) -> list[Element]:
    facts: list[list[Inline]] = [[HINDSIGHT[lesson.hindsight]]]
    if lesson.worth:
        facts.append(filled(_("worth {worth} a year"), worth=shorten(one_line(lesson.worth), LONGEST_NAME)))
    facts.append(filled(BY, by=person(lesson.by), at=when(lesson.at, DATE_ON)))
    in_short = line(bold(shorten(lesson.line, LONGEST_LINE + 50)))
    return [in_short, quote(shorten(lesson.learnt, 2_000)), line(*joined(facts, " · "))]
