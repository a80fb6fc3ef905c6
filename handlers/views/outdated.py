"""A form that was overtaken: it stays with all that is in it, says what is new, and can be sent again."""

from typing import Any, Final

from bot.desk.refusals import Outdated
from bot.rules.values import Report
from handlers.views import ids
from handlers.views.blocks import Block, Element, Part, View, bullets, line, person, rich, strong, when
from handlers.views.text import one_line, shorten

MOST: Final = 5
EXCERPT: Final = 300
NEW: Final = "New since you opened this form"
AGAIN: Final = "Nothing is recorded yet. Please read this; if you still mean it, send the form again."
KEPT: Final = ("type", "callback_id", "title", "submit", "close")


def asked_again(sent: dict[str, Any], refusal: Outdated) -> View:
    """The form that was `sent`, on the version that shows all, with what is new on top.

    Slack keeps what was typed where blocks and actions keep their IDs.
    """
    blocks = [block for block in sent["blocks"] if block.get("block_id") != ids.NEWS]
    value = ids.case_value(refusal.case, refusal.version)
    return {key: sent[key] for key in KEPT} | {"blocks": [_news(refusal), *blocks], "private_metadata": value}


def _news(refusal: Outdated) -> Block:
    lines = [_report(report) for report in refusal.news[:MOST]]
    more = len(refusal.news) - MOST
    rest = [line(f"and {more} more")] if more > 0 else []
    return rich(line(strong(NEW)), bullets(lines), *rest, line(AGAIN)) | {"block_id": ids.NEWS}


def _report(report: Report) -> Element:
    incident = report.incident
    head: list[Part] = [strong(f"Report {incident.number}"), " by ", person(incident.reporter)]
    if report.withdrawn_at:
        return line(*head, " was withdrawn ", when(report.withdrawn_at), ".")
    if report.discounted_at:
        return line(*head, " was discounted after a hearing ", when(report.discounted_at), ".")
    said = f" · {incident.severity.value} · “{shorten(one_line(report.narrative), EXCERPT)}”"
    return line(*head, " · ", when(incident.happened_at), said)
