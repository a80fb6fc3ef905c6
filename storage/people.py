"""Colleagues as Slack last described them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.rules.people import Profile
from storage.db.mapping import columns_of, value_of
from storage.db.queries import many, ours, upsert
from storage.db.repository import Repository
from storage.tables.people import member, person, user_group

_PROFILE = select(person).where(ours(person, "user"))
_READ_AT = select(user_group.c.read_at).where(ours(user_group, "group"))
_FRESH = select(person.c.user).where(
    ours(person), person.c.user.in_(many("users")), person.c.read_at >= bindparam("since")
)
_OF_GROUPS = select(member.c.group, member.c.user).where(ours(member), member.c.group.in_(many("groups")))
_IN_GROUPS = _OF_GROUPS.where(member.c.user == bindparam("user"))
_DELETE_MEMBERS = delete(member).where(ours(member, "group"))
_SAVE_PROFILE = upsert(person, "guest", "outsider", "bot", "deactivated", "read_at")
_SAVE_GROUP = upsert(user_group, "read_at")


class People(Repository):
    """Colleagues as Slack last described them. The worker saves what Slack says; requests only read it."""

    def profile(self, user: str) -> Profile | None:
        """What Slack said of them, or None where it was never asked."""
        return self.maybe(lambda row: value_of(Profile, row), _PROFILE, user=user)

    def groups_of(self, user: str, groups: Sequence[str]) -> dict[str, bool]:
        """For each of these user groups: whether they are in it."""
        found = {row.group for row in self.all(_IN_GROUPS, user=user, groups=list(groups))}
        return {group: group in found for group in groups}

    def group_read_at(self, group: str) -> datetime | None:
        """When Slack last said who is in the group."""
        row = self.one(_READ_AT, group=group)
        return None if row is None else row.read_at

    def stale(self, users: Iterable[str], before: datetime) -> tuple[str, ...]:
        """Those who were never read, or not since `before`."""
        asked = tuple(users)
        fresh = {row.user for row in self.all(_FRESH, users=list(asked), since=before)}
        return tuple(user for user in asked if user not in fresh)

    def members(self, groups: Sequence[str]) -> tuple[str, ...]:
        """Everybody in these groups."""
        return tuple(sorted({row.user for row in self.all(_OF_GROUPS, groups=list(groups))}))

    def save_profile(self, profile: Profile) -> None:
        """Store what Slack says of somebody."""
        self.put(_SAVE_PROFILE, **columns_of(profile))

    def save_group(self, group: str, users: Iterable[str], now: datetime) -> None:
        """Store who is in a group."""
        self.put(_SAVE_GROUP, group=group, read_at=now)
        self.run(_DELETE_MEMBERS, group=group)
        for user in sorted(set(users)):
            self.add_row(member, group=group, user=user)
