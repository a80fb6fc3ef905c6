"""Who may do what. Decided here and nowhere else, from what the loop last read from Slack; unknown means no."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.rules.cases import Case, Left
from bot.rules.decisions import Approval
from bot.rules.people import Person, Profile
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Bar, NotEntitled
from bot.usecases.context import Desk
from storage.transaction import Transaction

GROUP_LIFE = timedelta(seconds=60)
PROFILE_LIFE = timedelta(hours=1)


def refuse_strangers(record: Transaction, by: Person) -> None:
    """Only full members of the workspace report. Somebody whom Slack has not described yet is taken at their word:
    a lost report would be worse than one from a guest, and who decides sees who reported.

    Raises:
        NotEntitled: an outsider, a guest, a bot or a deactivated account.
    """
    bar = _bar_of_origin(by, record.people.profile(by.user))
    if bar:
        raise NotEntitled(bar)


def refuse_unless_entitled(record: Transaction, desk: Desk, by: Person, case: Case, now: datetime) -> None:
    """Managers act on cases in which they have no stake; directors where it is overdue or too few managers are left.

    Raises:
        NotEntitled: with the bar that applies; also where Slack's word on them is older than it may be.
    """
    profile = record.people.profile(by.user)
    bar = (
        _bar_of_origin(by, profile)
        or _bar_of_role(record, desk, by, case, now)
        or stakes(record, case).get(by.user)
        or (Bar.UNCONFIRMED if profile is None or profile.read_at < now - PROFILE_LIFE else None)
    )
    if bar:
        raise NotEntitled(bar, case.number)


def refuse_unless_manager(record: Transaction, desk: Desk, by: Person, now: datetime) -> None:
    """Managers and directors see every report.

    Raises:
        NotEntitled: anybody else, and whoever cannot be confirmed as one.
    """
    bar = bar_from_managing(record, desk, by, now)
    if bar:
        raise NotEntitled(bar)


def bar_from_managing(record: Transaction, desk: Desk, by: Person, now: datetime) -> Bar | None:
    """Why somebody is not taken for a manager or director at this moment; None where they are."""
    listed = (*desk.firm.managers, *desk.firm.directors)
    return _bar_of_origin(by, record.people.profile(by.user)) or _bar_of_list(record, by.user, listed, now)


def is_manager(record: Transaction, desk: Desk, by: Person, now: datetime) -> bool:
    """Whether they are a manager, and not a director only, to whom only what is late or left over comes."""
    return _bar_of_list(record, by.user, desk.firm.managers, now) is None


def refuse_unless_free(record: Transaction, desk: Desk, by: Person, case: Case, now: datetime) -> None:
    """Managers and directors step aside from a case in which they have no stake that is known.

    Raises:
        NotEntitled: anybody else, and whoever takes no part anyway.
    """
    refuse_unless_manager(record, desk, by, now)
    bar = stakes(record, case).get(by.user)
    if bar:
        raise NotEntitled(bar, case.number)


def _bar_of_origin(by: Person, profile: Profile | None) -> Bar | None:
    return Bar.OUTSIDER if by.is_outsider else _bar_of_profile(profile)


def _bar_of_profile(profile: Profile | None) -> Bar | None:
    if profile is None:
        return None
    marks = (
        (profile.outsider, Bar.OUTSIDER),
        (profile.bot, Bar.BOT),
        (profile.deactivated, Bar.DEACTIVATED),
        (profile.guest, Bar.GUEST),
    )
    return next((bar for holds, bar in marks if holds), None)


def _bar_of_role(record: Transaction, desk: Desk, by: Person, case: Case, now: datetime) -> Bar | None:
    as_manager = _bar_of_list(record, by.user, desk.firm.managers, now)
    if as_manager is None:
        return None
    as_director = _bar_of_list(record, by.user, desk.firm.directors, now)
    if as_director is None:
        return None if directors_act(record, desk, case, now) else Bar.NOT_YET
    return Bar.UNCONFIRMED if Bar.UNCONFIRMED in (as_manager, as_director) else Bar.NOT_A_MANAGER


def _bar_of_list(record: Transaction, user: str, listed: tuple[str, ...], now: datetime) -> Bar | None:
    """None where the user is listed, by name or through a group that was read within the last minute."""
    if user in listed:
        return None
    groups = [entry for entry in listed if entry.startswith("S")]
    fresh = [g for g in groups if (read := record.people.group_read_at(g)) and read >= now - GROUP_LIFE]
    if any(record.people.groups_of(user, fresh).values()):
        return None
    return Bar.NOT_A_MANAGER if len(fresh) == len(groups) else Bar.UNCONFIRMED


def stakes(record: Transaction, case: Case) -> dict[str, Bar]:
    """Whoever has a stake in the case, and which: they reported in it, own the account, or stepped aside."""
    owner = record.customers.get(case.customer).owner
    return (
        {recusal.by: Bar.RECUSED for recusal in record.recusals.of_case(case.number)}
        | ({owner: Bar.OWNER} if owner else {})
        | dict.fromkeys(record.reports.reporters(case.number), Bar.REPORTER)
    )


def excluded(record: Transaction, desk: Desk, case: Case) -> dict[str, Bar]:
    """The managers and directors who take no part in the case, and why."""
    out = stakes(record, case)
    listed = everyone(record, (*desk.firm.managers, *desk.firm.directors))
    bars = {user: out.get(user) or _bar_of_profile(record.people.profile(user)) for user in listed}
    return {user: bar for user, bar in bars.items() if bar}


def free(record: Transaction, desk: Desk, case: Case, listed: Iterable[str]) -> tuple[str, ...]:
    """The people behind a list of user and group IDs who have no stake in the case, as far as Slack has told."""
    out = excluded(record, desk, case)
    return tuple(user for user in everyone(record, listed) if user not in out)


def directors_act(record: Transaction, desk: Desk, case: Case, now: datetime) -> bool:
    """Whether the case is with the directors as well: it is overdue, or too few managers are left."""
    return now >= case.due_at or who_is_left(record, desk, case) is not Left.MANAGERS


def who_is_left(record: Transaction, desk: Desk, case: Case) -> Left:
    """Who is left to act: enough managers, or with the directors enough, or too few even so.

    Enough is one; to decide, as many as the policy wants to approve a drop. A group that Slack has not told of yet
    counts as enough: a start or a failure at Slack must not look like a firm without managers.
    """
    firm = desk.firm
    needed = desk.policy.approvals_to_drop if case.rung is Rung.DECIDE else 1
    for left, listed in ((Left.MANAGERS, firm.managers), (Left.DIRECTORS, (*firm.managers, *firm.directors))):
        unread = any(e.startswith("S") and record.people.group_read_at(e) is None for e in listed)
        if unread or len(free(record, desk, case, listed)) >= needed:
            return left
    return Left.NOBODY


def standing_approvals(record: Transaction, desk: Desk, case: Case) -> tuple[Approval, ...]:
    """The approvals of a drop that count: by people who take part, of a case in which no report has changed since."""
    if desk.policy.approvals_to_drop == 1:
        return ()
    free_ = free(record, desk, case, (*desk.firm.managers, *desk.firm.directors))
    given = (each for each in record.approvals.of_case(case.number) if each.by in free_)
    return tuple(each for each in given if not record.reports.news(case.number, each.version))


def everyone(record: Transaction, listed: Iterable[str]) -> tuple[str, ...]:
    """The people behind a list of user and group IDs."""
    entries = tuple(listed)
    people = (e for e in entries if not e.startswith("S"))
    return tuple(dict.fromkeys((*people, *record.people.members([e for e in entries if e.startswith("S")]))))
