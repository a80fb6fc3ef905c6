"""Writing down what was done: one audit entry, the verdict beside it, the messages that now show too little."""

from collections.abc import Iterable
from datetime import datetime

from bot.rules.cases import Case
from bot.rules.notices import NoticeKind
from bot.usecases.context import Context
from storage.transaction import Transaction


def show_case(tx: Transaction, context: Context, case: Case | None, now: datetime, *, clicked: bool = True) -> None:
    """Management's message about the case, and those to everybody who reported in it, are to show the newest state.

    `clicked`: somebody acted on the case, so that what they have before them goes first.
    """
    if case is None:
        return
    show_homes(tx, context, (case.customer,), now)
    tx.notices.want(NoticeKind.CASE, case.number, context.firm.management_channel, now, urgent=case.urgent or clicked)
    tx.notices.want_reports_of(case.number, now)
    tx.notices.want_newest(
        (NoticeKind.RAISED, NoticeKind.REMINDER, NoticeKind.OVERDUE), case.number, now, urgent=clicked
    )


def show_customer(
    tx: Transaction, context: Context, customer: int, case: Case | None, now: datetime, *, clicked: bool = True
) -> None:
    """All that shows how the customer stands is to show the newest state: the case, where there is one, and Homes."""
    if case:
        show_case(tx, context, case, now, clicked=clicked)
    else:
        show_homes(tx, context, (customer,), now)


def show_homes(tx: Transaction, context: Context, customers: Iterable[int], now: datetime) -> None:
    """The App Homes that show something of these customers are to show the newest state."""
    tx.homes.changed(customers, (*context.firm.managers, *context.firm.directors), now)
