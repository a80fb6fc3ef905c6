"""Nobody is asked twice about the same incident: one that was judged asks for no other decision."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.policy_file.load import load
from bot.rules.policy.assess import assess
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Rung, Severity

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
POLICY = load(None, "UTC")
WARNING = DeliveredWarning(1, NOW - timedelta(days=30), NOW + timedelta(days=335))


def incident(number: int, category: str = "verbal_abuse", severity: Severity = Severity.SERIOUS) -> Incident:
    return Incident(number, f"U0REP{number}", category, severity, NOW - timedelta(days=10 - number))


def test_a_threat_that_was_judged_does_not_make_every_later_report_urgent() -> None:
    threat, later = incident(1, "threat"), incident(2, "persistent_contact", Severity.MINOR)
    assert assess(History((threat, later)), POLICY, NOW).rung is Rung.DECIDE
    judged = assess(History((replace(threat, judged=True), later)), POLICY, NOW)
    assert (judged.rung, judged.urgent) == (Rung.WARN, False)
    assert judged.points == 9  # it still counts
    assert judged.reporters == 2


def test_judged_abuse_after_a_warning_does_not_escalate_again_without_new_abuse() -> None:
    before, minor = (replace(incident(n), judged=True) for n in (1, 2)), incident(3, "other", Severity.MINOR)
    history = History((*before, minor), (WARNING,))
    assert assess(history, POLICY, NOW).rung is Rung.RECORD
    more = replace(history, incidents=(*history.incidents, incident(4)))
    assert assess(more, POLICY, NOW).rung is Rung.DECIDE


def test_a_new_threat_after_a_decision_is_urgent_again() -> None:
    history = History((replace(incident(1, "threat"), judged=True), incident(2, "threat")))
    verdict = assess(history, POLICY, NOW)
    assert (verdict.rung, verdict.urgent) == (Rung.DECIDE, True)
    assert verdict.reasons[0].facts["incidents"] == [2]
