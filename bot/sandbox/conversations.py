from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import SlackError

Message = dict[str, Any]  # a message as Slack's own JSON


@dataclass
class Conversation:
    """A channel or direct message: its messages, oldest first, and the last ts that each person has read.

    `notified`: by ts, whom the message notified on their phone when it was new. `waiting`: by person, those of these
    messages that they have not looked at since.
    """

    id: str
    name: str
    members: set[str]
    kind: str  # channel, private or dm
    created: int
    archived: bool = False
    messages: list[Message] = field(default_factory=list)
    ephemeral: list[tuple[str, Message]] = field(default_factory=list)
    last_read: dict[str, str] = field(default_factory=dict)
    notified: dict[str, frozenset[str]] = field(default_factory=dict)
    waiting: dict[str, set[str]] = field(default_factory=dict)

    def find(self, ts: str) -> Message | None:
        """The message with this timestamp, if there is one."""
        return next((message for message in self.messages if message["ts"] == ts), None)

    def message(self, ts: str) -> Message:
        """The message with this timestamp; message_not_found otherwise."""
        if (found := self.find(ts)) is None:
            raise SlackError("message_not_found")
        return found

    def add(self, message: Message) -> None:
        """Append a message, and update the reply counts of its thread's parent."""
        insort(self.messages, message, key=lambda each: str(each["ts"]))
        if parent := self.find(message.get("thread_ts", "")):
            parent["thread_ts"] = parent["ts"]
            replies = self.thread(parent["ts"])[1:]
            parent["reply_count"] = len(replies)
            parent["latest_reply"] = message["ts"]
            parent["reply_users"] = sorted({reply["user"] for reply in replies if "user" in reply})

    def remove(self, ts: str) -> None:
        """Delete a message; message_not_found otherwise."""
        self.messages.remove(self.message(ts))
        for user_id in self.notified.pop(ts, ()):
            self.waiting.get(user_id, set()).discard(ts)

    def thread(self, ts: str) -> list[Message]:
        """A message and its replies, oldest first; empty if there is no such message."""
        return [message for message in self.messages if ts in (message["ts"], message.get("thread_ts"))]

    def outside_threads(self) -> list[Message]:
        """The messages that are not replies, newest first."""
        return [
            message for message in reversed(self.messages) if message.get("thread_ts", message["ts"]) == message["ts"]
        ]

    def unread(self, user_id: str) -> int:
        """The number of other people's messages that this person has not read."""
        seen = self.last_read.get(user_id, "")
        return sum(message["ts"] > seen and message.get("user") != user_id for message in self.messages)

    def notify(self, ts: str, user_ids: frozenset[str]) -> None:
        """The message with this timestamp notifies these people."""
        self.notified[ts] = user_ids
        for user_id in user_ids:
            self.waiting.setdefault(user_id, set()).add(ts)

    def read(self, user_id: str, ts: str) -> None:
        """This person has seen all messages up to this timestamp."""
        self.last_read[user_id] = ts
        self.waiting.pop(user_id, None)

    def seen_by(self, user_id: str) -> list[tuple[Message, bool]]:
        """Every message that this person sees, oldest first, and whether it is ephemeral."""
        private = [(message, True) for to, message in self.ephemeral if to == user_id]
        return sorted([(message, False) for message in self.messages] + private, key=lambda pair: str(pair[0]["ts"]))
