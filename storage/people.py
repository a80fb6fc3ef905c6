"""Colleagues as Slack last described them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, select

from bot.rules.people import Directory, Membership, Profile, is_group
from storage.db.mapping import columns_of, value_of
from storage.db.queries import many, ours, upsert
from storage.db.repository import Repository
from storage.tables.people import member, person, user_group

_PROFILE = select(person).where(ours(person, "user"))
_READ_AT = select(user_group.c.read_at).where(ours(user_group, "group"))
_PROFILES = select(person).where(ours(person), person.c.user.in_(many("users")))
_FRESH = select(person.c.user).where(
    ours(person), person.c.user.in_(many("users")), person.c.read_at >= bindparam("since")
)
_IN_GROUP = and_(member.c.team == user_group.c.team, member.c.group == user_group.c.group)
_GROUPS = select(user_group.c.group, user_group.c.read_at, member.c.user).where(
    ours(user_group), user_group.c.group.in_(many("groups"))
)
_WITH_MEMBERS = _GROUPS.outerjoin(member, _IN_GROUP)
_WITH_USER = _GROUPS.outerjoin(member, and_(_IN_GROUP, member.c.user == bindparam("user")))
_OF_GROUPS = select(member.c.user).where(ours(member), member.c.group.in_(many("groups")))
_DELETE_MEMBERS = delete(member).where(ours(member, "group"))
_SAVE_PROFILE = upsert(person, "guest", "outsider", "bot", "deactivated", "read_at")
_SAVE_GROUP = upsert(user_group, "read_at")


class People(Repository):
    """Colleagues as Slack last described them. The worker saves what Slack says; requests only read it."""

    def profile(self, user: str) -> Profile | None:
        """What Slack said of them, or None where it was never asked."""
        return self.maybe(lambda row: value_of(Profile, row), _PROFILE, user=user)

    def memberships(self, user: str, listed: Iterable[str]) -> dict[str, Membership]:
        """For each of the user groups that are listed and were ever read: whether the user is in it."""
        groups = [entry for entry in listed if is_group(entry)]
        rows = self.all(_WITH_USER, user=user, groups=groups) if groups else []
        return {row.group: Membership(row.read_at, row.user is not None) for row in rows}

    def directory(self, listed: Iterable[str]) -> Directory:
        """The members of these user groups, and the profiles of all of them and of these users."""
        entries = tuple(listed)
        groups: dict[str, list[str]] = {}
        for row in self.all(_WITH_MEMBERS, groups=[entry for entry in entries if is_group(entry)]):
            groups.setdefault(row.group, []).extend([row.user] if row.user else [])
        found = Directory({group: tuple(sorted(users)) for group, users in groups.items()}, {})
        return replace(found, profiles=self.profiles(found.people(entries)))

    def profiles(self, users: Iterable[str]) -> dict[str, Profile]:
        """What Slack said of these users, as far as it was ever asked."""
        return {row.user: value_of(Profile, row) for row in self.all(_PROFILES, users=list(users))}

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
