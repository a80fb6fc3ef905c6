"""Who may do what. Decided here and nowhere else, from what the loop last read from Slack; unknown means no."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.cases import Case, Left
from bot.rules.decisions import Approval
from bot.rules.people import Person, Profile
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Bar, NotEntitled
from bot.usecases.context import Context
from storage.transaction import Transaction


class Permission(StrEnum):
    """Who may use a way in from Slack. The use case enforces it, inside its transaction, by the function named here."""

    ANYBODY = "anybody"  # whom Slack lets through
    MEMBER = "member"  # full members of the workspace: refuse_strangers
    REPORTER = "reporter"  # who made the report: the use case compares
    MANAGER = "manager"  # managers and directors: refuse_unless_manager
    WITHOUT_STAKE = "without_stake"  # those of them who have no stake in the case: refuse_unless_free
    DECIDER = "decider"  # managers without a stake, directors once the case is with them: refuse_unless_entitled
    CUSTOMER_EDITOR = "customer_editor"  # managers and directors; while a case is open, who may decide it
    UNINVOLVED = "uninvolved"  # without a stake, and did not issue the warning: refuse_unless_uninvolved
    APPEAL_ANSWERER = "appeal_answerer"  # took no part in the decision: refuse_unless_theirs


GROUP_LIFE = timedelta(seconds=60)
PROFILE_LIFE = timedelta(hours=1)


def refuse_strangers(tx: Transaction, by: Person) -> None:
    """Only full members of the workspace report. Somebody whom Slack has not described yet is taken at their word:
    a lost report would be worse than one from a guest, and who decides sees who reported.

    Raises:
        NotEntitled: an outsider, a guest, a bot or a deactivated account.
    """
    bar = _bar_of_origin(by, tx.people.profile(by.user))
    if bar:
        raise NotEntitled(bar)


def refuse_unless_entitled(tx: Transaction, context: Context, by: Person, case: Case, now: datetime) -> None:
    """Managers act on cases in which they have no stake; directors where it is overdue or too few managers are left.

    Raises:
        NotEntitled: with the bar that applies; also where Slack's word on them is older than it may be.
    """
    profile = tx.people.profile(by.user)
    bar = (
        _bar_of_origin(by, profile)
        or _bar_of_role(tx, context, by, case, now)
        or stakes(tx, case).get(by.user)
        or (Bar.UNCONFIRMED if profile is None or profile.read_at < now - PROFILE_LIFE else None)
    )
    if bar:
        raise NotEntitled(bar, case.number)


def refuse_unless_manager(tx: Transaction, context: Context, by: Person, now: datetime) -> None:
    """Managers and directors see every report.

    Raises:
        NotEntitled: anybody else, and whoever cannot be confirmed as one.
    """
    bar = bar_from_managing(tx, context, by, now)
    if bar:
        raise NotEntitled(bar)


def bar_from_managing(tx: Transaction, context: Context, by: Person, now: datetime) -> Bar | None:
    """Why somebody is not taken for a manager or director at this moment; None where they are."""
    listed = (*context.firm.managers, *context.firm.directors)
    return _bar_of_origin(by, tx.people.profile(by.user)) or _bar_of_list(tx, by.user, listed, now)


def is_manager(tx: Transaction, context: Context, by: Person, now: datetime) -> bool:
    """Whether they are a manager, and not a director only, to whom only what is late or left over comes."""
    return _bar_of_list(tx, by.user, context.firm.managers, now) is None


def refuse_unless_free(tx: Transaction, context: Context, by: Person, case: Case, now: datetime) -> None:
    """Managers and directors step aside from a case in which they have no stake that is known.

    Raises:
        NotEntitled: anybody else, and whoever takes no part anyway.
    """
    refuse_unless_manager(tx, context, by, now)
    bar = stakes(tx, case).get(by.user)
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


def _bar_of_role(tx: Transaction, context: Context, by: Person, case: Case, now: datetime) -> Bar | None:
    as_manager = _bar_of_list(tx, by.user, context.firm.managers, now)
    if as_manager is None:
        return None
    as_director = _bar_of_list(tx, by.user, context.firm.directors, now)
    if as_director is None:
        return None if directors_act(tx, context, case, now) else Bar.NOT_YET
    return Bar.UNCONFIRMED if Bar.UNCONFIRMED in (as_manager, as_director) else Bar.NOT_A_MANAGER


def _bar_of_list(tx: Transaction, user: str, listed: tuple[str, ...], now: datetime) -> Bar | None:
    """None where the user is listed, by name or through a group that was read within the last minute."""
    if user in listed:
        return None
    groups = [entry for entry in listed if entry.startswith("S")]
    fresh = [g for g in groups if (read := tx.people.group_read_at(g)) and read >= now - GROUP_LIFE]
    if any(tx.people.groups_of(user, fresh).values()):
        return None
    return Bar.NOT_A_MANAGER if len(fresh) == len(groups) else Bar.UNCONFIRMED


def stakes(tx: Transaction, case: Case) -> dict[str, Bar]:
    """Whoever has a stake in the case, and which: they reported in it, own the account, or stepped aside."""
    owner = tx.customers.get(case.customer).owner
    return (
        {recusal.by: Bar.RECUSED for recusal in tx.recusals.of_case(case.number)}
        | ({owner: Bar.OWNER} if owner else {})
        | dict.fromkeys(tx.reports.reporters(case.number), Bar.REPORTER)
    )


def excluded(tx: Transaction, context: Context, case: Case) -> dict[str, Bar]:
    """The managers and directors who take no part in the case, and why."""
    out = stakes(tx, case)
    listed = everyone(tx, (*context.firm.managers, *context.firm.directors))
    bars = {user: out.get(user) or _bar_of_profile(tx.people.profile(user)) for user in listed}
    return {user: bar for user, bar in bars.items() if bar}


def free(tx: Transaction, context: Context, case: Case, listed: Iterable[str]) -> tuple[str, ...]:
    """The people behind a list of user and group IDs who have no stake in the case, as far as Slack has told."""
    out = excluded(tx, context, case)
    return tuple(user for user in everyone(tx, listed) if user not in out)


def directors_act(tx: Transaction, context: Context, case: Case, now: datetime) -> bool:
    """Whether the case is with the directors as well: it is overdue, or too few managers are left."""
    return now >= case.due_at or who_is_left(tx, context, case) is not Left.MANAGERS


def who_is_left(tx: Transaction, context: Context, case: Case) -> Left:
    """Who is left to act: enough managers, or with the directors enough, or too few even so.

    Enough is one; to decide, as many as the policy wants to approve a drop. A group that Slack has not told of yet
    counts as enough: a start or a failure at Slack must not look like a firm without managers.
    """
    firm = context.firm
    needed = context.policy.approvals_to_drop if case.rung is Rung.DECIDE else 1
    for left, listed in ((Left.MANAGERS, firm.managers), (Left.DIRECTORS, (*firm.managers, *firm.directors))):
        unread = any(e.startswith("S") and tx.people.group_read_at(e) is None for e in listed)
        if unread or len(free(tx, context, case, listed)) >= needed:
            return left
    return Left.NOBODY


def standing_approvals(tx: Transaction, context: Context, case: Case) -> tuple[Approval, ...]:
    """The approvals of a drop that count: by people who take part, of a case in which no report has changed since."""
    if context.policy.approvals_to_drop == 1:
        return ()
    free_ = free(tx, context, case, (*context.firm.managers, *context.firm.directors))
    given = (each for each in tx.approvals.of_case(case.number) if each.by in free_)
    return tuple(each for each in given if not tx.reports.news(case.number, each.version))


def everyone(tx: Transaction, listed: Iterable[str]) -> tuple[str, ...]:
    """The people behind a list of user and group IDs."""
    entries = tuple(listed)
    people = (e for e in entries if not e.startswith("S"))
    return tuple(dict.fromkeys((*people, *tx.people.members([e for e in entries if e.startswith("S")]))))
