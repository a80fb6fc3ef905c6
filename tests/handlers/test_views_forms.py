"""The forms; and the parsers read what the forms offer."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.rules.case_files import DecisionHistory
from bot.rules.cases import Outcome
from bot.rules.customer_cards import CustomerFile, CustomerOnRecord, ToJoin
from bot.rules.customers import LikelyCustomer
from bot.rules.objections import Terms
from bot.rules.policy.interim_rules import ProtectionKind
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.protection import Protection
from bot.rules.reports import NewReport, Place, TypedCustomer
from bot.rules.warnings import Delivery
from bot.usecases.cases.recuse import Recuse
from bot.usecases.customers.edit import EditCustomer
from bot.usecases.customers.merge import Merge
from bot.usecases.customers.safeguards import LiftSafeguard, SetCustomerSafeguard, SetSafeguard
from bot.usecases.decisions.decide import Drop, Keep
from bot.usecases.decisions.lessons import RecordLesson
from bot.usecases.decisions.reviews import LetLapse, Renew
from bot.usecases.hearings.hear import HearBothSides, TakeOver
from bot.usecases.hearings.outcome import RecordOutcome
from bot.usecases.objections.answer import AnswerObjection
from bot.usecases.objections.record import RecordObjection
from bot.usecases.shared.letters import Drafted
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, NotNow
from handlers.blockkit.blocks import View
from handlers.blockkit.quote import Quote
from handlers.button_values import case_click, case_value
from handlers.cases.protection import lift_protection_form, set_protection_form
from handlers.cases.recusal import recuse_form
from handlers.customers.forms import edit_customer_form, merge_both_form, merge_form
from handlers.customers.safeguards import lift_safeguard_form, set_customer_safeguard_form, set_safeguard_form
from handlers.decisions import parse as decisions_parse
from handlers.decisions.forms import drop_form, drop_letter_form, keep_form, keep_letter_form
from handlers.hearings.hearing import hear_form, outcome_form, take_over_form
from handlers.names import BLOCK_OF, ActionId, BlockId, OptionValue
from handlers.objections.objection import answer_form, objection_form
from handlers.parsing.form import Form
from handlers.reports import form as reports_form
from handlers.reports.parse import new_report
from handlers.shared.case_buttons import case_buttons
from handlers.shared.confirmations import recorded_view
from handlers.shared.customer_field import customer_options
from handlers.warnings.parse import issue_warning, mark_delivered, not_now
from handlers.warnings.warning import delivered_form, not_now_form, warning_form
from tests.handlers import decision_samples as after
from tests.handlers import payload_samples as request
from tests.handlers import view_samples as sample
from tests.handlers.forms_read import said as said_beside
from tests.handlers.test_views_decisions import forms as decision_forms
from tests.handlers.view_limits import every, texts

QUOTE = Quote("You & I <3", "C0SUPPORT", "1763640000.000100", "https://firm.slack.com/")


def report_form(**given: Any) -> View:  # noqa: ANN401 - the form's own arguments
    return reports_form.report_form(sample.POLICY, sample.NOW, **({"offers_care": True} | given))


def inputs(view: View) -> dict[str, Any]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def values(element: Any) -> list[str]:  # noqa: ANN401 - a block's element
    return [option["value"] for option in element["options"]]


def customer_forms() -> list[View]:
    """The forms on a customer's card."""
    file = CustomerFile(sample.CUSTOMER, None, None, None, (), ())
    both = merge_both_form((ToJoin(CustomerOnRecord(sample.CUSTOMER, 1, sample.NOW)),) * 2)
    return [edit_customer_form(file), merge_form(file), both, set_customer_safeguard_form(file, sample.POLICY)]


def said(view: View) -> str:
    return " ".join(texts(view))


def sent(view: View, **filled: Any) -> Form:  # noqa: ANN401 - what Slack holds for an element
    """The view as Slack submits it when only the required fields were filled in."""
    state = {name: _state(element) for name, element in inputs(view).items()} | filled
    return Form(request.submission(view["callback_id"], view["private_metadata"], request.PRIYA, **state))


