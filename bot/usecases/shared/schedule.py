"""Schedules the tasks of open cases (reminder, deadline, who is left to act) and the expiry of points and warnings."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.business_time import Span, due, moment_at_share
from bot.rules.cases import Case
from bot.rules.policy.verdicts import Rung
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from storage.transaction import Transaction


def schedule_case(tx: Transaction, context: Context, before: Case | None, case: Case, now: datetime) -> None:
    """Schedule what a case needs that was just opened (`before` is None) or may have changed since `before`."""
    if before is None or before.due_at != case.due_at:
        schedule_deadline(tx, context, case, now)
    elif case.urgent and not before.urgent and now >= case.due_at:  # the directors have heard of it as of any late case
        tx.scheduled_tasks.set(TaskKind.OVERDUE, case.number, now)
    schedule_who_is_left(tx, case.number, now)


def allowed(tx: Transaction, context: Context, customer: int, rung: Rung, now: datetime, *, urgent: bool) -> Span:
    """How long management may take from now on: where kinds of conduct have times of their own, the shortest."""
    policy = context.policy
    kinds = _live_kinds(tx, context, customer, now) if rung is Rung.DECIDE else []
    return min(policy.deadlines_for(rung, kinds, urgent=urgent), key=lambda span: due(now, span, policy.hours))


def has_own_time(tx: Transaction, context: Context, customer: int, now: datetime) -> bool:
    """Whether a kind of conduct that counts has a time of its own to decide."""
    return any(context.policy.category(kind).decide for kind in _live_kinds(tx, context, customer, now))


def _live_kinds(tx: Transaction, context: Context, customer: int, now: datetime) -> list[str]:
    """The kinds of the reports that count and that management has not answered; none are read where no kind has a time
    of its own.
    """
    policy = context.policy
    if not any(kind.decide for kind in policy.categories.values()):
        return []
    lasts = policy.points_expire_after
    asking = (i for i in tx.reports.incidents(customer) if not i.void and not i.judged)
    return [i.category for i in asking if now < i.happened_at + lasts]


def schedule_deadline(tx: Transaction, context: Context, case: Case, now: datetime) -> None:
    """Schedule the reminder, at the policy's share of the time from now to the deadline, and the deadline.

    Call it whenever a case opens or its deadline moves: it replaces what was scheduled before. Where the deadline has
    passed, as after a merger with an overdue case, nobody is reminded of it.
    """
    policy = context.policy
    if now < case.due_at:
        clock = allowed(tx, context, case.customer, case.rung, now, urgent=case.urgent).is_clock
        remind_at = moment_at_share(now, case.due_at, policy.hours, share=policy.deadlines.reminder, clock=clock)
        tx.scheduled_tasks.set(TaskKind.REMINDER, case.number, remind_at)
    else:
        tx.scheduled_tasks.cancel(TaskKind.REMINDER, case.number)
    tx.scheduled_tasks.set(TaskKind.DEADLINE, case.number, case.due_at)
    tx.scheduled_tasks.cancel(TaskKind.OVERDUE, case.number)


def schedule_expiry(tx: Transaction, kind: TaskKind, customer: int, moments: Iterable[datetime], now: datetime) -> None:
    """Schedule the task at the first of these moments that is in the future; cancel it if none is."""
    future = [moment for moment in moments if moment > now]
    if future:
        tx.scheduled_tasks.set(kind, customer, min(future))
    else:
        tx.scheduled_tasks.cancel(kind, customer)


def schedule_who_is_left(tx: Transaction, case: int, now: datetime) -> None:
    """Check at once who is left to act on the case: somebody may have a stake in it now."""
    tx.scheduled_tasks.set(TaskKind.WHO_IS_LEFT, case, now)


def schedule_who_is_left_about(tx: Transaction, customer: int, now: datetime) -> None:
    """Likewise for each of the customer's cases that waits for somebody."""
    tx.scheduled_tasks.set_for_customer(TaskKind.WHO_IS_LEFT, customer, now)


def schedule_who_is_left_for_all(tx: Transaction, now: datetime) -> None:
    """Likewise for each case that waits for somebody: managers or directors may have joined or left."""
    tx.scheduled_tasks.set_for_all(TaskKind.WHO_IS_LEFT, now)
