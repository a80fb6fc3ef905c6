"""Colleagues as Slack last described them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.rules.people import Profile
from storage.db.repository import Repository, insert
from storage.tables.people import member, person, user_group

_PROFILE = select(
    person.c.user, person.c.guest, person.c.outsider, person.c.bot, person.c.deactivated, person.c.read_at
).where(person.c.team == bindparam("our_team"), person.c.user == bindparam("user"))
_READ_AT = select(user_group.c.read_at).where(
    user_group.c.team == bindparam("our_team"), user_group.c.group == bindparam("group")
)
_FRESH = select(person.c.user).where(
    person.c.team == bindparam("our_team"),
    person.c.user.in_(bindparam("users", expanding=True)),
    person.c.read_at >= bindparam("since"),
)
_OF_GROUPS = select(member.c.group, member.c.user).where(
    member.c.team == bindparam("our_team"), member.c.group.in_(bindparam("groups", expanding=True))
)
_IN_GROUPS = _OF_GROUPS.where(member.c.user == bindparam("user"))
_FORGET_MEMBERS = delete(member).where(member.c.team == bindparam("our_team"), member.c.group == bindparam("which"))
_DIALECTS = ("sqlite", "postgresql")
_LEARN = {
    dialect: (change := insert(person, dialect)).on_conflict_do_update(
        index_elements=[person.c.team, person.c.user],
        set_={name: change.excluded[name] for name in ("guest", "outsider", "bot", "deactivated", "read_at")},
    )
    for dialect in _DIALECTS
}
_LEARN_GROUP = {
    dialect: (change := insert(user_group, dialect)).on_conflict_do_update(
        index_elements=[user_group.c.team, user_group.c.group], set_={"read_at": change.excluded.read_at}
    )
    for dialect in _DIALECTS
}


class People(Repository):
    """See `ports.People`."""

    def profile(self, user: str) -> Profile | None:
        """What Slack said of them, or None where it was never asked."""
        row = self.one(_PROFILE, user=user)
        return (
            None if row is None else Profile(row.user, row.guest, row.outsider, row.bot, row.deactivated, row.read_at)
        )

    def groups_of(self, user: str, groups: Sequence[str]) -> dict[str, bool]:
        """For each of these user groups: whether they are in it."""
        found = {row.group for row in self.all(_IN_GROUPS, user=user, groups=list(groups))}
        return {group: group in found for group in groups}

    def group_read_at(self, group: str) -> datetime | None:
        """When Slack last told who is in the group."""
        row = self.one(_READ_AT, group=group)
        return None if row is None else row.read_at

    def stale(self, users: Iterable[str], before: datetime) -> tuple[str, ...]:
        """Those never read, or not since `before`."""
        asked = tuple(users)
        fresh = {row.user for row in self.all(_FRESH, users=list(asked), since=before)}
        return tuple(user for user in asked if user not in fresh)

    def members(self, groups: Sequence[str]) -> tuple[str, ...]:
        """Everybody in these groups."""
        return tuple(sorted({row.user for row in self.all(_OF_GROUPS, groups=list(groups))}))

    def learn(self, profile: Profile) -> None:
        """Note what Slack says of somebody."""
        self.put(
            _LEARN,
            user=profile.user,
            guest=profile.guest,
            outsider=profile.outsider,
            bot=profile.bot,
            deactivated=profile.deactivated,
            read_at=profile.read_at,
        )

    def learn_group(self, group: str, users: Iterable[str], now: datetime) -> None:
        """Note who is in a group."""
        self.put(_LEARN_GROUP, group=group, read_at=now)
        self.run(_FORGET_MEMBERS, which=group)
        for user in sorted(set(users)):
            self.add_row(member, group=group, user=user)
