"""Which past cases are like one that is to be decided, and how they are told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.policy.policy import assess
from bot.rules.policy.verdicts import History, Rung, Severity
from bot.rules.precedents import Likeness, Precedent, likeness, most_alike
from handlers.cases import notice as cases_notice
from handlers.cases.notice import case_notice
from tests.handlers import view_samples as sample
from tests.rules.samples import NOW, POLICY, incident

ASKED = Likeness("verbal_abuse", 9, 3, Standing.WARNED)
likenesses = st.builds(
    Likeness,
    st.none() | st.sampled_from(["verbal_abuse", "threat"]),
    st.integers(0, 100),
    st.integers(0, 20),
    st.sampled_from(Standing),
)


def past(case: int, by: Likeness = ASKED, customer: int | None = None, days: int = 0) -> Precedent:
    closed_at = sample.NOW - timedelta(days=days)
    return Precedent(case, customer or case, f"Firm {case}", by, Outcome.DROPPED, closed_at)


@given(one=likenesses, other=likenesses)
def test_likeness_is_between_0_and_1_and_the_same_from_both_sides(one: Likeness, other: Likeness) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert one.category is None or likeness(one, one) == pytest.approx(1)


@pytest.mark.parametrize(
    ("nearer", "farther"),
    [
        (replace(ASKED, points=30), replace(ASKED, category="threat", points=8)),
        (replace(ASKED, points=8), replace(ASKED, points=4)),
        (replace(ASKED, reporters=2), replace(ASKED, reporters=1)),
        (ASKED, replace(ASKED, standing=Standing.CLEAR)),
    ],
)
def test_what_is_nearer_is_more_alike(nearer: Likeness, farther: Likeness) -> None:
    assert likeness(ASKED, nearer) > likeness(ASKED, farther)


def test_up_to_three_are_named_the_likest_first_and_of_equals_the_newest() -> None:
    old, new = past(1, days=90), past(2, days=3)
    near = past(3, replace(ASKED, points=8))
    far = past(4, replace(ASKED, points=3))
    assert most_alike(ASKED, [far, old, near, new]) == (new, old, near)


def test_a_customer_is_named_once_and_the_same_case_as_well() -> None:
    twice = past(1, customer=5, days=3), past(2, customer=5, days=1)
    assert most_alike(ASKED, [*twice, *twice]) == (twice[1],)


def test_what_is_not_like_enough_is_left_out() -> None:
    other = Likeness("payment_withheld", 1, 1, Standing.CLEAR)
    assert most_alike(ASKED, [past(1, other)]) == ()
    assert most_alike(ASKED, [past(1, replace(ASKED, category="discrimination"))]) != ()


def test_a_verdict_names_the_category_that_weighs_most() -> None:
    loud = incident(1, severity=Severity.SEVERE)
    threat = incident(2, "threat")
    withheld = incident(3, "payment_withheld", void=True)

    def heaviest(*incidents: object) -> str | None:
        return assess(History(tuple(incidents)), POLICY, NOW).heaviest  # type: ignore[arg-type]

    assert heaviest(loud, withheld) == "verbal_abuse"
    assert heaviest(loud, threat, withheld) == heaviest(withheld, threat, loud) == "threat"
    assert heaviest(withheld) is None


def test_the_notice_of_a_decision_tells_how_similar_cases_ended() -> None:
    kept = replace(
        past(7), outcome=Outcome.KEPT, conditions=("written_only", "one_contact", "gone"), since=2, name="A <b> & Co"
    )
    notice = case_notice(sample.a_file(similar=(past(3), kept)), sample.POLICY)
    assert "Similar cases here" in notice.text
    assert "Firm 3 · dropped · " in notice.text
    assert " · verbal abuse, 9 points, 3 reps · no report since" in notice.text
    assert "A &lt;b&gt; &amp; Co · kept: written contact only, one named contact and 1 more · " in notice.text
    assert "2 reports since" in notice.text


def test_without_any_nothing_is_said_of_them() -> None:
    assert "Similar" not in cases_notice.case_notice(sample.a_file(case=sample.a_case(Rung.DECIDE)), sample.POLICY).text
