"""The figures of a week: trends by category, the median time to a decision, and what a chart folds together."""

from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.decisions import Choice
from bot.rules.weekly_figures import (
    TREND,
    CategoryTrend,
    category_trends,
    decision_trends,
    fold_categories,
    median_days,
    tells_of_nobody,
)
from tests.rules.samples import DAY, NOW, POLICY

LAST = TREND - 1


def trend(*newest: int) -> tuple[int, ...]:
    return (0,) * (TREND - len(newest)) + newest


def test_the_category_with_most_reports_in_the_week_comes_first_then_with_most_in_the_trend() -> None:
    counts = {
        ("other", LAST): 1,
        ("threat", LAST): 1,
        ("threat", 0): 1,
        ("assault", LAST): 1,
        ("assault", 0): 1,
        ("verbal_abuse", LAST): 2,
        ("gone", LAST - 1): 5,
        ("never", 3): 0,
        ("too_old", TREND): 7,
    }
    found = category_trends(counts)
    assert [kind.category for kind in found] == ["verbal_abuse", "assault", "threat", "other", "gone"]
    assert [(kind.now, kind.trend[-2]) for kind in found] == [(2, 0), (1, 0), (1, 0), (1, 0), (0, 5)]
    assert found[1].trend == (1, *trend(1)[1:])


def test_drops_and_keeps_are_counted_by_week() -> None:
    found = decision_trends({("drop", LAST): 2, ("drop", LAST - 1): 1})
    assert found == {Choice.DROP: trend(1, 2), Choice.KEEP: trend()}


def test_the_median_time_to_a_decision_is_in_business_days() -> None:
    hour = timedelta(hours=1)
    spans = [(NOW, NOW + hour), (NOW, NOW + 3 * DAY), (NOW, NOW + 4 * DAY)]  # NOW is Friday noon
    assert median_days(spans, POLICY.hours) == 1.0
    assert median_days([], POLICY.hours) is None


def test_the_categories_that_a_chart_has_no_room_for_become_one() -> None:
    kinds = [CategoryTrend(name, trend(n, n + 1)) for n, name in enumerate(("a", "b", "c"))]
    assert fold_categories(kinds, 3) == (tuple(kinds), None)
    assert fold_categories(kinds, 2) == ((kinds[0],), CategoryTrend("", trend(3, 5)))


@example(3, 6)
@given(st.integers(0, 9), st.integers(0, 9))
def test_a_number_of_those_who_asked_for_support_tells_of_nobody(asked: int, reps: int) -> None:
    """It is said only where at least three asked and three did not. All else looks the same, also when nobody asked."""
    said = tells_of_nobody(asked, reps)
    assert said == (asked if asked >= 3 and reps - asked >= 3 else None)
