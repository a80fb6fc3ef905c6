"""Keeps the record's copy of Slack's user groups and profiles fresh, so that a click needs no call to Slack."""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.rules.notices import FOR_BACKUP, TO_MANAGERS, TO_REPORTER, NoticeKind
from bot.rules.people import ChangedProfile, Profile, is_group
from bot.rules.refusals import Denial
from bot.rules.reports import SECOND_CHECK_IN_AFTER
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import GROUP_LIFE, PROFILE_LIFE, profile_denial
from bot.usecases.shared.contacts import contacts, contacts_changed
from bot.usecases.shared.schedule import schedule_who_is_left_for_all
from bot.usecases.transport import NoSuchEntry, RateLimited, Refused, Slack, Unanswered
from storage.transaction import Transaction

GROUP_RENEWAL = GROUP_LIFE / 2
PROFILE_RENEWAL = PROFILE_LIFE / 2
GROUPS, PROFILES = "groups", "profiles"  # two kinds of call that Slack limits separately
LONGEST_PAUSE: Final = 300.0  # seconds
PROFILES_AT_ONCE = 20  # profiles are asked for one by one, and stored so many in one transaction
OUTSIDE = frozenset({Denial.GUEST, Denial.OUTSIDER})  # a care contact may well be
OFFERED_FOR = 2 * SECOND_CHECK_IN_AFTER  # an older check-in is left as it is
SHOWN_FOR = timedelta(days=365)  # an older request to decide is drawn again only when its case or its reader changes
Answer = TypeVar("Answer")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Roster:
    """Refreshes the record's copy. Where this changes who may act, all open cases are checked for who is left.

    Each group and each profile stands alone: what Slack says of one says nothing of the others. `unreadable` names
    those that Slack refused when they were last read, with Slack's error code.
    """

    context: Context
    slack: Slack
    unreadable: dict[str, str] = field(default_factory=dict)
    _paused_until: dict[str, datetime] = field(default_factory=dict)

    def refresh(self, team: str) -> None:
        """Read every stale group and profile again. What was read is kept, whatever Slack answers for the rest.

        Raises RateLimited or Unanswered if groups could not be read: nobody in them can be confirmed as a manager.
        """
        now = self.context.clock()
        read_at, people = self._read(team, now)
        stale = [group for group, at in read_at.items() if not _is_fresh(at, now)]
        changed, failure = False, None
        for group in stale:
            try:
                changed |= self._refresh_group(team, group, now, is_new=read_at[group] is None)
            except (RateLimited, Unanswered) as error:
                failure = error
        if changed:
            _, people = self._read(team, now)
        for first in range(0, len(people), PROFILES_AT_ONCE):
            self._refresh_people(team, people[first : first + PROFILES_AT_ONCE])
        if failure:
            raise failure

    def refresh_person(self, team: str, user: str) -> None:
        """Read one profile now, unless it was read lately or Slack has asked for a pause. Changes come as events."""
        with self.context.read(team) as tx:
            stale = tx.people.stale([user], self.context.clock(), PROFILE_RENEWAL)
        self._refresh_people(team, stale)

    def named_in_vain(self, team: str) -> dict[str, Denial | str]:
        """The users and groups named in the settings who can do nothing: Slack's error code, or why they may not act.

        Raises NotRecorded.
        """
        named = [entry for entries in self.context.firm.named.values() for entry in entries]
        with self.context.read(team) as tx:
            profiles = tx.people.profiles([entry for entry in named if not is_group(entry)])
        found = {entry: self.unreadable.get(entry) or profile_denial(profiles.get(entry)) for entry in named}
        act = {*self.context.firm.management, *self.context.firm.leads}
        return {entry: why for entry, why in found.items() if why and (entry in act or why not in OUTSIDE)}

    def has_director(self, team: str) -> bool:
        """Whether anybody whom DIRECTORS names may act, as far as Slack has said who they are. Raises NotRecorded."""
        groups = [entry for entry in self.context.firm.directors if is_group(entry)]
        with self.context.read(team) as tx:
            if len(tx.people.groups_read_at(groups)) < len(groups):
                return True
            people = tx.people.behind(self.context.firm.directors)
            profiles = tx.people.profiles(people)
        return any(profile_denial(profiles.get(user)) is None for user in people)

    def directors(self, team: str) -> tuple[str, ...]:
        """The directors of whom Slack has said that they may act. Raises NotRecorded."""
        with self.context.read(team) as tx:
            profiles = tx.people.profiles(tx.people.behind(self.context.firm.directors))
        return tuple(user for user, profile in profiles.items() if profile_denial(profile) is None)

    def _read(self, team: str, now: datetime) -> tuple[dict[str, datetime | None], Sequence[str]]:
        """When each group was last read, and whose profiles are to be read again."""
        management = self.context.firm.management
        groups = [entry for entry in dict.fromkeys((*management, *self.context.firm.leads)) if is_group(entry)]
        with self.context.read(team) as tx:
            read_at = tx.people.groups_read_at(groups)
            known = tx.people.behind(entry for entries in self.context.firm.named.values() for entry in entries)
            people = tx.people.stale(dict.fromkeys((*known, *sorted(contacts(tx)))), now, PROFILE_RENEWAL)
        return {group: read_at.get(group) for group in groups}, people

    def _refresh_group(self, team: str, group: str, now: datetime, *, is_new: bool) -> bool:
        """Read a group again now. Returns whether that changes who is in it.

        A group that Slack does not know has no members.
        """
        try:
            members = self._asked(GROUPS, group, lambda: self.slack.members_of(group))
        except NoSuchEntry:
            members = ()
        except Refused:
            return False
        with self.context.begin(team) as tx:
            former = tx.people.in_group(group)
            changed = tx.people.save_group(group, members, now)
            if changed:
                _show_who_may_act(tx, former.symmetric_difference(members), now)
            if changed or is_new:
                schedule_who_is_left_for_all(tx, now)
        return changed

    def _refresh_people(self, team: str, users: Iterable[str]) -> None:
        """Read these profiles until Slack asks for a pause or does not answer. It logs why it ended."""
        profiles: list[Profile] = []
        try:
            for user in users:
                with suppress(Refused):  # `unreadable` has it
                    profiles.append(self._profile(team, user))
        except (RateLimited, Unanswered) as failure:
            log.warning("profiles were not read", extra={"ids": {"error": type(failure).__name__}})
        if profiles:
            save_profiles(self.context, team, profiles)

    def _profile(self, team: str, user: str) -> Profile:
        """Whom Slack does not know, or does not show to the bot, can do nothing here: as if deactivated."""
        now = self.context.clock()
        try:
            return self._asked(PROFILES, user, lambda: self.slack.profile(user, team, now))
        except NoSuchEntry:
            return Profile(user, guest=False, outsider=False, bot=False, deactivated=True, read_at=now)

    def _asked(self, what: str, entry: str, call: Callable[[], Answer]) -> Answer:
        """What Slack answers. A pause for one kind of call holds up no other; a refusal is noted in `unreadable`."""
        now = self.context.clock()
        seconds = (self._paused_until.get(what, now) - now).total_seconds()
        if 0 < seconds <= LONGEST_PAUSE:  # after more the clock was set back
            raise RateLimited(seconds)
        try:
            answer = call()
        except RateLimited as limit:
            self._paused_until[what] = now + timedelta(seconds=min(limit.seconds, LONGEST_PAUSE))
            raise
        except Refused as refusal:
            self._note(entry, str(refusal))
            raise
        self.unreadable.pop(entry, None)
        return answer

    def _note(self, entry: str, error: str) -> None:
        if self.unreadable.get(entry) != error:
            log.warning("Slack refuses to show a user or group", extra={"ids": {"entry": entry, "error": error}})
            self.unreadable[entry] = error


