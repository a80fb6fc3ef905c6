"""More than one warning before a decision: the same ladder, with as many warnings as the policy asks for."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from bot.rules.evidence_pack.policy_words import TERMS
from bot.rules.hearings import rung_after_upheld
from bot.rules.letters import Addressed, warning_letter
from bot.rules.policy.assess import assess
from bot.rules.policy.policy import EvidenceLimits, Letterhead
from bot.rules.policy.policy_body import policy_from_body
from bot.rules.policy.reasons import in_short, sentence
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Rule, Rung, Severity
from tests.rules.samples import NOW, POLICY, incident, report, warning
from tests.rules.test_policy_properties import LEVEL, histories

TWO = replace(POLICY, warnings_before_decision=2)
EARLIER, LATER = warning(1, days_ago=60), warning(2, days_ago=30)
BOTH = (EARLIER, LATER)
SINCE = incident(1, days_ago=1)
BETWEEN = incident(2, days_ago=45, by="U0JOE")


def history(
    *incidents: Incident, warnings: tuple[DeliveredWarning, ...] = BOTH, safe: bool = False
) -> tuple[Rung, list[str]]:
    verdict = assess(History(incidents, warnings, safe), TWO, NOW)
    return verdict.rung, [reason.rule for reason in verdict.reasons]


CASES = {
    "none yet": (history(SINCE, BETWEEN, warnings=()), Rung.WARN, [Rule.POINTS]),
    "abuse after the first": (history(SINCE, BETWEEN, warnings=(EARLIER,)), Rung.WARN, [Rule.AFTER_TOO_FEW]),
    "abuse after the first by one rep": (history(SINCE, warnings=(EARLIER,)), Rung.WARN, [Rule.AFTER_TOO_FEW]),
    "abuse only before the first": (history(BETWEEN, warnings=(LATER,)), Rung.RECORD, [Rule.NOTHING_SINCE]),
    "too light after the first": (
        history(incident(1, "other"), BETWEEN, warnings=(LATER,)),
        Rung.RECORD,
        [Rule.NOTHING_SINCE],
    ),
    "doubted abuse after the first": (
        history(replace(SINCE, doubted=True), warnings=(EARLIER,)),
        Rung.HEAR,
        [Rule.AFTER_TOO_FEW, Rule.DOUBTED],
    ),
    "abuse after the first, and a safeguard": (
        history(SINCE, warnings=(EARLIER,), safe=True),
        Rung.HEAR,
        [Rule.AFTER_TOO_FEW, Rule.SAFEGUARD],
    ),
    "judged abuse after the first": (
        history(replace(SINCE, judged=True), warnings=(EARLIER,)),
        Rung.RECORD,
        [Rule.NOTHING_SINCE],
    ),
    "abuse between the two": (history(BETWEEN), Rung.RECORD, [Rule.NOTHING_SINCE]),
    "abuse after the second": (history(SINCE, BETWEEN), Rung.DECIDE, [Rule.AFTER_WARNINGS, Rule.REPORTERS]),
    "abuse after the second by one rep": (history(SINCE), Rung.HEAR, [Rule.AFTER_WARNINGS, Rule.FEW_REPORTERS]),
    "one of two has expired": (
        history(SINCE, BETWEEN, warnings=(replace(EARLIER, expires_at=NOW), LATER)),
        Rung.WARN,
        [Rule.AFTER_TOO_FEW],
    ),
    "a third does not start again": (
        history(incident(1, days_ago=20), BETWEEN, warnings=(*BOTH, warning(3, days_ago=10))),
        Rung.DECIDE,
        [Rule.AFTER_WARNINGS, Rule.REPORTERS],
    ),
    "a threat needs none": (history(incident(1, "threat"), warnings=()), Rung.DECIDE, [Rule.ZERO_TOLERANCE]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_decision_comes_after_as_many_valid_warnings_as_the_policy_says(name: str) -> None:
    found, rung, rules = CASES[name]
    assert found == (rung, rules)


def test_the_reasons_say_how_many_warnings_the_policy_asks_for() -> None:
    after = assess(History((SINCE, BETWEEN), BOTH), TWO, NOW)
    again = assess(History((SINCE,), (EARLIER,)), TWO, NOW)
    assert sentence(after.reasons[0], TWO) == (
        "Report 1, of 2 points, came after 2 valid warnings, as many as the policy asks for before a decision; the "
        "last of these was delivered on 21 October 2026."
    )
    assert sentence(again.reasons[0], TWO) == (
        "Report 1, of 2 points, came after a warning that was delivered on 21 September 2026 and is valid; the policy "
        "asks for 2 valid warnings before a decision."
    )
    assert in_short(after, TWO) == "again after 2 warnings"
    assert in_short(again, TWO) == "again after the warning of 21 September 2026"


@given(histories)
def test_asking_for_more_warnings_never_raises_the_level(history: History) -> None:
    levels = [LEVEL[assess(history, replace(POLICY, warnings_before_decision=n), NOW).rung] for n in (1, 2, 3)]
    assert all(rung <= 2 for rung in levels)
    decided = [assess(history, replace(POLICY, warnings_before_decision=n), NOW).rung is Rung.DECIDE for n in (1, 2, 3)]
    assert decided == sorted(decided, reverse=True)


@given(histories)
def test_a_decision_without_zero_tolerance_has_that_many_valid_warnings(history: History) -> None:
    verdict = assess(history, TWO, NOW)
    if verdict.rung is Rung.DECIDE and not verdict.urgent:
        assert sum(each.is_valid_at(NOW) for each in history.warnings) >= 2


def test_an_upheld_hearing_leads_to_the_next_warning_while_one_is_missing() -> None:
    first_only = History((SINCE,), (EARLIER,), safeguarded=True)
    assert rung_after_upheld(assess(first_only, TWO, NOW)) is Rung.WARN
    assert rung_after_upheld(assess(replace(first_only, incidents=()), TWO, NOW)) is Rung.WARN
    assert rung_after_upheld(assess(replace(first_only, warnings=BOTH), TWO, NOW)) is Rung.DECIDE
    assert rung_after_upheld(assess(History((), BOTH), TWO, NOW)) is Rung.DECIDE


def test_a_policy_on_record_without_the_key_asks_for_one_warning() -> None:
    body = POLICY.body()
    del body["warnings_before_decision"]
    assert policy_from_body(body) == POLICY
    assert POLICY.warnings_before_decision == 1


def test_the_letter_of_a_first_warning_of_two_does_not_say_that_a_decision_is_next() -> None:
    to = Addressed("Zenith Corp", TWO, date(2026, 11, 22))
    found = [report(incident(1, severity=Severity.SEVERE))]
    first, last = (warning_letter(to, found, date(2026, 12, 4), warned=n) for n in (0, 1))
    ending = "we may end our business with you, or go on working with you only on conditions."
    again = "If something like this happens again while this warning is valid, "
    assert f"{again}{ending}" in last
    assert f"{again}{ending}" not in first
    assert f"{again}you may get another formal warning. After 2 warnings, {ending}" in first
    assert warning_letter(replace(to, policy=POLICY), found, date(2026, 12, 4), warned=0) == last


def test_a_pack_says_how_many_warnings_a_decision_takes() -> None:
    one, two = ([said for term in TERMS if (said := term(each.body()))] for each in (POLICY, TWO))
    due, again = (said for said in two if said not in one)
    assert "a report of 2 points or more comes after 2 valid warnings, and" in due
    assert again == "While fewer warnings are valid, such a report asks for the next one."


def test_what_a_policy_on_record_says_of_files_and_of_the_firm_comes_back() -> None:
    other = replace(POLICY, evidence=EvidenceLimits(2, 3), firm=Letterhead("Acme Ltd", "1 High Street", "The team"))
    assert policy_from_body(other.body()) == other
