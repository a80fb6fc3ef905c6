"""Who sent a request, or whom an event is about."""

import re
from typing import Final

from bot.rules.people import Person
from handlers.blockkit.text import one_line
from handlers.parsing.reading import USER, matching, optional, string, without_markup

TEAM: Final = re.compile(r"[TE][A-Z0-9]{1,30}", re.ASCII)
VIEW: Final = re.compile(r"V[A-Z0-9]{1,30}", re.ASCII)
_HASH: Final = re.compile(r"[A-Za-z0-9.]{1,32}", re.ASCII)

_TEAMS: Final = (("view", "app_installed_team_id"), ("team", "id"), ("team_id",), ("user", "team_id"))


def sender(body: object) -> Person:
    """Who sent this request, and the workspace in which Backstop is installed. Raises `Malformed`.

    In Slack Connect the sender's own workspace is another one; if the request does not name it, it is the same.
    In Enterprise Grid `team` may be null.
    """
    team = _team(body)
    user = ("user", "id") if optional(body, "user") is not None else ("user_id",)
    home = team if optional(body, "user", "team_id") is None else matching(TEAM, body, "user", "team_id")
    return Person(team=team, user=matching(USER, body, *user), home_team=home, form=_form(body))


def changed_user(body: object) -> Person:
    """Whom an event of type user_change is about. Raises `Malformed`."""
    return Person(
        team=matching(TEAM, body, "team_id"),
        user=matching(USER, body, "event", "user", "id"),
        home_team=matching(TEAM, body, "event", "user", "team_id"),
    )


def home_visitor(body: object) -> Person:
    """Who opened the App Home. Raises `Malformed`."""
    team = matching(TEAM, body, "team_id")
    return Person(team=team, user=matching(USER, body, "event", "user"), home_team=team)


def typed_so_far(body: object) -> tuple[str, str]:
    """For a type-ahead: the workspace, and the text typed so far."""
    return sender(body).team, one_line(without_markup(string(body, "value")))


def _form(body: object) -> str:
    """The key of the form that was sent; empty for any other request.

    A view keeps its ID when it is replaced, as a customer's card by the form behind *Edit* and that by the card again.
    Its hash changes each time, so the two together are never the same for two forms.
    """
    if optional(body, "type") != "view_submission":
        return ""
    view, version = matching(VIEW, body, "view", "id"), optional(body, "view", "hash")
    return view if version is None else f"{view} {matching(_HASH, body, 'view', 'hash')}"


def _team(body: object) -> str:
    path = next((path for path in _TEAMS if optional(body, *path) is not None), _TEAMS[-1])
    return matching(TEAM, body, *path)
