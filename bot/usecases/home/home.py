"""The App Home: the record at a glance, for whoever looks at it; and the lists behind it, a page at a time."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot.rules.business_time import due
from bot.rules.customers import Standing
from bot.rules.home import Awaiting, HomeFile, Listed, Onlooker, Overview, OwnReport, Page, Week, page_of
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.refusals import Bar
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import bar_from_managing, is_manager, refuse_unless_manager
from bot.usecases.shared.stale_messages import show_homes
from storage.transaction import Transaction

FIRST = 5  # of each list on the Home itself
A_PAGE = 10  # of each list behind it
# How much later than one put up for review today a decision may end that is up already: the policy may have changed.
AHEAD = timedelta(days=31)
_NO_ACCESS = frozenset({Bar.GUEST, Bar.OUTSIDER, Bar.BOT, Bar.DEACTIVATED})


def open_home(context: Context, by: Person) -> None:
    """Somebody looks at their App Home: it is to show the newest state at once. Raises NotRecorded."""
    with context.begin(by.team) as tx:
        tx.notices.want(NoticeKind.HOME, 0, by.user, context.clock(), urgent=True)


def show_managers(context: Context, teams: Iterable[str]) -> None:
    """The Homes of managers and directors are to show the newest state, and how the bot does. Raises NotRecorded."""
    for team in teams:
        with context.begin(team) as tx:
            show_homes(tx, context, (), context.clock())


def home_file(tx: Transaction, context: Context, by: Person) -> HomeFile:
    """What this person's App Home shows now. Whoever cannot be confirmed as a manager sees what reps see."""
    now = context.clock()
    bar = bar_from_managing(tx, context, by, now)
    if bar in _NO_ACCESS:
        return HomeFile(by.user, now, barred=True)
    return HomeFile(
        by.user,
        now,
        mine=_mine(tx, by.user, 1, FIRST),
        overview=None if bar else _overview(tx, context, by, now),
        unconfirmed=bar is Bar.UNCONFIRMED,
    )


def my_reports(context: Context, by: Person, page: int) -> Page[OwnReport]:
    """A page of somebody's own reports, newest first."""
    with context.read(by.team) as tx:
        return _mine(tx, by.user, page, A_PAGE)


def awaiting_me(context: Context, by: Person, page: int) -> Page[Awaiting]:
    """A page of what somebody may act on, the earliest deadline first. Raises NotEntitled."""
    now = context.clock()
    with context.read(by.team) as tx:
        refuse_unless_manager(tx, context, by, now)
        whose = _onlooker(tx, context, by, now)
        theirs = tx.queues.figures(whose).theirs
        return page_of(page, A_PAGE, theirs, lambda most, skip: tx.queues.page(whose, most, skip))


def customers_standing(context: Context, by: Person, standing: Standing, page: int) -> Page[Listed]:
    """A page of the customers of one standing, by name. Raises NotEntitled."""
    with context.read(by.team) as tx:
        refuse_unless_manager(tx, context, by, context.clock())
        total = tx.homes.standings().get(standing, 0)
        return page_of(page, A_PAGE, total, lambda most, skip: tx.homes.standing_so(standing, most, skip))


def _overview(tx: Transaction, context: Context, by: Person, now: datetime) -> Overview:
    whose = _onlooker(tx, context, by, now)
    return Overview(
        queue=tx.queues.figures(whose),
        first=tx.queues.page(whose, FIRST),
        standings=tx.homes.standings(),
        week=_week(tx, context),
    )


def _onlooker(tx: Transaction, context: Context, by: Person, now: datetime) -> Onlooker:
    return Onlooker(
        by.user,
        now,
        ahead=due(now, context.policy.review_notice, context.policy.hours) + AHEAD,
        channel=context.firm.management_channel,
        late_only=not is_manager(tx, context, by, now),
    )


def _week(tx: Transaction, context: Context) -> Week:
    """Since Monday morning in the firm's zone."""
    today = context.today()
    return tx.homes.week(context.policy.hours.at(today - timedelta(days=today.weekday()), time()))


def _mine(tx: Transaction, user: str, page: int, size: int) -> Page[OwnReport]:
    total = tx.homes.count_mine(user)
    return page_of(page, size, total, lambda most, skip: tx.homes.mine(user, most, skip))
