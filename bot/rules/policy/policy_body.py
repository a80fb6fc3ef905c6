"""Reads a policy back from its body: from the record, so that a past verdict can be derived again."""

from datetime import date, time, timedelta
from typing import Any

from bot.rules.business_time import Hours, Span, Unit
from bot.rules.policy.backup_rules import BackupRules
from bot.rules.policy.ending_rules import ending_rules
from bot.rules.policy.interim_rules import interim_rules
from bot.rules.policy.policy import (
    Category,
    Deadlines,
    EvidenceLimits,
    Letterhead,
    Policy,
    Retention,
    Texts,
    Weight,
    Wording,
)
from bot.rules.policy.verdicts import Severity


def policy_from_body(body: dict[str, Any]) -> Policy:
    """The policy with this `Policy.body`, and so with the same digest.

    Raises KeyError, TypeError or ValueError if it is no such body.
    """
    values: dict[str, Any] = {
        "points_expire_after": timedelta(days=body["points_expire_after"]),
        "warnings_expire_after": timedelta(days=body["warnings_expire_after"]),
        "severities": {Severity(key): Weight(**weight) for key, weight in body["severities"].items()},
        "categories": {key: _category(**category) for key, category in body["categories"].items()},
        "conditions": {key: Wording(**wording) for key, wording in body["conditions"].items()},
        "safeguards": {key: Wording(**wording) for key, wording in body["safeguards"].items()},
        "deadlines": _deadlines(**body["deadlines"]),
        "review_notice": _span(body["review_notice"]),
        "appeal_within": _span(body["appeal_within"]),
        "dispute_within": _span(body["dispute_within"]),
        "hours": _hours(body["hours"]),
        "texts": Texts(**body["texts"]),
        "retention": Retention(**body["retention"]),
        "evidence": EvidenceLimits(**body.get("evidence", {})),
        "firm": Letterhead(**body.get("firm", {})),
        "backup": BackupRules(**body.get("backup", {})),
        "ending": ending_rules(**body.get("ending", {})),
        "interim": interim_rules(**body.get("interim", {})),
    }
    return Policy(**body | values)


def _category(decide: dict[str, Any] | None = None, **category: Any) -> Category:  # noqa: ANN401 - its other values
    return Category(**category, decide=_span(decide) if decide else None)


def _span(body: dict[str, Any]) -> Span:
    return Span(body["amount"], Unit(body["unit"]))


def _deadlines(reminder: float, **spans: dict[str, Any]) -> Deadlines:
    return Deadlines(reminder=reminder, **{key: _span(span) for key, span in spans.items()})


def _hours(body: dict[str, Any]) -> Hours:
    return Hours(
        body["zone"],
        frozenset(body["days"]),
        time.fromisoformat(body["opens"]),
        time.fromisoformat(body["closes"]),
        frozenset(map(date.fromisoformat, body["holidays"])),
    )
