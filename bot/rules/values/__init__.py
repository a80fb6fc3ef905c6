"""The words of the product as values: what happened, who is who, and how things stand.

Times are aware and in UTC. Identifiers of people are Slack's (`U…`), of records the workspace's own numbers.
"""

from bot.rules.values.facts import DeliveredWarning, History, Incident, Reason, Rung, Severity, Verdict
from bot.rules.values.records import (
    Approval,
    Case,
    Choice,
    Customer,
    Decision,
    Delivery,
    Ending,
    Evidence,
    IssuedWarning,
    Left,
    Outcome,
    Place,
    Recusal,
    Report,
    Safeguard,
    Standing,
)

__all__ = [
    "Approval",
    "Case",
    "Choice",
    "Customer",
    "Decision",
    "DeliveredWarning",
    "Delivery",
    "Ending",
    "Evidence",
    "History",
    "Incident",
    "IssuedWarning",
    "Left",
    "Outcome",
    "Place",
    "Reason",
    "Recusal",
    "Report",
    "Rung",
    "Safeguard",
    "Severity",
    "Standing",
    "Verdict",
]
