from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.api.call import Call, Json, Method
from bot.sandbox.errors import SlackError

if TYPE_CHECKING:
    from bot.sandbox.conversations import Conversation, Message

PAGE, MAX_PAGE = 100, 999
TIER_3, TIER_4 = 50, 100


def info(call: Call) -> Json:
    """conversations.info."""
    conversation = call.conversation()
    return {"channel": _channel_json(call, conversation)}


def open_direct(call: Call) -> Json:
    """conversations.open with one user: opens the direct message with them."""
    users = [user for user in call.args.text("users").split(",") if user]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 1:
        raise SlackError("too_many_users")  # group messages need mpim:write, which no app here has
    user = call.state.user(users[0])
    known = "D" + user.id[1:] in call.state.conversations
    conversation = call.state.direct_message(user.id)
    channel = {"id": conversation.id}
    if call.args.flag("return_im"):
        channel = _channel_json(call, conversation)
    return {"channel": channel, **({"no_op": True, "already_open": True} if known else {})}


def members(call: Call) -> Json:
    """conversations.members."""
    found = sorted(call.conversation().members)
    limit, start = limit_of(call), cursor_of(call)
    page = found[start : start + limit]
    return {"members": page, **next_cursor(start + limit, len(found))}


def history(call: Call) -> Json:
    """conversations.history, newest first; with metadata only if include_all_metadata is set."""
    return _page(call, [message for message in call.joined().outside_threads() if _in_range(call, message["ts"])])


def replies(call: Call) -> Json:
    """conversations.replies: the parent first, then its replies, oldest first."""
    thread = call.joined().thread(call.args.needed("ts"))
    if not thread:
        raise SlackError("thread_not_found")
    parent, rest = thread[0], thread[1:]
    return _page(call, [parent, *(message for message in rest if _in_range(call, message["ts"]))])


def _channel_json(call: Call, conversation: Conversation) -> Json:
    workspace = call.state.workspace
    shared = any(user.id in conversation.members and workspace.outsider(user) for user in workspace.users)
    common = {"id": conversation.id, "created": conversation.created, "is_archived": conversation.archived}
    if conversation.kind == "dm":
        other = next(iter(conversation.members - {call.state.app.bot_user}))
        return {**common, "is_im": True, "is_org_shared": False, "user": other, "is_open": True}
    private = conversation.kind == "private"
    counted = {"num_members": len(conversation.members)} if call.args.flag("include_num_members") else {}
    return {
        **common,
        **counted,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_general": conversation.name == "general",
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "is_member": call.state.app.bot_user in conversation.members,
        "context_team_id": workspace.team_id,
    }


def _in_range(call: Call, ts: str) -> bool:
    oldest, latest = _bound(call, "oldest", "0"), _bound(call, "latest", "9999999999.999999")
    exact = call.args.flag("inclusive") and float(ts) in (oldest, latest)
    return exact or oldest < float(ts) < latest


def _bound(call: Call, name: str, default: str) -> float:
    try:
        return float(call.args.text(name) or default)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def limit_of(call: Call) -> int:
    """How many are asked for at a time."""
    limit = call.args.number("limit", PAGE)
    if not 1 <= limit <= MAX_PAGE:
        raise SlackError("invalid_limit")
    return limit


def cursor_of(call: Call) -> int:
    """From which one on."""
    cursor = call.args.text("cursor")
    if not cursor:
        return 0
    prefix, _, position = cursor.partition(":")
    if prefix != "from" or not position.isdigit():
        raise SlackError("invalid_cursor")
    return int(position)


def next_cursor(position: int, total: int) -> Json:
    """What says where the next page begins; "" if there is none."""
    return {"response_metadata": {"next_cursor": f"from:{position}" if position < total else ""}}


def _page(call: Call, found: list[Message]) -> Json:
    limit, start = limit_of(call), cursor_of(call)
    page = [_message_as_requested(call, message) for message in found[start : start + limit]]
    more = start + limit < len(found)
    return {"messages": page, "has_more": more, "pin_count": 0, **next_cursor(start + limit, len(found))}


def _message_as_requested(call: Call, message: Message) -> Message:
    if call.args.flag("include_all_metadata"):
        return message
    return {key: value for key, value in message.items() if key != "metadata"}


METHODS = {
    "conversations.info": Method(info, "{kind}:read", TIER_3),
    "conversations.open": Method(open_direct, "im:write", TIER_3),
    "conversations.members": Method(members, "{kind}:read", TIER_4),
    "conversations.history": Method(history, "{kind}:history", TIER_3),
    "conversations.replies": Method(replies, "{kind}:history", TIER_3),
}
