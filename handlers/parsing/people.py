"""Who acts."""

import re
from typing import Final

from bot.rules.people import Person
from handlers.parsing.reading import maybe, shaped

TEAM: Final = re.compile(r"[TE][A-Z0-9]{1,30}", re.ASCII)
USER: Final = re.compile(r"[UW][A-Z0-9]{1,30}", re.ASCII)

_TEAMS: Final = (("view", "app_installed_team_id"), ("team", "id"), ("team_id",), ("user", "team_id"))


def person(body: object) -> Person:
    """Who sent this, for the workspace in which Backstop is installed. Raises `Malformed`.

    In Slack Connect the person's own workspace is another; in Enterprise Grid `team` may be null.
    A request that does not name the person's own workspace comes from the one it is sent for.
    """
    team = _team(body)
    user = ("user", "id") if maybe(body, "user") is not None else ("user_id",)
    home = team if maybe(body, "user", "team_id") is None else shaped(TEAM, body, "user", "team_id")
    return Person(team=team, user=shaped(USER, body, *user), home_team=home)


def changed_user(body: object) -> Person:
    """Whom an event of type user_change is about. Raises `Malformed`."""
    return Person(
        team=shaped(TEAM, body, "team_id"),
        user=shaped(USER, body, "event", "user", "id"),
        home_team=shaped(TEAM, body, "event", "user", "team_id"),
    )


def home_visitor(body: object) -> Person:
    """Who opened the App Home. Raises `Malformed`."""
    team = shaped(TEAM, body, "team_id")
    return Person(team=team, user=shaped(USER, body, "event", "user"), home_team=team)


def _team(body: object) -> str:
    path = next((path for path in _TEAMS if maybe(body, *path) is not None), _TEAMS[-1])
    return shaped(TEAM, body, *path)
