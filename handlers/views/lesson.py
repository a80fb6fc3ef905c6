"""Looking back at a drop: the question, its form, and what was learnt."""

from typing import Final

from bot.desk.slack import Message
from bot.rules.aftermath import Hindsight, Lesson
from bot.rules.files import CaseFile
from handlers.views import ids
from handlers.views.about import case_form, who
from handlers.views.blocks import (
    Element,
    View,
    actions,
    button,
    context,
    field,
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
    strong,
    text_input,
    when,
)
from handlers.views.labels import name_of
from handlers.views.review import what_stands, why_so
from handlers.views.spoken import message
from handlers.views.text import DATE_ONLY, one_line, shorten

RATIONALE: Final = 500
LEARNT: Final = 2_000
LONGEST_LINE: Final = 200
LONGEST_WORTH: Final = 140

TITLE: Final = "What did we learn? {customer}"
LOOKED_BACK: Final = "Looked back: {customer}"
WHY_ASK: Final = "Firms seldom ask why they lost an account. It takes two minutes, and the next one may be kept for it."
WHAT: Final = "What did we learn?"
WHAT_HINT: Final = "What we saw too late, what we would do sooner, what the reps needed."
ENDED: Final = "How did it end: was it the right call?"
WORTH: Final = "What was the account worth a year?"
LINE: Final = "In one line, for the weekly summary"
LINE_HINT: Final = "Everybody in the summary's channel may read it: no names, please."
HINDSIGHT: Final = {
    Hindsight.RIGHT: "Yes, it was right",
    Hindsight.PARTLY: "In part: right, but too early or too late",
    Hindsight.WRONG: "No, we would decide otherwise today",
}
WAS_WORTH: Final = " · worth {worth} a year"
THANKS: Final = ", thank you. The weekly summary can show your line."


def lesson_notice(file: CaseFile) -> Message:
    """Asks management what it learnt; afterwards says what."""
    lesson = file.aftermath.lesson
    title = (LOOKED_BACK if lesson else TITLE).format(customer=name_of(file.customer))
    if lesson:
        return message(header(title), rich(*_told(lesson)), context(f"Case {file.case.number}"))
    value = ids.case_value(file.case.number, file.case.version)
    return message(
        header(title),
        rich(*_what_happened(file)),
        paragraph(WHY_ASK),
        actions(
            button("Look back", ids.LOOK_BACK, value, primary=True), button("Read in full", ids.READ_IN_FULL, value)
        ),
    )


def lesson_form(file: CaseFile) -> View:
    """*Look back*."""
    options = [option(words, key) for key, words in HINDSIGHT.items()]
    return case_form(
        file,
        (ids.LESSON_FORM, "What did we learn?", "Send"),
        rich(*who(file), *_what_happened(file)),
        field(ids.LEARNT, WHAT, text_input(placeholder=WHAT_HINT)),
        field(ids.HINDSIGHT, ENDED, radio(options)),
        field(ids.WORTH, WORTH, line_input(LONGEST_WORTH, file.customer.worth or ""), optional=True),
        field(ids.LINE, LINE, line_input(LONGEST_LINE), hint=LINE_HINT),
    )


def learnt(file: CaseFile) -> View:
    """After the form."""
    return note(ids.NOTE, "Recorded", [paragraph(strong(name_of(file.customer)), THANKS)])


def _what_happened(file: CaseFile) -> list[Element]:
    decision = file.decision
    if decision is None:
        return []
    return [line(*what_stands(file, decision.effective_on)), why_so(file, RATIONALE)]


def _told(lesson: Lesson) -> list[Element]:
    worth = WAS_WORTH.format(worth=shorten(one_line(lesson.worth), LONGEST_WORTH)) if lesson.worth else ""
    return [
        line(strong(shorten(lesson.line, LONGEST_LINE + 50))),
        quote(shorten(lesson.learnt, LEARNT)),
        line(f"{HINDSIGHT[lesson.hindsight]}{worth} · ", person(lesson.by), ", ", when(lesson.at, DATE_ONLY)),
    ]
