"""Keeps the record's copy of Slack's user groups and profiles fresh, so that a click needs no call to Slack."""

from dataclasses import dataclass
from datetime import datetime

from bot.usecases.context import Context
from bot.usecases.permissions.permissions import GROUP_LIFE, PROFILE_LIFE, people_behind, profile_denial
from bot.usecases.shared.schedule import schedule_who_is_left_for_all
from bot.usecases.transport import Slack

GROUP_RENEWAL = GROUP_LIFE / 2
PROFILE_RENEWAL = PROFILE_LIFE / 2


@dataclass(frozen=True, slots=True)
class Roster:
    """Refreshes the record's copy. Where this changes who may act, all open cases are checked for who is left."""

    context: Context
    slack: Slack

    def refresh(self, team: str) -> None:
        """Read every stale group and profile again. A refusal from Slack ends it; what was read before is kept."""
        now = self.context.clock()
        groups, people = self._stale(team, now)
        for group in groups:
            members = self.slack.members_of(group)
            with self.context.begin(team) as tx:
                is_new = tx.people.group_read_at(group) is None
                if is_new or set(tx.people.members([group])) != set(members):
                    schedule_who_is_left_for_all(tx, now)
                tx.people.save_group(group, members, now)
        if groups:
            _, people = self._stale(team, now)
        for user in people:
            self.refresh_person(team, user)

    def refresh_person(self, team: str, user: str) -> None:
        """Read one profile again now."""
        profile = self.slack.profile(user, team, self.context.clock())
        with self.context.begin(team) as tx:
            changed = bool(profile_denial(tx.people.profile(user))) != bool(profile_denial(profile))
            if changed and user in people_behind(tx, self.context.firm.management):
                schedule_who_is_left_for_all(tx, profile.read_at)
            tx.people.save_profile(profile)

    def _stale(self, team: str, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The groups and the people to read again."""
        with self.context.read(team) as tx:
            management = self.context.firm.management
            read_at = {entry: tx.people.group_read_at(entry) for entry in management if entry.startswith("S")}
            people = tx.people.stale(people_behind(tx, management), now - PROFILE_RENEWAL)
        # A time in the future is as good as none: the clock was set back since.
        fresh = {group for group, at in read_at.items() if at and now - GROUP_RENEWAL <= at <= now + GROUP_RENEWAL}
        return tuple(group for group in read_at if group not in fresh), people
