"""Every rung and every reason of the built-in policy, case by case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.business_time import Span, Unit
from bot.rules.policy.assess import assess
from bot.rules.policy.policy import EvidenceLimits
from bot.rules.policy.policy_body import policy_from_body
from bot.rules.policy.verdicts import History, Incident, Reason, Rule, Rung, Severity, in_order
from tests.rules.samples import DAY, NOW, POLICY, incident, warning

MINOR, SERIOUS, SEVERE = Severity.MINOR, Severity.SERIOUS, Severity.SEVERE
JOE = "U0JOE"


def rung_and_rules(history: History) -> tuple[Rung, list[str]]:
    verdict = assess(history, POLICY, NOW)
    return verdict.rung, [reason.rule for reason in verdict.reasons]


def history(*incidents: Incident, warned: bool = False, safeguarded: bool = False) -> History:
    return History(incidents, (warning(),) if warned else (), safeguarded)


# The columns: the history, the rung, the rules that gave the reasons.
UNWARNED = {
    "nothing at all": (history(), Rung.RECORD, [Rule.POINTS_BELOW]),
    "too little": (history(incident(1)), Rung.RECORD, [Rule.POINTS_BELOW]),
    "exactly enough in one": (history(incident(1, severity=SERIOUS)), Rung.WARN, [Rule.POINTS]),
    "exactly enough in two of one rep": (history(incident(1), incident(2)), Rung.WARN, [Rule.POINTS]),
    "one point short": (
        history(incident(1), incident(2, "other")),
        Rung.RECORD,
        [Rule.POINTS_BELOW],
    ),
    "enough only with a doubted one": (
        history(incident(1), incident(2, doubted=True)),
        Rung.HEAR,
        [Rule.POINTS, Rule.DOUBTED],
    ),
    "enough without the doubted one": (
        history(incident(1, severity=SERIOUS), incident(2, doubted=True)),
        Rung.WARN,
        [Rule.POINTS],
    ),
    "enough, and a safeguard": (
        history(incident(1, severity=SERIOUS), safeguarded=True),
        Rung.HEAR,
        [Rule.POINTS, Rule.SAFEGUARD],
    ),
    "enough only with a doubted one, and a safeguard": (
        history(incident(1, severity=SERIOUS, doubted=True), safeguarded=True),
        Rung.HEAR,
        [Rule.POINTS, Rule.DOUBTED, Rule.SAFEGUARD],
    ),
    "too little, and a safeguard": (history(incident(1), safeguarded=True), Rung.RECORD, [Rule.POINTS_BELOW]),
    "two reps who doubt": (
        history(incident(1, severity=SEVERE, doubted=True), incident(2, severity=SEVERE, doubted=True, by=JOE)),
        Rung.HEAR,
        [Rule.POINTS, Rule.DOUBTED],
    ),
}
WARNED = {
    "nothing since": (
        history(incident(1, severity=SEVERE, days_ago=40), warned=True),
        Rung.RECORD,
        [Rule.NOTHING_SINCE],
    ),
    "too light since": (
        history(incident(1, "other"), incident(2, "other", by=JOE), warned=True),
        Rung.RECORD,
        [Rule.NOTHING_SINCE],
    ),
    "abuse since, a second rep before": (
        history(incident(1), incident(2, "other", by=JOE, days_ago=40), warned=True),
        Rung.DECIDE,
        [Rule.AFTER_WARNING, Rule.REPORTERS],
    ),
    "abuse since by one rep only": (
        history(incident(1), incident(2), warned=True),
        Rung.HEAR,
        [Rule.AFTER_WARNING, Rule.FEW_REPORTERS],
    ),
    "abuse since, but doubted": (
        history(incident(1, doubted=True), incident(2, by=JOE, days_ago=40), warned=True),
        Rung.HEAR,
        [Rule.AFTER_WARNING, Rule.DOUBTED],
    ),
    "doubted abuse since, two reps who do not doubt before": (
        history(incident(1, doubted=True), incident(2, days_ago=40), incident(3, by=JOE, days_ago=40), warned=True),
        Rung.HEAR,
        [Rule.AFTER_WARNING, Rule.DOUBTED],
    ),
    "abuse since, the second rep doubts": (
        history(incident(1), incident(2, by=JOE, days_ago=40, doubted=True), warned=True),
        Rung.HEAR,
        [Rule.AFTER_WARNING, Rule.DOUBTED],
    ),
    "doubted abuse since by one rep only": (
        history(incident(1, doubted=True), warned=True),
        Rung.HEAR,
        [Rule.AFTER_WARNING, Rule.FEW_REPORTERS, Rule.DOUBTED],
    ),
    "abuse since by two, and a safeguard": (
        history(incident(1), incident(2, by=JOE), warned=True, safeguarded=True),
        Rung.HEAR,
        [Rule.AFTER_WARNING, Rule.SAFEGUARD],
    ),
    "doubted abuse since by one, and a safeguard": (
        history(incident(1, doubted=True), warned=True, safeguarded=True),
        Rung.HEAR,
        [Rule.AFTER_WARNING, Rule.FEW_REPORTERS, Rule.DOUBTED, Rule.SAFEGUARD],
    ),
    "abuse since, the second rep expired": (
        history(incident(1), incident(2, by=JOE, days_ago=365), warned=True),
        Rung.HEAR,
        [Rule.AFTER_WARNING, Rule.FEW_REPORTERS],
    ),
}
ZERO_TOLERANCE = {
    "a threat": (history(incident(1, "threat")), Rung.DECIDE, [Rule.ZERO_TOLERANCE]),
    "a doubted threat and a safeguard": (
        history(incident(1, "threat", doubted=True), safeguarded=True),
        Rung.DECIDE,
        [Rule.ZERO_TOLERANCE],
    ),
    "a threat and an assault": (
        history(incident(1, "threat"), incident(2, "assault"), incident(3, "threat")),
        Rung.DECIDE,
        [Rule.ZERO_TOLERANCE, Rule.ZERO_TOLERANCE],
    ),
    "an expired threat": (history(incident(1, "threat", days_ago=365)), Rung.RECORD, [Rule.POINTS_BELOW]),
    "a threat that was discounted": (history(incident(1, "threat", void=True)), Rung.RECORD, [Rule.POINTS_BELOW]),
}
TABLE = UNWARNED | WARNED | ZERO_TOLERANCE


@pytest.mark.parametrize(("facts", "rung", "rules"), TABLE.values(), ids=TABLE)
def test_the_policy_takes_the_highest_rung_that_applies(facts: History, rung: Rung, rules: list[Rule]) -> None:
    assert rung_and_rules(facts) == (rung, rules)


def test_reasons_hold_the_facts_that_a_sentence_needs() -> None:
    facts = history(incident(7, severity=SEVERE), incident(3, "other", by=JOE, days_ago=40), warned=True)
    assert assess(facts, POLICY, NOW).reasons == (
        Reason(
            "after_warning",
            {"warning": 1, "warned_on": "2026-10-21", "incidents": [7], "points": 6, "limit": 2},
        ),
        Reason("reporters", {"reporters": 2, "limit": 2}),
    )


def test_the_reason_after_a_warning_names_every_such_report_and_the_most_points() -> None:
    facts = history(incident(3, severity=SEVERE), incident(2, by=JOE), incident(1, "other"), warned=True)
    reason = assess(facts, POLICY, NOW).reasons[0]
    assert (reason.facts["incidents"], reason.facts["points"]) == ([2, 3], 6)


def test_the_reason_to_warn_counts_undoubted_incidents_and_the_reason_to_hear_counts_all() -> None:
    sure, doubted = incident(1, severity=SERIOUS), incident(2, doubted=True)
    to_warn = assess(history(sure, doubted), POLICY, NOW).reasons[0]
    to_hear = assess(history(sure, doubted, safeguarded=True), POLICY, NOW).reasons
    assert to_warn.facts == {"incidents": [1], "points": 4, "limit": 4}
    assert [reason.facts for reason in to_hear] == [{"incidents": [1, 2], "points": 6, "limit": 4}, {}]


def test_points_and_reporters_of_a_verdict_are_those_of_live_incidents() -> None:
    verdict = assess(
        history(
            incident(1, doubted=True),
            incident(2, "discrimination", SEVERE, by=JOE),
            incident(3, by="U0MIA", void=True),
            incident(4, by="U0OLD", days_ago=400),
        ),
        POLICY,
        NOW,
    )
    assert (verdict.points, verdict.reporters) == (14, 2)


def test_only_zero_tolerance_is_urgent() -> None:
    assert assess(history(incident(1, "assault")), POLICY, NOW).urgent
    assert not assess(history(incident(1), incident(2, by=JOE), warned=True), POLICY, NOW).urgent


def test_points_count_until_the_very_moment_they_expire() -> None:
    facts = history(incident(1, severity=SERIOUS, days_ago=0))
    end = NOW + timedelta(days=365)
    assert assess(facts, POLICY, end - timedelta(microseconds=1)).rung is Rung.WARN
    assert assess(facts, POLICY, end).rung is Rung.RECORD


def test_a_warning_is_valid_from_its_delivery_until_it_expires() -> None:
    facts = replace(history(incident(1), incident(2, by=JOE)), warnings=(warning(days_ago=30, valid_days=30),))
    assert assess(facts, POLICY, NOW - timedelta(microseconds=1)).rung is Rung.DECIDE
    assert assess(facts, POLICY, NOW).rung is Rung.WARN
    fresh = replace(facts, warnings=(warning(days_ago=0),))
    assert assess(fresh, POLICY, NOW - timedelta(microseconds=1)).rung is Rung.WARN
    assert assess(fresh, POLICY, NOW).rung is Rung.RECORD


def test_an_incident_at_the_moment_of_the_delivery_is_not_after_the_warning() -> None:
    second = incident(2, by=JOE, days_ago=40)
    at_once = history(incident(1, days_ago=30), second, warned=True)
    later = history(incident(1, days_ago=30 - 1e-6), second, warned=True)
    assert (assess(at_once, POLICY, NOW).rung, assess(later, POLICY, NOW).rung) == (Rung.RECORD, Rung.DECIDE)


def test_after_a_warning_expires_the_customer_can_be_warned_again() -> None:
    facts = History((incident(1, severity=SERIOUS),), (warning(days_ago=400),))
    assert rung_and_rules(facts) == (Rung.WARN, [Rule.POINTS])


def test_of_several_valid_warnings_the_earliest_counts() -> None:
    facts = History((incident(1, days_ago=20), incident(2, by=JOE)), (warning(2, days_ago=10), warning(1, days_ago=30)))
    assert assess(facts, POLICY, NOW).reasons[0].facts["warning"] == 1


def test_the_day_of_the_warning_is_in_the_firms_zone() -> None:
    tokyo = replace(POLICY, hours=replace(POLICY.hours, zone="Asia/Tokyo"))
    late = replace(warning(), delivered_at=NOW.replace(hour=20) - 10 * DAY)
    assert assess(History((), (late,)), tokyo, NOW).reasons[0].facts["warned_on"] == "2026-11-11"


def test_a_category_no_longer_in_the_policy_has_the_points_of_other() -> None:
    assert POLICY.points(incident(1, "gone", SEVERE)) == 3
    assert POLICY.category("gone").key == "other"


def test_warn_hear_and_decide_have_their_deadlines() -> None:
    two_days = Span(2, Unit.BUSINESS_DAY)
    for rung in (Rung.WARN, Rung.HEAR, Rung.DECIDE):
        assert POLICY.deadlines_for(rung, ("other", "gone"), urgent=False) == (two_days,)
    assert POLICY.deadlines_for(Rung.DECIDE, (), urgent=False) == (two_days,)
    assert POLICY.deadlines_for(Rung.DECIDE, ("other",), urgent=True) == (Span(4, Unit.HOUR),)


def test_a_kind_of_conduct_may_have_a_time_of_its_own_to_decide() -> None:
    day = Span(1, Unit.BUSINESS_DAY)
    own = {**POLICY.categories, "other": replace(POLICY.categories["other"], decide=day)}
    policy = replace(POLICY, categories=own)
    both = policy.deadlines_for(Rung.DECIDE, ("other", "verbal_abuse"), urgent=False)
    assert set(both) == {day, Span(2, Unit.BUSINESS_DAY)}
    assert policy.deadlines_for(Rung.WARN, ("other",), urgent=False) == (POLICY.deadlines.warn,)
    assert policy.deadlines_for(Rung.DECIDE, ("other",), urgent=True) == (Span(4, Unit.HOUR),)
    back = policy_from_body(policy.body())
    assert (back, back.digest) == (policy, policy.digest)


def test_a_stored_policy_is_read_back_with_the_same_digest() -> None:
    days = [(NOW + n * DAY).date() for n in range(20)]
    holidays = replace(POLICY, hours=replace(POLICY.hours, holidays=frozenset(days)))
    back = policy_from_body(holidays.body())
    assert (back, back.digest) == (holidays, holidays.digest)
    assert holidays.body()["hours"]["holidays"] == [day.isoformat() for day in days]


def test_the_order_in_which_categories_are_offered_does_not_change_the_digest() -> None:
    turned = replace(POLICY, categories=dict(reversed(POLICY.categories.items())))
    assert turned.digest == POLICY.digest


def test_any_change_of_a_rule_or_a_text_changes_the_digest() -> None:
    other_rule = replace(POLICY, warn_at_points=5)
    other_word = replace(POLICY, texts=replace(POLICY.texts, boundary="Please stop."))
    assert len({POLICY.digest, other_rule.digest, other_word.digest}) == 3
    assert assess(history(), POLICY, NOW).policy_digest == POLICY.digest


def test_a_policy_with_a_value_that_json_does_not_have_has_no_body() -> None:
    with pytest.raises(TypeError, match="a policy holds no complex"):
        replace(POLICY, warn_at_points=4j).body()  # what no file can give


def test_a_hearing_for_want_of_a_second_reporter_says_how_many_there_are() -> None:
    found = assess(history(incident(1), incident(2), warned=True), POLICY, NOW)
    (few,) = (reason for reason in found.reasons if reason.rule is Rule.FEW_REPORTERS)
    assert dict(few.facts) == {"reporters": 1, "limit": 2}


def test_incidents_are_in_the_order_in_which_they_happened_and_of_one_moment_in_that_of_their_numbers() -> None:
    late, early, again = incident(1, days_ago=1), incident(3, days_ago=2), incident(2, days_ago=2)
    assert in_order(late, early, again) == (again, early, late)


def test_the_names_of_zero_tolerance_are_in_the_order_of_the_policy() -> None:
    threat, assault = (POLICY.categories[key].name for key in ("threat", "assault"))
    assert POLICY.zero_tolerance() == (threat, assault)
    assert POLICY.zero_tolerance(["assault", "verbal_abuse", "gone", "threat"]) == (threat, assault)
    assert POLICY.zero_tolerance(iter(["assault"])) == (assault,)
    assert POLICY.zero_tolerance([]) == ()


def test_a_megabyte_of_the_policy_is_a_million_bytes() -> None:
    assert EvidenceLimits(file_mb=3).file_bytes == 3_000_000