def _state(element: Any) -> request.Json:  # noqa: ANN401 - a block's element
    kind, first = element["type"], (element.get("options") or [request.option("typed:Zenith Corp")])[0]
    return {
        "users_select": {"selected_user": element.get("initial_user")},
        "multi_static_select": {"selected_options": []},
        "plain_text_input": {"value": element.get("initial_value")},
        "external_select": {"selected_option": element.get("initial_option")},
        "static_select": {"selected_option": element.get("initial_option", first)},
        "radio_buttons": {"selected_option": first},
        "checkboxes": {"selected_options": []},
        "datepicker": {"selected_date": element.get("initial_date")},
        "datetimepicker": {"selected_date_time": element.get("initial_date_time")},
        "file_input": {"files": []},
    }[kind] | {"type": kind}


def fair_forms() -> list[View]:
    """The forms of hearings, safeguards and objections."""
    file, policy = sample.being_heard(), sample.POLICY
    return [
        take_over_form(file, policy),
        hear_form(file, policy, "U0PRIYA"),
        outcome_form(file, policy),
        set_safeguard_form(file, policy),
        lift_safeguard_form(file, policy),
        objection_form(sample.objected()),
        answer_form(sample.objected(), policy, sample.TODAY),
    ]


def test_the_report_form_asks_for_everything_and_only_the_evidence_and_the_boxes_may_be_left_out() -> None:
    form = report_form()
    assert list(inputs(form)) == [
        BlockId.CUSTOMER,
        BlockId.CATEGORY,
        BlockId.SEVERITY,
        BlockId.NARRATIVE,
        BlockId.HAPPENED_AT,
        BlockId.PLACE,
        BlockId.ENDED,
        BlockId.CHECKS,
        BlockId.LINKS,
        BlockId.FILES,
    ]
    optional = {block["block_id"] for block in form["blocks"] if block.get("optional")}
    assert optional == {BlockId.ENDED, BlockId.CHECKS, BlockId.LINKS, BlockId.FILES}


def test_who_ended_the_contact_is_asked_whether_the_customer_was_told_first() -> None:
    field = next(block for block in report_form()["blocks"] if block.get("block_id") == BlockId.ENDED)
    assert field["label"]["text"] == "I ended the contact"
    assert field["element"]["placeholder"]["text"] == "Was the customer told first?"
    assert values(field["element"]) == ["yes", "no", "no_time", OptionValue.NOT_ENDED]
    boxes = inputs(report_form())[BlockId.CHECKS]["options"]
    assert "It had gone on for 10 minutes" in {box["text"]["text"] for box in boxes}


def test_the_report_form_offers_the_policys_kinds_and_severities_and_every_place() -> None:
    offered = inputs(report_form())
    assert values(offered[BlockId.CATEGORY]) == list(sample.POLICY.categories)
    assert values(offered[BlockId.SEVERITY]) == list(Severity)
    assert values(offered[BlockId.PLACE]) == list(Place)
    assert all("description" in option for option in offered[BlockId.CATEGORY]["options"])


def test_somebody_to_talk_to_is_offered_only_if_there_is_a_care_contact() -> None:
    assert OptionValue.WANTS_SUPPORT in values(inputs(report_form())[BlockId.CHECKS])
    assert OptionValue.WANTS_SUPPORT not in values(inputs(report_form(offers_care=False))[BlockId.CHECKS])


def test_the_name_typed_after_the_command_is_picked_already() -> None:
    assert (
        inputs(report_form(typed=" Zenith  Corp "))[BlockId.CUSTOMER]["initial_option"]["value"] == "typed:Zenith Corp"
    )
    assert "initial_option" not in inputs(report_form())[BlockId.CUSTOMER]


