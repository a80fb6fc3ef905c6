"""The App Home of each person, and the lists behind it, a page at a time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.business_time import due
from bot.rules.customers import Standing
from bot.rules.home import HomeFile, ListedCustomer, Overview, OwnReport, Page, QueueItem, Viewer, page_of
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.refusals import Denial
from bot.rules.weeks import Week, week_bounds
from bot.usecases.context import Context
from bot.usecases.permissions.colleagues import is_member
from bot.usecases.permissions.permissions import (
    denial_as_manager,
    is_manager,
    refuse_unless_manager,
    refuse_unless_member,
    stakes_last,
)
from storage.transaction import Transaction

FIRST = 5  # of each list on the Home itself
A_PAGE = 10  # of each list behind it
AHEAD = timedelta(days=31)  # on top of the review notice, which may have been longer when a review opened
NO_REPORTS: Page[OwnReport] = Page((), 1, 1, 0)  # the list names customers: until it is known who somebody is
_NO_ACCESS = frozenset({Denial.GUEST, Denial.OUTSIDER, Denial.BOT, Denial.DEACTIVATED})


def open_home(context: Context, by: Person) -> None:
    """Refresh the App Home that somebody has opened, at once. Raises NotRecorded."""
    with context.begin(by.team) as tx:
        tx.notices.refresh(NoticeKind.HOME, 0, by.user, context.clock(), urgent=True)


def refresh_manager_homes(context: Context, teams: Iterable[str]) -> None:
    """Refresh the Homes of managers and directors, which also show whether the bot works. Raises NotRecorded."""
    for team in teams:
        with context.begin(team) as tx:
            tx.homes.refresh((), context.firm.management, context.clock())


def home_file(tx: Transaction, context: Context, by: Person) -> HomeFile:
    """What this person's App Home shows. Whoever cannot be confirmed as a manager sees what reps see.

    Somebody whose profile was not read yet sees no reports: they may be a guest.
    """
    now = context.clock()
    denial = denial_as_manager(tx, context, by, now)
    if denial in _NO_ACCESS:
        return HomeFile(by.user, now, no_access=True)
    return HomeFile(
        by.user,
        now,
        mine=_own_reports(tx, by.user, 1, FIRST) if is_member(tx, by.user) else NO_REPORTS,
        overview=None if denial else _overview(tx, context, by, now),
        directs=denial is None and not is_manager(tx, context, by, now),
        unconfirmed=denial is Denial.UNCONFIRMED,
        available=_available(tx, context, by.user),
    )


def _available(tx: Transaction, context: Context, user: str) -> bool | None:
    """Whether they may be called for backup; None for somebody who never is."""
    firm = context.firm
    may_be_called = user in tx.people.behind((*firm.to_call, *firm.management))
    return tx.backup_calls.is_available(user) if may_be_called else None


def my_reports(context: Context, by: Person, page: int) -> Page[OwnReport]:
    """A page of somebody's own reports, newest first. Raises as `refuse_unless_member`."""
    with context.read(by.team) as tx:
        refuse_unless_member(tx, by, context.clock())
        return _own_reports(tx, by.user, page, A_PAGE)


def awaiting_me(context: Context, by: Person, page: int) -> Page[QueueItem]:
    """A page of what a manager may act on, the earliest deadline first. Raises NotEntitled."""
    now = context.clock()
    with context.read(by.team) as tx:
        refuse_unless_manager(tx, context, by, now)
        viewer = _viewer(tx, context, by, now)
        theirs = tx.queues.figures(viewer).theirs
        return page_of(page, A_PAGE, theirs, lambda most, skip: tx.queues.page(viewer, most, skip))


def customers_of_standing(context: Context, by: Person, standing: Standing, page: int) -> Page[ListedCustomer]:
    """A page of the customers of one standing, by name, for managers. Raises NotEntitled."""
    with context.read(by.team) as tx:
        refuse_unless_manager(tx, context, by, context.clock())
        total = tx.homes.standings().get(standing, 0)
        return page_of(page, A_PAGE, total, lambda most, skip: tx.homes.with_standing(standing, most, skip))


def _overview(tx: Transaction, context: Context, by: Person, now: datetime) -> Overview:
    viewer, zone = _viewer(tx, context, by, now), context.firm.summary_at.zone
    monday = week_bounds(Week.of(now.astimezone(ZoneInfo(zone)).date()), 1, zone)[0]
    return Overview(
        queue=tx.queues.figures(viewer),
        first=tx.queues.page(viewer, FIRST),
        standings=tx.homes.standings(),
        week=tx.homes.week(monday),
    )


def _viewer(tx: Transaction, context: Context, by: Person, now: datetime) -> Viewer:
    return Viewer(
        by.user,
        now,
        ahead=due(now, context.policy.review_notice, context.policy.hours) + AHEAD,
        channel=context.firm.management_channel,
        late_only=not is_manager(tx, context, by, now),
        stake_since=now - stakes_last(context),
        stake_days=stakes_last(context).days,
    )


def _own_reports(tx: Transaction, user: str, page: int, size: int) -> Page[OwnReport]:
    total = tx.homes.count_own_reports(user)
    return page_of(page, size, total, lambda most, skip: tx.homes.own_reports(user, most, skip))
