"""The reports of a case: the newest in a line each for the notice, and the view of all in full."""

import json
from collections.abc import Iterable
from itertools import accumulate, takewhile
from typing import Final

from bot.language import _, ngettext
from bot.rules.case_files import CaseFile
from bot.rules.policy.policy import Policy
from bot.rules.refusals import Denial
from bot.rules.reports import Evidence, Place, Report
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    View,
    bold,
    bullets,
    line,
    link,
    note,
    paragraph,
    person,
    quote,
    rich,
    when,
)
from handlers.blockkit.text import DATE_FIRST, one_line, shorten
from handlers.names import CallbackId
from handlers.shared.customer_lines import tally
from handlers.shared.labels import name_of

SHOWN: Final = 5
EXCERPT: Final = 140
MOST_READ: Final = 45  # two blocks each; a view takes 100
MOST_BYTES: Final = 150_000  # of a view; Slack takes 250,000

# Translators: of a report, as are the next two.
DOUBTED: Final = _("may have been a misunderstanding")
WITHDRAWN: Final = _("withdrawn by who reported it")
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
NOTHING: Final = _("No report stands in this case.")


def newest_reports(file: CaseFile, policy: Policy) -> Block:
    """The tally, the newest reports in a line each, and how many older ones there are.

    It names no rep: the account's owner may read the channel.
    """
    lines = [_in_brief(report, file, policy) for report in file.reports[:SHOWN]]
    older = len(file.reports) - len(lines) + file.older
    rest = [line(ngettext("and {n:,} older", "and {n:,} older", older).format(n=older))] if lines and older else []
    return rich(line(bold(f"{tally(file)}.")), *([bullets(lines)] if lines else []), *rest)


def reports_view(file: CaseFile, policy: Policy) -> View:
    """Every report in full, the newest first, and how many do not fit."""
    whole = [_in_full(report, file, policy) for report in file.reports[:MOST_READ]]
    sizes = accumulate(len(json.dumps(blocks).encode()) for blocks in whole)
    fitting = whole[: sum(1 for _ in takewhile(lambda size: size <= MOST_BYTES, sizes))]
    missing = len(file.reports) - len(fitting)
    rest = [paragraph(_left_out(missing))] if missing else []
    blocks = [block for report in fitting for block in report]
    title = paragraph(bold(name_of(file.customer)), " · ", _("case {case}").format(case=file.case.number))
    return note(CallbackId.NOTE, _("Reports in full"), [title, *(blocks or [paragraph(NOTHING)]), *rest])


def conduct(report: Report, policy: Policy) -> str:
    """The category and the severity."""
    category = shorten(policy.category(report.incident.category).name, 75)
    return f"{category}, {shorten(policy.severities[report.incident.severity].name.lower(), 20)}"


def _left_out(n: int) -> str:
    return ngettext(
        "{n:,} report more does not fit here. It is on record, and the export has it.",
        "{n:,} reports more do not fit here. They are on record, and the export has them.",
        n,
    ).format(n=n)


def _in_brief(report: Report, file: CaseFile, policy: Policy) -> Element:
    facts = (when(report.incident.happened_at, DATE_FIRST), f" · {conduct(report, policy)}")
    notes = _notes(report, file)
    excerpt = [] if report.withdrawn_at else [f" · “{shorten(one_line(report.narrative), EXCERPT)}”"]
    return line(*facts, *excerpt, *(f" · {said}" for said in notes))


def _in_full(report: Report, file: CaseFile, policy: Policy) -> list[Block]:
    incident = report.incident
    head: list[Inline] = [
        bold(_("Report {report}").format(report=incident.number)),
        " · ",
        when(incident.happened_at),
        f" · {conduct(report, policy)} · {BY[report.place]} · ",
        person(incident.reporter),
        *(f" · {said}" for said in _notes(report, file)),
    ]
    return [{"type": "divider"}, rich(line(*head), quote(report.narrative), *_evidence(report.evidence))]


def _evidence(evidence: Iterable[Evidence]) -> list[Element]:
    links = [line(link(each.address, shorten(each.title, 300))) for each in evidence]
    return [line(bold(_("Evidence"))), bullets(links)] if links else []


def _notes(report: Report, file: CaseFile) -> list[str]:
    whose = [] if report.reporter_known else [_who_reported(report.incident.reporter, file)]
    if report.withdrawn_at:
        return [*whose, WITHDRAWN]
    doubted, discounted = report.incident.doubted, report.discounted_at
    return [*whose, *(said for said, holds in ((DOUBTED, doubted), (DISCOUNTED, discounted)) if holds)]


def _who_reported(user: str, file: CaseFile) -> str:
    """What is known by now of a reporter who was not known when they reported."""
    if user not in file.read_since:
        return UNKNOWN
    denial = file.read_since[user]
    return NO_COLLEAGUE.get(denial, KNOWN_SINCE) if denial else KNOWN_SINCE
