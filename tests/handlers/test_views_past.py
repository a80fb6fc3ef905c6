"""What is said of the future is said of the present, or of the past, once its day has come in the firm's zone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.cases import Outcome
from bot.rules.customer_cards import CustomerFile
from bot.rules.policy.ending_rules import EndingRule
from handlers.blockkit.fallback_text import message
from handlers.cases.notice import case_notice
from handlers.customers.card import customer_view
from handlers.hearings.hearing import hearing_notice
from handlers.objections.objection import objection_notice
from handlers.reports.receipt import receipt_view
from handlers.reports.rep_message import report_notice
from handlers.shared.guidance import guidance
from tests.handlers import view_samples as sample

EFFECT = sample.DROP.effective_on
assert EFFECT
EVE = datetime(EFFECT.year, EFFECT.month, EFFECT.day, tzinfo=UTC) - timedelta(seconds=1)
COME = EVE + timedelta(seconds=1)
POLICY = sample.POLICY
NEW_YORK = replace(POLICY, hours=replace(POLICY.hours, zone="America/New_York"))


def rep_reads(at: datetime) -> str:
    case = sample.ended(Outcome.DROPPED)
    return report_notice(sample.a_report_file(case=case, decision=sample.DROP, at=at), POLICY).text


def test_a_drop_that_is_in_effect_is_said_in_the_past() -> None:
    assert "we end the relationship on 30 Nov 2025" in rep_reads(EVE)
    assert "before 30 Nov 2025: you may end the contact" in rep_reads(EVE)
    assert "we ended the relationship on 30 Nov 2025" in rep_reads(COME)
    assert "before 30 Nov 2025" not in rep_reads(COME)
    assert f"you may say “{POLICY.texts.when_dropped}" in rep_reads(COME)


def test_the_day_comes_at_midnight_in_the_firms_zone() -> None:
    file = sample.a_report_file(case=sample.ended(Outcome.DROPPED), decision=sample.DROP, at=COME)
    assert "we end the relationship on" in report_notice(file, NEW_YORK).text
    assert "we ended" in report_notice(replace(file, at=COME + timedelta(hours=5)), NEW_YORK).text


def test_the_case_and_the_card_say_so_too() -> None:
    file = sample.dropped()
    assert "Takes effect 30 Nov 2025" in case_notice(replace(file, at=EVE), POLICY).text
    assert "In effect since 30 Nov 2025" in case_notice(replace(file, at=COME), POLICY).text
    card = CustomerFile(sample.CUSTOMER, sample.DROP, None, None, (), ())
    assert "we end the relationship on 30 Nov 2025" in read(customer_view(card, POLICY, EVE)["blocks"])
    assert "we ended the relationship on 30 Nov 2025" in read(customer_view(card, POLICY, COME)["blocks"])


def test_a_warning_that_has_expired_is_not_called_valid() -> None:
    expires_at = sample.WARNING.expires_at
    assert expires_at
    file = sample.a_file(case=sample.ended(Outcome.WARNED), warnings=(replace(sample.WARNING, case=12),))
    assert ", valid until" in case_notice(replace(file, at=expires_at - timedelta(seconds=1)), POLICY).text
    expired = case_notice(replace(file, at=expires_at), POLICY).text
    assert ", expired " in expired
    assert "valid until" not in expired


def test_what_is_late_is_not_asked_for_by_a_day_that_has_passed() -> None:
    late = sample.being_heard(overdue=True)
    (asked,) = [each for each in late.hearings if each.under_way]
    assert "was due" in hearing_notice(late, replace(asked, asked_by="U0PRIYA")).text
    for overdue, said in ((False, "Answer by"), (True, "Overdue since")):
        file = sample.objected()
        file = replace(file, decision_history=replace(file.decision_history, overdue=overdue))
        assert said in objection_notice(file, POLICY).text
    objected = sample.objected(due_at=sample.NOW)
    assert "Answer overdue since" in case_notice(replace(objected, at=sample.NOW), POLICY).text
    assert "Answer due by" in case_notice(replace(objected, at=sample.NOW - timedelta(seconds=1)), POLICY).text
    open_case = sample.a_case()
    receipt = sample.a_receipt(case=open_case, at=open_case.due_at)
    assert "Late since" in read(receipt_view(receipt, POLICY)["blocks"])
    assert "has until" not in read(receipt_view(receipt, POLICY)["blocks"])


def test_a_report_of_long_ago_is_not_said_to_lead_to_anything() -> None:
    old = sample.a_receipt(case=None, decision=None, expired=True)
    assert "no points any more" in read(receipt_view(old, POLICY)["blocks"])
    assert "If more is reported" not in read(receipt_view(old, POLICY)["blocks"])
    assert "no points any more" in report_notice(sample.a_report_file(case=None, expired=True), POLICY).text


@pytest.mark.parametrize("conduct", [key for key, each in POLICY.categories.items() if not each.zero_tolerance])
def test_what_reps_may_say_is_by_the_kind_of_conduct(conduct: str) -> None:
    said = read([guidance(None, POLICY, sample.NOW, conduct=conduct)])
    assert (POLICY.categories[conduct].boundary or POLICY.texts.boundary) in said
    assert ("speaking to me like this" in said) is (conduct == "verbal_abuse")


@pytest.mark.parametrize("conduct", [key for key, each in POLICY.categories.items() if not each.zero_tolerance])
def test_a_card_says_when_a_rep_may_end_the_contact_and_in_which_words(conduct: str) -> None:
    said = read([guidance(None, POLICY, sample.NOW, conduct=conduct)])
    assert (POLICY.categories[conduct].end_contact or POLICY.texts.end_contact) in said
    first = POLICY.ending.first_step(conduct)
    assert ("You may also end the contact at once" in said) is (first is EndingRule.AT_ONCE)
    assert ("If it goes on for 10 minutes, you may end" in said) is (first is EndingRule.AFTER_REPETITION)


def test_a_card_has_the_words_to_end_a_contact_whatever_was_decided() -> None:
    end, after_a_threat = POLICY.texts.end_contact, POLICY.texts.when_threatened
    later = sample.NOW + 400 * sample.DAY
    for decision in (None, sample.KEEP, sample.DROP):
        said = read([guidance(decision, POLICY, later, conduct="verbal_abuse")])
        assert end in said
        threat = read([guidance(decision, POLICY, later, conduct="threat", threatened=True)])
        assert (end if decision is sample.DROP else after_a_threat) in threat


def test_whose_calls_are_not_taken_is_not_asked_to_say_anything_on_the_call() -> None:
    held = replace(sample.KEEP, conditions=("written_only",))
    said = read([guidance(held, POLICY, sample.NOW, conduct="verbal_abuse")])
    assert "Do not take calls" in said
    assert "Please write to care@larkspur.example, and a colleague will answer." in said
    assert "I will end this conversation" not in said


def read(blocks: list[dict[str, object]]) -> str:
    return message(*blocks).text
