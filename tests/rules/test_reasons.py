"""The sentences of the reasons of a verdict."""

from dataclasses import replace

import pytest

from bot.rules.policy.assess import assess
from bot.rules.policy.reasons import SENTENCES, in_short, sentence
from bot.rules.policy.verdicts import History, Reason, Rule, Rung, Severity, Verdict
from tests.rules.samples import NOW, POLICY, incident, warning

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
            (
                "A warning or a decision would need report 4, and whoever made it says that it may have been a "
                "misunderstanding."
            ),
        ),
        (
            Rule.DOUBTED,
            {"incidents": [4, 5]},
            (
                "A warning or a decision would need reports 4 and 5, and those who made them say that they may have "
                "been misunderstandings."
            ),
        ),
        (Rule.SAFEGUARD, {}, "A safeguard is on record, so management hears both sides before it warns or decides."),
        (
            Rule.POINTS,
            {"incidents": [1], "points": 4, "limit": 4},
            "Report 1 makes 4 points. The policy asks for a warning from 4 points on; none is valid now.",
        ),
        (
            Rule.POINTS,
            {"incidents": [1, 2, 3, 4, 5, 6, 7, 8], "points": 12, "limit": 4},
            (
                "Reports 1, 2, 3, 4, 5, 6 and 2 others make 12 points. The policy asks for a warning "
                "from 4 points on; none is valid now."
            ),
        ),
        (
            Rule.POINTS_BELOW,
            {"points": 0, "limit": 4},
            "All reports with points make 0 points in all; the policy asks for a warning from 4 points on.",
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


@pytest.mark.parametrize(
    ("count", "words"),
    [(6, "1, 2, 3, 4, 5 and 6"), (7, "1, 2, 3, 4, 5, 6 and 1 other"), (8, "1, 2, 3, 4, 5, 6 and 2 others")],
)
def test_of_many_reports_six_are_numbered_and_the_others_counted(count: int, words: str) -> None:
    reason = Reason(Rule.DOUBTED, {"incidents": list(range(1, count + 1))})
    assert f"would need reports {words}, and" in sentence(reason, POLICY)


SERIOUS = Severity.SERIOUS
DELIVERED = "warning that was delivered on 21 October 2026"


@pytest.mark.parametrize(
    ("history", "sentences"),
    [
        (
            History((incident(7),)),
            ["All reports with points make 2 points in all; the policy asks for a warning from 4 points on."],
        ),
        (
            History((incident(7, days_ago=40),), (warning(),)),
            [f"A {DELIVERED} is valid, and no report of 2 points or more came after it."],
        ),
        (
            History((incident(7), incident(8, by="U0JOE"))),
            ["Reports 7 and 8 make 4 points. The policy asks for a warning from 4 points on; none is valid now."],
        ),
        (
            History((incident(7, severity=SERIOUS, doubted=True),), safeguarded=True),
            [
                "Report 7 makes 4 points. The policy asks for a warning from 4 points on; none is valid now.",
                (
                    "A warning or a decision would need report 7, and whoever made it says that it may have been a "
                    "misunderstanding."
                ),
                "A safeguard is on record, so management hears both sides before it warns or decides.",
            ],
        ),
        (
            History((incident(7, severity=SERIOUS),), (warning(),)),
            [
                f"Report 7, of 4 points, came after a {DELIVERED} and is valid.",
                "One rep alone has reported this customer; the policy asks for 2 before a decision.",
            ],
        ),
        (
            History((incident(7), incident(8, severity=SERIOUS, by="U0JOE")), (warning(),)),
            [
                f"Reports 7 and 8, of up to 4 points, came after a {DELIVERED} and is valid.",
                "2 different reps have reported this customer.",
            ],
        ),
        (
            History((incident(7, "threat"),)),
            ["Report 7 is of a kind that always goes to a decision at once: threat of violence."],
        ),
    ],
)
def test_a_verdict_is_explained_in_full(history: History, sentences: list[str]) -> None:
    assert [sentence(reason, POLICY) for reason in assess(history, POLICY, NOW).reasons] == sentences


def test_the_first_two_reasons_are_said_in_short() -> None:
    reasons = (Reason(Rule.AFTER_WARNING, WARNED), Reason(Rule.SAFEGUARD, {}), Reason(Rule.DOUBTED, {}))
    verdict = Verdict(Rung.HEAR, reasons, 6, 1, urgent=False, policy_digest="")
    assert in_short(verdict, POLICY) == "again after the warning of 5 October 2026; a safeguard is on record"
