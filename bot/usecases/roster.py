"""Who may act is read from Slack by the loop, so that a click finds it in the record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.rules.people import Profile
from bot.usecases.context import Desk
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

    desk: Desk
    directory: Directory

    def renew(self, team: str) -> None:
        """Read every group and profile that grows old. Slack's refusals come through, after what could be read."""
        now = self.desk.clock()
        groups, people = self._old(team, now)
        for group in groups:
            members = self.directory.members_of(group)
            with self.desk.begin(team) as record:
                is_new = record.people.group_read_at(group) is None
                if is_new or set(record.people.members([group])) != set(members):
                    plan_a_look_at_all(record, now)
                record.people.learn_group(group, members, now)
        if groups:
            _, people = self._old(team, now)
        for user in people:
            self.learn(team, user)

    def learn(self, team: str, user: str) -> None:
        """Read one person anew, now."""
        profile = self.directory.profile(user, team, self.desk.clock())
        with self.desk.begin(team) as record:
            if _may_act(record.people.profile(user)) != _may_act(profile) and user in everyone(record, self._listed()):
                plan_a_look_at_all(record, profile.read_at)
            record.people.learn(profile)

    def _old(self, team: str, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The groups and the people to read anew, by one look at the record."""
        with self.desk.read(team) as record:
            read = {entry: record.people.group_read_at(entry) for entry in self._listed() if entry.startswith("S")}
            people = record.people.stale(everyone(record, self._listed()), now - PROFILE_RENEWAL)
        return tuple(group for group, at in read.items() if at is None or not _fresh(at, now, GROUP_RENEWAL)), people

    def _listed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.desk.firm.managers, *self.desk.firm.directors)))


def _may_act(profile: Profile | None) -> bool:
    return profile is None or not (profile.guest or profile.outsider or profile.bot or profile.deactivated)


def _fresh(at: datetime, now: datetime, life: timedelta) -> bool:
    return now - life <= at <= now + life
