"""The forms about a decision, parsed into commands."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date

import pytest

from bot.rules.decisions import Choice, Hindsight
from bot.rules.objections import Answer, Terms
from bot.rules.people import Person
from bot.usecases.decisions.lessons import RecordLesson
from bot.usecases.decisions.reviews import LetLapse, Renew
from bot.usecases.objections.answer import AnswerObjection
from bot.usecases.objections.record import RecordObjection
from handlers.button_values import review_click, review_value
from handlers.decisions.parse import let_lapse, record_lesson, renew
from handlers.names import ActionId, BlockId, CallbackId
from handlers.objections.parse import answer_objection, answer_terms, record_objection
from handlers.parsing.form import Form
from handlers.parsing.reading import Malformed
from tests.handlers import payload_samples as sample
from tests.handlers import view_samples as sample_views
from tests.handlers.forms_read import parsed, said

PRIYA = Person("T0FIRM", "U0PRIYA", "T0FIRM")
WHY = {BlockId.REASON: sample.typed("It went on.")}
CHANGE = {
    BlockId.ANSWER: sample.picked("changed"),
    BlockId.RATIONALE: sample.typed("He has left."),
    BlockId.CHOICE: {"type": "radio_buttons", "selected_option": sample.option("keep")},
    BlockId.CONDITIONS: sample.ticked("written_only", "written_only"),
    BlockId.EFFECTIVE_ON: sample.on("2026-12-31"),
    BlockId.REVIEW_ON: sample.on("2027-05-20"),
}
LESSON = {
    BlockId.LEARNT: sample.typed(" We saw it too late. "),
    BlockId.HINDSIGHT: {"type": "radio_buttons", "selected_option": sample.option("partly")},
    BlockId.WORTH: sample.typed(None),
    BlockId.LINE: sample.typed("Warn earlier."),
}


def form(callback: str, metadata: str = "case:12:3", **fields: sample.Json) -> sample.Json:
    return sample.submission(callback, metadata, sample.PRIYA, **fields)


FORMS: dict[str, tuple[Callable[[Form], object], sample.Json]] = {
    "renew": (
        renew,
        form(CallbackId.RENEW_FORM, "review:12:2027-05-20", **WHY, **{BlockId.REVIEW_ON: sample.on("2027-11-22")}),
    ),
    "let_lapse": (let_lapse, form(CallbackId.LAPSE_FORM, "review:12:2027-05-20", **WHY)),
    "ask": (
        record_objection,
        form(
            CallbackId.OBJECTION_FORM,
            **{BlockId.CONTACT: sample.typed("By letter"), BlockId.WORDS: sample.typed("He left.")},
        ),
    ),
    "stands": (
        answer_terms,
        form(
            CallbackId.ANSWER_FORM,
            **{BlockId.ANSWER: sample.picked("stands"), BlockId.RATIONALE: sample.typed("Nothing is new.")},
        ),
    ),
    "change": (answer_terms, form(CallbackId.ANSWER_FORM, **CHANGE)),
    "answer": (answer_objection, sample.answer_letter_form("case:12:3:drop:2027-05-20:2026-12-31::stands")),
    "answer about a warning": (answer_objection, sample.answer_letter_form("case:12:3:cancelled")),
    "answer with a change": (
        answer_objection,
        sample.answer_letter_form("case:12:3:keep:2027-05-20::written_only:changed"),
    ),
    "learn": (record_lesson, form(CallbackId.LESSON_FORM, **LESSON)),
}


def test_each_form_is_parsed_into_its_command() -> None:
    read = {name: parsed(parser, body) for name, (parser, body) in FORMS.items()}
    due_on = date(2027, 5, 20)
    dropped = Terms(Choice.DROP, due_on, date(2026, 12, 31))
    terms = Terms(Choice.KEEP, due_on, date(2026, 12, 31), ("written_only",))
    assert read == {
        "renew": Renew(PRIYA, 12, due_on, "It went on.", date(2027, 11, 22)),
        "let_lapse": LetLapse(PRIYA, 12, due_on, "It went on."),
        "ask": RecordObjection(PRIYA, 12, "By letter", "He left."),
        "stands": AnswerObjection(PRIYA, 12, Answer.STANDS, "Nothing is new.", "", version=3),
        "change": AnswerObjection(PRIYA, 12, Answer.CHANGED, "He has left.", "", terms, 3),
        "answer": AnswerObjection(PRIYA, 12, Answer.STANDS, "He has left.", "Dear Zenith Corp, …", dropped, 3),
        "answer about a warning": AnswerObjection(
            PRIYA, 12, Answer.CANCELLED, "He has left.", "Dear Zenith Corp, …", version=3
        ),
        "answer with a change": AnswerObjection(
            PRIYA,
            12,
            Answer.CHANGED,
            "He has left.",
            "Dear Zenith Corp, …",
            Terms(Choice.KEEP, due_on, None, ("written_only",)),
            3,
        ),
        "learn": RecordLesson(PRIYA, 12, "We saw it too late.", Hindsight.PARTLY, "Warn earlier.", ""),
    }


def test_what_is_asked_for_on_one_line_is_read_as_one() -> None:
    pasted = LESSON | {
        BlockId.LINE: sample.typed("Warn\nearlier.\u202e"),
        BlockId.WORTH: sample.typed("£18,000\ta year"),
    }
    read = record_lesson(Form(form(CallbackId.LESSON_FORM, **pasted)))
    assert (read.line, read.worth) == ("Warn earlier.", "£18,000 a year")


def test_a_change_of_what_was_kept_asks_for_no_choice() -> None:
    fields = {name: value for name, value in CHANGE.items() if name not in {BlockId.CHOICE, BlockId.EFFECTIVE_ON}}
    read = answer_terms(Form(form(CallbackId.ANSWER_FORM, **fields)))
    assert read.terms == Terms(Choice.KEEP, date(2027, 5, 20), None, ("written_only",))


@pytest.mark.parametrize("metadata", ["case:12:3:moot", "case:12:3:drop:2027-05-20:2026-12-31::moot", "case:12:3:"])
def test_nobody_answers_that_an_objection_is_moot(metadata: str) -> None:
    with pytest.raises(Malformed):
        answer_objection(Form(sample.answer_letter_form(metadata)))
    with pytest.raises(Malformed):
        answer_terms(Form(form(CallbackId.ANSWER_FORM, **(CHANGE | {BlockId.ANSWER: sample.picked("moot")}))))


def test_a_click_on_a_review_says_whose_it_is() -> None:
    assert review_click(sample.click(ActionId.RENEW, review_value(12, date(2027, 5, 20)))) == (PRIYA, 12)


@pytest.mark.parametrize(
    "value", ["", "case:12:3", "review:12", "review:0:2027-05-20", "review:12:2027-02-30", "review:12:2027-05-20 "]
)
def test_a_malformed_review_value_is_rejected(value: str) -> None:
    with pytest.raises(Malformed):
        review_click(sample.click(ActionId.RENEW, value))
    with pytest.raises(Malformed):
        let_lapse(Form(form(CallbackId.LAPSE_FORM, value, **WHY)))


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_field_is_an_error_beside_it(name: str) -> None:
    parser, body = FORMS[name]
    for block in body["view"]["state"]["values"]:
        emptied = deepcopy(body)
        element = emptied["view"]["state"]["values"][block][block]
        for key in set(element) - {"type"}:
            element[key] = None
        assert block in {*said(parser, emptied, sample_views.NOW), BlockId.WORTH, BlockId.CONDITIONS}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("wild", [None, True, -1, "x" * 5_000, "\ud800", "a\0b", [], {}, [None]])
def test_a_form_with_wild_values_is_parsed_or_rejected(name: str, wild: object) -> None:
    parser, body = FORMS[name]
    for block, element in body["view"]["state"]["values"].items():
        for key in set(element[block]) - {"type"}:
            broken = deepcopy(body)
            broken["view"]["state"]["values"][block][block][key] = wild
            try:
                said(parser, broken, sample_views.NOW)
            except Malformed:
                continue
