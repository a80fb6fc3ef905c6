"""Slack as the delivery loop needs it, and the few answers of Slack's that matter to it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a message brings. `name` ends as files of its kind do."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What Slack is to show. `text` says all that `blocks` say. One with a `file` has no blocks, and is final.

    `dated` is the one of the blocks that says when it was drawn, where one does.
    """

    text: str
    blocks: list[dict[str, Any]]
    file: Attachment | None = None
    dated: dict[str, Any] | None = None

    def digest(self) -> str:
        """The same for two messages that say the same, whenever they were drawn."""
        blocks = [block for block in self.blocks if block is not self.dated]
        file = [self.file.name, hashlib.sha256(self.file.content).hexdigest()] if self.file else []
        return hashlib.sha256(json.dumps([self.text, blocks, file], sort_keys=True).encode()).hexdigest()


class TransportError(Exception):
    """An answer of Slack's that the delivery has to deal with. The log never writes its text: it may be Slack's."""

    text_in_log = False


class NotNow(TransportError):  # noqa: N818 - an answer, not an error of ours, as all that follow
    """Not before `seconds` have passed; nothing was sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class RateLimited(NotNow):
    """Slack asks for a pause of `seconds`; nothing was carried out."""


class Refused(TransportError):  # noqa: N818
    """Slack will not do this until somebody mends it; nothing was carried out. The argument is Slack's name for it."""


class Unanswered(TransportError):  # noqa: N818
    """Slack gave no answer that tells whether it was carried out. The argument names what happened."""


class InDoubt(Unanswered):
    """Nobody knows whether the message was posted."""


class MessageGone(TransportError):  # noqa: N818
    """The message to edit is not there any more, or is not ours to edit."""


class Unreadable(TransportError):  # noqa: N818
    """The channel's history can't be read, so nobody can tell whether the message is there."""


class Slack(Protocol):
    """Slack as the loop needs it. Each call raises RateLimited, Refused or Unanswered."""

    def channel_for(self, target: str) -> str:
        """The channel itself, or the direct-message channel of a user."""

    def post(self, target: str, message: Message, tag: str) -> tuple[str, str]:
        """Post it to a channel or a user, with the tag in its metadata; its channel and ts. Raises InDoubt."""

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Make the message show this now. Raises MessageGone."""

    def publish(self, user: str, home: Message) -> None:
        """Make the user's App Home show these blocks now. Publishing twice does no harm, so nothing is in doubt."""

    def find(self, channel: str, tag: str, since: datetime) -> str | None:
        """The ts of the message with this tag, or None. Raises Unreadable where the channel's past can't be read."""
