"""Writing down what was done: one audit entry, the verdict beside it, the messages that now show too little."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.cases import Case
from bot.usecases.context import Desk
from storage.transaction import Transaction


def show_case(record: Transaction, desk: Desk, case: Case | None, now: datetime, *, clicked: bool = True) -> None:
    """Management's message about the case, and those to everybody who reported in it, are to show the newest state.

    `clicked`: somebody acted on the case, so that what they have before them goes first.
    """
    if case is None:
        return
    show_homes(record, desk, (case.customer,), now)
    record.notices.want("case", case.number, desk.firm.management_channel, now, urgent=case.urgent or clicked)
    record.notices.want_reports_of(case.number, now)
    record.notices.want_newest(("raised", "remind", "overdue"), case.number, now, urgent=clicked)


def show_customer(
    record: Transaction, desk: Desk, customer: int, case: Case | None, now: datetime, *, clicked: bool = True
) -> None:
    """All that shows how the customer stands is to show the newest state: the case, where there is one, and Homes."""
    if case:
        show_case(record, desk, case, now, clicked=clicked)
    else:
        show_homes(record, desk, (customer,), now)


def show_homes(record: Transaction, desk: Desk, customers: Iterable[int], now: datetime) -> None:
    """The App Homes that show something of these customers are to show the newest state."""
    record.homes.changed(customers, (*desk.firm.managers, *desk.firm.directors), now)
