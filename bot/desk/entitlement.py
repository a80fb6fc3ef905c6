"""Who may do what. Decided here and nowhere else, from what the loop last read from Slack; unknown means no."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.desk.desk import Desk
from bot.desk.people import Person
from bot.desk.ports import Profile, Record
from bot.desk.refusals import Bar, NotEntitled
from bot.rules.values import Case

GROUP_LIFE = timedelta(seconds=60)
PROFILE_LIFE = timedelta(hours=1)


def refuse_strangers(record: Record, by: Person) -> None:
    """Only full members of the workspace report. Somebody whom Slack has not described yet is taken at their word:
    a lost report would be worse than one from a guest, and who decides sees who reported.

    Raises:
        NotEntitled: an outsider, a guest, a bot or a deactivated account.
    """
    bar = _bar_of_origin(by, record.people.profile(by.user))
    if bar:
        raise NotEntitled(bar)


def refuse_unless_entitled(record: Record, desk: Desk, by: Person, case: Case, now: datetime) -> None:
    """Managers act on cases in which they have no stake; directors where it is overdue or no manager is left.

    Raises:
        NotEntitled: with the bar that applies; also where Slack's word on them is older than it may be.
    """
    profile = record.people.profile(by.user)
    bar = (
        _bar_of_origin(by, profile)
        or _bar_of_role(record, desk, by, case, now)
        or _bar_of_stake(record, by.user, case)
        or (Bar.UNCONFIRMED if profile is None or profile.read_at < now - PROFILE_LIFE else None)
    )
    if bar:
        raise NotEntitled(bar, case.number)


def refuse_unless_manager(record: Record, desk: Desk, by: Person, now: datetime) -> None:
    """Managers and directors see every report.

    Raises:
        NotEntitled: anybody else, and whoever cannot be confirmed as one.
    """
    listed = (*desk.firm.managers, *desk.firm.directors)
    bar = _bar_of_origin(by, record.people.profile(by.user)) or _bar_of_list(record, by.user, listed, now)
    if bar:
        raise NotEntitled(bar)


def _bar_of_origin(by: Person, profile: Profile | None) -> Bar | None:
    if by.is_outsider or (profile and profile.outsider):
        return Bar.OUTSIDER
    if profile is None:
        return None
    marks = ((profile.bot, Bar.BOT), (profile.deactivated, Bar.DEACTIVATED), (profile.guest, Bar.GUEST))
    return next((bar for holds, bar in marks if holds), None)


def _bar_of_role(record: Record, desk: Desk, by: Person, case: Case, now: datetime) -> Bar | None:
    bar = _bar_of_list(record, by.user, desk.firm.managers, now)
    if bar is None or (now < case.due_at and someone_is_left(record, desk, case)):
        return bar
    return _bar_of_list(record, by.user, desk.firm.directors, now)


def _bar_of_list(record: Record, user: str, listed: tuple[str, ...], now: datetime) -> Bar | None:
    """None where the user is listed, by name or through a group that was read within the last minute."""
    if user in listed:
        return None
    groups = [entry for entry in listed if entry.startswith("S")]
    fresh = [g for g in groups if (read := record.people.group_read_at(g)) and read >= now - GROUP_LIFE]
    if any(record.people.groups_of(user, fresh).values()):
        return None
    return Bar.NOT_A_MANAGER if len(fresh) == len(groups) else Bar.UNCONFIRMED


def _bar_of_stake(record: Record, user: str, case: Case) -> Bar | None:
    if user in record.reports.reporters(case.number):
        return Bar.REPORTER
    if user == record.customers.get(case.customer).owner:
        return Bar.OWNER
    return None


def someone_is_left(record: Record, desk: Desk, case: Case) -> bool:
    """Whether any manager may still act on the case."""
    return any(_could_act(record, user, case) for user in everyone(record, desk.firm.managers))


def everyone(record: Record, listed: Iterable[str]) -> tuple[str, ...]:
    """The people behind a list of user and group IDs."""
    entries = tuple(listed)
    people = (e for e in entries if not e.startswith("S"))
    return tuple(dict.fromkeys((*people, *record.people.members([e for e in entries if e.startswith("S")]))))


def _could_act(record: Record, user: str, case: Case) -> bool:
    profile = record.people.profile(user)
    if profile and (profile.guest or profile.bot or profile.deactivated or profile.outsider):
        return False
    return _bar_of_stake(record, user, case) is None
