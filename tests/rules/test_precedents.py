"""Which past cases are similar to one that awaits a decision, and how the notice shows them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.policy.assess import assess
from bot.rules.policy.verdicts import History, Severity
from bot.rules.precedents import CaseTraits, Precedent, most_similar, similarity
from handlers.blockkit.fallback_text import as_text
from handlers.cases.case_view import case_view
from tests.handlers import view_samples as sample
from tests.rules.samples import NOW, POLICY, incident

ASKED = CaseTraits("verbal_abuse", 9, 3, Standing.WARNED)
traits = st.builds(
    CaseTraits,
    st.none() | st.sampled_from(["verbal_abuse", "threat"]),
    st.integers(0, 100),
    st.integers(0, 20),
    st.sampled_from(Standing),
)


def past(case: int, like: CaseTraits = ASKED, customer: int | None = None, days: int = 0) -> Precedent:
    closed_at = sample.NOW - timedelta(days=days)
    return Precedent(case, customer or case, f"Firm {case}", like, Outcome.DROPPED, closed_at)


@given(one=traits, other=traits)
def test_similarity_is_between_0_and_1_and_symmetrical(one: CaseTraits, other: CaseTraits) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, other) == similarity(other, one)
    assert one.category is None or similarity(one, one) == pytest.approx(1)


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        (replace(ASKED, points=30), replace(ASKED, category="threat", points=8)),
        (replace(ASKED, points=8), replace(ASKED, points=4)),
        (replace(ASKED, reporters=2), replace(ASKED, reporters=1)),
        (ASKED, replace(ASKED, standing=Standing.CLEAR)),
    ],
)
def test_nearer_traits_are_more_similar(nearer: CaseTraits, farther: CaseTraits) -> None:
    assert similarity(ASKED, nearer) > similarity(ASKED, farther)


def test_half_alike_is_similar_enough() -> None:
    half = replace(ASKED, category="threat", reporters=1)  # equal points and standing, half the reporters
    assert similarity(ASKED, half) == 0.5
    assert most_similar(ASKED, [past(1, half)]) == (past(1, half),)
    assert most_similar(ASKED, [past(1, replace(half, points=8))]) == ()


def test_up_to_three_are_named_the_most_similar_first_then_the_newest() -> None:
    old, new = past(1, days=90), past(2, days=3)
    near = past(3, replace(ASKED, points=8))
    far = past(4, replace(ASKED, points=3))
    assert most_similar(ASKED, [far, old, near, new]) == (new, old, near)


def test_a_customer_is_named_once_and_the_same_case_as_well() -> None:
    twice = past(1, customer=5, days=3), past(2, customer=5, days=1)
    assert most_similar(ASKED, [*twice, *twice]) == (twice[1],)


def test_cases_that_are_not_similar_enough_are_left_out() -> None:
    other = CaseTraits("payment_withheld", 1, 1, Standing.CLEAR)
    assert most_similar(ASKED, [past(1, other)]) == ()
    assert most_similar(ASKED, [past(1, replace(ASKED, category="discrimination"))]) != ()


def test_a_verdict_names_the_category_of_the_heaviest_incident() -> None:
    longest_policy = incident(1, severity=Severity.SEVERE)
    threat = incident(2, "threat")
    withheld = incident(3, "payment_withheld", void=True)

    def heaviest(*incidents: object) -> str | None:
        return assess(History(tuple(incidents)), POLICY, NOW).heaviest

    assert heaviest(longest_policy, withheld) == "verbal_abuse"
    assert heaviest(longest_policy, threat, withheld) == heaviest(withheld, threat, longest_policy) == "threat"
    assert heaviest(withheld) is None


def test_the_case_in_full_says_how_similar_cases_ended() -> None:
    kept = replace(
        past(7), outcome=Outcome.KEPT, conditions=("written_only", "one_contact", "gone"), since=2, name="A <b> & Co"
    )
    said = as_text(case_view(sample.in_full(sample.a_file(similar=(past(3), kept))), sample.POLICY)["blocks"])
    assert "Similar cases with other customers" in said
    assert "Firm 3 · dropped · " in said
    assert " · verbal abuse, 9 points, 3 reps · no report since" in said
    assert "A &lt;b&gt; &amp; Co · kept: written contact only, one named contact and 1 more · " in said
    assert "2 reports since" in said


def test_without_similar_cases_none_is_mentioned() -> None:
    assert "Similar" not in as_text(case_view(sample.in_full(sample.a_file()), sample.POLICY)["blocks"])
