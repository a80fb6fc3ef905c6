"""A contact may be ended at once, after one clear warning, or after so many minutes, by the kind of conduct."""

import itertools

import pytest

from bot.rules.policy.ending_rules import EndedContact, EndingRule, EndingRules, Told
from bot.rules.policy.policy_body import policy_from_body
from tests.handlers.view_samples import POLICY

RULES = EndingRules(("threat",), ("abuse", "demands"), ("contact", "demands"))
AT_ONCE, WARNED, REPEATED = EndingRule.AT_ONCE, EndingRule.AFTER_WARNING, EndingRule.AFTER_REPETITION
WITHIN = {
    ("threat", False): {Told.YES: AT_ONCE, Told.NO: AT_ONCE, Told.NO_TIME: AT_ONCE},
    ("threat", True): {Told.YES: AT_ONCE, Told.NO: AT_ONCE, Told.NO_TIME: AT_ONCE},
    ("abuse", False): {Told.YES: WARNED, Told.NO: None, Told.NO_TIME: None},
    ("abuse", True): {Told.YES: WARNED, Told.NO: None, Told.NO_TIME: None},
    ("contact", False): {Told.YES: None, Told.NO: None, Told.NO_TIME: None},
    ("contact", True): {Told.YES: REPEATED, Told.NO: REPEATED, Told.NO_TIME: REPEATED},
    ("demands", False): {Told.YES: WARNED, Told.NO: None, Told.NO_TIME: None},
    ("demands", True): {Told.YES: WARNED, Told.NO: REPEATED, Told.NO_TIME: REPEATED},
    ("gone", True): dict.fromkeys(Told),
}


@pytest.mark.parametrize(("case", "told"), [*itertools.product(WITHIN, Told)])
def test_each_kind_of_conduct_has_its_rule(case: tuple[str, bool], told: Told) -> None:
    kind, repeated = case
    assert RULES.within(EndedContact(told, repeated), kind) is WITHIN[case][told]


def test_what_a_rep_may_do_first_is_the_least_that_it_takes() -> None:
    steps = {kind: RULES.first_step(kind) for kind in ("threat", "abuse", "contact", "demands", "gone")}
    assert steps == {"threat": AT_ONCE, "abuse": WARNED, "contact": REPEATED, "demands": WARNED, "gone": None}


def test_the_built_in_policy_has_a_rule_for_every_kind_and_comes_back_from_its_body() -> None:
    assert all(POLICY.ending.first_step(kind) for kind in POLICY.categories)
    assert policy_from_body(POLICY.body()).ending == POLICY.ending
    old = {key: value for key, value in POLICY.body().items() if key != "ending"}
    assert policy_from_body(old).ending == EndingRules()
