"""Who may do what. Decided here and in `uninvolved`, nowhere else, from what was last read from Slack.

Somebody whom this does not clearly allow to act is refused.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rules.cases import Case, Left
from bot.rules.decisions import Approval
from bot.rules.people import Directory, Membership, Person, Profile, is_group
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Denial, NotEntitled
from bot.usecases.context import Context
from storage.transaction import Transaction


class Permission(StrEnum):
    """Who may use a button, form or command. The use case enforces it in its transaction, by the function named."""

    ANYBODY = "anybody"  # everybody in the workspace: nothing is checked
    REP = "rep"  # full members, and whoever's profile was not read yet: refuse_unless_rep
    MEMBER = "member"  # full members of the workspace whose profile was read: refuse_unless_member
    REPORTER = "reporter"  # who made the report: the use case compares the user IDs
    CARE_CONTACT = "care_contact"  # whom the settings name, who may be outside: the use case compares the user IDs
    MANAGER = "manager"  # managers and directors: refuse_unless_manager
    WITHOUT_STAKE = "without_stake"  # managers and directors without a stake: refuse_unless_without_stake
    LETTER_READER = "letter_reader"  # as without_stake; managers with one, what has gone out: letters.read_letters
    DECIDER = "decider"  # managers without a stake, and directors once the case is theirs too: refuse_unless_decider
    CUSTOMER_EDITOR = "customer_editor"  # as without_stake; while a case is open, its deciders: edit.lock_customer
    ANSWERER = "answerer"  # took no part in what the customer objects to: refuse_unless_answerer
    CALLED = "called"  # in a call for backup, whoever was asked or may be asked: take_call
    IN_CALL = "in_call"  # who called for backup, and who came: end_backup


STAKE_LASTS = timedelta(days=365)  # from a report on; longer where the policy counts its points for longer
GROUP_LIFE = timedelta(seconds=60)  # a user group read longer ago than this is not relied on
PROFILE_LIFE = timedelta(hours=1)  # likewise a profile
NOBODY: Mapping[str, Denial] = {}


def refuse_unless_rep(tx: Transaction, by: Person, now: datetime) -> bool:
    """Raises NotEntitled for an outsider, a guest, a bot or a deactivated account. Returns whether they are known.

    Whoever's profile was not read yet may report: a lost report would be worse than one from a guest, which is marked.
    But for whoever comes from another workspace: Slack has to have said within `PROFILE_LIFE` that they belong here.
    """
    profile = tx.people.profile(by.user)
    denial = _account_denial(by, profile, now)
    if denial:
        raise NotEntitled(denial)
    return profile is not None


def refuse_unless_member(tx: Transaction, by: Person, now: datetime) -> None:
    """As `refuse_unless_rep`; raises NotEntitled also for somebody whose profile has not been read yet."""
    if not refuse_unless_rep(tx, by, now):
        raise NotEntitled(Denial.UNKNOWN)


def check_member(context: Context, by: Person) -> None:
    """For the form to look a customer up, before it opens. Raises as `refuse_unless_member`."""
    with context.read(by.team) as tx:
        refuse_unless_member(tx, by, context.clock())


def refuse_unless_decider(tx: Transaction, context: Context, by: Person, case: Case, now: datetime) -> None:
    """Managers without a stake may act on a case; directors too once it is overdue or too few managers are left.

    Raises NotEntitled for anybody else, and for anybody whose profile is too old to rely on.
    """
    profile = tx.people.profile(by.user)
    denial = (
        _account_denial(by, profile, now)
        or _role_denial(tx, context, by, case, now)
        or stakes_in(tx, context, case.customer, now).get(by.user)
        or stale_profile_denial(profile, now)
    )
    if denial:
        raise NotEntitled(denial, case.number)


def refuse_unless_manager(tx: Transaction, context: Context, by: Person, now: datetime) -> None:
    """Raises NotEntitled for everybody but managers and directors, and for anybody who cannot be confirmed as one.

    What they read must be as fresh for reading as for deciding: a profile may say by now that somebody is a guest.
    """
    denial = denial_as_manager(tx, context, by, now)
    if denial:
        raise NotEntitled(denial)


def denial_as_manager(tx: Transaction, context: Context, by: Person, now: datetime) -> Denial | None:
    """Why somebody does not count as a manager or director now; None if they do."""
    profile = tx.people.profile(by.user)
    return (
        _account_denial(by, profile, now)
        or _listed(tx, by.user, context.firm.management, now)
        or stale_profile_denial(profile, now)
    )


def is_manager(tx: Transaction, context: Context, by: Person, now: datetime) -> bool:
    """Whether they are listed as a manager. A director who is not has only overdue and leftover cases."""
    return _listed(tx, by.user, context.firm.managers, now) is None


def refuse_unless_without_stake(
    tx: Transaction, context: Context, by: Person, customer: int, now: datetime, case: int | None = None
) -> None:
    """Raises NotEntitled for everybody but managers and directors without a stake in the customer.

    `case`: the one that they act on.
    """
    refuse_unless_manager(tx, context, by, now)
    denial = stakes_in(tx, context, customer, now).get(by.user)
    if denial:
        raise NotEntitled(denial, case)


def may_take_part(tx: Transaction, context: Context, by: Person, customer: int, now: datetime) -> bool:
    """Whether `refuse_unless_without_stake` lets them."""
    return not denial_as_manager(tx, context, by, now) and by.user not in stakes_in(tx, context, customer, now)


def stakes_in(tx: Transaction, context: Context, customer: int, now: datetime) -> dict[str, Denial]:
    """Everybody who takes no part in anything about the customer, and why. See `Stakes.about`."""
    lasts = stakes_last(context)
    return tx.stakes.about(customer, now - lasts, lasts.days)


def stakes_last(context: Context) -> timedelta:
    """For how long whoever reported something has a stake: at least as long as its points count."""
    return max(STAKE_LASTS, context.policy.points_expire_after)


def _account_denial(by: Person, profile: Profile | None, now: datetime) -> Denial | None:
    denial = profile_denial(profile)
    if denial or not by.is_from_elsewhere:
        return denial
    belongs = profile is not None and profile.home_known and not stale_profile_denial(profile, now)
    return None if belongs else Denial.FROM_ELSEWHERE


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
    return Denial.UNCONFIRMED if profile is None or abs(now - profile.read_at) > PROFILE_LIFE else None


def _role_denial(tx: Transaction, context: Context, by: Person, case: Case, now: datetime) -> Denial | None:
    firm = context.firm
    memberships = tx.people.memberships(by.user, firm.management)
    as_manager = list_denial(by.user, firm.managers, memberships, now)
    if as_manager is None:
        return None
    as_director = list_denial(by.user, firm.directors, memberships, now)
    if as_director is None:
        is_theirs = now >= case.due_at or who_is_left(tx, context, case) is not Left.MANAGERS
        return None if is_theirs else Denial.NOT_YET
    return Denial.UNCONFIRMED if Denial.UNCONFIRMED in (as_manager, as_director) else Denial.NOT_A_MANAGER


def _listed(tx: Transaction, user: str, listed: tuple[str, ...], now: datetime) -> Denial | None:
    return list_denial(user, listed, tx.people.memberships(user, listed), now)


def list_denial(
    user: str, listed: tuple[str, ...], memberships: Mapping[str, Membership], now: datetime
) -> Denial | None:
    """None if the user is listed, by user ID or through a group that was read within `GROUP_LIFE`."""
    if user in listed:
        return None
    groups = [memberships.get(entry) for entry in listed if is_group(entry)]
    fresh = [group for group in groups if group and abs(now - group.read_at) <= GROUP_LIFE]
    if any(group.is_member for group in fresh):
        return None
    return Denial.NOT_A_MANAGER if len(fresh) == len(groups) else Denial.UNCONFIRMED


class Available:
    """Who of the managers and directors may act on a case, read with the same few statements however many there are.

    `excluded`: those of them who may take no part in it, and why. `names`: as Slack last said them.
    """

    def __init__(self, tx: Transaction, context: Context, case: Case) -> None:
        self._directory: Directory = tx.people.directory(context.firm.management)
        self._firm, self._case = context.firm, case
        self._needed = context.policy.approvals_to_drop if case.rung is Rung.DECIDE else 1
        known, profiles = stakes_in(tx, context, case.customer, context.clock()), self._directory.profiles
        people = self._directory.people(context.firm.management)
        self.names = {user: profile.name for user, profile in profiles.items()}
        denials = ((user, profile_denial(profiles.get(user)) or known.get(user)) for user in people)
        self.excluded: dict[str, Denial] = {user: denial for user, denial in denials if denial}

    def of(self, listed: Iterable[str], involved: Mapping[str, Denial] = NOBODY) -> tuple[str, ...]:
        """Of these users and the members of these user groups, those without a stake who are not `involved`."""
        out = self.excluded.keys() | involved.keys()
        return tuple(user for user in self._directory.people(listed) if user not in out)

    def has_enough(self, listed: tuple[str, ...], needed: int, involved: Mapping[str, Denial] = NOBODY) -> bool:
        """Whether so many of these may act. A user group that was never read from Slack counts as enough people.

        Otherwise a start of the bot or a failure at Slack would look like a firm without managers.
        """
        return self._directory.has_unread_group(listed) or len(self.of(listed, involved)) >= needed

    def left(self) -> Left:
        """Who is left to act: enough managers, or enough together with the directors, or too few even so.

        One is enough; for a decision, as many as the policy wants to approve a drop.
        """
        for left, listed in ((Left.MANAGERS, self._firm.managers), (Left.DIRECTORS, self._firm.management)):
            if self.has_enough(listed, self._needed):
                return left
        return Left.NOBODY


def who_is_left(tx: Transaction, context: Context, case: Case) -> Left:
    """See `Available.left`."""
    return Available(tx, context, case).left()


def valid_approvals(tx: Transaction, context: Context, case: Case) -> tuple[Approval, ...]:
    """The approvals of a drop that count: by people who may take part, with no report changed in the case since.

    Nor a safeguard set that is in force: they have not considered it.
    """
    if context.policy.approvals_to_drop == 1 or not (approvals := tx.approvals.of_case(case.number)):
        return ()
    users, now = Available(tx, context, case).of(context.firm.management), context.clock()
    changed_at = tx.reports.changed_at_version(case.number)
    guarded = [guard.set_at for guard in tx.safeguards.about(case.customer, now) if guard.set_at <= now]
    since = max(guarded, default=None)
    standing = (each for each in approvals if each.version >= changed_at and (not since or each.drop.at >= since))
    return tuple(each for each in standing if each.by in users)
