"""Messages that the app sends in an ack or to a response_url."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.block_kit.check import check_message
from bot.sandbox.messages import app_message

if TYPE_CHECKING:
    from bot.sandbox.expiring_ids import ResponseUrl
    from bot.sandbox.state import State

Json = dict[str, Any]


def reply(state: State, response_url: ResponseUrl, body: Json) -> None:
    """Post, replace or delete, as the body asks; SlackError if its text or blocks are not valid."""
    if body.get("delete_original"):
        _delete(state, response_url)
        return
    check_message(body.get("text", ""), body.get("blocks"))
    if body.get("replace_original") and response_url.message_ts:
        _replace(state, response_url, body)
    else:
        _post(state, response_url, body)


def _post(state: State, response_url: ResponseUrl, body: Json) -> None:
    conversation = state.conversations[response_url.channel]
    message = app_message(state, body.get("text", ""), body.get("blocks"), thread_ts=body.get("thread_ts"))
    if body.get("response_type") == "in_channel":
        state.post(conversation, message)
    else:
        state.post_ephemeral(conversation, response_url.user_id, message)


def _replace(state: State, response_url: ResponseUrl, body: Json) -> None:
    conversation = state.conversations[response_url.channel]
    content = {"text": body.get("text", ""), "blocks": state.stored_blocks(body.get("blocks") or [])}
    if message := conversation.find(response_url.message_ts or ""):
        message.update(content, edited={"user": state.app.bot_user, "ts": state.clock.ts()})
        state.show_change(conversation, message)
        return
    for user_id, message in conversation.ephemeral:
        if message["ts"] == response_url.message_ts:
            message.update(content)
            state.show_ephemeral(conversation, user_id, message)


def _delete(state: State, response_url: ResponseUrl) -> None:
    conversation = state.conversations[response_url.channel]
    if conversation.find(response_url.message_ts or ""):
        state.delete(conversation, response_url.message_ts or "")
    else:
        state.delete_ephemeral(conversation, response_url.message_ts or "")
