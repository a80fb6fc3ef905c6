"""When the policy puts a customer under interim protection, and what reps read of it."""

from dataclasses import replace
from itertools import product

import pytest

from bot.rules.policy.interim_rules import NO_PROTECTION, InterimRules, ProtectionKind, interim_rules
from bot.rules.policy.verdicts import Rung
from bot.rules.protection import Protection, is_called_for
from tests.rules.samples import NOW

RULES = InterimRules((Rung.HEAR, Rung.DECIDE), severe=True, written_only="In writing only.", not_alone="Never alone.")
SET = Protection(1, 1, NOW, None, ProtectionKind.NOT_ALONE, Rung.DECIDE, 1)
LIFTED = replace(SET, n=2, kind=None)


@pytest.mark.parametrize(
    ("last", "called_for"),
    [
        (None, {Rung.HEAR, Rung.DECIDE}),
        (SET, set()),  # it is there already
        (LIFTED, set()),  # whoever lifted it knew of this rung
        (replace(LIFTED, rung=Rung.HEAR), set()),  # or of another one with protection
        (replace(LIFTED, rung=Rung.WARN), {Rung.HEAR, Rung.DECIDE}),  # the case has come to it since
    ],
)
def test_protection_is_called_for_at_the_rungs_of_the_policy_until_it_is_lifted_there(
    last: Protection | None, called_for: set[Rung]
) -> None:
    assert {rung for rung in Rung if is_called_for(RULES, rung, last, severe_since=False)} == called_for


@pytest.mark.parametrize(("rung", "last"), [*product(Rung, (None, LIFTED, replace(LIFTED, rung=Rung.WARN)))])
def test_a_severe_report_calls_for_protection_at_any_rung_also_after_a_lift(
    rung: Rung, last: Protection | None
) -> None:
    assert is_called_for(RULES, rung, last, severe_since=True)
    assert not is_called_for(replace(RULES, severe=False, at=()), rung, last, severe_since=True)
    assert not is_called_for(RULES, rung, SET, severe_since=True)


def test_reps_read_the_words_of_the_protection_that_holds() -> None:
    assert RULES.words(ProtectionKind.WRITTEN_ONLY) == "In writing only."
    assert RULES.words(ProtectionKind.NOT_ALONE) == "Never alone."


def test_the_rules_come_back_from_a_policys_body_and_one_without_them_protects_nobody() -> None:
    body = {"at": ["hear", "decide"], "severe": True, "protection": "not_alone", "say": "Please write."}
    rules = interim_rules(**body)
    assert rules == InterimRules((Rung.HEAR, Rung.DECIDE), True, ProtectionKind.NOT_ALONE, say="Please write.")  # noqa: FBT003 - in order
    assert rules.protection is ProtectionKind.NOT_ALONE
    assert all(type(rung) is Rung for rung in rules.at)
    assert interim_rules() == NO_PROTECTION == InterimRules()
