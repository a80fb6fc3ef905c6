"""Who may act is read from Slack by the loop, so that a click finds it in the record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.rules.people import Profile
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import GROUP_LIFE, PROFILE_LIFE, everyone
from bot.usecases.shared.schedule import plan_a_look_at_all

GROUP_RENEWAL = GROUP_LIFE / 2
PROFILE_RENEWAL = PROFILE_LIFE / 2


class Directory(Protocol):
    """Slack's word on people. Each call raises RateLimited, Refused or Unanswered (`bot.desk.slack`)."""

    def members_of(self, group: str) -> tuple[str, ...]:
        """The user IDs in a user group."""

    def profile(self, user: str, team: str, now: datetime) -> Profile:
        """What Slack says of a user."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Keeps the record's word on people fresh."""

    context: Context
    directory: Directory

    def renew(self, team: str) -> None:
        """Read every group and profile that grows old. Slack's refusals come through, after what could be read."""
        now = self.context.clock()
        groups, people = self._old(team, now)
        for group in groups:
            members = self.directory.members_of(group)
            with self.context.begin(team) as tx:
                is_new = tx.people.group_read_at(group) is None
                if is_new or set(tx.people.members([group])) != set(members):
                    plan_a_look_at_all(tx, now)
                tx.people.learn_group(group, members, now)
        if groups:
            _, people = self._old(team, now)
        for user in people:
            self.learn(team, user)

    def learn(self, team: str, user: str) -> None:
        """Read one person anew, now."""
        profile = self.directory.profile(user, team, self.context.clock())
        with self.context.begin(team) as tx:
            if _may_act(tx.people.profile(user)) != _may_act(profile) and user in everyone(tx, self._listed()):
                plan_a_look_at_all(tx, profile.read_at)
            tx.people.learn(profile)

    def _old(self, team: str, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The groups and the people to read anew, by one look at the record."""
        with self.context.read(team) as tx:
            read = {entry: tx.people.group_read_at(entry) for entry in self._listed() if entry.startswith("S")}
            people = tx.people.stale(everyone(tx, self._listed()), now - PROFILE_RENEWAL)
        return tuple(group for group, at in read.items() if at is None or not _fresh(at, now, GROUP_RENEWAL)), people

    def _listed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.context.firm.managers, *self.context.firm.directors)))


def _may_act(profile: Profile | None) -> bool:
    return profile is None or not (profile.guest or profile.outsider or profile.bot or profile.deactivated)


def _fresh(at: datetime, now: datetime, life: timedelta) -> bool:
    return now - life <= at <= now + life
