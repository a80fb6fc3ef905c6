"""Who may do what. Decided here and in `uninvolved`, nowhere else, from what was last read from Slack.

Somebody whom this does not clearly allow to act is refused.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.cases import Case, Left
from bot.rules.decisions import Approval
from bot.rules.people import Person, Profile
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Denial, NotEntitled
from bot.usecases.context import Context
from storage.transaction import Transaction


class Permission(StrEnum):
    """Who may use a button, form or command. The use case enforces it in its transaction, by the function named."""

    ANYBODY = "anybody"  # everybody in the workspace: nothing is checked
    MEMBER = "member"  # full members of the workspace: refuse_unless_member
    REPORTER = "reporter"  # who made the report: the use case compares the user IDs
    MANAGER = "manager"  # managers and directors: refuse_unless_manager
    WITHOUT_STAKE = "without_stake"  # managers and directors without a stake: refuse_unless_without_stake
    DECIDER = "decider"  # managers without a stake, and directors once the case is theirs too: refuse_unless_decider
    CUSTOMER_EDITOR = "customer_editor"  # managers; while a case is open, its deciders: edit.lock_customer
    UNINVOLVED = "uninvolved"  # without a stake, and did not issue the warning: refuse_unless_uninvolved
    APPEAL_ANSWERER = "appeal_answerer"  # took no part in the decision: refuse_unless_appeal_answerer


GROUP_LIFE = timedelta(seconds=60)  # a user group read longer ago than this is not relied on
PROFILE_LIFE = timedelta(hours=1)  # likewise a profile


def refuse_unless_member(tx: Transaction, by: Person) -> None:
    """Raises NotEntitled for an outsider, a guest, a bot or a deactivated account.

    Somebody whose profile has not been read yet may report: a lost report would be worse than one from a guest, and
    whoever decides sees who reported.
    """
    denial = _account_denial(by, tx.people.profile(by.user))
    if denial:
        raise NotEntitled(denial)


def refuse_unless_decider(tx: Transaction, context: Context, by: Person, case: Case, now: datetime) -> None:
    """Managers without a stake may act on a case; directors too once it is overdue or too few managers are left.

    Raises NotEntitled for anybody else, and for anybody whose profile is too old to rely on.
    """
    profile = tx.people.profile(by.user)
    denial = (
        _account_denial(by, profile)
        or _role_denial(tx, context, by, case, now)
        or stakes(tx, case).get(by.user)
        or stale_profile_denial(profile, now)
    )
    if denial:
        raise NotEntitled(denial, case.number)


def refuse_unless_manager(tx: Transaction, context: Context, by: Person, now: datetime) -> None:
    """Raises NotEntitled for everybody but managers and directors, and for anybody who cannot be confirmed as one."""
    denial = denial_as_manager(tx, context, by, now)
    if denial:
        raise NotEntitled(denial)


def denial_as_manager(tx: Transaction, context: Context, by: Person, now: datetime) -> Denial | None:
    """Why somebody does not count as a manager or director now; None if they do."""
    denial = _account_denial(by, tx.people.profile(by.user))
    return denial or _list_denial(tx, by.user, context.firm.management, now)


def is_manager(tx: Transaction, context: Context, by: Person, now: datetime) -> bool:
    """Whether they are listed as a manager. A director who is not has only overdue and leftover cases."""
    return _list_denial(tx, by.user, context.firm.managers, now) is None


def refuse_unless_without_stake(tx: Transaction, context: Context, by: Person, case: Case, now: datetime) -> None:
    """Raises NotEntitled for everybody but managers and directors without a known stake in the case."""
    refuse_unless_manager(tx, context, by, now)
    denial = stakes(tx, case).get(by.user)
    if denial:
        raise NotEntitled(denial, case.number)


def _account_denial(by: Person, profile: Profile | None) -> Denial | None:
    return Denial.OUTSIDER if by.is_outsider else profile_denial(profile)


def profile_denial(profile: Profile | None) -> Denial | None:
    """Why an account of this kind may not act; None if it may, or if its profile has not been read yet."""
    if profile is None:
        return None
    marks = (
        (profile.outsider, Denial.OUTSIDER),
        (profile.bot, Denial.BOT),
        (profile.deactivated, Denial.DEACTIVATED),
        (profile.guest, Denial.GUEST),
    )
    return next((denial for holds, denial in marks if holds), None)


def stale_profile_denial(profile: Profile | None, now: datetime) -> Denial | None:
    """UNCONFIRMED if the profile is too old to rely on, or was never read."""
    return Denial.UNCONFIRMED if profile is None or profile.read_at < now - PROFILE_LIFE else None


def _role_denial(tx: Transaction, context: Context, by: Person, case: Case, now: datetime) -> Denial | None:
    as_manager = _list_denial(tx, by.user, context.firm.managers, now)
    if as_manager is None:
        return None
    as_director = _list_denial(tx, by.user, context.firm.directors, now)
    if as_director is None:
        is_theirs = now >= case.due_at or who_is_left(tx, context, case) is not Left.MANAGERS
        return None if is_theirs else Denial.NOT_YET
    return Denial.UNCONFIRMED if Denial.UNCONFIRMED in (as_manager, as_director) else Denial.NOT_A_MANAGER


def _list_denial(tx: Transaction, user: str, listed: tuple[str, ...], now: datetime) -> Denial | None:
    """None if the user is listed, by user ID or through a group that was read within `GROUP_LIFE`."""
    if user in listed:
        return None
    groups = [entry for entry in listed if entry.startswith("S")]
    fresh = [g for g in groups if (read := tx.people.group_read_at(g)) and read >= now - GROUP_LIFE]
    if any(tx.people.groups_of(user, fresh).values()):
        return None
    return Denial.NOT_A_MANAGER if len(fresh) == len(groups) else Denial.UNCONFIRMED


def stakes(tx: Transaction, case: Case) -> dict[str, Denial]:
    """Everybody with a stake in the case, and which: they reported in it, own the account, or stepped aside."""
    owner = tx.customers.get(case.customer).owner
    return (
        {recusal.by: Denial.RECUSED for recusal in tx.recusals.of_case(case.number)}
        | ({owner: Denial.OWNER} if owner else {})
        | dict.fromkeys(tx.reports.reporters(case.number), Denial.REPORTER)
    )


def excluded(tx: Transaction, context: Context, case: Case) -> dict[str, Denial]:
    """The managers and directors who may take no part in the case, and why."""
    known = stakes(tx, case)
    listed = people_behind(tx, context.firm.management)
    denials = {user: known.get(user) or profile_denial(tx.people.profile(user)) for user in listed}
    return {user: denial for user, denial in denials.items() if denial}


def without_stake(tx: Transaction, context: Context, case: Case, listed: Iterable[str]) -> tuple[str, ...]:
    """Of these users and the members of these user groups, those who have no stake in the case."""
    out = excluded(tx, context, case)
    return tuple(user for user in people_behind(tx, listed) if user not in out)


def who_is_left(tx: Transaction, context: Context, case: Case) -> Left:
    """Who is left to act: enough managers, or enough together with the directors, or too few even so.

    One is enough; for a decision, as many as the policy wants to approve a drop.
    """
    firm = context.firm
    needed = context.policy.approvals_to_drop if case.rung is Rung.DECIDE else 1
    for left, listed in ((Left.MANAGERS, firm.managers), (Left.DIRECTORS, firm.management)):
        if has_unread_group(tx, listed) or len(without_stake(tx, context, case, listed)) >= needed:
            return left
    return Left.NOBODY


def has_unread_group(tx: Transaction, listed: Iterable[str]) -> bool:
    """Whether a user group of these was never read from Slack. It counts as enough people.

    Otherwise a start of the bot or a failure at Slack would look like a firm without managers.
    """
    return any(entry.startswith("S") and tx.people.group_read_at(entry) is None for entry in listed)


def valid_approvals(tx: Transaction, context: Context, case: Case) -> tuple[Approval, ...]:
    """The approvals of a drop that count: by people who may take part, with no report changed in the case since."""
    if context.policy.approvals_to_drop == 1:
        return ()
    users = without_stake(tx, context, case, context.firm.management)
    approvals = (each for each in tx.approvals.of_case(case.number) if each.by in users)
    return tuple(each for each in approvals if not tx.reports.news(case.number, each.version))


def people_behind(tx: Transaction, listed: Iterable[str]) -> tuple[str, ...]:
    """These users and the members of these user groups, without repetitions."""
    entries = tuple(listed)
    people = (e for e in entries if not e.startswith("S"))
    return tuple(dict.fromkeys((*people, *tx.people.members([e for e in entries if e.startswith("S")]))))