def test_a_quoted_message_stands_below_a_line_and_its_link_is_kept() -> None:
    form = report_form(quote=QUOTE)
    initial = inputs(form)[BlockId.NARRATIVE]["initial_value"]
    assert initial.startswith("\n\n")
    assert initial.endswith("\nYou & I <3")
    assert inputs(form)[BlockId.HAPPENED_AT]["initial_date_time"] == 1763640000
    assert inputs(form)[BlockId.PLACE]["initial_option"]["value"] == Place.CHAT
    assert QUOTE.link in said(form)


def test_a_quoted_message_with_a_future_time_gets_the_present_time() -> None:
    ahead = Quote("Hi", "C0SUPPORT", f"{sample.NOW.timestamp() + 60:.6f}")
    assert inputs(report_form(quote=ahead))[BlockId.HAPPENED_AT]["initial_date_time"] == int(sample.NOW.timestamp())


@pytest.mark.parametrize("quote", [None, QUOTE])
def test_a_submitted_report_form_is_parsed_into_a_report(quote: Quote | None) -> None:
    form = report_form(typed="Zenith Corp", quote=quote)
    report = new_report(sent(form, **{BlockId.NARRATIVE: request.typed("He shouted.")}))
    assert report.customer == TypedCustomer("Zenith Corp")
    assert [each.address for each in report.evidence] == ([quote.link] if quote else [])


def test_submitted_manager_forms_are_parsed_into_commands() -> None:
    policy, file, why = sample.POLICY, sample.a_file(), {BlockId.RATIONALE: request.typed("So.")}
    considered = {BlockId.SAFEGUARDS: request.ticked(OptionValue.CONSIDERED)}
    terms = decisions_parse.drop_terms(sent(drop_form(file, policy, sample.TODAY), **why, **considered))
    drop = decisions_parse.drop(sent(drop_letter_form(Drafted(file, terms, "Dear …"), policy)))
    assert replace(drop, letter="") == terms
    assert (drop.case, drop.letter, drop.effective_on) == (12, "Dear …", sample.TODAY + timedelta(policy.notice_days))
    assert drop.reason_class in policy.reason_classes
    keep = decisions_parse.keep_terms(sent(keep_form(file, policy, sample.TODAY), **why))
    held = replace(keep, conditions=tuple(policy.conditions), letter="Dear …")
    assert decisions_parse.keep(sent(keep_letter_form(Drafted(file, held, "Dear …"), policy))) == held
    assert (keep.case, keep.review_on, keep.conditions) == (12, drop.review_on, ())
    assert issue_warning(sent(warning_form(Drafted(file, None, "Dear …"), sample.POLICY))).letter == "Dear …"
    delivered = mark_delivered(sent(delivered_form(file, sample.NOW)))
    assert (delivered.how, delivered.at) == (Delivery.EMAIL, sample.NOW)
    assert not_now(sent(not_now_form(file), **why)).rationale == "So."


def test_the_forms_buttons_carry_what_the_clicks_read() -> None:
    body = request.click(ActionId.APPROVE_DROP, case_value(12, 3))
    assert case_click(body)[1:] == (12, 3)


def test_the_forms_of_a_decision_start_with_the_case() -> None:
    for view in (
        drop_form(sample.a_file(), sample.POLICY, sample.TODAY),
        keep_form(sample.a_file(), sample.POLICY, sample.TODAY),
    ):
        first = " ".join(texts(view["blocks"][0]))
        assert first == "Zenith Corp  · case 12"


def test_a_drop_asks_for_the_rationale_the_class_the_days_and_the_safeguards_and_then_for_the_letter() -> None:
    form = drop_form(sample.a_file(), sample.POLICY, sample.TODAY)
    assert {
        BlockId.RATIONALE,
        BlockId.REASON_CLASS,
        BlockId.EFFECTIVE_ON,
        BlockId.REVIEW_ON,
        BlockId.SAFEGUARDS,
    } == set(inputs(form))
    assert not any(block.get("optional") for block in form["blocks"])
    assert inputs(form)[BlockId.REVIEW_ON]["initial_date"] == "2026-05-20"
    letter = drop_letter_form(Drafted(sample.a_file(), sample.A_DROP, "Dear …"), sample.POLICY)
    assert [*inputs(letter)] == [BlockId.LETTER, BlockId.RATIONALE]


