"""The sentences of the reasons of a verdict."""

from dataclasses import replace

import pytest

from bot.rules.policy.reasons import SENTENCES, sentence
from bot.rules.policy.verdicts import Reason, Rule
from tests.rules.samples import POLICY

WARNED = {"warning": 1, "warned_on": "2026-10-05"}


@pytest.mark.parametrize(
    ("rule", "facts", "text"),
    [
        (
            Rule.ZERO_TOLERANCE,
            {"category": "threat", "incidents": [214]},
            "Report 214 is of a kind that always goes to a decision at once: threat of violence.",
        ),
        (
            Rule.ZERO_TOLERANCE,
            {"category": "gone", "incidents": [2, 14]},
            "Reports 2 and 14 are of a kind that always goes to a decision at once: gone.",
        ),
        (
            Rule.AFTER_WARNING,
            {"incidents": [9], "points": 6, "limit": 2} | WARNED,
            "Report 9, of 6 points, came after a warning that was delivered on 5 October 2026 and is valid.",
        ),
        (
            Rule.AFTER_WARNING,
            {"incidents": [9, 10, 11], "points": 1, "limit": 1} | WARNED,
            (
                "Reports 9, 10 and 11, of up to 1 point, came after a warning that was delivered on 5 October 2026 "
                "and is valid."
            ),
        ),
        (Rule.REPORTERS, {"reporters": 3, "limit": 2}, "3 different reps have reported this customer."),
        (
            Rule.REPORTERS,
            {"reporters": 1, "limit": 1},
            "One rep has reported this customer, and the policy asks for no more.",
        ),
        (
            Rule.FEW_REPORTERS,
            {"reporters": 1, "limit": 2},
            "One rep alone has reported this customer; the policy asks for 2 before a decision.",
        ),
        (
            Rule.FEW_REPORTERS,
            {"reporters": 2, "limit": 3},
            "Only 2 different reps have reported this customer; the policy asks for 3 before a decision.",
        ),
        (
            Rule.DOUBTED,
            {"incidents": [4]},
            "The step would rest on report 4, which its reporter calls a possible misunderstanding.",
        ),
        (
            Rule.DOUBTED,
            {"incidents": [4, 5]},
            "The step would rest on reports 4 and 5, which their reporters call possible misunderstandings.",
        ),
        (Rule.SAFEGUARD, {}, "A safeguard is on record, so no step is taken before both sides are heard."),
        (
            Rule.POINTS,
            {"incidents": [1], "points": 4, "limit": 4},
            "Report 1 makes 4 points. The policy asks for a warning from 4 points on; none counts now.",
        ),
        (
            Rule.POINTS,
            {"incidents": [1, 2, 3, 4, 5, 6, 7, 8], "points": 12, "limit": 4},
            (
                "Reports 1, 2, 3, 4, 5, 6 and 2 others make 12 points. The policy asks for a warning "
                "from 4 points on; none counts now."
            ),
        ),
        (
            Rule.POINTS_BELOW,
            {"points": 0, "limit": 4},
            "The reports that count make 0 points in all; the policy asks for a warning from 4 points on.",
        ),
        (
            Rule.NOTHING_SINCE,
            {"limit": 2} | WARNED,
            "A warning that was delivered on 5 October 2026 is valid, and no report of 2 points or more came after it.",
        ),
    ],
)
def test_a_reason_is_one_plain_sentence(rule: Rule, facts: dict[str, int | str | list[int]], text: str) -> None:
    assert sentence(Reason(rule, facts), POLICY) == text
    assert sentence(Reason(rule.value, facts), POLICY) == text


def test_every_rule_has_a_sentence() -> None:
    assert SENTENCES.keys() == set(Rule)


def test_the_name_of_a_category_comes_from_the_given_policy() -> None:
    threat = replace(POLICY.categories["threat"], name="Menaces")
    policy = replace(POLICY, categories=POLICY.categories | {"threat": threat})
    assert "at once: menaces." in sentence(Reason("zero_tolerance", {"category": "threat", "incidents": [1]}), policy)


def test_an_unknown_rule_has_no_sentence() -> None:
    with pytest.raises(ValueError, match="whim"):
        sentence(Reason("whim"), POLICY)
