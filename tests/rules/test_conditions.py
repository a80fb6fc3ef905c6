"""Conditions that ask for one value: which are asked, what is wrong with an answer, and whom an answer names."""

from dataclasses import replace

import pytest

from bot.rules.conditions import asked_details, proposed, user_in, wrong_details
from bot.rules.fields import FILL_IN, GONE, NOT_STORABLE, InPolicy, too_long
from tests.rules.samples import NOW, POLICY

WRITTEN, CONTACT, PAYMENT = "written_only", "one_contact", "payment_up_front"  # the last one asks for nothing
OUR_ADDRESS = replace(POLICY, firm=replace(POLICY.firm, address="Acme\n  1 High Street "))


def test_the_answers_are_those_that_the_conditions_ask_for_in_the_order_of_the_conditions() -> None:
    given = ((CONTACT, " @U0BRAD "), (WRITTEN, "\tcare@acme.example"), (PAYMENT, "no"), ("gone", "what"))
    asked = asked_details((WRITTEN, "gone", PAYMENT, CONTACT), given, POLICY)
    assert asked == ((WRITTEN, "care@acme.example"), (CONTACT, "@U0BRAD"))
    assert asked_details((CONTACT,), (), POLICY) == ((CONTACT, ""),)
    assert asked_details((), given, POLICY) == ()


def test_a_condition_that_the_policy_does_not_know_is_refused() -> None:
    known = InPolicy(lambda policy: policy.conditions)
    assert known.problem((WRITTEN, CONTACT), POLICY, NOW) is None
    assert known.problem((WRITTEN, "gone"), POLICY, NOW) == GONE
    assert known.problem("gone", POLICY, NOW) == GONE
    assert known.problem((), POLICY, NOW) is None


@pytest.mark.parametrize(
    ("condition", "value", "field", "problem"),
    [
        (WRITTEN, "", "value:written_only", FILL_IN),
        (WRITTEN, "x" * 101, "value:written_only", too_long(101, 100)),
        (CONTACT, "  ", "value:one_contact", FILL_IN),  # nobody was picked
        (CONTACT, "x" * 101, "value:one_contact:name", too_long(101, 100)),  # somebody who is not in Slack
        (CONTACT, "\0", "value:one_contact:name", NOT_STORABLE),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_beside_its_field(
    condition: str, value: str, field: str, problem: str
) -> None:
    assert wrong_details((condition, PAYMENT), ((condition, value),), POLICY) == {field: problem}


def test_an_answer_that_was_given_is_right() -> None:
    given = ((WRITTEN, "x" * 100), (CONTACT, "@U0BRAD"))
    assert wrong_details((WRITTEN, CONTACT), given, POLICY) == {}
    assert wrong_details((WRITTEN, CONTACT), given[:1], POLICY) == {"value:one_contact": FILL_IN}


@pytest.mark.parametrize(
    ("value", "user"),
    [("@U0BRAD", "U0BRAD"), ("@W0ZOE", "W0ZOE"), ("U0BRAD", None), ("@Umbrella", None), ("@U0BRAD at Acme", None)],
)
def test_only_a_user_id_after_an_at_names_a_colleague(value: str, user: str | None) -> None:
    assert user_in(value) == user


def test_the_form_proposes_the_firms_address_on_one_line_as_far_as_it_fits() -> None:
    written = POLICY.conditions[WRITTEN]
    assert proposed(written, OUR_ADDRESS) == "Acme, 1 High Street"
    assert proposed(replace(written, default="Ask {address} twice: {address}"), OUR_ADDRESS).endswith("High Street")
    assert proposed(POLICY.conditions[CONTACT], OUR_ADDRESS) == ""
    assert proposed(replace(written, default="x" * 101), POLICY) == "x" * 100
