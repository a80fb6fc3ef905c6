"""A form that was overtaken: it stays with all that is in it, says what is new, and can be sent again."""

from typing import Any, Final

from bot.language import _, ngettext
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Outdated
from bot.rules.reports import Report
from handlers.blockkit.blocks import Block, Element, View, bullets, filled, line, person, rich, strong, when
from handlers.blockkit.text import one_line, shorten
from handlers.button_values import case_value
from handlers.names import BlockId

MOST: Final = 5
EXCERPT: Final = 300
NEW: Final = _("New since you opened this form")
AGAIN: Final = _("Nothing is recorded yet. Please read this; if you still mean it, send the form again.")
REPORT: Final = _("Report {report}")
# Translators: {report} is "Report 12" in bold.
TOLD: Final = _("{report} by {by} · {at} · {severity} · {words}")
WITHDRAWN: Final = _("{report} by {by} was withdrawn {at}.")
DISCOUNTED: Final = _("{report} by {by} was discounted after a hearing {at}.")
SEVERITIES: Final = {
    # Translators: how serious the reported conduct was.
    Severity.MINOR: _("minor"),
    Severity.SERIOUS: _("serious"),
    Severity.SEVERE: _("severe"),
}
KEPT: Final = ("type", "callback_id", "title", "submit", "close")


def asked_again(sent: dict[str, Any], refusal: Outdated) -> View:
    """The form that was `sent`, on the version that shows all, with what is new on top.

    Slack keeps what was typed where blocks and actions keep their IDs.
    """
    blocks = [block for block in sent["blocks"] if block.get("block_id") != BlockId.NEWS]
    value = case_value(refusal.case, refusal.version)
    return {key: sent[key] for key in KEPT} | {"blocks": [_news(refusal), *blocks], "private_metadata": value}


def _news(refusal: Outdated) -> Block:
    lines = [_report(report) for report in refusal.news[:MOST]]
    more = len(refusal.news) - MOST
    counted = ngettext("and {n:,} more", "and {n:,} more", more).format(n=more)
    rest = [line(counted)] if more > 0 else []
    return rich(line(strong(NEW)), bullets(lines), *rest, line(AGAIN)) | {"block_id": BlockId.NEWS}


def _report(report: Report) -> Element:
    incident = report.incident
    title, by = strong(REPORT.format(report=incident.number)), person(incident.reporter)
    if report.withdrawn_at:
        return line(*filled(WITHDRAWN, report=title, by=by, at=when(report.withdrawn_at)))
    if report.discounted_at:
        return line(*filled(DISCOUNTED, report=title, by=by, at=when(report.discounted_at)))
    at, severity = when(incident.happened_at), SEVERITIES[incident.severity]
    words = f"“{shorten(one_line(report.narrative), EXCERPT)}”"
    return line(*filled(TOLD, report=title, by=by, at=at, severity=severity, words=words))
