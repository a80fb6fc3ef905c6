"""Until when a customer may object to a decision or a warning, and when the objection has to be answered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.rules.business_time import Span, Unit
from bot.rules.decisions import Choice, Decision
from bot.rules.objections import Answer, Objection, Terms, answer_due, may_object_until
from bot.rules.warnings import IssuedWarning
from tests.rules.samples import DAY, NOW, POLICY

UNTIL, EARLIER = NOW + 9 * DAY, NOW + 3 * DAY
DROP = Decision(1, Choice.DROP, "U0PRIYA", NOW, "Enough.", date(2027, 5, 20), objection_until=UNTIL)
KEEP = replace(DROP, choice=Choice.KEEP)
DELIVERED = {"delivered_at": NOW, "expires_at": NOW + 365 * DAY, "objection_until": EARLIER}
WARNING = IssuedWarning(1, 1, "Please stop.", "U0PRIYA", NOW, **DELIVERED)


@pytest.mark.parametrize(
    ("decision", "until"),
    [
        (DROP, UNTIL),
        (replace(KEEP, conditions=("written_only",)), UNTIL),
        (KEEP, None),  # it holds them to nothing
        (replace(DROP, ended_at=NOW), None),
        (replace(KEEP, conditions=("written_only",), ended_at=NOW), None),
    ],
)
def test_a_customer_may_object_to_a_decision_that_holds_them_to_something_whatever_warning_there_is(
    decision: Decision, until: datetime | None
) -> None:
    for warning in (None, WARNING):
        assert may_object_until(decision, warning, NOW) == until


@pytest.mark.parametrize(
    ("changes", "at", "until"),
    [
        ({}, NOW, EARLIER),
        ({}, NOW + 364 * DAY, EARLIER),
        ({}, NOW + 365 * DAY, None),
        ({"delivered_at": None}, NOW, None),
        ({"withdrawn_at": NOW}, NOW, None),
    ],
)
def test_a_customer_may_object_to_a_warning_while_it_is_valid(
    changes: dict[str, Any], at: datetime, until: datetime | None
) -> None:
    assert may_object_until(None, replace(WARNING, **changes), at) == until
    assert may_object_until(None, None, at) is None


def test_an_objection_to_a_warning_is_answered_in_the_time_for_a_decision_and_one_to_a_decision_in_the_customers() -> (
    None
):
    days = {"appeal_within": Span(3, Unit.BUSINESS_DAY)}
    policy = replace(POLICY, deadlines=replace(POLICY.deadlines, decide=Span(5, Unit.HOUR)), **days)
    assert answer_due(NOW, policy, to_warning=True) == NOW + timedelta(hours=5)
    assert answer_due(NOW, policy, to_warning=False) == datetime(2026, 11, 25, 17, tzinfo=UTC)


OBJECTION = Objection(1, 1, 7, "U0PRIYA", NOW, "Mr. Pem", "Not so.", NOW + DAY, letter="Please stop.")


@pytest.mark.parametrize("answer", [None, *Answer])
def test_only_a_changed_warning_has_a_corrected_letter(answer: Answer | None) -> None:
    answered = replace(OBJECTION, answer=answer)
    assert answered.corrected == ("Please stop." if answer is Answer.CHANGED else None)
    assert replace(answered, warning=None).corrected is None
    assert answered.is_open is (answer is None)


def test_terms_are_others_once_the_review_has_moved() -> None:
    terms = Terms.of(DROP)
    assert terms.version == Terms.of(replace(DROP, rationale="As I said.")).version
    assert terms.version < replace(terms, review_on=date(2027, 5, 21)).version
