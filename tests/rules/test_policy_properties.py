"""Properties that hold for the verdict on any history."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.policy.assess import assess
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Rung, Severity
from tests.rules.samples import DAY, NOW, POLICY

# Hear and warn are both one step before a decision: an undoubted report more may turn a hearing into a warning.
LEVEL = {Rung.RECORD: 0, Rung.WARN: 1, Rung.HEAR: 1, Rung.DECIDE: 2}
WORSE = {Severity.MINOR: Severity.SERIOUS, Severity.SERIOUS: Severity.SEVERE, Severity.SEVERE: Severity.SEVERE}

moments = st.sampled_from([NOW - n * DAY for n in (0, 1, 29, 30, 31, 200, 364, 365, 366, 500)])
incidents = st.builds(
    Incident,
    number=st.just(0),
    reporter=st.sampled_from(["U0ANA", "U0JOE", "U0MIA"]),
    category=st.sampled_from([*POLICY.categories, "gone"]),
    severity=st.sampled_from(Severity),
    happened_at=moments,
    doubted=st.booleans(),
    void=st.booleans(),
)
warnings = st.builds(
    lambda number, at, days: DeliveredWarning(number, at, at + timedelta(days=days)),
    st.integers(1, 3),
    moments,
    st.sampled_from([1, 30, 365]),
)
histories = st.builds(
    lambda found, warned, safeguarded: History(numbered(found), tuple(warned), safeguarded),
    st.lists(incidents, max_size=6),
    st.lists(warnings, max_size=2, unique_by=lambda warning: warning.number),
    st.booleans(),
)


def numbered(found: list[Incident]) -> tuple[Incident, ...]:
    return tuple(replace(incident, number=n) for n, incident in enumerate(found, 1))


def level(history: History, now: datetime = NOW) -> int:
    return LEVEL[assess(history, POLICY, now).rung]


@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_change_the_verdict(history: History, chance: random.Random) -> None:
    shuffled = History(
        tuple(chance.sample(history.incidents, len(history.incidents))),
        tuple(chance.sample(history.warnings, len(history.warnings))),
        history.safeguarded,
    )
    assert assess(shuffled, POLICY, NOW) == assess(history, POLICY, NOW)


@given(histories, incidents)
def test_another_incident_never_lowers_the_level(history: History, another: Incident) -> None:
    more = replace(history, incidents=numbered([*history.incidents, another]))
    assert level(more) >= level(history)


@given(histories.filter(lambda history: history.incidents), st.data())
def test_a_worse_incident_never_lowers_the_level(history: History, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(history.incidents) - 1))
    worse = [replace(i, severity=WORSE[i.severity]) if n == at else i for n, i in enumerate(history.incidents)]
    assert level(replace(history, incidents=tuple(worse))) >= level(history)


@given(histories.filter(lambda history: history.incidents), st.data())
def test_removing_a_doubt_never_lowers_the_level(history: History, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(history.incidents) - 1))
    sure = [replace(i, doubted=False) if n == at else i for n, i in enumerate(history.incidents)]
    assert level(replace(history, incidents=tuple(sure))) >= level(history)


@given(histories)
def test_a_safeguard_never_raises_the_level_and_allows_only_zero_tolerance_to_be_decided(history: History) -> None:
    guarded = replace(history, safeguarded=True)
    assert level(guarded) <= level(replace(history, safeguarded=False))
    verdict = assess(guarded, POLICY, NOW)
    assert verdict.rung is not Rung.WARN
    assert verdict.urgent == (verdict.rung is Rung.DECIDE)


@given(histories, st.integers(0, 800))
def test_the_expiry_of_incidents_never_raises_the_level(history: History, days: int) -> None:
    ageless = replace(
        history,
        warnings=tuple(replace(warning, expires_at=NOW + 2000 * DAY) for warning in history.warnings),
    )
    assert level(ageless, NOW + days * DAY) <= level(ageless)


@given(histories)
def test_a_void_incident_changes_nothing(history: History) -> None:
    without = replace(history, incidents=tuple(i for i in history.incidents if not i.void))
    assert assess(history, POLICY, NOW) == assess(without, POLICY, NOW)


@given(histories)
def test_a_decision_without_zero_tolerance_needs_a_valid_warning_and_two_reps(history: History) -> None:
    verdict = assess(history, POLICY, NOW)
    if verdict.rung is Rung.DECIDE and not verdict.urgent:
        assert any(warning.delivered_at <= NOW < warning.expires_at for warning in history.warnings)
        assert verdict.reporters >= 2


@given(histories)
def test_a_verdict_always_gives_its_reasons(history: History) -> None:
    assert assess(history, POLICY, NOW).reasons
