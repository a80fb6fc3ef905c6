"""The App Home: reps see their reports; managers also what awaits them, the week, and the settings."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.language import _, ngettext
from bot.rules.customers import Standing
from bot.rules.home import HomeFile, Overview, Queue, QueueKind, WeekSoFar
from bot.rules.policy.policy import Policy
from bot.usecases.context import Firm
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Inline,
    actions,
    bold,
    bullets,
    button,
    channel,
    context_block,
    group,
    header,
    joined,
    line,
    paragraph,
    person,
    rich,
)
from handlers.blockkit.text import moment
from handlers.button_values import list_action, list_value
from handlers.home.lists import awaiting
from handlers.home.what_you_may_do import WHAT_YOU_MAY_DO
from handlers.names import ActionId, ListName
from handlers.shared import counts
from handlers.shared.help import FOR_DIRECTORS, FOR_MANAGERS, FOR_REPS, FOR_THE_CARE_CONTACT, HOW_IT_WORKS, lines
from handlers.shared.list_lines import own_report
from handlers.shared.sentences import SAFETY

BARRED: Final = _("Backstop is for full members of this workspace. If you need to report a customer, ask a colleague.")
UNCONFIRMED: Final = _(
    "I could not confirm just now whether you are a manager, so this shows what every rep sees. Please open it "
    "again in a minute or two."
)
NO_REPORTS: Final = _(
    "You have not reported anybody. When a customer is abusive, press Report a customer: it takes a minute, and "
    "you see here what management does."
)
IS_CALLED: Final = _("When a rep needs somebody now, I write to you.")
IS_NOT_CALLED: Final = _("You have said that you are not available: when a rep needs somebody, I write to others.")
NOT_NOW: Final = _("I'm not available")
CALL_ME: Final = _("I'm available again")
NOTHING_WAITS: Final = _("Nothing is waiting for you. What you have to do appears here, the earliest deadline first.")
# Translators: a button to a list of cases, reviews and objections.
SEE_ALL: Final = _("See all {n:,}")
COUNTED: Final = {
    QueueKind.CASE: counts.cases,
    QueueKind.REVIEW: counts.reviews,
    QueueKind.OBJECTION: counts.objections,
    QueueKind.LETTER: counts.letters,
}
HEALTHY: Final = _("All is well: Slack shows what is on record.")
STANDING: Final = {
    # Translators: on buttons, for customers who stand so; {n} is how many.
    Standing.CLEAR: _("Clear {n:,}"),
    Standing.WARNED: _("Warned {n:,}"),
    Standing.UNDER_REVIEW: _("Under review {n:,}"),
    Standing.RESTRICTED: _("Kept with conditions {n:,}"),
    Standing.DROPPED: _("Dropped {n:,}"),
}


def home(file: HomeFile, policy: Policy, firm: Firm, health: Sequence[str], workspace: str = "") -> Message:
    """This person's App Home. `health`: the reasons why the bot does not work right now, if any.

    `workspace`: its address at Slack.
    """
    if file.no_access:
        cares = _how_it_works(file, firm) if file.user == firm.care_contact else []
        return Message(text="", blocks=[paragraph(BARRED), *cares])  # a Home has no text of its own
    as_of_block = context_block(_("As of {now}. I keep it up to date.").format(now=moment(file.at)))
    blocks = [
        actions(
            button(_("Report a customer"), ActionId.HOME_REPORT, ActionId.HOME_REPORT, primary=True),
            button(_("Get backup"), ActionId.HOME_BACKUP, ActionId.HOME_BACKUP),
            button(_("Look up a customer"), ActionId.HOME_LOOK_UP, ActionId.HOME_LOOK_UP),
        ),
        *(_availability(available=file.available) if file.available is not None else []),
        *([paragraph(UNCONFIRMED)] if file.unconfirmed else []),
        *(_overview(file, file.overview, workspace) if file.overview else []),
        *_own_reports(file, policy),
        *_how_it_works(file, firm),
        *(_settings(policy, firm, health) if file.overview else [context_block(SAFETY)]),
        as_of_block,
    ]
    return Message(text="", blocks=blocks, as_of_block=as_of_block)


def _how_it_works(file: HomeFile, firm: Firm) -> list[Block]:
    """For the care contact too, who may be outside."""
    texts = () if file.no_access else FOR_DIRECTORS if file.directs else FOR_MANAGERS if file.overview else FOR_REPS
    cares = FOR_THE_CARE_CONTACT if file.user == firm.care_contact else ()
    may_do = [] if file.no_access else [actions(button(WHAT_YOU_MAY_DO, ActionId.HOME_MAY_DO, ActionId.HOME_MAY_DO))]
    return [{"type": "divider"}, header(HOW_IT_WORKS), lines((*texts, *cares)), *may_do]


def _availability(*, available: bool) -> list[Block]:
    action, words = (ActionId.NOT_AVAILABLE, NOT_NOW) if available else (ActionId.MAY_BE_CALLED, CALL_ME)
    return [context_block(IS_CALLED if available else IS_NOT_CALLED), actions(button(words, action, action))]


def _overview(file: HomeFile, overview: Overview, workspace: str) -> list[Block]:
    queue = overview.queue
    see_all = button(SEE_ALL.format(n=queue.theirs), list_action(ListName.QUEUE), list_value(ListName.QUEUE, 1))
    return [
        {"type": "divider"},
        header(_("What you have to do")),
        *_queue(queue),
        *([awaiting(case, file.at, workspace) for case in overview.first] or [paragraph(NOTHING_WAITS)]),
        *([actions(see_all)] if queue.theirs > len(overview.first) else []),
        {"type": "divider"},
        header(_("This week")),
        paragraph(_week(overview.week)),
        {"type": "divider"},
        header(_("Customers")),
        *_standings(overview.standings),
    ]


def _queue(queue: Queue) -> list[Block]:
    parts = [", ".join(COUNTED[asked](n) for asked, n in queue.kinds.items())] if queue.kinds else []
    if queue.overdue:
        overdue = ngettext("{n:,} overdue", "{n:,} overdue", queue.overdue).format(n=queue.overdue)
        parts.append(f"*{overdue}*")
    if queue.others:
        more = ngettext("{n:,} with others", "{n:,} with others", queue.others)
        parts.append(more.format(n=queue.others))
    return [context_block(" · ".join(parts))] if parts else []


def _week(week: WeekSoFar) -> str:
    if not (week.reports or week.opened or week.ended):
        return _("No reports and no cases so far.")
    tally = _("{reports} by {reps}").format(reports=counts.reports(week.reports), reps=counts.reps(week.reps))
    figures = [
        (week.reports, tally),
        (week.opened, ngettext("{n:,} case opened", "{n:,} cases opened", week.opened)),
        (week.ended, ngettext("{n:,} case ended", "{n:,} cases ended", week.ended)),
        # Translators: customers.
        (week.warned, ngettext("{n:,} warned", "{n:,} warned", week.warned)),
        (week.dropped, ngettext("{n:,} dropped", "{n:,} dropped", week.dropped)),
    ]
    return " · ".join(said.format(n=n) for n, said in figures if n)


def _standings(standings: dict[Standing, int]) -> list[Block]:
    if not standings:
        return [paragraph(_("Every customer on record is clear."))]
    buttons = [
        button(STANDING[each].format(n=n), list_action(each.value), list_value(f"{ListName.STANDING}:{each.value}", 1))
        for each, n in reversed(standings.items())
    ]
    return [actions(*buttons)]


def _own_reports(file: HomeFile, policy: Policy) -> list[Block]:
    if file.overview and not file.mine.total:
        return []
    all_reports = ngettext("All {n:,} report", "All {n:,} reports", file.mine.total).format(n=file.mine.total)
    see_all = button(all_reports, list_action(ListName.MINE), list_value(ListName.MINE, 1))
    return [
        {"type": "divider"},
        header(_("Your reports")),
        *([own_report(each, policy, file.at) for each in file.mine.items] or [paragraph(NO_REPORTS)]),
        *([actions(see_all)] if file.mine.pages > 1 else []),
    ]


def _settings(policy: Policy, firm: Firm, health: Sequence[str]) -> list[Block]:
    zone, policy_digest = policy.hours.zone, _("policy {digest}").format(digest=policy.digest[:12])
    return [
        {"type": "divider"},
        header(_("Settings")),
        rich(
            line(bold(_("Health")), " ", *([HEALTHY] if not health else [])),
            *([bullets([line(reason) for reason in health[:10]])] if health else []),
            line(bold(_("Cases go to")), " ", channel(firm.management_channel)),
            line(bold(_("Managers")), " ", *_people(firm.managers)),
            line(bold(_("Directors")), " ", *_people(firm.directors)),
            line(bold(_("Care contact")), " ", person(firm.care_contact) if firm.care_contact else _("nobody named")),
            line(bold(_("Time zone")), f" {zone} · {policy_digest}"),
        ),
    ]


def _people(entries: Iterable[str]) -> list[Inline]:
    return joined([group(entry) if entry.startswith("S") else person(entry)] for entry in list(entries)[:20])
