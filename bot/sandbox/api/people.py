from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.api.call import Call, Json, Method
from bot.sandbox.api.conversations import cursor_of, limit_of, next_cursor
from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from bot.sandbox.state import State
    from bot.sandbox.workspace import Group, User, Workspace

TIER_2, TIER_4 = 20, 100
ORG = "E0FIRM"


def auth_test(call: Call) -> Json:
    """auth.test: the app that the token belongs to."""
    workspace, app = call.state.workspace, call.state.app
    return {
        "url": call.state.base_url,
        "team": workspace.name,
        "team_id": workspace.team_id,
        "user": app.name.lower(),
        "user_id": app.bot_user,
        "bot_id": app.bot_id,
        **({"enterprise_id": ORG, "team_id": ORG} if workspace.org_wide else {}),
        "is_enterprise_install": workspace.org_wide,
    }


def users_info(call: Call) -> Json:
    """users.info."""
    return {"user": user_json(call.state, call.state.user(call.args.text("user")))}


def users_list(call: Call) -> Json:
    """users.list, in pages if a limit is set."""
    users = call.state.workspace.users
    limit, start = limit_of(call) if call.args.text("limit") else len(users), cursor_of(call)
    members = [user_json(call.state, user) for user in users[start : start + limit]]
    return {"members": members, "cache_ts": call.state.clock.seconds(), **next_cursor(start + limit, len(users))}


def usergroups_list(call: Call) -> Json:
    """usergroups.list; with members only if include_users is set."""
    with_users = call.args.flag("include_users")
    groups = [_group_json(call.state.workspace, group, with_users=with_users) for group in call.state.workspace.groups]
    return {"usergroups": groups}


def usergroups_users_list(call: Call) -> Json:
    """usergroups.users.list."""
    wanted = call.args.text("usergroup")
    group = next((group for group in call.state.workspace.groups if group.id == wanted), None)
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def user_json(state: State, user: User) -> Json:
    """A user as Slack's JSON. Of an organisation's members it may lack the workspace that they belong to.

    Who shares a channel with the app is no stranger, whichever firm they are from.
    """
    homes: Json = {"team_id": user.team_id}
    if user.teams:
        teams = {"enterprise_id": ORG, "teams": list(user.teams)}
        homes = {"enterprise_user": {"id": user.id, **teams}, **teams}
    shares = any({user.id, state.app.bot_user} <= each.members for each in state.conversations.values())
    return {
        "id": user.id,
        **homes,
        "name": user.name,
        "deleted": False,
        "color": user.color,
        "real_name": user.real_name,
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "profile": {
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "title": user.title,
            **({} if user.teams else {"team": user.team_id}),
        },
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.guest,
        "is_ultra_restricted": False,
        "is_bot": user.bot,
        "is_app_user": False,
        "updated": 0,
        "is_stranger": state.workspace.outsider(user) and not shares,
    }


def _group_json(workspace: Workspace, group: Group, *, with_users: bool) -> Json:
    members = {"users": list(group.members)} if with_users else {}
    return {
        "id": group.id,
        "team_id": workspace.team_id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "is_external": False,
        "date_delete": 0,
        "user_count": len(group.members),
        **members,
    }


METHODS = {
    "auth.test": Method(auth_test, "", 300),
    "users.info": Method(users_info, "users:read", TIER_4),
    "users.list": Method(users_list, "users:read", TIER_2),
    "usergroups.list": Method(usergroups_list, "usergroups:read", TIER_2),
    "usergroups.users.list": Method(usergroups_users_list, "usergroups:read", TIER_2),
}
