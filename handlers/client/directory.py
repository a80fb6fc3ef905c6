"""Slack's word on people, as the roster asks for it."""

from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient

from bot.rules.people import Profile
from handlers.client.answers import asked


@dataclass(frozen=True, slots=True)
class Directory:
    """See `bot.desk.roster.Directory`."""

    client: WebClient

    def team(self) -> str:
        """The workspace that the token is for."""
        return str(asked(self.client.auth_test)["team_id"])

    def members_of(self, group: str) -> tuple[str, ...]:
        """The user IDs in a user group."""
        response = asked(lambda: self.client.usergroups_users_list(usergroup=group))
        return tuple(str(user) for user in response.get("users") or ())

    def profile(self, user: str, team: str, now: datetime) -> Profile:
        """What Slack says of a user. In Enterprise Grid a home workspace may be missing: then `is_stranger` tells."""
        person = asked(lambda: self.client.users_info(user=user)).get("user") or {}
        home = person.get("team_id") or team
        return Profile(
            user=user,
            guest=bool(person.get("is_restricted") or person.get("is_ultra_restricted")),
            outsider=bool(person.get("is_stranger")) or (home != team and not person.get("enterprise_user")),
            bot=bool(person.get("is_bot")) or user == "USLACKBOT",
            deactivated=bool(person.get("deleted")),
            read_at=now,
        )
