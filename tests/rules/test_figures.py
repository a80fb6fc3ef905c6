"""The figures of a week: trends by category, times, calls for backup, and the lists with their names."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.backup import BackupFigures, WeeksCall
from bot.rules.cases import Outcome
from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Rung
from bot.rules.weekly_figures import (
    TREND,
    CaseFigures,
    CategoryTrend,
    DroppedCustomer,
    Figures,
    FirstFew,
    Learnt,
    OverdueCase,
    ReportedAgain,
    WarnedAgain,
    WarningFigures,
    backup_figures,
    category_trends,
    decision_trends,
    fold_categories,
    median_days,
    named,
    shortened,
    tells_of_nobody,
)
from bot.rules.weeks import Week
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


def a_call(caller: str, came_after: float | None = None, *, stood_down: bool = False) -> WeeksCall:
    came_at = None if came_after is None else NOW + timedelta(seconds=came_after)
    return WeeksCall(caller, NOW, came_at, stood_down)


def test_how_many_called_and_how_long_they_waited_is_said_once_three_reps_called() -> None:
    few = [a_call("U0ANA", 20), a_call("U0ANA"), a_call("U0JOE", 90, stood_down=True), a_call("U0JOE", stood_down=True)]
    assert backup_figures([]) == BackupFigures(0, 0, None, None)
    assert backup_figures(few[:1]) == BackupFigures(None, 0, None, None)
    assert backup_figures(few) == BackupFigures(None, 1, None, None)  # nothing says how long two people waited
    assert backup_figures([*few, a_call("U0EVE")]) == BackupFigures(5, 2, 55.0, 90.0)
    assert backup_figures(iter([*few, a_call("U0EVE", 30)])) == BackupFigures(5, 1, 30.0, 90.0)
    nobody_came = [a_call(caller) for caller in ("U0ANA", "U0JOE", "U0EVE")]
    assert backup_figures(nobody_came) == BackupFigures(3, 3, None, None)


NAMELESS = Figures(
    Week(2026, 47), (), {}, 0, None, 0, None, CaseFigures(0, dict.fromkeys(Outcome, 0), 0), WarningFigures(0, 0, 0), {},
    late=FirstFew((OverdueCase(1, "", Rung.WARN, NOW, 2.0, 5), OverdueCase(2, "", Rung.WARN, NOW, 1.0, 6)), 4),
    unheeded=FirstFew((WarnedAgain("", 1, NOW, 2, 6),), 1),
    repeats=FirstFew((ReportedAgain("", 1, 3, 5), ReportedAgain("", 1, 2, 7)), 9),
    drops=FirstFew((DroppedCustomer("", None, None, 8),), 1),
    lessons=FirstFew((Learnt(1, ""), Learnt(2, "")), 3),
)  # fmt: skip


def test_the_names_of_customers_and_the_lines_of_lessons_are_added_to_the_figures() -> None:
    figures = named(NAMELESS, "customer {}".format, "case {}".format)
    lists = (figures.late, figures.unheeded, figures.repeats, figures.drops)
    assert [[item.customer for item in few.items] for few in lists] == [
        ["customer 5", "customer 6"],
        ["customer 6"],
        ["customer 5", "customer 7"],
        ["customer 8"],
    ]
    assert [learnt.line for learnt in figures.lessons.items] == ["case 1", "case 2"]
    assert named(figures, lambda _: "", lambda _: "") == NAMELESS  # nothing else is changed


def test_a_summary_has_the_first_few_of_each_list_and_says_of_how_many() -> None:
    one = shortened(NAMELESS, 1)
    lists = ("late", "unheeded", "repeats", "drops", "lessons")
    assert [len(getattr(one, name).items) for name in lists] == [1] * 5
    assert [getattr(one, name).total for name in lists] == [4, 1, 9, 1, 3]
    assert one.late.items == NAMELESS.late.items[:1]
    assert shortened(NAMELESS, 2) == NAMELESS


def test_all_reports_of_a_week_are_those_of_every_category() -> None:
    kinds = (CategoryTrend("other", trend(1, 2)), CategoryTrend("threat", trend(4, 0)))
    assert replace(NAMELESS, kinds=kinds).reports == trend(5, 2)
    assert NAMELESS.reports == trend()
