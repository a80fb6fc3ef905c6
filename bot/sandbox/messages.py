from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.ids import new_id

if TYPE_CHECKING:
    from bot.sandbox.conversations import Message
    from bot.sandbox.state import State


def app_message(state: State, text: str, blocks: list[dict[str, Any]] | None, **more: object) -> Message:
    """A message of the app as Slack's JSON, without those keys of `more` that are None."""
    app = state.app
    return {
        "type": "message",
        "user": app.bot_user,
        "bot_id": app.bot_id,
        "app_id": app.id,
        "team": state.workspace.team_id,
        "ts": state.clock.ts(),
        "text": text,
        "bot_profile": {
            "id": app.bot_id,
            "app_id": app.id,
            "user_id": app.bot_user,
            "name": app.name,
            "team_id": state.workspace.team_id,
            "deleted": False,
        },
        **({"blocks": state.stored_blocks(blocks)} if blocks else {}),
        **{key: value for key, value in more.items() if value is not None},
    }


def user_message(state: State, user_id: str, text: str, thread_ts: str | None = None, ts: str = "") -> Message:
    """A message that a person typed, as Slack's JSON. `ts`: when, if not now."""
    return {
        "type": "message",
        "client_msg_id": new_id("").lower(),
        "user": user_id,
        "team": state.user(user_id).team_id,
        "ts": ts or state.clock.ts(),
        **typed(state, text),
        **({"thread_ts": thread_ts} if thread_ts else {}),
    }


def integration_message(state: State, parts: dict[str, Any]) -> Message:
    """What another app posted: its words may be in blocks or attachments, and a text may be missing."""
    return {"type": "message", "subtype": "bot_message", "bot_id": "B0DESK", "ts": state.clock.ts(), **parts}


def typed(state: State, text: str) -> dict[str, Any]:
    """The text and blocks of what a person typed. The app's name after an @ is a mention, as in Slack's own client."""
    name = f"@{state.app.name}"
    mention = {"type": "user", "user_id": state.app.bot_user}
    first, *rest = text.split(name)
    elements = [each for part in rest for each in (mention, {"type": "text", "text": part})]
    said = [each for each in ({"type": "text", "text": first}, *elements) if each.get("text") != ""]
    section = {"type": "rich_text_section", "elements": said}
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {
        "text": escaped.replace(name, f"<@{state.app.bot_user}>"),
        "blocks": state.stored_blocks([{"type": "rich_text", "elements": [section]}]),
    }
