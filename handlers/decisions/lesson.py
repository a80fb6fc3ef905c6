"""Looking back at a drop: the question, its form, and what was learnt."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.decisions import Hindsight, Lesson
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Element,
    TextPiece,
    View,
    actions,
    button,
    context,
    field,
    filled,
    header,
    joined,
    line,
    line_input,
    note,
    option,
    paragraph,
    person,
    quote,
    radio,
    rich,
    strong,
    text_input,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ONLY, one_line, shorten
from handlers.button_values import case_value
from handlers.names import ActionId, BlockId, CallbackId
from handlers.shared.case_header import case_form, who
from handlers.shared.decision_lines import what_stands, why_so
from handlers.shared.labels import name_of

RATIONALE: Final = 500
LEARNT: Final = 2_000
LONGEST_LINE: Final = 200
LONGEST_WORTH: Final = 140

TITLE: Final = _("What did we learn? {customer}")
LOOKED_BACK: Final = _("Looked back: {customer}")
WHY_ASK: Final = _(
    "Firms seldom ask why they lost an account. It takes two minutes, and the next one may be kept for it."
)
WHAT: Final = _("What did we learn?")
WHAT_HINT: Final = _("What we saw too late, what we would do sooner, what the reps needed.")
ENDED: Final = _("How did it end: was it the right call?")
WORTH: Final = _("What was the account worth a year?")
LINE: Final = _("In one line, for the weekly summary")
LINE_HINT: Final = _("Everybody in the summary's channel may read it: no names, please.")
HINDSIGHT: Final = {
    Hindsight.RIGHT: _("Yes, it was right"),
    Hindsight.PARTLY: _("In part: right, but too early or too late"),
    Hindsight.WRONG: _("No, we would decide otherwise today"),
}
WAS_WORTH: Final = _("worth {worth} a year")
# Translators: who looked back, and when.
BY: Final = _("{by}, {at}")
THANKS: Final = _("{customer}, thank you. The weekly summary can show your line.")


def lesson_notice(file: CaseFile) -> Message:
    """Asks management what it learnt; afterwards says what."""
    lesson = file.aftermath.lesson
    title = (LOOKED_BACK if lesson else TITLE).format(customer=name_of(file.customer))
    if lesson:
        return message(header(title), rich(*_told(lesson)), context(_("Case {case}").format(case=file.case.number)))
    value = case_value(file.case.number, file.case.version)
    return message(
        header(title),
        rich(*_what_happened(file)),
        paragraph(WHY_ASK),
        actions(
            button(_("Look back"), ActionId.LOOK_BACK, value, primary=True),
            button(_("Read in full"), ActionId.READ_IN_FULL, value),
        ),
    )


def lesson_form(file: CaseFile) -> View:
    """*Look back*."""
    options = [option(words, key) for key, words in HINDSIGHT.items()]
    return case_form(
        file,
        (CallbackId.LESSON_FORM, WHAT, _("Send")),
        rich(*who(file), *_what_happened(file)),
        field(BlockId.LEARNT, WHAT, text_input(placeholder=WHAT_HINT)),
        field(BlockId.HINDSIGHT, ENDED, radio(options)),
        field(BlockId.WORTH, WORTH, line_input(LONGEST_WORTH, file.customer.worth or ""), optional=True),
        field(BlockId.LINE, LINE, line_input(LONGEST_LINE), hint=LINE_HINT),
    )


def learnt(file: CaseFile) -> View:
    """After the form."""
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*filled(THANKS, customer=strong(name_of(file.customer))))])


def _what_happened(file: CaseFile) -> list[Element]:
    decision = file.decision
    if decision is None:
        return []
    return [line(*what_stands(file, decision.effective_on)), why_so(file, RATIONALE)]


def _told(lesson: Lesson) -> list[Element]:
    said: list[list[TextPiece]] = [[HINDSIGHT[lesson.hindsight]]]
    if lesson.worth:
        said.append(filled(WAS_WORTH, worth=shorten(one_line(lesson.worth), LONGEST_WORTH)))
    said.append(filled(BY, by=person(lesson.by), at=when(lesson.at, DATE_ONLY)))
    return [
        line(strong(shorten(lesson.line, LONGEST_LINE + 50))),
        quote(shorten(lesson.learnt, LEARNT)),
        line(*joined(said, " · ")),
    ]
