"""The figures of weeks: one fixed sample, and wild ones."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.rules import weekly_figures as week
from bot.rules.backup import BackupFigures
from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Rung
from bot.rules.weeks import Week

AS_OF = datetime(2026, 11, 23, 9, tzinfo=UTC)
NOBODY = (0,) * week.TREND


def a_week(**changes: Any) -> week.Figures:  # noqa: ANN401 - any figure
    """A week in which nothing happened except the changes."""
    quiet: dict[str, Any] = {
        "week": Week(2026, 47),
        "kinds": (),
        "decisions": dict.fromkeys(Choice, NOBODY),
        "kept_with_conditions": 0,
        "median_days": None,
        "reps": 0,
        "asked_support": None,
        "cases": week.CaseFigures(0, {}, 0),
        "warned": week.WarningFigures(0, 0, 0),
        "standings": {},
    }
    return week.Figures(**(quiet | changes))


GOLDEN = a_week(
    kinds=(
        week.CategoryTrend("verbal_abuse", (0, 1, 2, 1, 3, 2, 4, 3, 2, 5, 3, 5)),
        week.CategoryTrend("payment_withheld", (1, 0, 1, 1, 0, 2, 1, 1, 2, 1, 3, 3)),
        week.CategoryTrend("threat", (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        week.CategoryTrend("other", (0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0)),
    ),
    decisions={Choice.DROP: (*NOBODY[1:], 1), Choice.KEEP: (*NOBODY[2:], 1, 1)},
    kept_with_conditions=1,
    median_days=1.4,
    reps=5,
    asked_support=None,
    cases=week.CaseFigures(4, {Outcome.WARNED: 2, Outcome.DROPPED: 1, Outcome.KEPT: 1}, 3),
    warned=week.WarningFigures(3, 2, 1),
    standings={Standing.WARNED: 2, Standing.RESTRICTED: 1, Standing.DROPPED: 1},
    late=week.FirstFew((week.OverdueCase(12, "Acme Ltd", Rung.DECIDE, AS_OF - timedelta(days=4), 2.3),), 1),
    unheeded=week.FirstFew(
        (
            week.WarnedAgain("Borealis Foods", 2, datetime(2026, 9, 1, tzinfo=UTC), 3),
            week.WarnedAgain("Larkspur Hotels", 1, datetime(2026, 10, 12, tzinfo=UTC), 1),
        ),
        2,
    ),
    repeats=week.FirstFew((week.ReportedAgain("Zenith Corp", 2, 5),), 1),
    drops=week.FirstFew((week.DroppedCustomer("Zenith Corp", "abuse_after_warning", date(2026, 11, 30)),), 1),
    lessons=week.FirstFew((week.Learnt(12, "Ask for a second contact before the third call."),), 1),
    backup=BackupFigures(4, 0, 38.5, 190.0),
    coming=week.UpcomingFigures(2, 1, 1),
)

names = st.one_of(
    st.text(min_size=1, max_size=140),
    st.sampled_from(
        ["&<>" * 46, "<!channel> <@U1> *b* _i_ `c`", "\u202e" * 140, "👩‍👩‍👧‍👦" * 20, "=cmd()", " ", "ש" * 140]
    ),
)
counts = st.integers(0, 1_000_000)
many = st.integers(0, 10_000_000)
spans = st.integers(0, 200_000).map(lambda minutes: AS_OF - timedelta(minutes=minutes))


def first(items: st.SearchStrategy[Any]) -> st.SearchStrategy[week.FirstFew[Any]]:
    return st.builds(
        lambda some, more: week.FirstFew(tuple(some), len(some) + (more if some else 0)),
        st.lists(items, max_size=5),
        many,
    )


wild = st.builds(
    week.Figures,
    week=st.builds(Week, st.integers(2000, 2090), st.integers(1, 52)),
    kinds=st.builds(
        week.category_trends,
        st.dictionaries(
            st.tuples(st.one_of(names, st.sampled_from(["verbal_abuse", "threat"])), st.integers(0, 11)),
            counts,
            max_size=60,
        ),
    ),
    decisions=st.fixed_dictionaries(
        {choice: st.lists(counts, min_size=week.TREND, max_size=week.TREND).map(tuple) for choice in Choice}
    ),
    kept_with_conditions=counts,
    median_days=st.one_of(st.none(), st.floats(0, 10_000)),
    reps=counts,
    asked_support=st.none() | counts,
    cases=st.builds(week.CaseFigures, counts, st.dictionaries(st.sampled_from(Outcome), counts), counts),
    warned=st.builds(week.WarningFigures, counts, counts, counts),
    standings=st.dictionaries(st.sampled_from(Standing), counts),
    late=first(st.builds(week.OverdueCase, counts, names, st.sampled_from(Rung), spans, st.floats(0, 4_000))),
    unheeded=first(st.builds(week.WarnedAgain, names, st.integers(1, 10_000), spans, counts)),
    repeats=first(st.builds(week.ReportedAgain, names, counts, counts)),
    drops=first(st.builds(week.DroppedCustomer, names, st.one_of(st.none(), names), st.one_of(st.none(), st.dates()))),
    lessons=first(st.builds(week.Learnt, counts, st.text(min_size=1, max_size=200))),
    backup=st.builds(BackupFigures, st.none() | counts, counts, *(st.none() | st.floats(0, 4_000) for _ in range(2))),
    coming=st.builds(week.UpcomingFigures, counts, counts, counts),
)
