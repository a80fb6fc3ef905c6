"""The views with a page of a list: one's own reports, what awaits somebody, customers by standing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.customers import Standing
from bot.rules.home import ListedCustomer, OwnReport, Page, QueueItem, QueueKind
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    Block,
    Inline,
    View,
    bold,
    button,
    filled,
    joined,
    link,
    note,
    paragraph,
    section,
    when,
)
from handlers.blockkit.quote import permalink
from handlers.blockkit.text import escape
from handlers.button_values import customer_value
from handlers.names import ActionId, CallbackId, ListName
from handlers.shared.counts import reports
from handlers.shared.labels import DELIVER, RUNGS, STANDING_TITLES, shown_name
from handlers.shared.list_lines import own_report, page_buttons

# Translators: a decision that ends unless it is renewed.
ENDS: Final = _("ends {at}")
OVERDUE: Final = _("overdue since {at}")
# Translators: a letter.
NOT_SENT: Final = _("not sent yet")
OTHER_THAN_CASES: Final = {
    # Translators: what a manager is asked to do, beside "Warn: Zenith Corp" and "Decide: Zenith Corp".
    QueueKind.REVIEW: _("Renew or let lapse: {customer}"),
    QueueKind.OBJECTION: _("Answer the objection: {customer}"),
    QueueKind.LETTER: _("Send the letter: {customer}"),
}


def my_reports_view(page: Page[OwnReport], policy: Policy, now: datetime) -> View:
    """Somebody's own reports."""
    items = [own_report(each, policy, now) for each in page.items]
    return _list(_("Your reports"), page, items or [paragraph(_("You have not reported anybody."))], ListName.MINE)


def queue_view(page: Page[QueueItem], now: datetime, workspace: str = "") -> View:
    """What awaits somebody."""
    items = [awaiting(each, now, workspace) for each in page.items]
    return _list(_("What you have to do"), page, items or [paragraph(_("Nothing is waiting for you."))], ListName.QUEUE)


def standing_view(page: Page[ListedCustomer], standing: Standing) -> View:
    """The customers of one standing."""
    items = [_customer(each) for each in page.items]
    items = items or [paragraph(_("No customer has this standing."))]
    return _list(STANDING_TITLES[standing], page, items, f"{ListName.STANDING}:{standing.value}")


def awaiting(case: QueueItem, now: datetime, workspace: str) -> Block:
    """What is asked and by when, with a link to the notice that asks."""
    template = DELIVER if case.issued else RUNGS[case.rung]
    title = OTHER_THAN_CASES.get(case.kind, template).format(customer=shown_name(case.customer))
    linked = link(permalink(case.channel, case.ts, workspace), title) if case.channel and case.ts else bold(title)
    facts: list[list[Inline]] = [[bold(_("urgent"))]] if case.urgent else []
    due = ENDS if case.kind is QueueKind.REVIEW else OVERDUE if case.due_at <= now else _("due {at}")
    asked = [[NOT_SENT]] if case.kind is QueueKind.LETTER else [filled(due, at=when(case.due_at))]
    facts += [*asked, [_("case {case}").format(case=case.case)]]
    return paragraph(linked, "\n", *joined(facts, " · "))


def _list(title: str, page: Page[object], items: Sequence[Block], what: str) -> View:
    return note(CallbackId.LIST, title, [*items, *page_buttons(page, what)])


def _customer(customer: ListedCustomer) -> Block:
    # Translators: a button.
    open_it = button(_("Open"), ActionId.OPEN_CUSTOMER, customer_value(customer.number))
    return section(f"*{escape(shown_name(customer.name))}*\n{reports(customer.reports)}") | {"accessory": open_it}
