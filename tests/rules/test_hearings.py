"""The rung of a case after a hearing: it never goes back to hear for what was heard."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.cases import Case
from bot.rules.hearings import Finding, Hearing, rung_after, rung_after_upheld
from bot.rules.policy.assess import assess
from bot.rules.policy.verdicts import History, Incident, Rung, Severity, Verdict
from tests.rules.samples import DAY, NOW, POLICY, incident, warning
from tests.rules.test_policy_properties import LEVEL, WORSE, histories, incidents, numbered

UNDER_WAY = Hearing(1, 1, "U0PRIYA", NOW)
ASKED = replace(UNDER_WAY, asked_by="U0BRAD")
UPHELD = replace(
    UNDER_WAY, ended_at=NOW, finding=Finding.UPHELD, reps_side="He shouted.", customers_side="I was in a hurry."
)
MISUNDERSTOOD = replace(UNDER_WAY, ended_at=NOW, finding=Finding.MISUNDERSTANDING, why="A bad line.")
OVERTAKEN = replace(UNDER_WAY, ended_at=NOW, finding=Finding.OVERTAKEN)
hearings = st.sampled_from([None, UNDER_WAY, ASKED, UPHELD, replace(UPHELD, asked_by="U0BRAD"), MISUNDERSTOOD])


def a_case(*, urgent: bool = False) -> Case:
    return Case(1, 1, Rung.HEAR, 1, NOW, NOW + 2 * DAY, urgent=urgent)


def after(history: History, hearing: Hearing | None, *, urgent: bool, since: bool = False) -> Rung:
    verdict = assess(history, POLICY, NOW)
    return rung_after(verdict, a_case(urgent=urgent), hearing, safeguarded_since=since)


def alone() -> Verdict:
    """Only one rep reported, after a warning."""
    history = History((incident(1, severity=Severity.SERIOUS, days_ago=1),), (warning(days_ago=30),))
    return assess(history, POLICY, NOW)


def doubted() -> Verdict:
    return assess(History((incident(1, severity=Severity.SEVERE, doubted=True),)), POLICY, NOW)


@pytest.mark.parametrize("hearing", [None, UNDER_WAY, MISUNDERSTOOD, OVERTAKEN])
def test_until_both_sides_are_on_record_the_case_follows_the_policy(hearing: Hearing | None) -> None:
    for verdict in (alone(), doubted()):
        assert rung_after(verdict, a_case(), hearing, safeguarded_since=False) is Rung.HEAR


def test_only_a_hearing_that_a_manager_asked_for_and_that_has_not_ended_keeps_a_case_on_hear() -> None:
    enough = assess(History((incident(1, severity=Severity.SEVERE),)), POLICY, NOW)
    after = {hearing: rung_after(enough, a_case(), hearing, safeguarded_since=False) for hearing in (UNDER_WAY, ASKED)}
    assert after == {UNDER_WAY: Rung.WARN, ASKED: Rung.HEAR}
    ended = replace(UPHELD, asked_by="U0BRAD")
    assert rung_after(enough, a_case(), ended, safeguarded_since=False) is Rung.WARN


def test_an_upheld_case_goes_to_decide_if_a_warning_is_valid_else_to_warn() -> None:
    assert rung_after(alone(), a_case(), UPHELD, safeguarded_since=False) is Rung.DECIDE
    assert rung_after(doubted(), a_case(), UPHELD, safeguarded_since=False) is Rung.WARN
    nothing_since = assess(History((), (warning(days_ago=30),)), POLICY, NOW)
    assert (rung_after_upheld(nothing_since), rung_after_upheld(assess(History(()), POLICY, NOW))) == (
        Rung.DECIDE,
        Rung.WARN,
    )


def test_a_safeguard_set_after_a_hearing_leads_to_another_one() -> None:
    assert rung_after(alone(), a_case(), UPHELD, safeguarded_since=True) is Rung.HEAR


def test_a_requested_hearing_keeps_the_case_on_hear_unless_a_threat_comes_in() -> None:
    threat = assess(History((incident(1, "threat"),)), POLICY, NOW)
    for verdict in (alone(), doubted()):
        assert rung_after(verdict, a_case(), ASKED, safeguarded_since=False) is Rung.HEAR
    assert rung_after(threat, a_case(), ASKED, safeguarded_since=False) is Rung.DECIDE
    assert rung_after(threat, a_case(urgent=True), ASKED, safeguarded_since=False) is Rung.HEAR


@given(histories, incidents, hearings)
def test_another_incident_never_lowers_the_rung_of_a_case(
    history: History, another: Incident, hearing: Hearing | None
) -> None:
    urgent = assess(history, POLICY, NOW).urgent
    more = replace(history, incidents=numbered([*history.incidents, another]))
    before, now = after(history, hearing, urgent=urgent), after(more, hearing, urgent=urgent)
    assert LEVEL[now] >= LEVEL[before]


@given(histories.filter(lambda history: history.incidents), hearings, st.data())
def test_a_worse_incident_never_lowers_the_rung_of_a_case(
    history: History, hearing: Hearing | None, data: st.DataObject
) -> None:
    urgent = assess(history, POLICY, NOW).urgent
    at = data.draw(st.integers(0, len(history.incidents) - 1))
    worse = [replace(i, severity=WORSE[i.severity]) if n == at else i for n, i in enumerate(history.incidents)]
    before = after(history, hearing, urgent=urgent)
    assert LEVEL[after(replace(history, incidents=tuple(worse)), hearing, urgent=urgent)] >= LEVEL[before]


@given(histories)
def test_a_heard_case_is_never_heard_again_for_more_reports(history: History) -> None:
    assert after(history, UPHELD, urgent=False) is not Rung.HEAR


@pytest.mark.parametrize(
    ("hearing", "is_so"),
    [
        (UNDER_WAY, (True, False, False)),
        (OVERTAKEN, (False, False, False)),
        (replace(OVERTAKEN, finding=Finding.HANDED_OVER), (False, False, False)),
        (MISUNDERSTOOD, (False, True, False)),
        (replace(MISUNDERSTOOD, reps_side="He shouted."), (False, True, False)),
        (replace(MISUNDERSTOOD, customers_side="A bad line."), (False, True, False)),
        (UPHELD, (False, True, True)),
        (replace(UPHELD, finding=Finding.MISUNDERSTANDING), (False, True, True)),
        (replace(UPHELD, finding=Finding.OVERTAKEN), (False, False, False)),
    ],
)
def test_both_sides_were_heard_once_there_is_an_outcome_and_what_both_said(
    hearing: Hearing, is_so: tuple[bool, bool, bool]
) -> None:
    assert (hearing.under_way, hearing.has_outcome, hearing.heard_both) == is_so
