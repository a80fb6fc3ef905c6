"""Lists, a page at a time: one's own reports, the cases that wait, customers by standing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.home import Asked, Awaiting, Listed, OwnReport, Page
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    Block,
    TextPiece,
    View,
    button,
    filled,
    joined,
    link,
    note,
    paragraph,
    section,
    strong,
    when,
)
from handlers.blockkit.quote import permalink
from handlers.blockkit.text import escape
from handlers.button_values import customer_value
from handlers.names import ActionId, CallbackId, ListName
from handlers.shared.counts import reports
from handlers.shared.labels import ASKED, DELIVER, RUNGS, STANDING_TITLES
from handlers.shared.list_lines import name, own_report, turning

MINE: Final = _("Your reports")
QUEUE: Final = _("What awaits you")
NOTHING_MINE: Final = _("You have not reported anybody.")
NOTHING_WAITS: Final = _("Nothing awaits you.")
NOBODY: Final = _("No customer stands so.")
# Translators: {total} is how many there are on all pages.
PAGES: Final = _("Page {number} of {pages} · {total:,}")
# Translators: one's own report; {on} is when it happened.
REPORT: Final = _("{on} · {kind}, {severity} · report {report}")
DUE: Final = _("due {at}")
# Translators: a decision that ends unless it is renewed.
ENDS: Final = _("ends {at}")
CASE: Final = _("case {case}")
LOOK_AGAIN: Final = {
    # Translators: what a manager is asked to do, beside "Warn: Zenith Corp" and "Decide: Zenith Corp".
    Asked.REVIEW: _("Renew or let lapse: {customer}"),
    Asked.APPEAL: _("Answer the appeal: {customer}"),
    Asked.DISPUTE: _("Settle the dispute: {customer}"),
}

ON_RECORD: Final = _("On record. It counts; nothing more is needed for now.")
WITHDRAWN: Final = _("Withdrawn by you. It weighs nothing.")
DISCOUNTED: Final = _("Both sides were heard: a misunderstanding. It weighs nothing.")
# Translators: {act} is "warn them", "hear both sides" or the like.
ASKED_BY: Final = _("With management: asked to {act} by {due}.")
OVERDUE: Final = _("With management: asked to {act}. It is overdue, and the directors have been told.")
ENDED: Final = {
    Outcome.WARNED: _("They were formally warned."),
    Outcome.NOT_NOW: _("Management decided against a warning for now. It stays on record and counts."),
    Outcome.MISUNDERSTANDING: _("Both sides were heard: a misunderstanding."),
    Outcome.DROPPED: _("Decided: we are ending the relationship."),
    Outcome.KEPT: _("Decided: we keep them."),
    Outcome.WITHDRAWN: _("It ended, since the reports on which it rested were withdrawn."),
}


def my_reports_view(page: Page[OwnReport], policy: Policy, now: datetime) -> View:
    """Somebody's own reports."""
    items = [own_report(each, policy, now) for each in page.items]
    return _list(MINE, page, items or [paragraph(NOTHING_MINE)], ListName.MINE)


def queue_view(page: Page[Awaiting], now: datetime) -> View:
    """What awaits somebody."""
    items = [awaiting(each, now) for each in page.items]
    return _list(QUEUE, page, items or [paragraph(NOTHING_WAITS)], ListName.QUEUE)


def standing_view(page: Page[Listed], standing: Standing) -> View:
    """The customers of one standing."""
    items = [_customer(each) for each in page.items]
    title = STANDING_TITLES[standing]
    return _list(title, page, items or [paragraph(NOBODY)], f"{ListName.STANDING}:{standing.value}")


def awaiting(case: Awaiting, now: datetime) -> Block:
    """What waits: what is asked, by when, and a link to the notice that asks."""
    title = _asked(case).format(customer=name(case.customer))
    shown = link(permalink(case.channel, case.ts), title) if case.channel and case.ts else strong(title)
    marks = [mark for mark, holds in ((_("urgent"), case.urgent), (_("overdue"), case.due_at <= now)) if holds]
    stands: list[list[TextPiece]] = [[strong(mark)] for mark in marks]
    template = ENDS if case.asked is Asked.REVIEW else DUE
    stands += [filled(template, at=when(case.due_at)), [CASE.format(case=case.case)]]
    return paragraph(shown, "\n", *joined(stands, " · "))


def _asked(case: Awaiting) -> str:
    if case.asked is Asked.CASE:
        return DELIVER if case.issued else RUNGS[case.rung]
    return LOOK_AGAIN[case.asked]


def _list(title: str, page: Page[object], items: Sequence[Block], what: str) -> View:
    return note(CallbackId.LIST, title, [*items, *turning(page, what)])


def _customer(customer: Listed) -> Block:
    shown = section(f"*{escape(name(customer.name))}*\n{reports(customer.reports)}")
    # Translators: a button.
    return shown | {"accessory": button(_("Open"), ActionId.OPEN_CUSTOMER, customer_value(customer.number))}


def _state(report: OwnReport, now: datetime) -> list[TextPiece]:
    if report.withdrawn or report.discounted:
        return [WITHDRAWN if report.withdrawn else DISCOUNTED]
    if report.outcome:
        return [ENDED.get(report.outcome, ON_RECORD)]
    if report.rung is None or report.due_at is None:
        return [ON_RECORD]
    act = ASKED[report.rung]
    return [OVERDUE.format(act=act)] if report.due_at <= now else filled(ASKED_BY, act=act, due=when(report.due_at))
