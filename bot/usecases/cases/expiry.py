"""The tasks that run when a customer's warning or last points expire."""

from bot.rules.audit import CLOCK, Act
from bot.usecases.context import Context
from bot.usecases.shared.conclude import Done, conclude
from storage.transaction import Transaction


def warning_ended(tx: Transaction, context: Context, customer: int) -> None:
    """A warning has expired: update the standing."""
    tx.customers.lock(customer)
    now = context.clock()
    expired = [warning.number for warning in tx.warnings.delivered(customer) if warning.expires_at <= now]
    conclude(tx, context, Done(Act.EXPIRE, CLOCK, customer, {"warnings": expired}), now)


def points_ended(tx: Transaction, context: Context, customer: int) -> None:
    """The last points have expired: update the standing. The reports stay on record."""
    tx.customers.lock(customer)
    conclude(tx, context, Done(Act.EXPIRE, CLOCK, customer, {"points": 0}), context.clock())
