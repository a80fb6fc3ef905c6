"""What the clock is to do: for an open case a reminder, the deadline, a look at who is left; the end of what counts."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.business_time import halfway
from bot.rules.cases import Case
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from storage.transaction import Transaction

CLOCK = "clock"  # who acts, in the audit log, where nobody does


def plan(tx: Transaction, context: Context, before: Case | None, case: Case, now: datetime) -> None:
    """What a case needs that has just been opened, or may stand differently from `before`."""
    if before is None or before.due_at != case.due_at:
        plan_deadline(tx, context, case, now)
    plan_a_look(tx, case.number, now)


def plan_deadline(tx: Transaction, context: Context, case: Case, now: datetime) -> None:
    """A reminder at the policy's share of the time from now to the deadline, and what happens at its end.

    To be called whenever a case opens or its deadline moves: what was planned before is replaced.
    """
    policy = context.policy
    clock = policy.deadline(case.rung, urgent=case.urgent).is_clock
    remind_at = halfway(now, case.due_at, policy.hours, share=policy.deadlines.reminder, clock=clock)
    tx.scheduled_tasks.set(TaskKind.REMINDER, case.number, remind_at)
    tx.scheduled_tasks.set(TaskKind.DEADLINE, case.number, case.due_at)
    tx.scheduled_tasks.cancel(TaskKind.OVERDUE, case.number)


def plan_expiry(tx: Transaction, kind: TaskKind, customer: int, moments: Iterable[datetime], now: datetime) -> None:
    """The standing follows at the first of these moments that is still to come."""
    coming = [moment for moment in moments if moment > now]
    if coming:
        tx.scheduled_tasks.set(kind, customer, min(coming))
    else:
        tx.scheduled_tasks.cancel(kind, customer)


def plan_a_look(tx: Transaction, case: int, now: datetime) -> None:
    """See at once who is left to act on the case: somebody may have got a stake in it."""
    tx.scheduled_tasks.set(TaskKind.WHO_IS_LEFT, case, now)


def plan_a_look_at_all(tx: Transaction, now: datetime) -> None:
    """See at once who is left to act on each open case: managers or directors may have come or gone."""
    for case in tx.cases.all_open():
        plan_a_look(tx, case, now)
