"""People: who sends a request, and what Slack says of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

USER_ID: Final = re.compile(r"[UW][A-Z0-9]{1,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack says of a user. `read_at`: when it was read from Slack. `name`: evidence packs show it, and notices of
    whoever may not act: a mention would notify them.

    `home_known`: whether it says to which workspace they belong; where it does not, nothing says that they are an
    `outsider`.
    """

    user: str
    guest: bool
    outsider: bool
    bot: bool
    deactivated: bool
    read_at: datetime
    name: str = ""
    home_known: bool = True


@dataclass(frozen=True, slots=True)
class ChangedProfile:
    """What Slack said of somebody in a workspace, without being asked. `profile.read_at`: when it said so.

    `says_where`: whether it says that they belong to this workspace or do not; an organisation's members may be in
    several, and Slack leaves out in which. Where it does not, all that is known of this stays, and so does its age.
    """

    team: str
    profile: Profile
    says_where: bool = True


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether somebody is in a user group, as Slack said at `read_at`."""

    read_at: datetime
    is_member: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """What Slack last said of some users and user groups. `groups`: the members of each that was ever read."""

    groups: Mapping[str, tuple[str, ...]]
    profiles: Mapping[str, Profile]

    def people(self, listed: Iterable[str]) -> tuple[str, ...]:
        """These users and the members of these user groups, without repetitions, users first."""
        entries = tuple(listed)
        users = (entry for entry in entries if not is_group(entry))
        members = {member for entry in entries if is_group(entry) for member in self.groups.get(entry, ())}
        return tuple(dict.fromkeys((*users, *sorted(members))))

    def has_unread_group(self, listed: Iterable[str]) -> bool:
        """Whether a user group of these was never read from Slack."""
        return any(is_group(entry) and entry not in self.groups for entry in listed)


def is_group(entry: str) -> bool:
    """Whether an entry of the settings' lists is a user group (S…) and not a user."""
    return entry.startswith("S")


def is_user(target: str) -> bool:
    """Whether a message's target is a user (U…, W…) and not a channel."""
    return target.startswith(("U", "W"))


@dataclass(frozen=True, slots=True)
class Person:
    """Who sends a request. `team`: the workspace that Backstop serves. `home_team`: the one that Slack names with them.

    `form`: the key of the form that they sent, which is never the same for two forms; empty for any other request.
    """

    team: str
    user: str
    home_team: str
    form: str = field(default="", compare=False)

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether Slack names another workspace with them: they are of another firm, or of one organisation with ours.

        Only their profile tells which, since members of an organisation may be in several of its workspaces.
        """
        return self.home_team != self.team
