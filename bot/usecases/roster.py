"""Keeps the record's copy of Slack's user groups and profiles fresh, so that a click needs no call to Slack."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.rules.people import Profile, is_group
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import GROUP_LIFE, PROFILE_LIFE, people_behind, profile_denial
from bot.usecases.shared.schedule import schedule_who_is_left_for_all
from bot.usecases.transport import Slack
from storage.transaction import Transaction

GROUP_RENEWAL = GROUP_LIFE / 2
PROFILE_RENEWAL = PROFILE_LIFE / 2
PROFILES_AT_ONCE = 20  # profiles are asked for one by one, and stored so many in one transaction


@dataclass(frozen=True, slots=True)
class Roster:
    """Refreshes the record's copy. Where this changes who may act, all open cases are checked for who is left."""

    context: Context
    slack: Slack

    def refresh(self, team: str) -> None:
        """Read every stale group and profile again. A refusal from Slack ends it; what was read before is kept."""
        now = self.context.clock()
        read_at, people = self._read(team, now)
        stale = [group for group, at in read_at.items() if not _is_fresh(at, now)]
        changed = [self._refresh_group(team, group, now, is_new=read_at[group] is None) for group in stale]
        if any(changed):
            _, people = self._read(team, now)
        for first in range(0, len(people), PROFILES_AT_ONCE):
            self._refresh_people(team, people[first : first + PROFILES_AT_ONCE])

    def refresh_person(self, team: str, user: str) -> None:
        """Read one profile again now."""
        self._refresh_people(team, [user])

    def _read(self, team: str, now: datetime) -> tuple[dict[str, datetime | None], Sequence[str]]:
        """When each group was last read, and whose profiles are to be read again."""
        management = self.context.firm.management
        groups = [entry for entry in management if is_group(entry)]
        with self.context.read(team) as tx:
            read_at = tx.people.groups_read_at(groups)
            people = tx.people.stale(people_behind(tx, management), now - PROFILE_RENEWAL)
        return {group: read_at.get(group) for group in groups}, people

    def _refresh_group(self, team: str, group: str, now: datetime, *, is_new: bool) -> bool:
        """Read a group again now. Returns whether that changes who is in it."""
        members = self.slack.members_of(group)
        with self.context.begin(team) as tx:
            changed = tx.people.save_group(group, members, now)
            if changed or is_new:
                schedule_who_is_left_for_all(tx, now)
        return changed

    def _refresh_people(self, team: str, users: Iterable[str]) -> None:
        profiles: list[Profile] = []
        try:
            for user in users:
                profiles.append(self.slack.profile(user, team, self.context.clock()))  # noqa: PERF401 - kept if Slack refuses the next
        finally:
            if profiles:
                self._save(team, profiles)

    def _save(self, team: str, profiles: Sequence[Profile]) -> None:
        with self.context.begin(team) as tx:
            before = tx.people.profiles([profile.user for profile in profiles])
            changed = {each.user for each in profiles if _may_act(before.get(each.user)) != _may_act(each)}
            if changed and changed.intersection(people_behind(tx, self.context.firm.management)):
                schedule_who_is_left_for_all(tx, profiles[-1].read_at)
            tx.people.save_profiles(profiles)
            tx.homes.refresh((), changed, profiles[-1].read_at)
            self._show_who_reported(tx, [each for each in profiles if each.user not in before])

    def _show_who_reported(self, tx: Transaction, read_first: Sequence[Profile]) -> None:
        """Refresh what shows the reports of people whose profile was not read when they reported."""
        if read_first:
            for customer in tx.reports.customers_of_unknown([profile.user for profile in read_first]):
                tx.notices.refresh_about(customer, read_first[-1].read_at)


def _is_fresh(read_at: datetime | None, now: datetime) -> bool:
    """A time in the future is as good as none: the clock was set back since."""
    return read_at is not None and now - GROUP_RENEWAL <= read_at <= now + GROUP_RENEWAL


def _may_act(profile: Profile | None) -> bool:
    return profile_denial(profile) is None
