"""Lists, a page at a time: one's own reports, the cases that wait, customers by standing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.rules.homes import Awaiting, Listed, OwnReport, Page
from bot.rules.policy import Policy
from bot.rules.values import Outcome, Standing
from handlers.views import ids
from handlers.views.blocks import (
    NAMELESS,
    Block,
    Part,
    View,
    actions,
    button,
    context,
    link,
    note,
    paragraph,
    section,
    strong,
    when,
)
from handlers.views.labels import ASKED, DELIVER, RUNGS, STANDINGS
from handlers.views.quote import permalink
from handlers.views.text import DATE_FIRST, DATE_ONLY, count, escape, one_line, shorten

MINE: Final = "Your reports"
QUEUE: Final = "What awaits you"
NOTHING_MINE: Final = "You have not reported anybody."
NOTHING_WAITS: Final = "Nothing awaits you."
NOBODY: Final = "No customer stands so."
PAGES: Final = "Page {number} of {pages} · {total}"

ON_RECORD: Final = "On record. It counts; nothing more is needed for now."
WITHDRAWN: Final = "Withdrawn by you. It weighs nothing."
DISCOUNTED: Final = "Both sides were heard: a misunderstanding. It weighs nothing."
ASKED_BY: Final = "With management: asked to {act} by "
OVERDUE: Final = "With management: asked to {act}. It is overdue, and the directors have been told."
ENDED: Final = {
    Outcome.WARNED: "They were formally warned.",
    Outcome.NOT_NOW: "Management decided against a warning for now. It stays on record and counts.",
    Outcome.MISUNDERSTANDING: "Both sides were heard: a misunderstanding.",
    Outcome.DROPPED: "Decided: we are ending the relationship.",
    Outcome.KEPT: "Decided: we keep them.",
    Outcome.WITHDRAWN: "It ended, since the reports on which it rested were withdrawn.",
}


def my_reports_view(page: Page[OwnReport], policy: Policy, now: datetime) -> View:
    """Somebody's own reports."""
    items = [own_report(each, policy, now) for each in page.items]
    return _list(MINE, page, items or [paragraph(NOTHING_MINE)], ids.MINE)


def queue_view(page: Page[Awaiting], now: datetime) -> View:
    """The cases that await somebody."""
    items = [awaiting(each, now) for each in page.items]
    return _list(QUEUE, page, items or [paragraph(NOTHING_WAITS)], ids.QUEUE)


def standing_view(page: Page[Listed], standing: Standing) -> View:
    """The customers of one standing."""
    items = [_customer(each) for each in page.items]
    title = STANDINGS[standing].capitalize()
    return _list(title, page, items or [paragraph(NOBODY)], f"{ids.STANDING}:{standing.value}")


def own_report(report: OwnReport, policy: Policy, now: datetime, *, named: bool = True) -> Block:
    """One's own report: whom it is about, where that is not said already, and how it stands."""
    kind = shorten(policy.category(report.category).name, 75)
    severity = shorten(policy.severities[report.severity].name.lower(), 20)
    whom: list[Part] = [strong(name(report.customer)), " · "] if named else []
    about = f" · {kind}, {severity} · report {report.number}\n"
    on = when(report.happened_at, DATE_ONLY if named else DATE_FIRST)
    return paragraph(*whom, on, about, *_state(report, now))


def awaiting(case: Awaiting, now: datetime) -> Block:
    """A case that waits: what is asked, by when, and a link to its notice."""
    template = DELIVER if case.issued else RUNGS[case.rung]
    title = template.format(customer=name(case.customer))
    shown = link(permalink(case.channel, case.ts), title) if case.channel and case.ts else strong(title)
    marks = [mark for mark, holds in (("urgent", case.urgent), ("overdue", case.due_at <= now)) if holds]
    marked: list[Part] = [part for mark in marks for part in (strong(mark), " · ")]
    return paragraph(shown, "\n", *marked, "due ", when(case.due_at), f" · case {case.case}")


def turning(page: Page[object], what: str) -> list[Block]:
    """How far the list goes, and the buttons to turn its pages."""
    if page.pages == 1:
        return []
    back = button("Back", ids.TURN_BACK, ids.list_value(what, page.number - 1))
    on = button("More", ids.TURN_ON, ids.list_value(what, page.number + 1))
    buttons = [*([back] if page.number > 1 else []), *([on] if page.number < page.pages else [])]
    return [context(PAGES.format(number=page.number, pages=page.pages, total=f"{page.total:,}")), actions(*buttons)]


def name(customer: str) -> str:
    """A customer's name on one line."""
    return one_line(customer) or NAMELESS


def _list(title: str, page: Page[object], items: Sequence[Block], what: str) -> View:
    return note(ids.LIST, title, [*items, *turning(page, what)])


def _customer(customer: Listed) -> Block:
    reports = count(customer.reports, "report", "reports")
    shown = section(f"*{escape(name(customer.name))}*\n{reports}")
    return shown | {"accessory": button("Open", ids.OPEN_CUSTOMER, ids.customer_value(customer.number))}


def _state(report: OwnReport, now: datetime) -> list[Part]:
    if report.withdrawn or report.discounted:
        return [WITHDRAWN if report.withdrawn else DISCOUNTED]
    if report.outcome:
        return [ENDED.get(report.outcome, ON_RECORD)]
    if report.rung is None or report.due_at is None:
        return [ON_RECORD]
    act = ASKED[report.rung]
    return [OVERDUE.format(act=act)] if report.due_at <= now else [ASKED_BY.format(act=act), when(report.due_at), "."]
