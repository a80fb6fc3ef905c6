from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.api.call import Call, Json, Method
from bot.sandbox.block_kit.check import check_message
from bot.sandbox.errors import SlackError
from bot.sandbox.messages import app_message
from bot.sandbox.state import DELETED

if TYPE_CHECKING:
    from bot.sandbox.conversations import Conversation, Message

MAX_METADATA = 16_000  # bytes of JSON; Slack documents the error but not the number
TIER_3, TIER_4 = 50, 100
POSTS_PER_MINUTE = 300  # "several hundred" for a workspace; besides, one post a second for each channel


def post_message(call: Call) -> Json:
    """chat.postMessage. If the channel is a user's ID, opens the direct message with that user."""
    conversation = _target(call)
    text, blocks = _text_and_blocks(call)
    message = app_message(
        call.state, text, blocks, thread_ts=_thread(call, conversation), metadata=_metadata(call) or None
    )
    call.state.post(conversation, message)
    call.state.app_wrote(conversation, message, "")
    return {"channel": conversation.id, "ts": message["ts"], "message": message}


def update(call: Call) -> Json:
    """chat.update, of the app's own messages only. Without blocks, removes them; without metadata, keeps it."""
    conversation = call.joined()
    if conversation.archived:
        raise SlackError("is_inactive")
    message = _own_message(call, conversation, "cant_update_message")
    text, blocks = _text_and_blocks(call)
    before, message["text"] = message["text"], text
    message.pop("blocks", None)
    message.update({"blocks": call.state.stored_blocks(blocks)} if blocks else {})
    if "metadata" in call.args:
        message["metadata"] = _metadata(call)
    message["edited"] = {"user": call.state.app.bot_user, "ts": call.state.clock.ts()}
    call.state.show_change(conversation, message)
    call.state.app_wrote(conversation, message, before or " ")
    return {"channel": conversation.id, "ts": message["ts"], "text": text, "message": message}


def delete(call: Call) -> Json:
    """chat.delete, of the app's own messages only."""
    conversation = call.conversation()
    message = _own_message(call, conversation, "cant_delete_message")
    call.state.delete(conversation, message["ts"])
    call.state.app_wrote(conversation, message, DELETED)
    return {"channel": conversation.id, "ts": message["ts"]}


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral: a message that only one member of the conversation sees."""
    conversation = call.joined()
    user_id = call.args.needed("user")
    if user_id not in conversation.members:
        raise SlackError("user_not_in_channel")
    text, blocks = _text_and_blocks(call)
    message = app_message(call.state, text, blocks, thread_ts=_thread(call, conversation))
    call.state.post_ephemeral(conversation, user_id, message)
    return {"message_ts": message["ts"]}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink: the address at which the page shows the message."""
    conversation = call.conversation()
    message = conversation.message(call.args.needed("message_ts"))
    link = f"{call.state.base_url}archives/{conversation.id}/p{message['ts'].replace('.', '')}"
    return {"channel": conversation.id, "permalink": link}


def _target(call: Call) -> Conversation:
    name = call.args.needed("channel")
    if name.startswith(("U", "W")):
        known = call.state.workspace.user(name)
        if known is None or known.bot:
            raise SlackError("channel_not_found")
        return call.state.direct_message(name)
    conversation = call.joined()
    if conversation.archived:
        raise SlackError("is_archived")
    return conversation


def _text_and_blocks(call: Call) -> tuple[str, list[Json] | None]:
    text = call.args.text("text")
    blocks: Any = call.args.parsed("blocks", "invalid_blocks_format")
    check_message(text, blocks)
    return text, blocks


def _thread(call: Call, conversation: Conversation) -> str | None:
    ts = call.args.text("thread_ts")
    if not ts:
        return None
    parent = conversation.find(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return str(parent.get("thread_ts", ts))


def _metadata(call: Call) -> Json:
    metadata = call.args.parsed("metadata", "invalid_metadata_format")
    if metadata in (None, {}):
        return {}
    shape = {"event_type": str, "event_payload": dict}
    if not isinstance(metadata, dict) or set(metadata) != set(shape):
        raise SlackError("invalid_metadata_format")
    if not all(isinstance(metadata[key], kind) for key, kind in shape.items()):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata).encode()) > MAX_METADATA:
        raise SlackError("metadata_too_large")
    return metadata


def _own_message(call: Call, conversation: Conversation, error: str) -> Message:
    message = conversation.message(call.args.needed("ts"))
    if message.get("bot_id") != call.state.app.bot_id:
        raise SlackError(error)
    return message


METHODS = {
    "chat.postMessage": Method(post_message, "chat:write", POSTS_PER_MINUTE),
    "chat.update": Method(update, "chat:write", TIER_3),
    "chat.delete": Method(delete, "chat:write", TIER_3),
    "chat.postEphemeral": Method(post_ephemeral, "chat:write", TIER_4),
    "chat.getPermalink": Method(get_permalink, "", 300),
}
