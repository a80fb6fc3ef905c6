"""Who sent a request, or whom an event is about."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.rules.fields import LONGEST_NAME, is_storable
from bot.rules.people import USER_ID, ChangedProfile, Person, Profile
from bot.usecases.home.help import Wrote
from handlers.blockkit.text import one_line
from handlers.parsing.reading import Malformed, matching, optional, string, without_markup

TEAM: Final = re.compile(r"[TE][A-Z0-9]{1,30}", re.ASCII)
VIEW: Final = re.compile(r"V[A-Z0-9]{1,30}", re.ASCII)
LATEST: Final = 2**32  # seconds since 1970, which Slack counts in
_TS: Final = re.compile(r"[0-9]{1,10}\.[0-9]{1,6}", re.ASCII)
_HASH: Final = re.compile(r"[A-Za-z0-9.]{1,32}", re.ASCII)

_HOMES: Final = (("user", "team_id"), ("team", "id"), ("team_id",))
_TEAMS: Final = (("view", "app_installed_team_id"), *_HOMES[1:])
_WRITTEN: Final = (None, "file_share", "me_message", "thread_broadcast")  # what a person writes, with a file or without
_INSTALLED: Final = ("authorizations", 0, "team_id")


def sender(body: object) -> Person:
    """Who sent this request, and the workspace in which Backstop is installed. Raises `Malformed`.

    In Slack Connect the sender's own workspace is another one. Where the request does not name it, it is the one that
    the request comes from, which need not be the one in which the form was opened.
    """
    user = ("user", "id") if optional(body, "user") is not None else ("user_id",)
    team, home = _first(_TEAMS, body), _first(_HOMES, body)
    return Person(team=team, user=matching(USER_ID, body, *user), home_team=home, form=_form(body))


def workspace(body: object) -> str:
    """The workspace in which the app is installed that this request is for. Empty where it names none.

    The view says it, because a form may be sent from another workspace (Slack Connect); else `team` does. That is null
    where the app is installed for a whole organisation. Who the sender is says nothing of it. Of an event its
    authorization says it: `team_id` may be the organisation's, another workspace's, or empty.
    """
    teams = (_INSTALLED, *_TEAMS) if optional(body, "event") is not None else _TEAMS
    found = next((value for path in teams if (value := optional(body, *path)) is not None), "")
    return found if isinstance(found, str) else ""


def changed_profile(body: object) -> ChangedProfile:
    """What an event of type user_change says of somebody, who may be anybody in the workspace. Raises `Malformed`.

    Slack sends one for every status that anybody sets, and in it the whole user object, as `users.info` answers it.
    """
    team, user = _our_team(body), matching(USER_ID, body, "event", "user", "id")
    at = optional(body, "event_time")
    if not isinstance(at, int) or not 0 <= at < LATEST:
        raise Malformed("event_time")
    said: Any = optional(body, "event", "user")
    says_where = bool(_workspaces(said)) or _home(said) == team
    return ChangedProfile(team, profile_of(said, user, team, datetime.fromtimestamp(at, UTC)), says_where=says_where)


def profile_of(said: Mapping[str, Any], user: str, team: str, now: datetime) -> Profile:
    """A user object of Slack's.

    They belong here if ours is among the workspaces that Slack lists of them; where it lists none, if ours is their
    home. In Enterprise Grid the home may be missing. `is_stranger` is said only of whoever shares no channel with us.
    """
    home, workspaces = _home(said), _workspaces(said)
    is_here = team in workspaces if workspaces else home in ("", team)
    return Profile(
        user=user,
        guest=bool(said.get("is_restricted") or said.get("is_ultra_restricted")),
        outsider=bool(said.get("is_stranger")) or not is_here,
        bot=bool(said.get("is_bot")) or user == "USLACKBOT",
        deactivated=bool(said.get("deleted")),
        read_at=now,
        name=_name(said),
        home_known=bool(home or workspaces),
    )


def _workspaces(said: Mapping[str, Any]) -> Sequence[object]:
    """The workspaces of an organisation that Slack lists for one of its members. Some answers name them beside it."""
    found = (optional(said, *path) for path in (("enterprise_user", "teams"), ("teams",)))
    listed = ([team for team in teams if team] for teams in found if isinstance(teams, list))
    return next((teams for teams in listed if teams), ())


def _home(said: Mapping[str, Any]) -> str:
    """The workspace to which somebody belongs; empty where Slack does not say."""
    found = (optional(said, *path) for path in (("team_id",), ("profile", "team")))
    return next((home for home in found if home and isinstance(home, str)), "")


def _our_team(body: object) -> str:
    return matching(TEAM, {"team": workspace(body)}, "team")


def _name(said: Mapping[str, Any]) -> str:
    """The name that Slack shows, as far as it can be stored."""
    name = said.get("real_name") or said.get("name")
    return name[:LONGEST_NAME] if isinstance(name, str) and is_storable(name) else ""


def home_visitor(body: object) -> Person:
    """Who opened the App Home. Raises `Malformed`."""
    team = _our_team(body)
    return Person(team=team, user=matching(USER_ID, body, "event", "user"), home_team=team)


def wrote(body: object) -> Wrote | None:
    """Who wrote to the bot or mentioned it, and in which minute; None unless it is a person's own new message to it.

    Slack sends edits, deletions and what apps post, this one too, as the same event. What was written is not read.
    Raises `Malformed`.
    """
    elsewhere = optional(body, "event", "type") == "message" and optional(body, "event", "channel_type") != "im"
    kind = optional(body, "event", "subtype")
    if elsewhere or kind not in _WRITTEN or optional(body, "event", "bot_id") is not None:
        return None
    team = _our_team(body)
    user, ts = matching(USER_ID, body, "event", "user"), matching(_TS, body, "event", "ts")
    return Wrote(Person(team=team, user=user, home_team=team), int(ts.partition(".")[0]) // 60)


def typed_so_far(body: object) -> tuple[Person, str]:
    """For a type-ahead: who types, and the text so far."""
    return sender(body), one_line(without_markup(string(body, "value")))


def _form(body: object) -> str:
    """The key of the form that was sent; empty for any other request.

    A view keeps its ID when it is replaced, as a customer's card by the form behind *Edit* and that by the card again.
    Its hash changes each time, so the two together are never the same for two forms.
    """
    if optional(body, "type") != "view_submission":
        return ""
    view, version = matching(VIEW, body, "view", "id"), optional(body, "view", "hash")
    return view if version is None else f"{view} {matching(_HASH, body, 'view', 'hash')}"


def _first(paths: tuple[tuple[str, ...], ...], body: object) -> str:
    return matching(TEAM, body, *next((path for path in paths if optional(body, *path) is not None), paths[-1]))
