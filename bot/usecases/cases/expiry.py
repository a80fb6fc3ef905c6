"""The tasks that run when a customer's warning or last points expire."""

from bot.rules.audit import Act
from bot.usecases.context import Context
from bot.usecases.shared.schedule import CLOCK
from bot.usecases.shared.stale_messages import show_customer
from bot.usecases.shared.verdicts import update_standing
from storage.transaction import Transaction


def warning_ended(tx: Transaction, context: Context, customer: int) -> None:
    """A warning has expired: update the standing."""
    now = context.clock()
    tx.customers.lock(customer)
    expired = [warning.number for warning in tx.warnings.delivered(customer) if warning.expires_at <= now]
    _record(tx, context, customer, {"warnings": expired})


def points_ended(tx: Transaction, context: Context, customer: int) -> None:
    """The last points have expired: update the standing. The reports stay on record."""
    tx.customers.lock(customer)
    _record(tx, context, customer, {"points": 0})


def _record(tx: Transaction, context: Context, customer: int, expired: dict[str, object]) -> None:
    now = context.clock()
    update_standing(tx, customer, now)
    standing = tx.customers.get(customer).standing
    tx.audit.append(customer, CLOCK, Act.EXPIRE, expired | {"standing": standing.value}, now)
    case = tx.cases.open_about(customer)
    if case:
        tx.cases.touch(case.number)
    show_customer(tx, context, customer, case, now, clicked=False)
