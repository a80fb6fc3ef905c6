"""The App Home: the record at a glance, for whoever looks at it; and the lists behind it, a page at a time."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot.rules.business_time import due
from bot.rules.customers import Standing
from bot.rules.home import Awaiting, HomeFile, Listed, Onlooker, Overview, OwnReport, Page, Week, page_of
from bot.rules.notices import HOME
from bot.rules.people import Person
from bot.rules.refusals import Bar
from bot.usecases.context import Desk
from bot.usecases.permissions.permissions import bar_from_managing, is_manager, refuse_unless_manager
from bot.usecases.shared.stale_messages import show_homes
from storage.transaction import Transaction

FIRST = 5  # of each list on the Home itself
A_PAGE = 10  # of each list behind it
# How much later than one put up for review today a decision may end that is up already: the policy may have changed.
AHEAD = timedelta(days=31)
_NO_ACCESS = frozenset({Bar.GUEST, Bar.OUTSIDER, Bar.BOT, Bar.DEACTIVATED})


def open_home(desk: Desk, by: Person) -> None:
    """Somebody looks at their App Home: it is to show the newest state at once. Raises NotRecorded."""
    with desk.begin(by.team) as record:
        record.notices.want(HOME, 0, by.user, desk.clock(), urgent=True)


def show_managers(desk: Desk, teams: Iterable[str]) -> None:
    """The Homes of managers and directors are to show the newest state, and how the bot does. Raises NotRecorded."""
    for team in teams:
        with desk.begin(team) as record:
            show_homes(record, desk, (), desk.clock())


def home_file(record: Transaction, desk: Desk, by: Person) -> HomeFile:
    """What this person's App Home shows now. Whoever cannot be confirmed as a manager sees what reps see."""
    now = desk.clock()
    bar = bar_from_managing(record, desk, by, now)
    if bar in _NO_ACCESS:
        return HomeFile(by.user, now, barred=True)
    return HomeFile(
        by.user,
        now,
        mine=_mine(record, by.user, 1, FIRST),
        overview=None if bar else _overview(record, desk, by, now),
        unconfirmed=bar is Bar.UNCONFIRMED,
    )


def my_reports(desk: Desk, by: Person, page: int) -> Page[OwnReport]:
    """A page of somebody's own reports, newest first."""
    with desk.read(by.team) as record:
        return _mine(record, by.user, page, A_PAGE)


def awaiting_me(desk: Desk, by: Person, page: int) -> Page[Awaiting]:
    """A page of what somebody may act on, the earliest deadline first. Raises NotEntitled."""
    now = desk.clock()
    with desk.read(by.team) as record:
        refuse_unless_manager(record, desk, by, now)
        whose = _onlooker(record, desk, by, now)
        theirs = record.queues.figures(whose).theirs
        return page_of(page, A_PAGE, theirs, lambda most, skip: record.queues.page(whose, most, skip))


def customers_standing(desk: Desk, by: Person, standing: Standing, page: int) -> Page[Listed]:
    """A page of the customers of one standing, by name. Raises NotEntitled."""
    with desk.read(by.team) as record:
        refuse_unless_manager(record, desk, by, desk.clock())
        total = record.homes.standings().get(standing, 0)
        return page_of(page, A_PAGE, total, lambda most, skip: record.homes.standing_so(standing, most, skip))


def _overview(record: Transaction, desk: Desk, by: Person, now: datetime) -> Overview:
    whose = _onlooker(record, desk, by, now)
    return Overview(
        queue=record.queues.figures(whose),
        first=record.queues.page(whose, FIRST),
        standings=record.homes.standings(),
        week=_week(record, desk),
    )


def _onlooker(record: Transaction, desk: Desk, by: Person, now: datetime) -> Onlooker:
    return Onlooker(
        by.user,
        now,
        ahead=due(now, desk.policy.review_notice, desk.policy.hours) + AHEAD,
        channel=desk.firm.management_channel,
        late_only=not is_manager(record, desk, by, now),
    )


def _week(record: Transaction, desk: Desk) -> Week:
    """Since Monday morning in the firm's zone."""
    today = desk.today()
    return record.homes.week(desk.policy.hours.at(today - timedelta(days=today.weekday()), time()))


def _mine(record: Transaction, user: str, page: int, size: int) -> Page[OwnReport]:
    total = record.homes.count_mine(user)
    return page_of(page, size, total, lambda most, skip: record.homes.mine(user, most, skip))
