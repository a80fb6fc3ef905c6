"""The App Home: for reps their reports, for managers what awaits them and how things stand."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.desk.desk import Firm
from bot.desk.slack import Message
from bot.rules.homes import HomeFile, Overview, Week
from bot.rules.policy import Policy
from bot.rules.values import Standing
from handlers.views import ids
from handlers.views.blocks import (
    Block,
    Element,
    Part,
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
from handlers.views.labels import STANDINGS
from handlers.views.lists import awaiting, own_report
from handlers.views.text import count, moment

REPORT: Final = "Report a customer"
LOOK_UP: Final = "Look up a customer"
BARRED: Final = "Backstop is for full members of this workspace. If you need to report a customer, ask a colleague."
UNCONFIRMED: Final = (
    "I could not confirm just now whether you are a manager, so this shows what every rep sees. "
    "It puts itself right within a minute or two; please open it again then."
)
NO_REPORTS: Final = (
    "You have not reported anybody. When a customer is abusive, press Report a customer: it takes a minute, "
    "and here you see what comes of it."
)
SAFETY: Final = "If you or somebody else is in danger, call the emergency services now."
NOTHING_WAITS: Final = "Nothing awaits you. A case that needs you appears here, the earliest deadline first."
NOBODY_STANDS_OUT: Final = "Every customer on record is clear."
HEALTHY: Final = "All is running: Slack shows what is on record."
SHOWS: Final = "As of {now}. It follows the record by itself."
OTHERS: Final = "others decide on {n} more"


def home(file: HomeFile, policy: Policy, firm: Firm, health: Sequence[str]) -> Message:
    """Everything that this person's App Home shows. `health`: why the bot does not do its work right now."""
    if file.barred:
        return _shown([paragraph(BARRED)])
    return _shown(
        [
            actions(
                button(REPORT, ids.HOME_REPORT, ids.HOME_REPORT, primary=True),
                button(LOOK_UP, ids.HOME_LOOK_UP, ids.HOME_LOOK_UP),
            ),
            *([paragraph(UNCONFIRMED)] if file.unconfirmed else []),
            *(_overview(file, file.overview) if file.overview else []),
            *_mine(file, policy),
            *(_settings(policy, firm, health) if file.overview else [context(SAFETY)]),
            context(SHOWS.format(now=moment(file.at))),
        ]
    )


def _shown(blocks: list[Block]) -> Message:
    return Message(text="", blocks=blocks)  # a Home has no text of its own


def _overview(file: HomeFile, overview: Overview) -> list[Block]:
    queue = overview.queue
    cases = count(queue.theirs, "case", "cases")
    says = [cases] if queue.theirs else []
    says += [f"*{queue.overdue:,} overdue*"] if queue.overdue else []
    says += [OTHERS.format(n=f"{queue.others:,}")] if queue.others else []
    rest = queue.theirs - len(overview.first)
    see_all = button(f"All {cases}", ids.list_action(ids.QUEUE), ids.list_value(ids.QUEUE, 1))
    return [
        {"type": "divider"},
        header("What awaits you"),
        *([context(" · ".join(says))] if says else []),
        *([awaiting(case, file.at) for case in overview.first] or [paragraph(NOTHING_WAITS)]),
        *([actions(see_all)] if rest > 0 else []),
        {"type": "divider"},
        header("This week"),
        paragraph(*_week(overview.week)),
        {"type": "divider"},
        header("Customers"),
        *_standings(overview.standings),
    ]


def _week(week: Week) -> list[Part]:
    figures = [
        f"{count(week.reports, 'report', 'reports')} by {count(week.reps, 'rep', 'reps')}",
        f"{count(week.opened, 'case', 'cases')} opened, {week.ended:,} ended",
        f"{week.warned:,} warned",
        f"{week.dropped:,} dropped",
    ]
    return [" · ".join(figures)]


def _standings(standings: dict[Standing, int]) -> list[Block]:
    if not standings:
        return [paragraph(NOBODY_STANDS_OUT)]
    buttons = [
        button(
            f"{STANDINGS[each].capitalize()} {n:,}",
            ids.list_action(each.value),
            ids.list_value(f"{ids.STANDING}:{each.value}", 1),
        )
        for each, n in reversed(standings.items())
    ]
    return [actions(*buttons)]


def _mine(file: HomeFile, policy: Policy) -> list[Block]:
    if file.overview and not file.mine.total:
        return []
    reports = count(file.mine.total, "report", "reports")
    see_all = button(f"All {reports}", ids.list_action(ids.MINE), ids.list_value(ids.MINE, 1))
    return [
        {"type": "divider"},
        header("Your reports"),
        *([own_report(each, policy, file.at) for each in file.mine.items] or [paragraph(NO_REPORTS)]),
        *([actions(see_all)] if file.mine.pages > 1 else []),
    ]


def _settings(policy: Policy, firm: Firm, health: Sequence[str]) -> list[Block]:
    care: list[Part] = [person(firm.care_contact)] if firm.care_contact else ["nobody named"]
    return [
        {"type": "divider"},
        header("How it is set up"),
        rich(
            line(strong("Health"), " ", *([HEALTHY] if not health else [])),
            *([bullets([line(reason) for reason in health[:10]])] if health else []),
            line(strong("Cases go to"), " ", channel(firm.management_channel)),
            line(strong("Managers"), " ", *joined(_people(firm.managers))),
            line(strong("Directors"), " ", *joined(_people(firm.directors))),
            line(strong("Care contact"), " ", *care),
            line(strong("Time zone"), f" {policy.hours.zone} · policy {policy.digest[:12]}"),
        ),
    ]


def _people(listed: Iterable[str]) -> list[list[Part | Element]]:
    shown: list[list[Part | Element]] = [
        [group(entry) if entry.startswith("S") else person(entry)] for entry in list(listed)[:20]
    ]
    return shown
