"""What the app says back through an ack or a response_url."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.kit import check_message
from bot.sandbox.messages import app_message

if TYPE_CHECKING:
    from bot.sandbox.state import State
    from bot.sandbox.triggers import Hook

Json = dict[str, Any]


def reply(state: State, hook: Hook, body: Json) -> None:
    """Post, replace or delete as the body asks; raises SlackError where its words or blocks are not valid."""
    if body.get("delete_original"):
        _delete(state, hook)
        return
    check_message(body.get("text", ""), body.get("blocks"))
    if body.get("replace_original") and hook.message_ts:
        _replace(state, hook, body)
    else:
        _post(state, hook, body)


def _post(state: State, hook: Hook, body: Json) -> None:
    conversation = state.conversations[hook.channel]
    message = app_message(state, body.get("text", ""), body.get("blocks"), thread_ts=body.get("thread_ts"))
    if body.get("response_type") == "in_channel":
        state.post(conversation, message)
    else:
        state.whisper(conversation, hook.user_id, message)


def _replace(state: State, hook: Hook, body: Json) -> None:
    conversation = state.conversations[hook.channel]
    fresh = {"text": body.get("text", ""), "blocks": state.settled(body.get("blocks") or [])}
    if message := conversation.find(hook.message_ts or ""):
        message.update(fresh, edited={"user": state.app.bot_user, "ts": state.clock.ts()})
        state.changed(conversation, message)
        return
    for user_id, message in conversation.ephemeral:
        if message["ts"] == hook.message_ts:
            message.update(fresh)
            state.reveal(conversation, user_id, message)


def _delete(state: State, hook: Hook) -> None:
    conversation = state.conversations[hook.channel]
    if conversation.find(hook.message_ts or ""):
        state.delete(conversation, hook.message_ts or "")
    else:
        state.unwhisper(conversation, hook.message_ts or "")