def profile_changed(context: Context, changed: ChangedProfile) -> None:
    """Store what Slack says of somebody on record, unless something later is known. Of others nothing is stored.

    Slack says it of everybody in the workspace, for each status that they set. Raises NotRecorded.
    """
    said_at = min(changed.profile.read_at, context.clock())  # Slack's clock may be ahead of ours
    profile = replace(changed.profile, read_at=said_at)
    with context.read(changed.team) as tx:
        known = tx.people.profile(profile.user)
    if known and not changed.says_where:
        profile = replace(profile, outsider=known.outsider, home_known=known.home_known, read_at=known.read_at)
    if known and (known.read_at < said_at or known.read_at > context.clock() + PROFILE_LIFE):
        save_profiles(context, changed.team, [profile])


def save_profiles(context: Context, team: str, profiles: Sequence[Profile]) -> None:
    """Store what Slack says of these people; where it changes why somebody may not act, see who is left to act.

    A name stays on record where Slack no longer says it: an evidence pack shows who acted, also after they left.
    """
    with context.begin(team) as tx:
        before, now = tx.people.profiles([profile.user for profile in profiles]), profiles[-1].read_at
        changed = {each.user for each in profiles if profile_denial(before.get(each.user)) != profile_denial(each)}
        if changed and changed.intersection(tx.people.behind(context.firm.management)):
            schedule_who_is_left_for_all(tx, now)
        if context.firm.care_contact in changed:
            _care_contact_changed(tx, context)
        names = {user: profile.name for user, profile in before.items()}
        tx.people.save_profiles([replace(each, name=each.name or names.get(each.user, "")) for each in profiles])
        contacts_changed(tx, changed, now)
        news = changed.union(each.user for each in profiles if each.user not in before)
        _show_who_may_act(tx, news, now)
        _show_colleagues(tx, news, now)


def settings_read(tx: Transaction, context: Context) -> None:
    """The settings may name others than before: check each case that waits for somebody, and show what follows."""
    now = context.clock()
    schedule_who_is_left_for_all(tx, now)
    for kind in TO_MANAGERS:
        tx.notices.refresh_kind(kind, now - SHOWN_FOR, now)
    _care_contact_changed(tx, context)


def _show_who_may_act(tx: Transaction, users: Collection[str], now: datetime) -> None:
    """Refresh the Homes of these people, and what management has been sent: that is for who may act only."""
    tx.homes.refresh((), users, now)
    tx.notices.refresh_to(TO_MANAGERS, users, now)


def _care_contact_changed(tx: Transaction, context: Context) -> None:
    """Another one may be named in the settings, or the one who is may have left, or come back.

    What a former one was not shown goes to the present one. The check-ins of late offer someone to talk to or not.
    """
    now, contact = context.clock(), context.firm.care_contact
    if contact:
        tx.notices.redirect(NoticeKind.CARE, contact, now)
    tx.notices.refresh_kind(NoticeKind.CHECK_IN, now - OFFERED_FOR, now)


def _show_colleagues(tx: Transaction, users: Collection[str], now: datetime) -> None:
    """Refresh what these people were sent as colleagues, and what shows reports made before their profile was read."""
    if users:
        tx.notices.refresh_to((*TO_REPORTER, *FOR_BACKUP), users, now)
        for customer in tx.reports.customers_of_unknown(list(users)):
            tx.notices.refresh_about(customer, now)


def _is_fresh(read_at: datetime | None, now: datetime) -> bool:
    """A time in the future is as good as none: the clock was set back since."""
    return read_at is not None and now - GROUP_RENEWAL <= read_at <= now + GROUP_RENEWAL
