"""What replaces a form that was opened on an older version of its case: the same form, with what is new since."""

from typing import Any, Final

from bot.language import _, ngettext
from bot.rules.customers import Safeguard
from bot.rules.decisions import Approval, Review
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Outdated
from bot.rules.reports import Report
from handlers.blockkit.blocks import Block, Element, View, bold, bullets, filled, line, person, rich, when
from handlers.blockkit.text import day, one_line, shorten
from handlers.button_values import case_value
from handlers.names import BlockId, CallbackId
from handlers.parsing.reading import optional
from handlers.record_keys import with_key_of
from handlers.shared.sent_form import metadata_of, shown_again

MOST: Final = 5
EXCERPT: Final = 300
NEW: Final = _("New since you opened this form")
AGAIN: Final = _("Nothing is recorded yet. Please read this; if you still mean it, send the form again.")
REPORT: Final = _("Report {report}")
# Translators: {report} is "Report 12" in bold.
REPORTED: Final = _("{report} by {by} · {at} · {severity} · {words}")
WITHDRAWN: Final = _("{report} by {by} was withdrawn {at}.")
GUARDED: Final = _("{by} set a safeguard {at}.")
RENEWED: Final = _("{by} renewed the decision {at}: the next review is on {day}.")
IN_LETTER: Final = _("Your letter was drafted before that. Please correct what is no longer true in it.")
APPROVED: Final = _("{by} approved a drop {at}: from {day}, until the review on {review}.")
# Translators: "Approve drop" is a button.
JOIN: Final = _(
    "To approve the same, close this and press Approve drop again: it opens with those dates, that reason and that "
    "letter. If you send other dates or another reason, that approval ends, and another manager has to approve "
    "yours. If only your letter differs, your letter is the one to send."
)
DROPS: Final = (CallbackId.DROP_FORM, CallbackId.DROP_LETTER_FORM)
DISCOUNTED: Final = _("{report} by {by} was discounted after a hearing {at}.")
SEVERITIES: Final = {
    # Translators: how serious the reported conduct was.
    Severity.MINOR: _("minor"),
    Severity.SERIOUS: _("serious"),
    Severity.SEVERE: _("severe"),
}


def form_with_news(sent: Any, refusal: Outdated) -> View | None:  # noqa: ANN401 - as it came from Slack
    """The form that was `sent`, for the case's present version, with what is new on top; None if it is no form.

    See `shown_again`.
    """
    metadata = metadata_of(sent)
    carried = metadata.partition("~")[0].split(":")[3:]  # behind the case and its version
    value = with_key_of(":".join((case_value(refusal.case, refusal.version), *carried)), metadata, refusal.change)
    news = _news(refusal, str(optional(sent, "callback_id")))
    return shown_again(sent, lambda blocks: [news, *_without(blocks, BlockId.NEWS)], value)


def _without(blocks: list[Any], block_id: str) -> list[Block]:
    return [block for block in blocks if isinstance(block, dict) and block.get("block_id") != block_id]


def _news(refusal: Outdated, form: str) -> Block:
    lines = [
        *map(_renewal, refusal.renewals),
        *map(_safeguard, refusal.safeguards[:MOST]),
        *map(_approval, refusal.approvals[:MOST]),
        *map(_report, refusal.news[:MOST]),
    ]
    more = len(refusal.news) - MOST
    counted = ngettext("and {n:,} more", "and {n:,} more", more).format(n=more)
    rest = [line(counted)] if more > 0 else []
    join = [line(JOIN)] if form in DROPS and refusal.approvals else []
    letter = [line(IN_LETTER)] if form == CallbackId.ANSWER_LETTER_FORM else []
    return rich(line(bold(NEW)), bullets(lines), *rest, *join, *letter, line(AGAIN)) | {"block_id": BlockId.NEWS}


def _safeguard(guard: Safeguard) -> Element:
    note = f" “{shorten(one_line(guard.note), EXCERPT)}”" if guard.note else ""
    return line(*filled(GUARDED, by=person(guard.set_by), at=when(guard.set_at)), note)


def _renewal(done: Review) -> Element:
    by, until = person(done.by or ""), day(done.until or done.due_on)
    return line(*filled(RENEWED, by=by, at=when(done.at), day=until))


def _approval(given: Approval) -> Element:
    drop, by, at = given.drop, person(given.by), when(given.drop.at)
    effective, review = day(drop.effective_on or drop.review_on), day(drop.review_on)
    said = filled(APPROVED, by=by, at=at, day=effective, review=review)
    return line(*said, f" “{shorten(one_line(drop.rationale), EXCERPT)}”")


def _report(report: Report) -> Element:
    incident = report.incident
    title, by = bold(REPORT.format(report=incident.number)), person(incident.reporter)
    if report.withdrawn_at:
        return line(*filled(WITHDRAWN, report=title, by=by, at=when(report.withdrawn_at)))
    if report.discounted_at:
        return line(*filled(DISCOUNTED, report=title, by=by, at=when(report.discounted_at)))
    at, severity = when(incident.happened_at), SEVERITIES[incident.severity]
    words = f"“{shorten(one_line(report.narrative), EXCERPT)}”"
    return line(*filled(REPORTED, report=title, by=by, at=at, severity=severity, words=words))
