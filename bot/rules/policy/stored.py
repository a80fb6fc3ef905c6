"""A kept policy read back, so that a past verdict can be derived again."""

from datetime import date, time, timedelta
from typing import Any

from bot.rules.business_time import Hours, Span, Unit
from bot.rules.policy.policy import Policy
from bot.rules.policy.sections import Category, Deadlines, Texts, Weight, Wording
from bot.rules.policy.verdicts import Severity


def read(body: dict[str, Any]) -> Policy:
    """The policy that `Policy.body` was made of, with the same digest.

    Raises KeyError, TypeError or ValueError for what is no such body.
    """
    read_back: dict[str, Any] = {
        "points_expire_after": timedelta(days=body["points_expire_after"]),
        "warnings_expire_after": timedelta(days=body["warnings_expire_after"]),
        "severities": {Severity(key): Weight(**weight) for key, weight in body["severities"].items()},
        "categories": {key: Category(**category) for key, category in body["categories"].items()},
        "conditions": _wordings(body["conditions"]),
        "safeguards": _wordings(body["safeguards"]),
        "deadlines": _deadlines(**body["deadlines"]),
        "review_notice": _span(body["review_notice"]),
        "appeal_within": _span(body["appeal_within"]),
        "dispute_within": _span(body["dispute_within"]),
        "hours": _hours(body["hours"]),
        "texts": Texts(**body["texts"]),
    }
    return Policy(**body | read_back)


def _span(body: dict[str, Any]) -> Span:
    return Span(body["amount"], Unit(body["unit"]))


def _deadlines(reminder: float, **spans: dict[str, Any]) -> Deadlines:
    return Deadlines(reminder=reminder, **{key: _span(span) for key, span in spans.items()})


def _wordings(body: dict[str, Any]) -> dict[str, Wording]:
    return {key: Wording(**wording) for key, wording in body.items()}


def _hours(body: dict[str, Any]) -> Hours:
    return Hours(
        body["zone"],
        frozenset(body["days"]),
        time.fromisoformat(body["opens"]),
        time.fromisoformat(body["closes"]),
        frozenset(map(date.fromisoformat, body["holidays"])),
    )
