"""When a decision is reviewed, objected against, ends and is looked back on, and in which words it is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.rules.business_time import Span, Unit
from bot.rules.decisions import (
    Approval,
    Choice,
    Decision,
    follow_up_at,
    lapses_at,
    latest_review,
    objection_deadline,
    review_opens_at,
)
from bot.rules.objections import Terms
from tests.rules.samples import POLICY

LONDON = replace(POLICY, appeal_within=Span(3, Unit.BUSINESS_DAY), review_notice=Span(10, Unit.BUSINESS_DAY))
FRIDAY = datetime(2026, 11, 20, 10, tzinfo=UTC)
DECISION = Decision(1, Choice.DROP, "U0PRIYA", FRIDAY, "Enough.", date(2027, 5, 20), date(2026, 11, 28))


def at(month: int, day: int, hour: int, year: int = 2027) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def test_an_objection_may_be_made_and_is_answered_within_the_business_days_of_the_policy() -> None:
    assert objection_deadline(FRIDAY, LONDON) == at(11, 25, 17, 2026)


def test_a_decision_lapses_when_the_firm_closes_on_the_review_date_business_day_or_not() -> None:
    assert lapses_at(DECISION, LONDON) == at(5, 20, 16)  # 17:00 in London's summer
    assert lapses_at(replace(DECISION, review_on=date(2027, 5, 22)), LONDON) == at(5, 22, 16)  # a Saturday


def test_managers_are_asked_to_renew_when_the_notice_begins_or_after_half_of_a_shorter_time() -> None:
    assert review_opens_at(DECISION, FRIDAY, LONDON) == at(5, 6, 8)
    begins = at(5, 6, 8)
    assert review_opens_at(DECISION, begins - timedelta(seconds=1), LONDON) == begins
    half = review_opens_at(DECISION, begins, LONDON)  # 11 business days from opening to closing: half of the sixth
    assert half == at(5, 13, 12)


def test_a_review_comes_within_the_longest_time_from_the_day_of_the_decision() -> None:
    assert latest_review(date(2026, 11, 20), replace(POLICY, longest_months=12)) == date(2027, 11, 20)
    assert latest_review(date(2026, 8, 31), replace(POLICY, longest_months=6)) == date(2027, 2, 28)


def test_what_was_learnt_is_asked_some_months_after_the_effect_or_the_decision() -> None:
    policy = replace(POLICY, follow_up_after_months=1)
    assert follow_up_at(DECISION, policy) == at(12, 28, 9, 2026)
    assert follow_up_at(replace(DECISION, effective_on=None), policy) == at(12, 21, 9, 2026)  # 20 December is a Sunday


@pytest.mark.parametrize(
    ("decision", "binds"),
    [
        (DECISION, True),
        (replace(DECISION, choice=Choice.KEEP, conditions=("written_only",)), True),
        (replace(DECISION, choice=Choice.KEEP), False),
    ],
)
def test_a_drop_and_conditions_bind_the_customer(decision: Decision, *, binds: bool) -> None:
    assert decision.binds is binds


def test_the_terms_of_a_decision_are_all_that_an_objection_may_change() -> None:
    kept = replace(DECISION, choice=Choice.KEEP, conditions=("written_only",))
    assert Terms.of(kept) == Terms(Choice.KEEP, date(2027, 5, 20), date(2026, 11, 28), ("written_only",))


def test_the_terms_of_a_decision_are_all_that_it_holds_the_customer_to() -> None:
    day, details = date(2027, 5, 1), (("named_contact", "Priya Raman"),)
    kept = Decision(1, Choice.KEEP, "U0PRIYA", FRIDAY, "", day, day, None, ("named_contact",), details)
    assert Terms.of(kept) == Terms(Choice.KEEP, day, day, ("named_contact",), details)


@pytest.mark.parametrize(
    ("other", "approved"),
    [
        ({}, True),
        ({"letter": "In other words.", "rationale": "As I said.", "by": "U0BRAD"}, True),
        ({"effective_on": date(2026, 11, 29)}, False),
        ({"effective_on": None}, False),
        ({"review_on": date(2027, 5, 21)}, False),
        ({"reason_class": "safety"}, False),
    ],
)
def test_an_approval_is_of_the_drops_terms_and_not_of_its_words(other: dict[str, Any], *, approved: bool) -> None:
    drop = replace(DECISION, **other)
    given = Approval(DECISION, 4)
    assert given.is_of(drop) is given.is_for(drop.effective_on, drop.review_on, drop.reason_class) is approved
