"""The reports of a case: the worst words for the notice, and each in full for who may read it."""

from collections.abc import Iterable
from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.letters import MOST_NAMED, heaviest
from bot.rules.policy.policy import Policy
from bot.rules.refusals import Denial
from bot.rules.reports import Evidence, Place, Report
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    actions,
    bold,
    bullets,
    button,
    line,
    link,
    paragraph,
    person,
    quote,
    rich,
    when,
)
from handlers.blockkit.text import DATE_FIRST, one_line, shorten
from handlers.button_values import report_value
from handlers.names import ActionId

EXCERPT: Final = 70  # characters of the worst words
SHORT_EXCERPT: Final = 50  # where the notice has a line more

# Translators: of a report, as are the next two.
DOUBTED: Final = _("may have been a misunderstanding")
WITHDRAWN: Final = _("withdrawn by who reported it")
ENDED: Final = _("contact ended within our policy")
DISCOUNTED: Final = _("discounted after a hearing")
UNKNOWN: Final = _("not confirmed yet as a colleague")
KNOWN_SINCE: Final = _("confirmed as a colleague since")
NO_COLLEAGUE: Final = {
    # Translators: of a report, whoever made it.
    Denial.GUEST: _("by a guest, who may not report"),
    Denial.OUTSIDER: _("by somebody from another firm, who may not report"),
    Denial.BOT: _("by a bot, which may not report"),
}
BY: Final = {
    # Translators: how the report's matter came to pass, within a line.
    Place.PHONE: _("phone"),
    Place.EMAIL: _("e-mail"),
    Place.CHAT: _("chat"),
    Place.IN_PERSON: _("in person"),
    Place.SOCIAL_MEDIA: _("social media"),
}
SEND_FILES: Final = _("Send me the files")
BEING_FETCHED: Final = _("is being fetched from Slack")
# Translators: {why} is Slack's name for an error.
NOT_FETCHED: Final = _("could not be fetched from Slack: {why}")
TO_QUOTE: Final = _("What was reported, to quote from")


def worst_words(file: CaseFile, policy: Policy) -> Element | None:
    """An excerpt of the report of the case with the most points, the newest of several; None if none counts.

    It names no rep: the account's owner may read the channel.
    """
    counting = [report for report in file.reports if not (report.withdrawn_at or report.discounted_at)]
    worst = max(counting, key=lambda each: (policy.points(each.incident), each.incident.happened_at), default=None)
    if worst is None:
        return None
    most = SHORT_EXCERPT if file.protection else EXCERPT
    said = f"“{shorten(one_line(worst.narrative), most)}” · "
    return quote(said, when(worst.incident.happened_at, DATE_FIRST), f", {BY[worst.place]}")


def to_quote_from(file: CaseFile, policy: Policy) -> list[Block]:
    """What was reported of the episodes that a letter names, in full, for whoever edits the letter. It names no rep."""
    named = heaviest(file.reports, policy, MOST_NAMED)
    said = [
        rich(line(when(each.incident.happened_at, DATE_FIRST), f" · {conduct(each, policy)}"), quote(each.narrative))
        for each in named
    ]
    return [paragraph(bold(TO_QUOTE)), *said] if said else []


def conduct(report: Report, policy: Policy) -> str:
    """The category and the severity."""
    category = shorten(policy.category(report.incident.category).name, 75)
    return f"{category}, {shorten(policy.severities[report.incident.severity].name.lower(), 20)}"


def report_in_full(report: Report, file: CaseFile, policy: Policy) -> list[Block]:
    """A report with who made it, everything they wrote, and the evidence."""
    incident = report.incident
    head: list[Inline] = [
        bold(_("Report {report}").format(report=incident.number)),
        " · ",
        when(incident.happened_at),
        f" · {conduct(report, policy)} · {BY[report.place]} · ",
        person(incident.reporter),
        *(f" · {said}" for said in _notes(report, file)),
    ]
    files = button(SEND_FILES, ActionId.SEND_FILES, report_value(incident.number))
    return [
        {"type": "divider"},
        rich(line(*head), quote(report.narrative), *_evidence(report.evidence)),
        *([actions(files)] if any(each.digest for each in report.evidence) else []),
    ]


def _evidence(evidence: Iterable[Evidence]) -> list[Element]:
    links = [line(*_piece(each)) for each in evidence]
    return [line(bold(_("Evidence"))), bullets(links)] if links else []


def _piece(evidence: Evidence) -> list[Inline]:
    """A link, or a file: Slack shows that to nobody but who uploaded it, so what is kept of it is sent on request."""
    title = shorten(evidence.title, 300)
    if evidence.digest:
        return [title]
    shown = link(evidence.address, title) if evidence.address else title
    if evidence.is_waiting:
        return [shown, f" ({BEING_FETCHED})"]
    return [shown, *([f" ({NOT_FETCHED.format(why=evidence.state)})"] if evidence.state else [])]


def _notes(report: Report, file: CaseFile) -> list[str]:
    whose = [] if report.reporter_known else [_who_reported(report.incident.reporter, file)]
    if report.withdrawn_at:
        return [*whose, WITHDRAWN]
    doubted, discounted = report.incident.doubted, report.discounted_at
    said = ((DOUBTED, doubted), (ENDED, report.ended_within), (DISCOUNTED, discounted))
    return [*whose, *(words for words, holds in said if holds)]


def _who_reported(user: str, file: CaseFile) -> str:
    """What is known by now of a reporter who was not known when they reported."""
    if user not in file.read_since:
        return UNKNOWN
    denial = file.read_since[user]
    return NO_COLLEAGUE.get(denial, KNOWN_SINCE) if denial else KNOWN_SINCE
