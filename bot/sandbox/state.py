from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.errors import SlackError
from bot.sandbox.feed import Feed
from bot.sandbox.files import Files
from bot.sandbox.modals import Modals
from bot.sandbox.pictures import with_addresses
from bot.sandbox.settle import settled
from bot.sandbox.triggers import Hooks, Triggers

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.workspace import Channel, User, Workspace


class State:
    """The running workspace. It lives in memory on one event loop, so nothing here takes a lock."""

    def __init__(self, workspace: Workspace, clock: Clock, base_url: str) -> None:
        self.workspace = workspace
        self.base_url = base_url
        self.app = workspace.app
        self.clock = clock
        self.feed = Feed()
        self.triggers = Triggers()
        self.hooks = Hooks()
        self.files = Files(clock, base_url)
        self.modals = Modals(workspace, clock, self.feed, self.settled)
        self.conversations = {channel.id: self._opened(channel) for channel in workspace.channels}

    def _opened(self, channel: Channel) -> Conversation:
        kind = "private" if channel.private else "channel"
        return Conversation(
            channel.id, channel.name, set(channel.members), kind, self.clock.seconds(), archived=channel.archived
        )

    def settled(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Blocks as Slack stores them; invalid_blocks where a picture's file is not there."""
        return with_addresses(settled(blocks), self.files)

    def user(self, user_id: str) -> User:
        """The user with this ID; user_not_found otherwise."""
        if (user := self.workspace.user(user_id)) is None:
            raise SlackError("user_not_found")
        return user

    def conversation(self, channel_id: str) -> Conversation:
        """The conversation with this ID, as the app sees it: a private one it is not in is channel_not_found."""
        found = self.conversations.get(channel_id)
        if found is None or (found.kind != "channel" and self.app.bot_user not in found.members):
            raise SlackError("channel_not_found")
        return found

    def direct(self, user_id: str) -> Conversation:
        """The direct message between the app and this person, opened when it is not yet."""
        dm_id = "D" + user_id[1:]
        if dm_id not in self.conversations:
            members = {user_id, self.app.bot_user}
            self.conversations[dm_id] = Conversation(dm_id, self.app.name, members, "dm", self.clock.seconds())
            self.feed.tell(members, "channel", channel=self.listed(self.conversations[dm_id], user_id))
        return self.conversations[dm_id]

    def listed(self, conversation: Conversation, user_id: str) -> dict[str, Any]:
        """A conversation in this person's list."""
        row = {"id": conversation.id, "name": conversation.name, "kind": conversation.kind}
        if conversation.kind == "dm":
            row["with"] = self.app.bot_user
        return {**row, "unread": conversation.unread(user_id)}

    def post(self, conversation: Conversation, message: Message) -> Message:
        """Add a message and show it to everybody there."""
        conversation.add(message)
        self.feed.tell(conversation.members, "message", channel=conversation.id, message=shown(message))
        if parent := conversation.find(message.get("thread_ts", "")):
            self.changed(conversation, parent)
        return message

    def changed(self, conversation: Conversation, message: Message) -> None:
        """Show a message anew to everybody there."""
        self.feed.tell(conversation.members, "message_changed", channel=conversation.id, message=shown(message))

    def delete(self, conversation: Conversation, ts: str) -> None:
        """Take a message away from everybody; message_not_found otherwise."""
        conversation.remove(ts)
        self.feed.tell(conversation.members, "message_deleted", channel=conversation.id, ts=ts)

    def whisper(self, conversation: Conversation, user_id: str, message: Message) -> Message:
        """Show a message to one person only."""
        conversation.ephemeral.append((user_id, message))
        self.reveal(conversation, user_id, message)
        return message

    def reveal(self, conversation: Conversation, user_id: str, message: Message) -> None:
        """Show a message that is this person's alone, for the first time or anew."""
        body = shown(message, ephemeral=True)
        self.feed.tell({user_id}, "ephemeral", channel=conversation.id, message=body)

    def unwhisper(self, conversation: Conversation, ts: str) -> None:
        """Take away a message that was one person's alone."""
        readers = {user_id for user_id, message in conversation.ephemeral if message["ts"] == ts}
        conversation.ephemeral = [entry for entry in conversation.ephemeral if entry[1]["ts"] != ts]
        self.feed.tell(readers, "message_deleted", channel=conversation.id, ts=ts)


def shown(message: Message, *, ephemeral: bool = False) -> dict[str, Any]:
    """A message as the page gets it. Its metadata is for apps and stays away."""
    rest: dict[str, Any] = {key: message[key] for key in ("thread_ts", "reply_count", "latest_reply") if key in message}
    return {
        "ts": message["ts"],
        "user": message["user"],
        "text": message.get("text", ""),
        "blocks": message.get("blocks", []),
        "edited": "edited" in message,
        "ephemeral": ephemeral,
        "reactions": message.get("reactions", []),
        "files": message.get("files", []),
        **rest,
    }