def test_who_edits_a_letter_reads_beside_it_what_was_reported_and_no_name_of_a_rep() -> None:
    file, policy = sample.a_file(), sample.POLICY
    for form in (
        warning_form(Drafted(file, None, "Dear …"), policy),
        drop_letter_form(Drafted(file, sample.A_DROP, "Dear …"), policy),
        keep_letter_form(Drafted(file, sample.A_KEEP, "Dear …"), policy),
    ):
        below = json.dumps(form["blocks"][1:], ensure_ascii=False)
        assert all(json.dumps(report.narrative, ensure_ascii=False) in below for report in file.reports)
        assert not any(report.incident.reporter in below for report in file.reports)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (sample.dropped(), "is dropped, with effect from 30 Nov 2025"),
        (sample.kept(), "is kept, with 2 conditions"),
        (sample.for_warning(warnings=(sample.undelivered(),)), "the warning is issued"),
        (sample.for_warning(case=sample.ended(Outcome.NOT_NOW, Rung.WARN)), "gets no warning for now"),
        (
            sample.a_file(case=sample.ended(Outcome.WARNED), warnings=(sample.undelivered(), sample.WARNING)),
            "has ended",
        ),
        (sample.a_file(approvals=(sample.APPROVAL,)), "your approval is recorded. Another manager has to approve it"),
        (sample.a_file(approvals=(sample.APPROVAL,) * 2), "2 more managers have to approve it as well."),
        (sample.a_file(), "recorded"),
    ],
)
def test_a_confirmation_says_what_is_on_record_now(file: Any, words: str) -> None:  # noqa: ANN401 - parametrized
    view = recorded_view(sample.recorded(file))
    assert words in said(view)
    assert "submit" not in view


def test_a_delivered_warning_says_until_when_it_counts() -> None:
    warned = sample.for_warning(
        case=sample.ended(Outcome.WARNED, Rung.WARN), warnings=(sample.replace(sample.WARNING, case=12),)
    )
    assert "The warning is valid until" in said(recorded_view(sample.recorded(warned)))


def test_the_letter_to_send_is_shown_whole_until_it_has_been_sent() -> None:
    letter = "Dear Zenith Corp,\n\n" + "x" * 2_900
    assert letter in texts(recorded_view(sample.recorded(sample.for_warning(warnings=(sample.undelivered(letter),)))))
    assert sample.DROP.letter in texts(recorded_view(sample.recorded(sample.dropped())))
    delivered = sample.replace(sample.WARNING, case=12, letter="sent before")
    warned = sample.for_warning(case=sample.ended(Outcome.WARNED, Rung.WARN), warnings=(delivered,))
    assert "sent before" not in said(recorded_view(sample.recorded(warned)))


def test_the_type_ahead_offers_known_customers_then_the_typed_name_as_a_new_one() -> None:
    likely = [LikelyCustomer(12, "Zenith Corp", "warned"), LikelyCustomer(13, "Zenit GmbH", "clear")]
    options = customer_options(likely, " zeni ")
    assert [option["value"] for option in options] == ["known:12", "known:13", "new:zeni"]
    assert options[0]["description"]["text"] == "Warned"
    assert options[2]["text"]["text"] == "New customer: zeni"


def test_a_name_on_record_is_not_offered_as_a_new_one() -> None:
    options = customer_options([LikelyCustomer(12, "Zenith Corp", "clear")], "zenith  CORP")
    assert [option["value"] for option in options] == ["known:12"]


def test_nothing_typed_offers_nothing_new() -> None:
    assert customer_options([], "  ") == []


@pytest.mark.parametrize("length", [140, 141, 5_000])
def test_a_name_too_long_for_slack_is_said_to_be_and_comes_back_as_a_field_error(length: int) -> None:
    (option,) = customer_options([], "x" * length)
    body = request.report_form(customer={"selected_option": option})
    now = datetime.fromtimestamp(request.NOON, UTC)
    if length <= 140:
        assert new_report(Form(body)).customer == TypedCustomer("x" * length)
        assert said_beside(new_report, body, now) == {}
        return
    assert f"{length:,}" in said_beside(new_report, body, now)[BlockId.CUSTOMER]


