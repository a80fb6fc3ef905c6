"""Hearings, safeguards and objections as managers see them; and the parsers read what their forms offer."""

from dataclasses import replace
from typing import Any

import pytest

from bot.rules.case_files import CaseFile
from bot.rules.cases import Outcome
from bot.rules.hearings import Finding
from bot.rules.objections import Answer
from bot.rules.policy.verdicts import Rung
from bot.usecases.customers.safeguards import LiftSafeguard, SetSafeguard
from bot.usecases.hearings.hear import HearBothSides, TakeOver
from bot.usecases.hearings.outcome import RecordOutcome
from bot.usecases.objections.answer import AnswerObjection
from bot.usecases.objections.record import RecordObjection
from bot.usecases.shared.letters import Drafted
from handlers.blockkit.fallback_text import as_text
from handlers.button_values import case_click, menu_item
from handlers.cases.case_view import case_view
from handlers.cases.letters import NO_LETTER, letter_view
from handlers.cases.notice import case_notice
from handlers.customers import safeguards
from handlers.customers.parse import lift_safeguard, set_safeguard
from handlers.decisions.forms import drop_form, keep_form
from handlers.hearings import hearing
from handlers.hearings.hearing import OVER, hearing_notice
from handlers.hearings.parse import hear_both_sides, record_outcome, take_over
from handlers.names import ActionId, BlockId
from handlers.objections import objection
from handlers.objections.parse import answer_objection, answer_terms, record_objection
from handlers.parsing.people import sender
from handlers.parsing.reading import Malformed
from handlers.warnings.warning import warning_form
from tests.handlers import payload_samples as request
from tests.handlers import view_samples as sample
from tests.handlers.test_views_cases import acts
from tests.handlers.test_views_forms import inputs, said, sent
from tests.handlers.view_limits import every

POLICY = sample.POLICY


def menu_of(file: CaseFile) -> list[str]:
    blocks = case_notice(file, POLICY).blocks
    options = next(each["options"] for each in every(blocks) if each.get("type") == "overflow")
    return [option["text"]["text"] for option in options]


def case_text(file: CaseFile) -> str:
    return as_text(case_view(sample.in_full(file), POLICY)["blocks"])


def notice_text(file: CaseFile) -> str:
    return case_notice(file, POLICY).text


def written(**texts: str) -> dict[str, Any]:
    return {name: request.typed(text) for name, text in texts.items()}


def test_a_hearing_shows_whose_it_is_who_asked_and_what_is_to_be_cleared_up() -> None:
    text, whole = notice_text(sample.being_heard()), case_text(sample.being_heard())
    assert "Hear both sides: Zenith Corp" in text
    assert "<@U0PRIYA> hears both sides and records the outcome." in text
    assert "Safeguard Health\n" in text
    assert "Health: Dementia. Until 31 Jan 2026." in whole
    assert "Hearing taken by <@U0PRIYA>" in whole
    assert "asked for by <@U0CARLA>" in whole
    assert "“Was it the same person?”" in whole


def test_an_open_hearing_offers_to_record_the_outcome_and_to_take_over() -> None:
    assert acts(sample.being_heard())[:2] == [ActionId.RECORD_OUTCOME, ActionId.TAKE_OVER]


def test_a_heard_case_shows_what_was_heard_and_offers_no_other_hearing() -> None:
    file = sample.a_file(hearings=(sample.heard(),))
    assert ActionId.HEAR_BOTH_SIDES not in acts(file)
    text = notice_text(file)
    assert "Both sides heard by <@U0PRIYA> " in text
    assert "The rep: “He shouted.”" in case_text(file)
    assert "The customer: “I was in a hurry.”" in case_text(file)


def test_every_form_that_decides_names_the_safeguards() -> None:
    file = sample.being_heard()
    for form in (
        drop_form(file, POLICY, sample.TODAY),
        keep_form(file, POLICY, sample.TODAY),
        warning_form(Drafted(file, None, "Dear …"), POLICY),
        hearing.outcome_form(file, POLICY),
    ):
        assert "Health: Dementia. Until 31 Jan 2026." in said(form)


