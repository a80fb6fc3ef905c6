"""The tasks that run when a customer's warning or last points expire."""

from bot.rules.audit import CLOCK, Act
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.shared.conclude import Done, conclude
from bot.usecases.shared.schedule import schedule_expiry
from storage.transaction import Transaction


def warning_ended(tx: Transaction, context: Context, customer: int) -> None:
    """A warning has expired: update the standing. Where none has, it is looked at again when one will."""
    tx.customers.lock(customer)
    now, warnings = context.clock(), tx.warnings.delivered(customer)
    expired = [warning.number for warning in warnings if warning.expires_at <= now]
    if not expired:
        schedule_expiry(tx, TaskKind.WARNING_EXPIRY, customer, [warning.expires_at for warning in warnings], now)
        return
    conclude(tx, context, Done(Act.EXPIRE, CLOCK, customer, {"warnings": expired}), now)


def points_ended(tx: Transaction, context: Context, customer: int) -> None:
    """The last points have expired: update the standing. The reports stay on record. Likewise."""
    tx.customers.lock(customer)
    now, lasts = context.clock(), context.policy.points_expire_after
    ends = [each.happened_at + lasts for each in tx.reports.incidents(customer) if not each.void]
    if ends and max(ends) > now:
        schedule_expiry(tx, TaskKind.POINTS_EXPIRY, customer, [max(ends)], now)
        return
    conclude(tx, context, Done(Act.EXPIRE, CLOCK, customer, {"points": 0}), now)
