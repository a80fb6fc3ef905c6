from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.sandbox.conversations import Conversation, Message
from bot.sandbox.errors import SlackError
from bot.sandbox.expiring_ids import ResponseUrls, Triggers
from bot.sandbox.files import Files
from bot.sandbox.live_events import LiveEvents
from bot.sandbox.modals import Modals
from bot.sandbox.phones import notified
from bot.sandbox.stored_blocks import stored_blocks

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.workspace import Channel, User, Workspace


AppWrote = Callable[[Conversation, Message, str], None]
"""Called after the app has posted a message (""), edited one (what it said before), or deleted one (DELETED)."""
DELETED = "\0deleted"


class State:
    """The running workspace, in memory. Only one event loop uses it, so it needs no locks."""

    def __init__(self, workspace: Workspace, clock: Clock, base_url: str) -> None:
        self.workspace = workspace
        self.base_url = base_url
        self.app = workspace.app
        self.clock = clock
        self.live_events = LiveEvents()
        self.triggers = Triggers()
        self.response_urls = ResponseUrls()
        self.files = Files(clock, base_url)
        self.app_wrote: AppWrote = lambda *_: None
        self._shown: dict[str, int] = {}  # the notifications that pages have shown last
        self.tour: dict[str, Any] = {}  # see `tour`; empty without a story
        self.modals = Modals(workspace, clock, self.live_events, self.stored_blocks)
        self.conversations = {channel.id: self._opened(channel) for channel in workspace.channels}

    def _opened(self, channel: Channel) -> Conversation:
        kind = "private" if channel.private else "channel"
        return Conversation(
            channel.id, channel.name, set(channel.members), kind, self.clock.seconds(), archived=channel.archived
        )

    def stored_blocks(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The blocks as Slack stores them; invalid_blocks if an image's file is missing."""
        return stored_blocks(blocks, self.files)

    def user(self, user_id: str) -> User:
        """The user with this ID; user_not_found otherwise."""
        if (user := self.workspace.user(user_id)) is None:
            raise SlackError("user_not_found")
        return user

    def conversation(self, channel_id: str) -> Conversation:
        """The conversation with this ID; channel_not_found also for a private one that the app is not in."""
        found = self.conversations.get(channel_id)
        if found is None or (found.kind != "channel" and self.app.bot_user not in found.members):
            raise SlackError("channel_not_found")
        return found

    def direct_message(self, user_id: str) -> Conversation:
        """The direct message between the app and this person; opens it if there is none."""
        dm_id = "D" + user_id[1:]
        if dm_id not in self.conversations:
            members = {user_id, self.app.bot_user}
            self.conversations[dm_id] = Conversation(dm_id, self.app.name, members, "dm", self.clock.seconds())
            self.live_events.send(
                members, "channel", channel=self.conversation_json(self.conversations[dm_id], user_id)
            )
        return self.conversations[dm_id]

    def change_channel(self, channel_id: str, change: str, new_id: str = "") -> None:
        """What somebody in the workspace may do with a channel; ValueError for anything else.

        `archive`, `unarchive`, `delete`; `remove_app` and `add_app`; `convert`, as a private one is made public: it has
        the `new_id` from then on, and all its messages; `rename`, to this.
        """
        channel = self.conversations[channel_id]
        if change in {"archive", "unarchive"}:
            channel.archived = change == "archive"
        elif change == "remove_app":
            channel.members.discard(self.app.bot_user)
        elif change == "add_app":
            channel.members.add(self.app.bot_user)
        elif change == "rename":
            channel.name = new_id
        elif change == "delete" or (change == "convert" and new_id):
            del self.conversations[channel_id]
            if new_id:
                self.conversations[new_id] = replace(channel, id=new_id, kind="channel")
        else:
            raise ValueError(f"A channel cannot be changed by {change!r}.")

    def conversation_json(self, conversation: Conversation, user_id: str) -> dict[str, Any]:
        """A conversation as the page lists it for this person."""
        row = {"id": conversation.id, "name": conversation.name, "kind": conversation.kind}
        if conversation.kind == "dm":
            row["with"] = self.app.bot_user
        waiting = len(conversation.waiting.get(user_id, ()))
        return {**row, "unread": conversation.unread(user_id), "notifications": waiting}

    def post(self, conversation: Conversation, message: Message) -> Message:
        """Add a message and show it to all members, some of whom it notifies."""
        if whom := notified(self.workspace, conversation, message, self.live_events.listening()):
            conversation.notify(message["ts"], whom)
        conversation.add(message)
        self.live_events.send(
            conversation.members, "message", channel=conversation.id, message=message_json(message, conversation)
        )
        self.show_notifications()
        if parent := conversation.find(message.get("thread_ts", "")):
            self.show_change(conversation, parent)
        return message

    def show_change(self, conversation: Conversation, message: Message) -> None:
        """Show a changed message to all members."""
        self.live_events.send(
            conversation.members,
            "message_changed",
            channel=conversation.id,
            message=message_json(message, conversation),
        )

    def delete(self, conversation: Conversation, ts: str) -> None:
        """Delete a message for all members; message_not_found if there is none."""
        conversation.remove(ts)
        self.live_events.send(conversation.members, "message_deleted", channel=conversation.id, ts=ts)
        self.show_notifications()

    def read(self, conversation: Conversation, user_id: str) -> None:
        """Somebody has seen all that is in the conversation."""
        if conversation.messages:
            conversation.read(user_id, conversation.messages[-1]["ts"])
            self.show_notifications()

    def notifications(self) -> dict[str, int]:
        """How many notifications wait on each phone that has any."""
        counts = Counter[str]()
        for conversation in self.conversations.values():
            counts.update({user_id: len(unseen) for user_id, unseen in conversation.waiting.items()})
        return dict(+counts)

    def show_notifications(self) -> None:
        """Show all pages how many wait, if that has changed."""
        counts = self.notifications()
        if counts != self._shown:
            self._shown = counts
            self.live_events.send_to_all("notifications", counts=counts)

    def post_ephemeral(self, conversation: Conversation, user_id: str, message: Message) -> Message:
        """Show a message to one person only."""
        conversation.ephemeral.append((user_id, message))
        self.show_ephemeral(conversation, user_id, message)
        return message

    def show_ephemeral(self, conversation: Conversation, user_id: str, message: Message) -> None:
        """Show a new or changed ephemeral message to its person."""
        body = message_json(message, conversation, ephemeral=True)
        self.live_events.send({user_id}, "ephemeral", channel=conversation.id, message=body)

    def delete_ephemeral(self, conversation: Conversation, ts: str) -> None:
        """Delete an ephemeral message."""
        readers = {user_id for user_id, message in conversation.ephemeral if message["ts"] == ts}
        conversation.ephemeral = [entry for entry in conversation.ephemeral if entry[1]["ts"] != ts]
        self.live_events.send(readers, "message_deleted", channel=conversation.id, ts=ts)


def message_json(message: Message, conversation: Conversation, *, ephemeral: bool = False) -> dict[str, Any]:
    """A message as the page gets it, without its metadata, which is for apps. `notifies`: whom, when it was new."""
    rest: dict[str, Any] = {key: message[key] for key in ("thread_ts", "reply_count", "latest_reply") if key in message}
    return {
        "ts": message["ts"],
        "user": message.get("user", ""),
        "text": message.get("text", ""),
        "blocks": message.get("blocks", []),
        "edited": "edited" in message,
        "ephemeral": ephemeral,
        "notifies": sorted(conversation.notified.get(message["ts"], ())),
        "reactions": message.get("reactions", []),
        "files": message.get("files", []),
        **rest,
    }