def test_a_case_notice_has_at_most_four_buttons_and_five_menu_options() -> None:
    files = [sample.a_file(), sample.being_heard(), sample.for_warning(warnings=(sample.undelivered(),))]
    for file in files:
        assert len(acts(file)) <= 3  # and the menu
        assert 1 <= len(menu_of(file)) <= 5


def test_a_safeguard_is_lifted_only_where_there_is_one() -> None:
    first = ["Recuse me", "Set protection", "Set a safeguard"]
    assert menu_of(sample.being_heard()) == [*first, "Lift a safeguard", "Evidence pack"]
    assert menu_of(sample.for_warning()) == [*first, "Evidence pack"]


def test_an_ended_warning_can_be_read_and_objected_to_once() -> None:
    file = sample.objected()
    assert acts(file) == ["list:case"]
    history = replace(file.decision_history, objection=None, may_object_until=sample.NOW)
    before = replace(file, objections=(), decision_history=history)
    assert acts(before) == ["list:case", ActionId.RECORD_OBJECTION]
    assert all(menu_of(each)[0] == "Read the letter" for each in (file, before))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "The customer objected on <!date"),
        (Answer.STANDS, ": it stands."),
        (Answer.CHANGED, ": it is changed."),
        (Answer.CANCELLED, ": it is cancelled."),
    ],
)
def test_a_warning_says_that_the_customer_objected_and_what_the_answer_was(answer: Answer | None, words: str) -> None:
    assert words in case_text(sample.objected(answer))


def test_a_withdrawn_warning_is_not_called_valid() -> None:
    withdrawn = replace(sample.WARNING, withdrawn_at=sample.NOW)
    text = case_text(sample.a_file(warnings=(withdrawn,)))
    assert ", cancelled since." in text
    assert "valid until" not in text


def test_the_letter_is_shown_in_full_as_corrected_and_as_issued() -> None:
    file = sample.objected(Answer.CHANGED)
    view = letter_view(file)
    whole = [each for each in every(view) if each.get("type") == "rich_text_preformatted"]
    assert [each["elements"][0]["text"] for each in whole] == ["Dear Zenith Corp, corrected …", "Dear Zenith Corp, …"]
    assert "submit" not in view
    assert NO_LETTER in said(letter_view(sample.for_warning()))


def test_an_objection_to_a_warning_says_what_it_is_about_and_what_they_say() -> None:
    text = objection.objection_notice(sample.objected(), POLICY).text
    assert "“I was not on that call.”" in text
    assert objection.TO_WARNING in text
    assert "from “Mr X, by phone”, recorded by <@U0PRIYA>" in text


@pytest.mark.parametrize("answer", objection.WARNING_ANSWERED)
def test_an_answered_objection_says_what_the_answer_was_by_whom_and_why_and_has_no_buttons(answer: Answer) -> None:
    file = sample.objected(answer)
    message = objection.objection_notice(file, POLICY)
    assert message.text.startswith("Objection answered: Zenith Corp")
    assert "<@U0BRAD>" in message.text
    assert "“I listened to it.”" in message.text
    assert not [each for each in every(message.blocks) if each.get("type") == "button"]
    assert "the warning" in said(objection.objection_answered(sample.recorded(file)))


def test_whoever_is_asked_to_hear_both_sides_reads_what_about_and_later_that_it_is_over() -> None:
    file = sample.being_heard()
    text = hearing_notice(file, file.hearings[0]).text
    assert "<@U0CARLA> asked you to hear both sides" in text
    assert "Was it the same person?" in text
    assert OVER in hearing_notice(file, sample.heard()).text


def test_the_outcome_form_offers_the_reports_that_still_count() -> None:
    gone = sample.a_report(206, withdrawn_at=sample.NOW)
    void = replace(gone, incident=replace(gone.incident, void=True))
    file = sample.being_heard(reports=(sample.a_report(214), void))
    assert [o["value"] for o in inputs(hearing.outcome_form(file, POLICY))[BlockId.DISCOUNTED]["options"]] == [
        "report:214"
    ]
    assert BlockId.DISCOUNTED not in inputs(hearing.outcome_form(sample.being_heard(reports=(void,)), POLICY))


