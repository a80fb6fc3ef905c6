"""What Slack sends to the app when a person does something (docs.slack.dev, "Interaction payloads")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.elements import STATEFUL, value_of
from bot.sandbox.ids import new_id
from bot.sandbox.state import DELETED

if TYPE_CHECKING:
    from bot.sandbox.conversations import Conversation, Message
    from bot.sandbox.modals import View
    from bot.sandbox.state import State
    from bot.sandbox.workspace import User

Json = dict[str, Any]
VERIFICATION_TOKEN = "deprecated"  # noqa: S105 - Slack still sends one, though signatures replaced it


def slash_command(
    state: State, user: User, conversation: Conversation, *, command: str, text: str, response_url: str
) -> Json:
    """The form fields of a slash command."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": state.workspace.team_id,
        "team_domain": state.workspace.domain,
        "channel_id": conversation.id,
        "channel_name": channel_name(conversation),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": state.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": state.triggers.issue(user.id),
    }


def message_action(
    state: State, user: User, conversation: Conversation, message: Message, *, callback_id: str, response_url: str
) -> Json:
    """A message shortcut."""
    return {
        "type": "message_action",
        **_envelope(state, user),
        "action_ts": state.clock.ts(),
        "callback_id": callback_id,
        "trigger_id": state.triggers.issue(user.id),
        "response_url": response_url,
        "message_ts": message["ts"],
        "channel": _channel(conversation),
        "message": message,
    }


def global_shortcut(state: State, user: User, callback_id: str) -> Json:
    """A global shortcut: it carries neither a channel nor a response_url."""
    return {
        "type": "shortcut",
        **_envelope(state, user),
        "action_ts": state.clock.ts(),
        "callback_id": callback_id,
        "trigger_id": state.triggers.issue(user.id),
    }


def message_block_actions(
    state: State,
    user: User,
    conversation: Conversation,
    message: Message,
    *,
    action: Json,
    values: Json,
    response_url: str,
) -> Json:
    """A click in a message."""
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": conversation.id,
        "is_ephemeral": any(message is private for _, private in conversation.ephemeral),
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    return {
        "type": "block_actions",
        **_envelope(state, user),
        "container": container,
        "trigger_id": state.triggers.issue(user.id),
        "channel": _channel(conversation),
        "message": message,
        "state": {"values": values},
        "response_url": response_url,
        "actions": [action],
    }


def view_block_actions(state: State, user: User, view: View, action: Json) -> Json:
    """A click in a modal or on the Home tab."""
    return {
        "type": "block_actions",
        **_envelope(state, user),
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": state.triggers.issue(user.id),
        "view": view,
        "actions": [action],
    }


def view_submission(state: State, user: User, view: View) -> Json:
    """A modal that was submitted; `view` holds the values."""
    trigger_id = state.triggers.issue(user.id)
    return {
        "type": "view_submission",
        **_envelope(state, user),
        "trigger_id": trigger_id,
        "view": view,
        "response_urls": [],
    }


def view_closed(state: State, user: User, view: View) -> Json:
    """A modal that was cancelled. Slack does not say what was filled in."""
    nothing = view | {"state": {"values": {}}}
    return {"type": "view_closed", **_envelope(state, user), "view": nothing, "is_cleared": False}


def block_suggestion(state: State, user: User, view: View, *, block_id: str, action_id: str, value: str) -> Json:
    """The text typed into an external select so far."""
    return {
        "type": "block_suggestion",
        **_envelope(state, user),
        "action_id": action_id,
        "block_id": block_id,
        "value": value,
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
    }


def app_home_opened(state: State, user: User, dm: Conversation, view: View | None) -> Json:
    """The inner event of a person who opened the Home tab, with the view if one was published."""
    return {
        "type": "app_home_opened",
        "user": user.id,
        "channel": dm.id,
        "tab": "home",
        "event_ts": state.clock.ts(),
        **({"view": view} if view else {}),
    }


def direct_message(state: State, dm: Conversation, message: Message, before: str) -> Json:
    """The inner event of a message in a direct message with the app, the app's own too, or of one that was edited or
    deleted. A message of the app's has `bot_id` and no subtype (slackapi/bolt-js#580); with a file, only its `user`.
    """
    where = {"channel": dm.id, "channel_type": "im"}
    plain = {key: value for key, value in message.items() if key != "metadata"}
    if not before:
        of_app = {"bot_id", "app_id", "bot_profile"} if "files" in message else set()
        share = {"subtype": "file_share"} if "files" in message else {}
        return {**{key: plain[key] for key in plain if key not in of_app}, **share, **where, "event_ts": message["ts"]}
    deleted, ts = before == DELETED, state.clock.ts()
    subtype = "message_deleted" if deleted else "message_changed"
    was = plain if deleted else {k: plain[k] for k in plain if k not in {"edited", "blocks"}} | {"text": before}
    now: Json = {"deleted_ts": message["ts"]} if deleted else {"message": plain}
    happened = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts}
    return {**happened, **where, **now, "previous_message": was}


def app_mention(_: State, conversation: Conversation, message: Message) -> Json:
    """The inner event of a message that mentions the app. One that was edited has `edited`, and its ts as before."""
    return {**message, "type": "app_mention", "channel": conversation.id, "event_ts": message["ts"]}


def event_callback(state: State, event: Json) -> Json:
    """An event's envelope."""
    team_id = state.workspace.team_id
    authorization = {
        "enterprise_id": None,
        "team_id": team_id,
        "user_id": state.app.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team_id,
        "api_app_id": state.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": state.clock.seconds(),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": new_id("EC"),
    }


def clicked(state: State, element: Json, block_id: str, given: Json) -> Json:
    """The entry in actions: the element's own keys, and what was chosen in it."""
    kind = element["type"]
    action = {
        "type": kind,
        "block_id": block_id,
        "action_id": element["action_id"],
        "action_ts": state.clock.ts(),
    }
    for key in ("text", "value", "style", "url", "placeholder", "confirm"):
        if key in element:
            action[key] = element[key]
    if kind == "overflow":
        return {**action, "selected_option": given.get("selected_option")}
    return {**action, **value_of(element, given)} if kind in STATEFUL else action


def channel_name(conversation: Conversation) -> str:
    """The channel's name as apps get it: for private ones and direct messages only the kind."""
    return {"channel": conversation.name, "private": "privategroup", "dm": "directmessage"}[conversation.kind]


def _channel(conversation: Conversation) -> Json:
    return {"id": conversation.id, "name": channel_name(conversation)}


def _envelope(state: State, user: User) -> Json:
    return {
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": state.app.id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": state.workspace.team_id, "domain": state.workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }
