"""When a decision comes up again: its review and its end, the time for an appeal, the look back at a drop."""

from datetime import date, datetime

from bot.rules.business import add_months, before, due, halfway, opening
from bot.rules.policy import Policy
from bot.rules.values import Decision


def appeal_until(decided_at: datetime, policy: Policy) -> datetime:
    """The last moment at which the customer may ask for another look: the end of business of the last day for it."""
    return due(decided_at, policy.appeal_within, policy.hours)


def answer_due(asked_at: datetime, policy: Policy) -> datetime:
    """When an appeal has to be answered: the firm takes no longer than it gives the customer (conduct.md)."""
    return due(asked_at, policy.appeal_within, policy.hours)


def lapses_at(decision: Decision, policy: Policy) -> datetime:
    """The end of business on the review date, a day off or not: a day off makes no decision run longer."""
    return policy.hours.at(decision.review_on, policy.hours.closes)


def review_opens_at(decision: Decision, since: datetime, policy: Policy) -> datetime:
    """When managers are asked to renew the decision: `review_notice` before its end.

    `since`: when it was made or last renewed. Where less time than that lies between, half of the time is left to them.
    """
    ends = lapses_at(decision, policy)
    opens = before(ends, policy.review_notice, policy.hours)
    return opens if opens > since else halfway(since, ends, policy.hours)


def latest_review(day: date, policy: Policy) -> date:
    """The last review date that a decision may have which is made, or renewed, on this day of the firm's.

    Nothing runs beyond `longest_months` without renewal. A renewal starts that time anew on the day on which it is
    made, not on the review date that it replaces: renewing early never adds up to more than the longest time ahead.
    """
    return add_months(day, policy.longest_months)


def follow_up_at(decision: Decision, policy: Policy) -> datetime:
    """When management is asked what it learnt from a drop: so many months after it took effect, as business opens."""
    effective_on = decision.effective_on or policy.hours.local_date(decision.at)
    return opening(add_months(effective_on, policy.follow_up_after_months), policy.hours)
