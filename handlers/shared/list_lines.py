"""One's own report in a line, and the buttons of a list's pages: for the lists, the App Home and a customer's card."""

from datetime import datetime
from typing import Final

from bot.language import _
from bot.rules.cases import Outcome
from bot.rules.decisions import Choice
from bot.rules.home import OwnReport, Page
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import (
    Block,
    Inline,
    actions,
    bold,
    button,
    context_block,
    filled,
    paragraph,
    when,
)
from handlers.blockkit.text import DATE_FIRST, DATE_ONLY, shorten
from handlers.button_values import list_value
from handlers.names import ActionId
from handlers.shared.labels import ASKED_TO, shown_name
from handlers.shared.sentences import (
    EXPIRED,
    ON_RECORD,
    asked_of_management,
)

# Translators: {total} is how many there are on all pages.
PAGES: Final = _("Page {number} of {pages} · {total:,}")
# Translators: one's own report; {on} is when it happened.
REPORT: Final = _("{on} · {kind}, {severity} · report {report}")

WITHDRAWN: Final = _("You withdrew it. It has no effect.")
WITHIN_POLICY: Final = _("You ended the contact within our policy: that does not count against you.")
DISCOUNTED: Final = _("A manager heard both sides: it was a misunderstanding, so your report has no effect any more.")
ENDED: Final = {
    Outcome.WARNED: _("We warned them formally."),
    Outcome.NOT_NOW: _("Management decided against a warning for now. It stays on record."),
    Outcome.MISUNDERSTANDING: _("It ended: what others reported was a misunderstanding, your report was not."),
    Outcome.WITHDRAWN: _("It ended, since all reports were withdrawn."),
    Outcome.MERGED: _("It is part of another case about the same customer."),
}
CANCELLED: Final = _("We warned them formally. They objected, and the warning was cancelled.")
DECIDED: Final = {
    Choice.DROP: _("Decided: we end the relationship."),
    Choice.KEEP: _("Decided: we keep them."),
}
ARE_OVER: Final = {
    Choice.DROP: _("We decided to end the relationship. That decision is over."),
    Choice.KEEP: _("We kept them, with conditions. That decision is over."),
}


def own_report(report: OwnReport, policy: Policy, now: datetime, *, named: bool = True) -> Block:
    """One's own report: whom it is about, and what has come of it.

    Unless `named`, it stands on the customer's card, which says by itself what management is asked.
    """
    kind = shorten(policy.category(report.category).name, 75)
    severity = shorten(policy.severities[report.severity].name.lower(), 20)
    on = when(report.happened_at, DATE_ONLY if named else DATE_FIRST)
    head = filled(REPORT, on=on, kind=kind, severity=severity, report=report.number)
    whom: list[Inline] = [bold(shown_name(report.customer)), " · "] if named else []
    state = ["\n", *_state(report, policy, now)] if named or not _waits(report) else []
    within: list[Inline] = ["\n", WITHIN_POLICY] if report.ended_within and not report.withdrawn else []
    return paragraph(*whom, *head, *state, *within)


def page_buttons(page: Page[object], what: str) -> list[Block]:
    """Which page this is, and the buttons to the pages before and after it."""
    if page.pages == 1:
        return []
    # Translators: a button to the page before.
    back = button(_("Back"), ActionId.TURN_BACK, list_value(what, page.number - 1))
    # Translators: a button to the next page.
    on = button(_("More"), ActionId.TURN_ON, list_value(what, page.number + 1))
    buttons = [*([back] if page.number > 1 else []), *([on] if page.number < page.pages else [])]
    return [context_block(PAGES.format(number=page.number, pages=page.pages, total=page.total)), actions(*buttons)]


def _waits(report: OwnReport) -> bool:
    return not (report.withdrawn or report.discounted or report.outcome or report.due_at is None)


def _state(report: OwnReport, policy: Policy, now: datetime) -> list[Inline]:
    if report.withdrawn or report.discounted:
        return [WITHDRAWN if report.withdrawn else DISCOUNTED]
    if report.outcome:
        return [" ".join(_ended(report, report.outcome))]
    if report.rung is None or report.due_at is None:
        if report.holds:
            return [DECIDED[report.holds]]
        return [EXPIRED if report.happened_at + policy.points_expire_after <= now else ON_RECORD]
    return asked_of_management(ASKED_TO[report.rung], report.due_at, now)


def _ended(report: OwnReport, outcome: Outcome) -> list[str]:
    """How its case ended, and what was decided since: what is said last is true now."""
    said = [CANCELLED if report.cancelled else ENDED[outcome]] if outcome in ENDED else []
    said += [(ARE_OVER if report.is_over else DECIDED)[report.choice]] if report.choice else []
    return [*said, *([DECIDED[report.holds]] if report.holds else [])]
