"""Whom a new message notifies on their phone, as Slack is set for everybody who has changed nothing.

A direct message does, a mention, and a reply in a thread that somebody follows. Any other message in a channel does
not, nor does one that only its reader sees. An edit notifies nobody, whatever it adds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.sandbox.conversations import Conversation, Message
    from bot.sandbox.workspace import Workspace

Json = dict[str, Any]
_MENTION = re.compile(r"<(?:@|!subteam\^|!)([A-Za-z0-9]+)(?:\|[^>]*)?>")
_TO_ALL = frozenset({"channel", "everyone"})


def notified(
    workspace: Workspace, conversation: Conversation, message: Message, active: Collection[str]
) -> frozenset[str]:
    """The members of the conversation whom this new message notifies. `active`: who has a page open, for @here."""
    people = {user.id for user in workspace.users if not user.bot} & conversation.members
    others = frozenset(people - {message.get("user")})
    if conversation.kind == "dm":
        return others
    mentioned = set(_mentions(message))
    if mentioned & _TO_ALL:
        return others
    groups = (group.members for group in workspace.groups if group.id in mentioned)
    wanted = {*mentioned, *(user for members in groups for user in members)}
    if "here" in mentioned:
        wanted |= set(active)
    return others & (wanted | _followers(conversation, message))


def _followers(conversation: Conversation, message: Message) -> set[str]:
    """Who has written in the thread, or was notified in it."""
    thread = [each for each in conversation.thread(message.get("thread_ts", "")) if each["ts"] != message["ts"]]
    written = {each.get("user", "") for each in thread}
    return written.union(*(conversation.notified.get(each["ts"], ()) for each in thread))


def _mentions(message: Message) -> Iterator[str]:
    """The IDs that the message mentions, and the word of a broadcast. Where it has blocks, only they are shown."""
    blocks = message.get("blocks")
    yield from _in_blocks(blocks) if blocks else _MENTION.findall(message.get("text", ""))


def _in_blocks(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _in_blocks(each)
    elif isinstance(value, dict):
        kind, shown = value.get("type"), value.get("text")
        if kind in {"user", "usergroup", "broadcast"}:
            yield str(value.get("user_id") or value.get("usergroup_id") or value.get("range"))
        elif kind == "mrkdwn" and isinstance(shown, str):
            yield from _MENTION.findall(shown)
        for each in value.values():
            yield from _in_blocks(each)
