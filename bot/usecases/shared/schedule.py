"""What the clock is to do: for an open case a reminder, the deadline, a look at who is left; the end of what counts."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.business_time import halfway
from bot.rules.cases import Case
from bot.usecases.context import Desk
from storage.transaction import Transaction

REMIND = "remind"
DUE = "due"
OVERDUE = "overdue"
CHECK_IN = "checkin"
LEFT = "left"
WARNING_ENDS = "warning_ends"
POINTS_END = "points_end"
SAFEGUARD_ENDS = "safeguard"
DISPUTE_WAITS = "dispute"

CLOCK = "clock"  # who acts, in the audit log, where nobody does


def plan(record: Transaction, desk: Desk, before: Case | None, case: Case, now: datetime) -> None:
    """What a case needs that has just been opened, or may stand differently from `before`."""
    if before is None or before.due_at != case.due_at:
        plan_deadline(record, desk, case, now)
    plan_a_look(record, case.number, now)


def plan_deadline(record: Transaction, desk: Desk, case: Case, now: datetime) -> None:
    """A reminder at the policy's share of the time from now to the deadline, and what happens at its end.

    To be called whenever a case opens or its deadline moves: what was planned before is replaced.
    """
    policy = desk.policy
    clock = policy.deadline(case.rung, urgent=case.urgent).is_clock
    remind_at = halfway(now, case.due_at, policy.hours, share=policy.deadlines.reminder, clock=clock)
    record.steps.set(REMIND, case.number, remind_at)
    record.steps.set(DUE, case.number, case.due_at)
    record.steps.cancel(OVERDUE, case.number)


def plan_expiry(record: Transaction, kind: str, customer: int, moments: Iterable[datetime], now: datetime) -> None:
    """The standing follows at the first of these moments that is still to come."""
    coming = [moment for moment in moments if moment > now]
    if coming:
        record.steps.set(kind, customer, min(coming))
    else:
        record.steps.cancel(kind, customer)


def plan_a_look(record: Transaction, case: int, now: datetime) -> None:
    """See at once who is left to act on the case: somebody may have got a stake in it."""
    record.steps.set(LEFT, case, now)


def plan_a_look_at_all(record: Transaction, now: datetime) -> None:
    """See at once who is left to act on each open case: managers or directors may have come or gone."""
    for case in record.cases.all_open():
        plan_a_look(record, case, now)
