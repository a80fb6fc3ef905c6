"""Builders for the tests of the rules: the built-in policy, and facts of which a test names only what matters."""

from datetime import UTC, datetime, timedelta

from bot.policy_file.load import load
from bot.rules.policy.verdicts import DeliveredWarning, Incident, Severity
from bot.rules.reports import Place, Report

POLICY = load(None, "Europe/London")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def ago(days: float) -> datetime:
    return NOW - days * DAY


def incident(
    number: int = 1,
    category: str = "verbal_abuse",
    severity: Severity = Severity.MINOR,
    *,
    by: str = "U0ANA",
    days_ago: float = 1,
    doubted: bool = False,
    void: bool = False,
) -> Incident:
    return Incident(number, by, category, severity, ago(days_ago), doubted, void)


def warning(number: int = 1, *, days_ago: float = 30, valid_days: float = 365) -> DeliveredWarning:
    return DeliveredWarning(number, ago(days_ago), ago(days_ago - valid_days))


def report(incident_: Incident, place: Place = Place.PHONE) -> Report:
    return Report(
        incident_, 1, place, incident_.happened_at, "He shouted.", (), wants_support=False, reporter_known=True
    )
