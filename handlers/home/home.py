"""The App Home: for reps their reports, for managers what awaits them and how things stand."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.language import _, ngettext
from bot.rules.customers import Standing
from bot.rules.home import Asked, HomeFile, Overview, Queue, Week
from bot.rules.policy.policy import Policy
from bot.usecases.context import Firm
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    TextPiece,
    actions,
    bullets,
    button,
    channel,
    context,
    group,
    header,
    joined,
    line,
    paragraph,
    person,
    rich,
    strong,
)
from handlers.blockkit.text import moment
from handlers.button_values import list_action, list_value
from handlers.home.lists import awaiting
from handlers.names import ActionId, ListName
from handlers.shared import counts
from handlers.shared.list_lines import own_report

REPORT: Final = _("Report a customer")
LOOK_UP: Final = _("Look up a customer")
BARRED: Final = _("Backstop is for full members of this workspace. If you need to report a customer, ask a colleague.")
UNCONFIRMED: Final = _(
    "I could not confirm just now whether you are a manager, so this shows what every rep sees. "
    "It puts itself right within a minute or two; please open it again then."
)
NO_REPORTS: Final = _(
    "You have not reported anybody. When a customer is abusive, press Report a customer: it takes a minute, "
    "and here you see what comes of it."
)
SAFETY: Final = _("If you or somebody else is in danger, call the emergency services now.")
NOTHING_WAITS: Final = _("Nothing awaits you. What needs you appears here, the earliest deadline first.")
# Translators: a button to a list of cases, reviews, appeals and disputes.
SEE_ALL: Final = _("See all {n:,}")
COUNTED: Final = {
    Asked.CASE: counts.cases,
    Asked.REVIEW: counts.reviews,
    Asked.APPEAL: counts.appeals,
    Asked.DISPUTE: counts.disputes,
}
NOTHING_YET: Final = _("Nothing has come in so far.")
NOBODY_STANDS_OUT: Final = _("Every customer on record is clear.")
HEALTHY: Final = _("All is running: Slack shows what is on record.")
SHOWS: Final = _("As of {now}. It follows the record by itself.")
STANDING: Final = {
    # Translators: on buttons, for customers who stand so; {n} is how many.
    Standing.CLEAR: _("Clear {n:,}"),
    Standing.WARNED: _("Warned {n:,}"),
    Standing.UNDER_REVIEW: _("Under review {n:,}"),
    Standing.RESTRICTED: _("Kept with conditions {n:,}"),
    Standing.DROPPED: _("Dropped {n:,}"),
}


def home(file: HomeFile, policy: Policy, firm: Firm, health: Sequence[str]) -> Message:
    """Everything that this person's App Home shows. `health`: why the bot does not do its work right now."""
    if file.barred:
        return _shown([paragraph(BARRED)])
    dated = context(SHOWS.format(now=moment(file.at)))
    return _shown(
        [
            actions(
                button(REPORT, ActionId.HOME_REPORT, ActionId.HOME_REPORT, primary=True),
                button(LOOK_UP, ActionId.HOME_LOOK_UP, ActionId.HOME_LOOK_UP),
            ),
            *([paragraph(UNCONFIRMED)] if file.unconfirmed else []),
            *(_overview(file, file.overview) if file.overview else []),
            *_mine(file, policy),
            *(_settings(policy, firm, health) if file.overview else [context(SAFETY)]),
            dated,
        ],
        dated,
    )


def _shown(blocks: list[Block], dated: Block | None = None) -> Message:
    return Message(text="", blocks=blocks, dated=dated)  # a Home has no text of its own


