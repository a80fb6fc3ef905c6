"""A contact may be ended at once, after one clear warning, or after so many minutes, by the kind of conduct."""

import itertools

import pytest

from bot.rules.policy.ending_rules import EndedContact, EndingRule, EndingRules, Informed
from bot.rules.policy.policy_body import policy_from_body
from tests.handlers.view_samples import POLICY

RULES = EndingRules(("threat",), ("abuse", "demands"), ("contact", "demands"))
AT_ONCE, WARNED, REPEATED = EndingRule.AT_ONCE, EndingRule.AFTER_WARNING, EndingRule.AFTER_REPETITION
WITHIN = {
    ("threat", False): {Informed.YES: AT_ONCE, Informed.NO: AT_ONCE, Informed.NO_TIME: AT_ONCE},
    ("threat", True): {Informed.YES: AT_ONCE, Informed.NO: AT_ONCE, Informed.NO_TIME: AT_ONCE},
    ("abuse", False): {Informed.YES: WARNED, Informed.NO: None, Informed.NO_TIME: None},
    ("abuse", True): {Informed.YES: WARNED, Informed.NO: None, Informed.NO_TIME: None},
    ("contact", False): {Informed.YES: None, Informed.NO: None, Informed.NO_TIME: None},
    ("contact", True): {Informed.YES: REPEATED, Informed.NO: REPEATED, Informed.NO_TIME: REPEATED},
    ("demands", False): {Informed.YES: WARNED, Informed.NO: None, Informed.NO_TIME: None},
    ("demands", True): {Informed.YES: WARNED, Informed.NO: REPEATED, Informed.NO_TIME: REPEATED},
    ("gone", True): dict.fromkeys(Informed),
}


@pytest.mark.parametrize(("case", "informed"), [*itertools.product(WITHIN, Informed)])
def test_each_kind_of_conduct_has_its_rule(case: tuple[str, bool], informed: Informed) -> None:
    kind, repeated = case
    assert RULES.within(EndedContact(informed, repeated), kind) is WITHIN[case][informed]


def test_what_a_rep_may_do_first_is_the_least_that_it_takes() -> None:
    steps = {kind: RULES.first_step(kind) for kind in ("threat", "abuse", "contact", "demands", "gone")}
    assert steps == {"threat": AT_ONCE, "abuse": WARNED, "contact": REPEATED, "demands": WARNED, "gone": None}


def test_the_built_in_policy_has_a_rule_for_every_kind_and_comes_back_from_its_body() -> None:
    assert all(POLICY.ending.first_step(kind) for kind in POLICY.categories)
    assert policy_from_body(POLICY.body()).ending == POLICY.ending
    old = {key: value for key, value in POLICY.body().items() if key != "ending"}
    assert policy_from_body(old).ending == EndingRules()
