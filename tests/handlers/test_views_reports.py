"""What a rep reads: at once after sending, and in the message that is kept in step until the end."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.case_files import Receipt, ReportFile
from bot.rules.cases import Outcome
from bot.rules.customer_cards import CustomerFile
from bot.rules.customers import Standing
from bot.rules.hearings import Hearing
from bot.rules.objections import Answer
from bot.rules.policy.ending_rules import EndingRule, Informed
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.reports import CareRequest, Report
from bot.usecases.transport import Message
from handlers.blockkit.fallback_text import as_text
from handlers.customers.card import customer_view
from handlers.decisions.review import renew_form, review_notice
from handlers.names import ActionId
from handlers.reports import receipt as reports_receipt
from handlers.reports.check_ins import care_notice
from handlers.reports.many_reports import many_reports_notice
from handlers.reports.rep_message import report_notice
from tests.handlers import view_samples as sample
from tests.handlers.decision_samples import decided
from tests.handlers.view_limits import every, texts


def drawn(file: ReportFile) -> Message:
    return report_notice(file, sample.POLICY)


def can_withdraw(file: ReportFile) -> bool:
    return any(each.get("action_id") == ActionId.WITHDRAW for each in every(drawn(file).blocks))


def received(receipt: Receipt) -> str:
    view = reports_receipt.receipt_view(receipt, sample.POLICY)
    assert "submit" not in view
    return " ".join(texts(view))


def test_nobody_is_asked_to_pass_a_customer_to_a_colleague_who_has_left() -> None:
    gone = frozenset({"U0BRAD"})
    kept = sample.a_report_file(case=sample.ended(Outcome.KEPT), decision=sample.KEEP)
    receipt = sample.a_receipt(case=None, decision=sample.KEEP)
    card = CustomerFile(sample.CUSTOMER, sample.KEEP, None, None, (), ())

    def said(gone: frozenset[str]) -> list[str]:
        return [
            as_text(drawn(replace(kept, gone=gone)).blocks),
            as_text(reports_receipt.receipt_view(replace(receipt, gone=gone), sample.POLICY)["blocks"]),
            as_text(customer_view(replace(card, gone=gone), sample.POLICY, sample.NOW)["blocks"]),
        ]

    assert all("Pass them to <@U0BRAD>, without" in each for each in said(frozenset()))
    assert all("Pass them to a manager (<@U0BRAD> is no longer here), without" in each for each in said(gone))
    assert not any("<@U0BRAD> looks after you here" in each for each in said(gone))
    asked = review_notice(replace(decided(sample.KEEP), gone=gone), sample.POLICY, 0).text
    assert (
        "<@U0BRAD> is no longer here, and a condition names them. Please press Renew and name somebody else." in asked
    )
    form = renew_form(replace(decided(sample.KEEP), gone=gone), sample.POLICY, sample.KEEP, sample.TODAY)
    filled_in = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert "initial_user" not in filled_in["value:one_contact"]
    assert filled_in["value:written_only"]["initial_value"] == "care@larkspur.example"


def test_an_open_case_says_who_is_asked_what_by_when() -> None:
    said = drawn(sample.a_report_file()).text
    assert "Your report on Zenith Corp" in said
    assert " to decide whether to keep them." in said
    assert "Management has until <!date^" in said
    assert sample.POLICY.texts.boundary in said


@pytest.mark.parametrize("rule", [None, *EndingRule])
def test_a_contact_ended_within_the_policy_does_not_count_against_the_rep_and_of_another_nothing_is_said(
    rule: EndingRule | None,
) -> None:
    report = sample.a_report(informed_first=Informed.NO, ended_within=rule)
    said = [drawn(sample.a_report_file(report=report)).text, received(sample.a_receipt(ended_within=rule))]
    assert [("does not count against you (report 214)" in each) for each in said] == [rule is not None] * 2
    assert [(" ended " in each) for each in said] == [rule is not None] * 2
    heard = replace(report, discounted_at=sample.NOW)
    assert ("against you" in drawn(sample.a_report_file(report=heard)).text) is (rule is not None)
    withdrawn = replace(report, withdrawn_at=sample.NOW)
    assert "against you" not in drawn(sample.a_report_file(report=withdrawn)).text


def test_after_the_deadline_nobody_is_said_to_be_asked_by_then() -> None:
    said = drawn(sample.a_report_file(overdue=True, directors_notified=True)).text
    assert re.search(r"Late since <!date[^>]*>: the directors are to decide whether to keep them\.", said)
    assert "has until" not in said
    assert "directors" not in drawn(sample.a_report_file(overdue=True)).text


def test_whoever_was_threatened_is_not_asked_to_set_a_boundary() -> None:
    threat = replace(sample.a_report(), incident=replace(sample.a_report().incident, category="threat"))
    boundary = sample.POLICY.texts.boundary
    assert boundary in drawn(sample.a_report_file()).text
    for file in (sample.a_report_file(), sample.a_report_file(decision=sample.KEEP)):
        said = drawn(replace(file, report=threat)).text
        assert "end the contact at once and get your manager" in said
        assert boundary not in said
    assert said.index("Contact in writing only") < said.index("If they threaten anybody, end the contact at once")
    assert sample.POLICY.texts.when_threatened in drawn(sample.a_report_file(report=threat)).text


def test_a_drop_is_shown_with_its_reason_and_what_to_say_from_then_on() -> None:
    said = drawn(sample.a_report_file(case=sample.ended(Outcome.DROPPED), decision=sample.DROP)).text
    assert "by <@U0PRIYA>: we end the relationship on 30 Nov 2025" in said
    assert sample.DROP.rationale in said
    assert "before 30 Nov 2025: you may end the contact at the first raised voice, or pass them to <@U0PRIYA>" in said


def test_a_customer_who_is_kept_comes_with_what_they_are_held_to() -> None:
    said = drawn(sample.a_report_file(case=sample.ended(Outcome.KEPT), decision=sample.KEEP)).text
    assert "we keep them, with conditions" in said
    assert "Contact in writing only, to care@larkspur.example. Do not take calls" in said
    assert "Pass them to <@U0BRAD>, without discussion." in said
    assert sample.KEEP.rationale in said


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.WARNED, "We warned them formally on"),
        (Outcome.NOT_NOW, "Management decided against a warning for now"),
        (Outcome.MISUNDERSTANDING, "what others reported was a misunderstanding, your report was not"),
        (Outcome.WITHDRAWN, "all reports were withdrawn"),
    ],
)
def test_every_other_ending_is_shown(outcome: Outcome, words: str) -> None:
    said = drawn(sample.a_report_file(case=sample.ended(outcome, Rung.WARN), warning=sample.WARNING)).text
    assert words in said


def test_a_warning_that_is_not_delivered_yet_is_called_so() -> None:
    said = drawn(sample.a_report_file(case=sample.a_case(Rung.WARN), warning=sample.undelivered())).text
    assert "A manager wrote a warning" in said
    assert "not marked as delivered yet" in said


def test_a_report_of_its_own_is_on_record() -> None:
    assert "On record. If more is reported, management may have to act." in drawn(sample.a_report_file(case=None)).text


def test_a_report_on_a_customer_who_was_dropped_before_says_so() -> None:
    earlier = replace(sample.DROP, at=sample.NOW - timedelta(days=900))
    said = drawn(sample.a_report_file(case=None, decision=earlier)).text
    assert "Decided before" in said
    assert "you may end the contact at the first raised voice" in said


def test_whoever_reported_before_the_warning_is_informed_of_the_decision_that_came_after_it() -> None:
    warned = sample.a_case(outcome=Outcome.WARNED, closed_at=sample.NOW)
    later = replace(sample.DROP, case=warned.number + 1, at=sample.NOW + timedelta(days=9))
    said = drawn(sample.a_report_file(case=warned, decision=later)).text
    assert "We warned them formally on" in said
    assert "Decided since" in said
    assert "we end the relationship" in said


@pytest.mark.parametrize(
    "report",
    [
        sample.a_report(),
        sample.a_report(withdrawn_at=sample.NOW),
        sample.a_report(discounted_at=sample.NOW),
    ],
)
def test_why_it_was_decided_stands_only_below_what_was_decided(report: Report) -> None:
    """While management is asked again, and of a report that is void, an earlier decision is not said, nor why."""
    earlier = replace(sample.KEEP, case=11, at=sample.NOW - timedelta(days=90))
    said = drawn(sample.a_report_file(report=report, decision=earlier)).text
    assert "Why" not in said
    assert earlier.rationale not in said


def test_a_contact_that_was_ended_within_the_policy_is_acknowledged_while_management_is_asked_again() -> None:
    ended = sample.a_report(ended_within=EndingRule.AFTER_WARNING)
    earlier = replace(sample.KEEP, case=11, at=sample.NOW - timedelta(days=90))
    assert "that does not count against you" in drawn(sample.a_report_file(report=ended, decision=earlier)).text


def test_a_withdrawn_report_says_that_it_has_no_effect() -> None:
    said = drawn(sample.a_report_file(report=sample.a_report(withdrawn_at=sample.NOW))).text
    assert "You withdrew it" in said
    assert "It has no effect from then on" in said


def test_a_discounted_report_says_why_it_weighs_nothing() -> None:
    heard = Hearing(1, 12, "U0BRAD", sample.NOW, ended_at=sample.NOW, ended_by="U0BRAD", why="A bad line.")
    file = sample.a_report_file(report=sample.a_report(discounted_at=sample.NOW), discounted=heard)
    said = drawn(file).text
    assert "it was a misunderstanding, so your report has no effect any more" in said
    assert "It was right to report it" in said
    assert "<@U0BRAD> heard both sides, and says:\n“A bad line.”" in said
    assert not can_withdraw(file)


def test_reps_read_the_words_of_a_safeguard_and_nothing_else() -> None:
    words = sample.POLICY.safeguards["health"].words
    for decision in (None, sample.KEEP):
        assert f"• {words}" in drawn(sample.a_report_file(patience=(words,), decision=decision)).text


def test_a_warning_that_was_withdrawn_is_not_said_to_count() -> None:
    withdrawn = replace(sample.WARNING, case=12, withdrawn_at=sample.NOW)
    said = drawn(sample.a_report_file(case=sample.ended(Outcome.WARNED, Rung.WARN), warning=withdrawn)).text
    assert "They objected to the warning of" in said
    assert "a report after a warning goes further" not in said


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "The customer objected"),
        (Answer.STANDS, ": it stands."),
        (Answer.CHANGED, ": it is changed."),
        (Answer.CANCELLED, "They objected to the warning of"),
    ],
)
def test_reps_read_that_the_customer_objected_to_the_warning_and_what_the_answer_was(
    answer: Answer | None, says: str
) -> None:
    withdrawn_at = sample.NOW if answer is Answer.CANCELLED else None
    warning = replace(sample.WARNING, case=12, withdrawn_at=withdrawn_at)
    case, objection = sample.ended(Outcome.WARNED, Rung.WARN), sample.to_warning(answer)
    said = drawn(sample.a_report_file(case=case, warning=warning, objection=objection)).text
    assert says in said
    assert ("I listened to it." in said) is (answer is not None)
    assert said.count("objecti") + said.count("objected") == 1


def test_a_report_can_be_withdrawn_while_nothing_has_been_decided() -> None:
    assert can_withdraw(sample.a_report_file())
    assert can_withdraw(sample.a_report_file(case=None))
    assert not can_withdraw(sample.a_report_file(case=sample.ended(Outcome.WARNED)))
    assert not can_withdraw(sample.a_report_file(report=sample.a_report(withdrawn_at=sample.NOW)))


def test_withdrawing_is_asked_about_first_and_carries_the_reports_number() -> None:
    (button,) = [
        each for each in every(drawn(sample.a_report_file()).blocks) if each.get("action_id") == ActionId.WITHDRAW
    ]
    assert button["value"] == "report:214"
    assert "You cannot undo this" in button["confirm"]["text"]["text"]


def test_a_rep_does_not_read_another_reps_words() -> None:
    file = sample.a_report_file(report=sample.a_report(narrative="mine alone"))
    assert "mine alone" not in drawn(file).text


def test_a_receipt_names_the_report_and_what_happens_next() -> None:
    said = received(sample.a_receipt())
    for fact in (
        "Recorded as report 214 about  Zenith Corp  (known, under review, warned on ",
        "), thank you.",
        "2 colleagues have reported them before.",
        "to decide whether to keep them.",
        "You will hear from me",
        "call the emergency services now",
    ):
        assert fact in said, fact


GRAVE = {"a threat": {"conduct": "threat"}, "severe": {"severity": Severity.SEVERE}}


@pytest.mark.parametrize("grave", GRAVE)
def test_after_a_threat_and_whatever_is_severe_a_receipt_says_first_whom_to_turn_to(grave: str) -> None:
    said = received(sample.a_receipt(care_contact="U0CORA", wants_support=True, **GRAVE[grave]))
    assert said.index("call the emergency services now") < said.index("get in touch with you")
    assert said.index("get in touch with you") < said.index("colleagues have reported")
    assert said.count("call the emergency services now") == said.count("get in touch with you") == 1
    minor = received(sample.a_receipt(care_contact="U0CORA", wants_support=True))
    assert minor.index("colleagues have reported") < minor.index("get in touch with you")


def test_where_an_objection_was_answered_the_reason_of_the_decision_is_named_as_such() -> None:
    assert (
        "Why it was decided"
        not in drawn(sample.a_report_file(case=sample.ended(Outcome.DROPPED), decision=sample.DROP)).text
    )
    history = sample.objected(Answer.STANDS).decision_history
    answered = sample.a_report_file(case=sample.ended(Outcome.DROPPED), decision=sample.DROP, decision_history=history)
    assert "Why it was decided" in drawn(answered).text


def test_a_receipt_about_a_warned_customer_says_warned_once() -> None:
    warned = replace(sample.CUSTOMER, standing=Standing.WARNED)
    assert "Zenith Corp  (known, warned on " in received(sample.a_receipt(customer=warned, case=None))
    assert "Zenith Corp  (known, warned), thank you" in received(sample.a_receipt(customer=warned, warned_at=None))


def test_a_receipt_without_a_case_promises_nothing_that_will_not_happen() -> None:
    said = received(sample.a_receipt(case=None, others=0, warned_at=None))
    assert "Nothing more happens for now" in said
    assert "colleague" not in said
    assert "to decide" not in said


def test_a_receipt_about_a_dropped_customer_says_what_to_say() -> None:
    said = received(sample.a_receipt(case=None, decision=sample.DROP))
    assert "already decided to end the relationship" in said
    assert "you may end the contact at the first raised voice" in said


def test_a_receipt_about_a_kept_customer_repeats_the_conditions() -> None:
    said = received(sample.a_receipt(case=None, decision=sample.KEEP))
    assert "Contact in writing only, to care@larkspur.example. Do not take calls" in said
    unknown = received(sample.a_receipt(case=None, decision=replace(sample.KEEP, details=())))
    assert "Contact in writing only, to …. Do not take calls" in unknown


def test_a_threat_goes_first() -> None:
    assert "This goes first" in received(sample.a_receipt(case=sample.a_case(urgent=True)))


def test_a_receipt_says_whether_the_customer_is_new() -> None:
    assert "Zenith Corp  (new), thank you." in received(sample.a_receipt(others=0, warned_at=None, is_new=True))
    assert "1 colleague has reported them before." in received(sample.a_receipt(others=1, warned_at=None))
    assert ", warned on " in received(sample.a_receipt(others=0))


def test_who_asked_for_someone_reads_who_will_come() -> None:
    view = reports_receipt.receipt_view(sample.a_receipt(care_contact="U0CORA"), sample.POLICY)
    assert any(each.get("user_id") == "U0CORA" for each in every(view))
    assert "to get in touch with you" in received(sample.a_receipt(care_contact="U0CORA"))
    assert "get in touch with you" not in received(sample.a_receipt())
    nobody = received(sample.a_receipt(wants_support=True))
    assert "no care contact any more who could get in touch with you. Please turn to a colleague" in nobody


def test_the_care_contact_learns_who_asks_and_nothing_else() -> None:
    said = care_notice(CareRequest(214, "U0ANA")).text
    assert said.startswith("<@U0ANA> asked for a break or someone to talk to")
    assert "Zenith" not in said


def test_after_not_now_the_rep_reads_why() -> None:
    closing = sample.Closing("U0PRIYA", sample.NOW, "They wrote <b> to apologise.")
    over = sample.a_report_file(case=sample.ended(Outcome.NOT_NOW, Rung.WARN), closing=closing)
    said = drawn(over).text
    assert "Management decided against a warning for now" in said
    assert "Why\n“They wrote &lt;b&gt; to apologise.”" in said
    assert "Why\n" not in drawn(replace(over, case=sample.ended(Outcome.WITHDRAWN, Rung.WARN))).text
    assert "Why\n" not in drawn(replace(over, case=sample.a_case(Rung.WARN), closing=None)).text


def test_that_one_rep_reports_often_is_said_without_a_name() -> None:
    said = many_reports_notice(sample.NOW).text
    assert said.startswith("One rep made more than 20 reports within an hour, <!date^")
    assert "<@" not in said
