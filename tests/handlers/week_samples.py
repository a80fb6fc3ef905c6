"""Weeks as the summary is given them: one by hand, and wild ones."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Rung
from bot.rules.weekly_figures import (
    TREND,
    Cases,
    Coming,
    Dropped,
    Figures,
    First,
    Kind,
    Late,
    Repeat,
    Unheeded,
    Warned,
    kinds,
)
from bot.rules.weeks import Week

AS_OF = datetime(2026, 11, 23, 9, tzinfo=UTC)
NOBODY = (0,) * TREND


def a_week(**changes: Any) -> Figures:  # noqa: ANN401 - any figure
    """A week in which nothing happened, but for the changes."""
    quiet: dict[str, Any] = {
        "week": Week(2026, 47),
        "as_of": AS_OF,
        "kinds": (),
        "decisions": dict.fromkeys(Choice, NOBODY),
        "kept_with_conditions": 0,
        "median_days": None,
        "reps": 0,
        "asked_support": 0,
        "cases": Cases(0, {}, 0),
        "warned": Warned(0, 0, 0),
        "standings": {},
    }
    return Figures(**(quiet | changes))


GOLDEN = a_week(
    kinds=(
        Kind("verbal_abuse", (0, 1, 2, 1, 3, 2, 4, 3, 2, 5, 3, 5)),
        Kind("payment_withheld", (1, 0, 1, 1, 0, 2, 1, 1, 2, 1, 3, 3)),
        Kind("threat", (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
        Kind("other", (0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0)),
    ),
    decisions={Choice.DROP: (*NOBODY[1:], 1), Choice.KEEP: (*NOBODY[2:], 1, 1)},
    kept_with_conditions=1,
    median_days=1.4,
    reps=5,
    asked_support=1,
    cases=Cases(4, {Outcome.WARNED: 2, Outcome.DROPPED: 1, Outcome.KEPT: 1}, 3),
    warned=Warned(3, 2, 1),
    standings={Standing.WARNED: 2, Standing.RESTRICTED: 1, Standing.DROPPED: 1},
    late=First((Late(12, "Acme Ltd", Rung.DECIDE, AS_OF - timedelta(days=4), 2.3),), 1),
    unheeded=First(
        (
            Unheeded("Borealis Foods", 2, datetime(2026, 9, 1, tzinfo=UTC), 3),
            Unheeded("Larkspur Hotels", 1, datetime(2026, 10, 12, tzinfo=UTC), 1),
        ),
        2,
    ),
    repeats=First((Repeat("Zenith Corp", 2, 5),), 1),
    drops=First((Dropped("Zenith Corp", "abuse_after_warning", date(2026, 11, 30)),), 1),
    lessons=First(("Ask for a second contact before the third call.",), 1),
    coming=Coming(2, 1, 0, 1),
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


def first(items: st.SearchStrategy[Any]) -> st.SearchStrategy[First[Any]]:
    return st.builds(
        lambda some, more: First(tuple(some), len(some) + (more if some else 0)), st.lists(items, max_size=5), many
    )


wild = st.builds(
    Figures,
    week=st.builds(Week, st.integers(2000, 2090), st.integers(1, 52)),
    as_of=st.just(AS_OF),
    kinds=st.builds(
        kinds,
        st.dictionaries(
            st.tuples(st.one_of(names, st.sampled_from(["verbal_abuse", "threat"])), st.integers(0, 11)),
            counts,
            max_size=60,
        ),
    ),
    decisions=st.fixed_dictionaries(
        {choice: st.lists(counts, min_size=TREND, max_size=TREND).map(tuple) for choice in Choice}
    ),
    kept_with_conditions=counts,
    median_days=st.one_of(st.none(), st.floats(0, 10_000)),
    reps=counts,
    asked_support=counts,
    cases=st.builds(Cases, counts, st.dictionaries(st.sampled_from(Outcome), counts), counts),
    warned=st.builds(Warned, counts, counts, counts),
    standings=st.dictionaries(st.sampled_from(Standing), counts),
    late=first(st.builds(Late, counts, names, st.sampled_from(Rung), spans, st.floats(0, 4_000))),
    unheeded=first(st.builds(Unheeded, names, st.integers(1, 10_000), spans, counts)),
    repeats=first(st.builds(Repeat, names, counts, counts)),
    drops=first(st.builds(Dropped, names, st.one_of(st.none(), names), st.one_of(st.none(), st.dates()))),
    lessons=first(st.text(min_size=1, max_size=200)),
    coming=st.builds(Coming, counts, counts, counts, counts),
)