def _overview(file: HomeFile, overview: Overview) -> list[Block]:
    queue = overview.queue
    rest = queue.theirs - len(overview.first)
    every = SEE_ALL.format(n=queue.theirs)
    see_all = button(every, list_action(ListName.QUEUE), list_value(ListName.QUEUE, 1))
    return [
        {"type": "divider"},
        header(_("What awaits you")),
        *_queue(queue),
        *([awaiting(case, file.at) for case in overview.first] or [paragraph(NOTHING_WAITS)]),
        *([actions(see_all)] if rest > 0 else []),
        {"type": "divider"},
        header(_("This week")),
        paragraph(*_week(overview.week)),
        {"type": "divider"},
        header(_("Customers")),
        *_standings(overview.standings),
    ]


def _queue(queue: Queue) -> list[Block]:
    says = [", ".join(COUNTED[asked](n) for asked, n in queue.kinds.items())] if queue.kinds else []
    if queue.overdue:
        overdue = ngettext("{n:,} overdue", "{n:,} overdue", queue.overdue).format(n=queue.overdue)
        says.append(f"*{overdue}*")
    if queue.others:
        more = ngettext("{n:,} more is with others", "{n:,} more are with others", queue.others)
        says.append(more.format(n=queue.others))
    return [context(" · ".join(says))] if says else []


def _week(week: Week) -> list[TextPiece]:
    if not (week.reports or week.opened or week.ended):
        return [NOTHING_YET]
    opened = ngettext("{n:,} case opened", "{n:,} cases opened", week.opened)
    # Translators: cases.
    ended = ngettext("{n:,} ended", "{n:,} ended", week.ended)
    figures = [
        _("{reports} by {reps}").format(reports=counts.reports(week.reports), reps=counts.reps(week.reps)),
        f"{opened.format(n=week.opened)}, {ended.format(n=week.ended)}",
        ngettext("{n:,} warned", "{n:,} warned", week.warned).format(n=week.warned),
        ngettext("{n:,} dropped", "{n:,} dropped", week.dropped).format(n=week.dropped),
    ]
    return [" · ".join(figures)]


def _standings(standings: dict[Standing, int]) -> list[Block]:
    if not standings:
        return [paragraph(NOBODY_STANDS_OUT)]
    buttons = [
        button(
            STANDING[each].format(n=n),
            list_action(each.value),
            list_value(f"{ListName.STANDING}:{each.value}", 1),
        )
        for each, n in reversed(standings.items())
    ]
    return [actions(*buttons)]


def _mine(file: HomeFile, policy: Policy) -> list[Block]:
    if file.overview and not file.mine.total:
        return []
    every = ngettext("All {n:,} report", "All {n:,} reports", file.mine.total).format(n=file.mine.total)
    see_all = button(every, list_action(ListName.MINE), list_value(ListName.MINE, 1))
    return [
        {"type": "divider"},
        header(_("Your reports")),
        *([own_report(each, policy, file.at) for each in file.mine.items] or [paragraph(NO_REPORTS)]),
        *([actions(see_all)] if file.mine.pages > 1 else []),
    ]


def _settings(policy: Policy, firm: Firm, health: Sequence[str]) -> list[Block]:
    care: list[TextPiece] = [person(firm.care_contact)] if firm.care_contact else [_("nobody named")]
    return [
        {"type": "divider"},
        header(_("How it is set up")),
        rich(
            line(strong(_("Health")), " ", *([HEALTHY] if not health else [])),
            *([bullets([line(reason) for reason in health[:10]])] if health else []),
            line(strong(_("Cases go to")), " ", channel(firm.management_channel)),
            line(strong(_("Managers")), " ", *joined(_people(firm.managers))),
            line(strong(_("Directors")), " ", *joined(_people(firm.directors))),
            line(strong(_("Care contact")), " ", *care),
            line(
                strong(_("Time zone")),
                f" {policy.hours.zone} · ",
                _("policy {digest}").format(digest=policy.digest[:12]),
            ),
        ),
    ]


def _people(listed: Iterable[str]) -> list[list[TextPiece | Element]]:
    shown: list[list[TextPiece | Element]] = [
        [group(entry) if entry.startswith("S") else person(entry)] for entry in list(listed)[:20]
    ]
    return shown
