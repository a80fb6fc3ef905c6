"""What counts against a customer ends by itself: a warning after its time, the last points after theirs."""

from bot.usecases.context import Desk
from bot.usecases.shared.schedule import CLOCK
from bot.usecases.shared.stale_messages import show_customer
from bot.usecases.shared.verdicts import settle
from storage.transaction import Transaction


def warning_ended(record: Transaction, desk: Desk, customer: int) -> None:
    """A warning counts no longer: the standing follows."""
    now = desk.clock()
    record.customers.lock(customer)
    ended = [warning.number for warning in record.warnings.delivered(customer) if warning.expires_at <= now]
    _note(record, desk, customer, {"warnings": ended})


def points_ended(record: Transaction, desk: Desk, customer: int) -> None:
    """Nothing that was reported counts any more. It stays on record."""
    record.customers.lock(customer)
    _note(record, desk, customer, {"points": 0})


def _note(record: Transaction, desk: Desk, customer: int, ended: dict[str, object]) -> None:
    now = desk.clock()
    settle(record, customer, now)
    standing = record.customers.get(customer).standing
    record.audit.append(customer, CLOCK, "expire", ended | {"standing": standing.value}, now)
    case = record.cases.open_about(customer)
    if case:
        record.cases.touch(case.number)
    show_customer(record, desk, customer, case, now, clicked=False)
