"""Whatever is on record: Slack takes every view, and parses nothing that people wrote."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import slackblocks
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.case_files import CaseFile, Excluded, Receipt, ReportFile
from bot.rules.cases import Left
from bot.rules.customers import LikelyCustomer
from bot.rules.fields import LONGEST_NAME
from bot.rules.objections import Answer
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import MeantAnother, Outdated
from bot.rules.reports import CareRequest, CheckIn
from bot.rules.text import units
from bot.sandbox.block_kit.check import check_options
from bot.usecases.shared.letters import Drafted
from bot.usecases.transport import Message
from handlers.blockkit.blocks import View
from handlers.blockkit.quote import Quote
from handlers.blockkit.text import escape
from handlers.button_values import case_value
from handlers.cases.case_view import case_view
from handlers.cases.letters import letter_view
from handlers.cases.notice import case_notice
from handlers.cases.recusal import recuse_form, recused
from handlers.cases.reminders import asked_notice, escalation_notice, overdue_note
from handlers.customers import safeguards
from handlers.decisions.forms import (
    approval_taken_back,
    drop_form,
    drop_letter_form,
    keep_form,
    keep_letter_form,
    take_back_form,
)
from handlers.hearings import hearing
from handlers.hearings.hearing import hearing_notice
from handlers.names import BlockId, OptionValue
from handlers.objections import objection
from handlers.reports.check_ins import care_notice, check_in_notice
from handlers.reports.form import report_form
from handlers.reports.many_reports import many_reports_notice
from handlers.reports.receipt import receipt_view
from handlers.reports.rep_message import report_notice
from handlers.shared.confirmations import recorded_view
from handlers.shared.customer_field import customer_options
from handlers.shared.outdated import form_with_news
from handlers.shared.refusals import beside_fields, refusal_view
from handlers.warnings.warning import delivered_form, not_now_form, warning_form
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import LIMITS, POLICIES, mrkdwn, policies, shown, taken, texts, wildly


@wildly
@given(file=sample.wild_files, policy=policies)
def test_a_case_notice_of_any_data_is_taken(file: CaseFile, policy: Policy) -> None:
    taken(case_notice(file, policy))


@wildly
@given(file=sample.wild_files, policy=policies, address=st.none() | st.just("https://slack.com/archives/C0/p1"))
def test_reminders_of_any_data_are_taken(file: CaseFile, policy: Policy, address: str | None) -> None:
    taken(escalation_notice(file, policy, "U0RUTH", address))
    taken(asked_notice(file, policy, "U0PRIYA"))
    taken(overdue_note(file, address))


@wildly
@given(file=sample.wild_files)
def test_recusals_and_approvals_taken_back_are_shown_for_any_data(file: CaseFile) -> None:
    shown(recuse_form(file))
    shown(recused(sample.recorded(file)))
    shown(approval_taken_back(sample.recorded(file)))
    for given_ in file.approvals:
        shown(take_back_form(file, given_))


@wildly
@given(file=sample.wild_files, policy=policies, letter=sample.wild_long)
def test_an_outdated_form_is_shown_whatever_is_new(file: CaseFile, policy: Policy, letter: str) -> None:
    form = drop_letter_form(Drafted(file, sample.A_DROP, letter), policy)
    news = file.reports or (sample.a_report(),)
    again = form_with_news(form, Outdated(12, 9, news))
    shown(again)
    shown(form_with_news(again, Outdated(12, 10, news)))
    assert len(again["blocks"]) == len(form["blocks"]) + 1
    assert again["private_metadata"] == form["private_metadata"].replace(case_value(12, 3), case_value(12, 9))


@wildly
@given(file=sample.wild_report_files, policy=policies)
def test_a_reps_notice_of_any_data_is_taken(file: ReportFile, policy: Policy) -> None:
    taken(report_notice(file, policy))


@wildly
@given(file=sample.wild_files, policy=policies, letter=sample.wild_long)
def test_a_managers_forms_of_any_data_are_shown(file: CaseFile, policy: Policy, letter: str) -> None:
    shown(drop_form(file, policy, sample.TODAY))
    shown(keep_form(file, policy, sample.TODAY))
    shown(drop_letter_form(Drafted(file, sample.A_DROP, letter), policy))
    shown(keep_letter_form(Drafted(file, sample.A_KEEP, letter), policy))
    shown(warning_form(Drafted(file, None, letter), policy))
    shown(delivered_form(file, sample.NOW))
    shown(not_now_form(file))
    shown(recorded_view(sample.recorded(file)))


@wildly
@given(file=sample.wild_files, policy=policies)
def test_hearings_safeguards_and_objections_of_any_data_are_shown(file: CaseFile, policy: Policy) -> None:
    for view in (hearing.take_over_form, hearing.outcome_form, safeguards.set_safeguard_form):
        shown(view(file, policy))
    shown(hearing.hear_form(file, policy, "U0PRIYA"))
    if file.safeguards:
        shown(safeguards.lift_safeguard_form(file, policy))
    shown(objection.objection_form(file))
    shown(letter_view(file))
    shown(objection.answer_form(file, policy, sample.TODAY))
    shown(objection.objection_answered(sample.recorded(file)))
    taken(objection.objection_notice(file, policy))
    for each in file.hearings:
        taken(hearing_notice(file, each))


@wildly
@given(file=sample.wild_files)
def test_the_reports_of_any_case_can_be_read(file: CaseFile) -> None:
    shown(case_view(sample.in_full(file), sample.POLICY))


@wildly
@given(received=sample.wild_receipts, policy=policies)
def test_a_receipt_of_any_data_is_shown(received: Receipt, policy: Policy) -> None:
    shown(receipt_view(received, policy))


@wildly
@given(typed=sample.wild_long, said=sample.wild_long, policy=policies)
def test_the_report_form_of_any_words_is_shown(typed: str, said: str, policy: Policy) -> None:
    quote = Quote(said, "C0SUPPORT", "1763726000.000100", "https://firm.slack.com/")
    for quoted in (None, quote):
        form = report_form(policy, sample.NOW, offers_care=True, typed=typed, quote=quoted)
        shown(form)


@wildly
@given(names=st.lists(sample.wild_name, max_size=5), typed=sample.wild_long)
def test_what_the_type_ahead_offers_is_taken(names: list[str], typed: str) -> None:
    likely = [LikelyCustomer(n, name, "warned") for n, name in enumerate(names * 25, start=1)]
    options = customer_options(likely, typed)
    assert len(options) <= 100
    assert all(len(option["value"]) <= LIMITS["value"] for option in options)
    if options:
        check_options({"options": options})


@pytest.mark.parametrize("policy", POLICIES)
def test_the_heaviest_case_there_can_be_is_taken(policy: Policy) -> None:
    reports = tuple(sample.a_report(n, narrative="&" * 3_000) for n in range(40, 0, -1))
    reports = tuple(replace(r, incident=replace(r.incident, doubted=True)) for r in reports)
    customer = replace(sample.CUSTOMER, name="&" * 140, worth="&" * 99, crm_reference="&" * 99)
    verdict = replace(sample.VERDICT, reasons=sample.VERDICT.reasons * 5)
    safeguard = sample.Safeguard("health", "&" * 999, "&" * 999, None, "U0PRIYA", sample.NOW)
    heavy = sample.a_file(
        reports=reports,
        customer=customer,
        verdict=verdict,
        safeguards=(safeguard,) * 5,
        warnings=(sample.WARNING,) * 5,
        case=sample.a_case(left=Left.NOBODY, urgent=True),
        overdue=True,
        excluded=(Excluded("U" + "Z" * 12, "recused", "&" * 300),) * 20,
        past=sample.a_file().past * 20,
        hearings=(replace(sample.heard(), reps_side="&" * 999, customers_side="&" * 999, why="&" * 999),),
        approvals=(sample.APPROVAL,) * 9,
        similar=(sample.a_precedent("&" * 140, tuple(policy.conditions)),) * 3,
    )
    taken(case_notice(heavy, policy))
    taken(escalation_notice(heavy, policy, "U0RUTH", "https://slack.com/archives/C0MANAGE/p1"))
    decision = replace(sample.KEEP, rationale="&" * 3_000, conditions=tuple(policy.conditions) * 2)
    taken(case_notice(replace(heavy, case=sample.ended(sample.Outcome.KEPT), decision=decision), policy))
    taken(report_notice(sample.a_report_file(customer=customer, decision=decision), policy))
    shown(case_view(sample.in_full(heavy), policy))


SENTINEL = "ZQX<!channel>&<@U0EVIL>"


def with_sentinel() -> CaseFile:
    return sample.a_file(
        customer=replace(sample.CUSTOMER, name=SENTINEL, worth=SENTINEL, crm_reference=SENTINEL),
        reports=(sample.a_report(narrative=SENTINEL),),
        safeguards=(sample.Safeguard("health", SENTINEL, SENTINEL, None, "U0PRIYA", sample.NOW),),
        closing=sample.Closing("U0PRIYA", sample.NOW, SENTINEL),
        decision=replace(sample.DROP, rationale=SENTINEL, letter=SENTINEL),
        warnings=(sample.undelivered(SENTINEL),),
        similar=(sample.a_precedent(SENTINEL),),
        hearings=(replace(sample.heard(), reps_side=SENTINEL, customers_side=SENTINEL, why=SENTINEL),),
    )


def objected_with_sentinel(answer: Answer | None = None) -> CaseFile:
    file = sample.objected(answer, words=SENTINEL, contact=SENTINEL, rationale=SENTINEL if answer else None)
    return replace(file, customer=replace(file.customer, name=SENTINEL))


def heard_with_sentinel() -> CaseFile:
    hearing = sample.being_heard().hearings[0]
    return replace(with_sentinel(), case=sample.a_case(Rung.HEAR), hearings=(replace(hearing, words=SENTINEL),))


def all_messages() -> list[Message]:
    file = with_sentinel()
    over = replace(file, case=sample.ended(sample.Outcome.DROPPED))
    mine = sample.a_report_file(customer=file.customer, report=file.reports[0], decision=file.decision)
    not_now = replace(mine, case=sample.ended(sample.Outcome.NOT_NOW), decision=None, closing=file.closing)
    hearing = replace(file, case=sample.a_case(Rung.HEAR), decision=None)
    return [
        case_notice(file, sample.POLICY),
        case_notice(over, sample.POLICY),
        case_notice(replace(over, decision=None), sample.POLICY),
        case_notice(hearing, sample.POLICY),
        report_notice(mine, sample.POLICY),
        report_notice(replace(mine, case=over.case), sample.POLICY),
        report_notice(not_now, sample.POLICY),
        care_notice(CareRequest(214, "U0ANA")),
        many_reports_notice(sample.NOW),
        check_in_notice(CheckIn(214, "U0ANA", 1, sample.NOW), mine.report, mine.customer, "U0CORA"),
        case_notice(heard_with_sentinel(), sample.POLICY),
        hearing_notice(heard_with_sentinel(), heard_with_sentinel().hearings[0]),
        objection.objection_notice(objected_with_sentinel(), sample.POLICY),
        objection.objection_notice(objected_with_sentinel(Answer.CANCELLED), sample.POLICY),
    ]


def all_views() -> list[View]:
    file, policy = with_sentinel(), sample.POLICY
    quote = Quote(SENTINEL, "C0SUPPORT", "1763726000.000100", "https://firm.slack.com/")
    return [
        report_form(policy, sample.NOW, offers_care=True, typed=SENTINEL, quote=quote),
        drop_form(file, policy, sample.TODAY),
        keep_form(file, policy, sample.TODAY),
        drop_letter_form(Drafted(file, sample.A_DROP, SENTINEL), policy),
        keep_letter_form(Drafted(file, sample.A_KEEP, SENTINEL), policy),
        warning_form(Drafted(file, None, SENTINEL), policy),
        delivered_form(file, sample.NOW),
        not_now_form(file),
        hearing.take_over_form(heard_with_sentinel(), policy),
        hearing.hear_form(file, policy, "U0PRIYA"),
        hearing.outcome_form(heard_with_sentinel(), policy),
        safeguards.set_safeguard_form(file, policy),
        safeguards.lift_safeguard_form(file, policy),
        letter_view(file),
        objection.objection_form(file),
        objection.answer_form(objected_with_sentinel(), policy, sample.TODAY),
        case_view(sample.in_full(file), policy),
        receipt_view(sample.a_receipt(customer=file.customer, decision=file.decision), policy),
        recorded_view(sample.recorded(file)),
        recorded_view(sample.recorded(replace(file, case=sample.ended(sample.Outcome.DROPPED)))),
    ]


@pytest.mark.parametrize("message", all_messages())
def test_nothing_that_people_wrote_is_parsed_in_a_message(message: Message) -> None:
    assert not [said for said in mrkdwn(message.blocks) if "ZQX" in said]
    assert "<!channel>" not in message.text
    assert "U0EVIL>" not in message.text


@pytest.mark.parametrize("view", all_views())
def test_nothing_that_people_wrote_is_parsed_in_a_view(view: View) -> None:
    assert not [said for said in mrkdwn(view) if "ZQX" in said]


def test_names_that_a_refusal_repeats_are_escaped_where_slack_parses_and_plain_where_it_does_not() -> None:
    refusal = MeantAnother(SENTINEL, (LikelyCustomer(1, SENTINEL, "clear"),))
    assert "<!channel>" not in str(refusal_view(refusal))
    assert SENTINEL in beside_fields(refusal)[BlockId.CUSTOMER]


@pytest.mark.parametrize("message", all_messages())
def test_the_text_of_a_message_says_all_that_its_blocks_say(message: Message) -> None:
    parsed = set(mrkdwn(message.blocks))
    unsaid = [said for said in texts(message.blocks) if (said if said in parsed else escape(said)) not in message.text]
    confirms = [b["confirm"] for block in message.blocks for b in block.get("elements", []) if "confirm" in b]
    assert set(unsaid) <= set(texts(confirms))


@pytest.mark.parametrize(
    ("limit", "make"),
    [
        (LIMITS["header"], lambda n: slackblocks.HeaderBlock("x" * n)),
        (LIMITS["section"], lambda n: slackblocks.SectionBlock(slackblocks.Text("x" * n))),
        (LIMITS["button"], lambda n: slackblocks.Button("x" * n)),
        (LIMITS["option"], lambda n: slackblocks.Option("x" * n, "v")),
        (LIMITS["value"], lambda n: slackblocks.Option("x", "v" * n)),
        (LIMITS["title"], lambda n: slackblocks.ModalView("x" * n, [slackblocks.DividerBlock()])),
    ],
)
def test_slackblocks_has_the_same_limits(limit: int, make: Callable[[int], object]) -> None:
    make(limit)
    with pytest.raises(slackblocks.InvalidUsageError):
        make(limit + 1)


def test_a_name_of_140_characters_stays_whole_in_the_options_value() -> None:
    name = "é" * LONGEST_NAME
    (option,) = customer_options([], name)
    assert option["value"] == f"{OptionValue.NEW}{name}"
    assert units(option["text"]["text"]) <= LIMITS["option"]
