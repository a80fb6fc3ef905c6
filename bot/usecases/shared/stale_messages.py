"""Refreshes the messages and App Homes that show an old state after something has changed."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.cases import Case
from bot.rules.notices import NoticeKind
from bot.usecases.context import Context
from storage.transaction import Transaction


def show_case(tx: Transaction, context: Context, case: Case | None, now: datetime, *, clicked: bool = True) -> None:
    """Refresh management's messages about the case, the messages to its reporters, and the App Homes. None: do nothing.

    `clicked`: somebody acted on the case and is waiting, so these messages go first.
    """
    if case is None:
        return
    show_homes(tx, context, (case.customer,), now)
    channel, urgent = context.firm.management_channel, case.urgent or clicked
    tx.notices.refresh(NoticeKind.CASE, case.number, channel, now, urgent=urgent)
    tx.notices.refresh_reports_of(case.number, now)
    kinds = (NoticeKind.ESCALATION, NoticeKind.REMINDER, NoticeKind.OVERDUE)
    tx.notices.refresh_newest(kinds, case.number, now, urgent=clicked)


def show_customer(
    tx: Transaction, context: Context, customer: int, case: Case | None, now: datetime, *, clicked: bool = True
) -> None:
    """Refresh what shows the customer's standing: as `show_case` if there is a case, else only the App Homes."""
    if case:
        show_case(tx, context, case, now, clicked=clicked)
    else:
        show_homes(tx, context, (customer,), now)


def show_homes(tx: Transaction, context: Context, customers: Iterable[int], now: datetime) -> None:
    """Refresh the App Homes that show something about these customers."""
    tx.homes.refresh(customers, context.firm.management, now)
