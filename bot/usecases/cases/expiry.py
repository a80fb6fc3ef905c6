"""What counts against a customer ends by itself: a warning after its time, the last points after theirs."""

from bot.rules.audit_acts import Act
from bot.usecases.context import Context
from bot.usecases.shared.schedule import CLOCK
from bot.usecases.shared.stale_messages import show_customer
from bot.usecases.shared.verdicts import settle
from storage.transaction import Transaction


def warning_ended(tx: Transaction, context: Context, customer: int) -> None:
    """A warning counts no longer: the standing follows."""
    now = context.clock()
    tx.customers.lock(customer)
    ended = [warning.number for warning in tx.warnings.delivered(customer) if warning.expires_at <= now]
    _note(tx, context, customer, {"warnings": ended})


def points_ended(tx: Transaction, context: Context, customer: int) -> None:
    """Nothing that was reported counts any more. It stays on record."""
    tx.customers.lock(customer)
    _note(tx, context, customer, {"points": 0})


def _note(tx: Transaction, context: Context, customer: int, ended: dict[str, object]) -> None:
    now = context.clock()
    settle(tx, customer, now)
    standing = tx.customers.get(customer).standing
    tx.audit.append(customer, CLOCK, Act.EXPIRE, ended | {"standing": standing.value}, now)
    case = tx.cases.open_about(customer)
    if case:
        tx.cases.touch(case.number)
    show_customer(tx, context, customer, case, now, clicked=False)
