"""Colleagues as Slack last described them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Delete, Insert, and_, bindparam, delete, select

from bot.rules.people import Directory, Membership, Profile, is_group
from storage.db.mapping import columns_of, value_of
from storage.db.queries import DIALECTS, each_of, insert, many, ours, upsert
from storage.db.repository import Repository
from storage.tables.people import member, person, user_group

_PROFILE = select(person).where(ours(person, "user"))
_KNOWN = select(person.c.user).where(ours(person)).order_by(person.c.user)
_PROFILES = select(person).where(ours(person), person.c.user.in_(many("users")))
_ALL_READ_AT = select(user_group.c.group, user_group.c.read_at).where(
    ours(user_group), user_group.c.group.in_(many("groups"))
)
_FRESH = select(person.c.user).where(
    ours(person), person.c.user.in_(many("users")), person.c.read_at.between(bindparam("since"), bindparam("until"))
)
_OF_GROUPS = select(member.c.group, member.c.user).where(ours(member), member.c.group.in_(many("groups")))
_IN_GROUP = and_(member.c.team == user_group.c.team, member.c.group == user_group.c.group)
_GROUPS = select(user_group.c.group, user_group.c.read_at, member.c.user).where(
    ours(user_group), user_group.c.group.in_(many("groups"))
)
_WITH_MEMBERS = _GROUPS.outerjoin(member, _IN_GROUP)
_WITH_USER = _GROUPS.outerjoin(member, and_(_IN_GROUP, member.c.user == bindparam("user")))
_SAVE_PROFILE = upsert(person, "guest", "outsider", "bot", "deactivated", "read_at", "name", "home_known")
_SAVE_GROUP = upsert(user_group, "read_at")


def _remove_those_who_left(dialect: str) -> Delete:
    users = each_of("users", dialect)
    return delete(member).where(ours(member, "group"), member.c.user.not_in(select(users.c.value)))


def _add_those_who_joined(dialect: str) -> Insert:
    users = each_of("users", dialect)
    rows = select(bindparam("our_team", type_=member.c.team.type), bindparam("group", type_=member.c.group.type), users)
    there = select(member.c.user).where(ours(member, "group"))
    joined = rows.where(users.c.value.not_in(there))
    return insert(member, dialect).from_select(["team", "group", "user"], joined).on_conflict_do_nothing()


_REMOVE = {dialect: _remove_those_who_left(dialect) for dialect in DIALECTS}
_ADD = {dialect: _add_those_who_joined(dialect) for dialect in DIALECTS}
_MEMBERS = select(member.c.user).where(ours(member, "group"))


class People(Repository):
    """Colleagues as Slack last described them. The worker saves what Slack says; requests only read it."""

    def profile(self, user: str) -> Profile | None:
        """What Slack said of them, or None where it was never asked."""
        return self.maybe(lambda row: value_of(Profile, row), _PROFILE, user=user)

    def everybody(self) -> tuple[str, ...]:
        """Everybody whom Slack was ever asked about."""
        return tuple(row.user for row in self.all(_KNOWN))

    def profiles(self, users: Sequence[str]) -> dict[str, Profile]:
        """By user, what Slack said of each; nobody who was never asked about."""
        return {row.user: value_of(Profile, row) for row in self.all(_PROFILES, users=list(users))}

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

    def groups_read_at(self, groups: Sequence[str]) -> dict[str, datetime]:
        """By group, when Slack last said who is in it; none that was never read."""
        return {row.group: row.read_at for row in self.all(_ALL_READ_AT, groups=list(groups))}

    def stale(self, users: Iterable[str], now: datetime, life: timedelta) -> tuple[str, ...]:
        """Those who were never read, or not within `life`. A time in the future is of a clock that was wrong."""
        asked = tuple(users)
        fresh = {row.user for row in self.all(_FRESH, users=list(asked), since=now - life, until=now + life)}
        return tuple(user for user in asked if user not in fresh)

    def behind(self, listed: Iterable[str]) -> tuple[str, ...]:
        """These users and the members of these user groups, without repetitions."""
        entries = tuple(listed)
        users = [entry for entry in entries if not is_group(entry)]
        members = self.all(_OF_GROUPS, groups=[entry for entry in entries if is_group(entry)])
        return tuple(dict.fromkeys((*users, *sorted(row.user for row in members))))

    def save_profiles(self, profiles: Sequence[Profile]) -> None:
        """Store what Slack says of these people."""
        self.put_all(_SAVE_PROFILE, [columns_of(profile) for profile in profiles])

    def in_group(self, group: str) -> frozenset[str]:
        """Who was in the group when it was last read."""
        return frozenset(row.user for row in self.all(_MEMBERS, group=group))

    def save_group(self, group: str, users: Iterable[str], now: datetime) -> bool:
        """Store who is in a group, by as many statements whatever its size. Returns whether that is a change."""
        everybody = sorted(set(users))
        self.put(_SAVE_GROUP, group=group, read_at=now)
        values = {"our_team": self.team, "group": group, "users": everybody}
        return sum(self.db.change(change[self.db.dialect], values) for change in (_REMOVE, _ADD)) > 0