def test_many_reports_are_offered_in_a_menu_since_boxes_take_ten() -> None:
    many = tuple(sample.a_report(n) for n in range(214, 100, -1))
    element = inputs(hearing.outcome_form(sample.being_heard(reports=many), POLICY))[BlockId.DISCOUNTED]
    assert (element["type"], len(element["options"])) == ("multi_static_select", 100)


def test_the_outcome_form_is_parsed_into_its_command() -> None:
    form = hearing.outcome_form(sample.being_heard(), POLICY)
    sides = written(reps_side=" He shouted. ", customers_side="I was in a hurry.")
    read = record_outcome(sent(form, **{BlockId.FINDING: request.picked("upheld")}, **sides))
    assert read == RecordOutcome(request_person(), 12, Finding.UPHELD, "He shouted.", "I was in a hurry.", version=3)
    boxes = {"type": "checkboxes"} | request.ticked("report:214", "report:206")
    read = record_outcome(sent(form, **{BlockId.DISCOUNTED: boxes}, **written(why="A bad line.")))
    assert (read.finding, read.discounted, read.why) == (Finding.MISUNDERSTANDING, (214, 206), "A bad line.")
    with pytest.raises(Malformed):
        record_outcome(sent(form, **{BlockId.FINDING: request.picked("overtaken")}))


def request_person() -> Any:  # noqa: ANN401 - whoever sends the samples
    return sender(request.click(ActionId.TAKE_HEARING, "case:12:3"))


def test_the_other_forms_are_parsed_into_their_commands() -> None:
    file, by = sample.being_heard(), request_person()
    over = take_over(sent(hearing.take_over_form(file, POLICY), **written(words="Priya is away.")))
    assert over == TakeOver(by, 12, "Priya is away.", file.hearings[0].number)
    hear = hear_both_sides(sent(hearing.hear_form(file, POLICY, "U0BRAD"), **written(words="Who was it?")))
    assert hear == HearBothSides(by, 12, "U0BRAD", "Who was it?")
    guard = set_safeguard(sent(safeguards.set_safeguard_form(file, POLICY), **written(safeguard_note="Dementia.")))
    assert guard == SetSafeguard(by, 12, "health", "Dementia.", None)
    lift = lift_safeguard(sent(safeguards.lift_safeguard_form(file, POLICY), **written(reason="They moved.")))
    assert lift == LiftSafeguard(by, 12, 4, "They moved.")
    objected = sample.objected()
    says = record_objection(sent(objection.objection_form(objected), **written(contact="Mr X", words="Not me.")))
    assert says == RecordObjection(by, 12, "Mr X", "Not me.")
    end = answer_terms(sent(objection.answer_form(objected, POLICY, sample.TODAY), **written(rationale="I listened.")))
    assert end == AnswerObjection(by, 12, Answer.STANDS, "I listened.", "", version=0)
    drafted = objection.answer_letter_form(Drafted(objected, end, "Dear Zenith Corp, …"), POLICY)
    assert answer_objection(sent(drafted)) == replace(end, letter="Dear Zenith Corp, …")


def test_a_choice_from_the_menu_is_read_like_a_button() -> None:
    value = f"{ActionId.SET_SAFEGUARD}:case:12:3"
    action = {"type": "overflow", "action_id": ActionId.MORE, "selected_option": request.option(value)}
    body = request.click(ActionId.MORE, "") | {"actions": [action]}
    assert menu_item(body) == ActionId.SET_SAFEGUARD
    assert case_click(body) == (request_person(), 12, 3)


def test_a_misunderstanding_is_called_so_when_the_case_has_ended() -> None:
    closing = sample.Closing("U0PRIYA", sample.NOW, "A bad line.")
    file = sample.a_file(
        case=sample.ended(Outcome.MISUNDERSTANDING, Rung.HEAR),
        hearings=(sample.heard(Finding.MISUNDERSTANDING),),
        closing=closing,
    )
    text = notice_text(file)
    assert "A misunderstanding: Zenith Corp" in text
    assert "“A bad line.”" in text