ALSO_BY_BLOCK = {"find", "links", "files", "checks", "delivered_at", "safeguard_note", "same_customer"}
COMMANDS = (
    NewReport, Drop, Keep, IssueWarning, MarkDelivered, NotNow, Recuse, TakeOver, HearBothSides, RecordOutcome,
    SetSafeguard, LiftSafeguard, RecordObjection, AnswerObjection, Renew, LetLapse,
    RecordLesson, EditCustomer, SetCustomerSafeguard, Merge, Terms,
)  # fmt: skip


def test_every_field_of_a_command_has_its_block() -> None:
    asked = {field.name for command in COMMANDS for field in fields(command)} - {
        "by",
        "form",
        "case",
        "version",
        "due_on",
        "terms",
        "details",
        "into",
        "seen",
        "seen_duplicate",
        "hearing",
        "call",
    }
    assert asked == set(BLOCK_OF) - ALSO_BY_BLOCK


def test_every_input_of_a_form_can_carry_an_error() -> None:
    file, policy = sample.a_file(), sample.POLICY
    objected = after.decided(after=DecisionHistory(objection=after.OBJECTION))
    forms = [
        report_form(),
        drop_form(file, policy, sample.TODAY),
        keep_form(file, policy, sample.TODAY),
        warning_form(Drafted(file, None, "Dear …"), sample.POLICY),
        delivered_form(file, sample.NOW),
        not_now_form(file),
        recuse_form(file),
        *fair_forms(),
        *decision_forms(objected, sample.DROP, policy),
        *customer_forms(),
    ]
    blocks = {name for form in forms for name in inputs(form)}
    assert set(BLOCK_OF.values()) <= blocks
    assert all(each["action_id"] == name for form in forms for name, each in inputs(form).items())
    assert all(each.get("type") != "button" for form in forms for each in every(form))


def test_a_form_is_called_what_the_button_that_opens_it_says() -> None:
    file, policy = sample.being_heard(), sample.POLICY
    opened = {
        ActionId.APPROVE_DROP: drop_form(file, policy, sample.TODAY),
        ActionId.KEEP_CUSTOMER: keep_form(file, policy, sample.TODAY),
        ActionId.ISSUE_WARNING: warning_form(Drafted(file, None, "Dear …"), policy),
        ActionId.MARK_DELIVERED: delivered_form(file, sample.NOW),
        ActionId.NOT_NOW: not_now_form(file),
        ActionId.RECUSE: recuse_form(file),
        ActionId.HEAR_BOTH_SIDES: hear_form(file, policy, "U0PRIYA"),
        ActionId.TAKE_OVER: take_over_form(file, policy),
        ActionId.RECORD_OUTCOME: outcome_form(file, policy),
        ActionId.SET_SAFEGUARD: set_safeguard_form(file, policy),
        ActionId.LIFT_SAFEGUARD: lift_safeguard_form(file, policy),
        ActionId.SET_PROTECTION: set_protection_form(file, policy),
        ActionId.LIFT_PROTECTION: lift_protection_form(file),
    }
    to_warn, protection = sample.a_case(Rung.WARN), Protection(12, 1, sample.NOW, None, None, Rung.DECIDE, 1)
    held = replace(protection, kind=ProtectionKind.WRITTEN_ONLY)
    files = [file, sample.a_file(), sample.a_file(case=to_warn), sample.a_file(protections=(held,))]
    files += [sample.a_file(case=to_warn, warnings=(sample.undelivered(),))]
    shown = [each for file in files for button in case_buttons(file) for each in (button, *button.get("options", ()))]
    named = {
        each.get("action_id") or each["value"].split(":")[0]: each["text"]["text"] for each in shown if "text" in each
    }
    assert {
        name: view["title"]["text"] for name, view in opened.items() if named[name] not in view["title"]["text"]
    } == {}
