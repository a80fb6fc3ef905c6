"""The calls to Slack that the delivery makes, and the answers it has to handle."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from bot.rules.notices import Mark
from bot.rules.people import Profile


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent with a message. `name` has the extension of its type."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A message for Slack. `text` says all that `blocks` say. A message with a `file` has no blocks and is final;
    editing it to one without deletes the file.

    `as_of_block`: the block that says when the message was rendered, if there is one. `thread`: the ts of the message
    that this one answers in the same channel. `final`: it is posted once and never edited. `left_for`: it is for a
    channel that was left for this one: nothing is posted there any more, and an edit that Slack refuses is given up.
    `plain`: the blocks for a workspace that refuses `blocks`, since not every one takes a chart.
    `forgotten`: it is all that is left of a message whose subject was erased. It is only edited, never posted, and then
    nothing is kept of it.
    """

    text: str
    blocks: list[dict[str, Any]]
    file: Attachment | None = None
    as_of_block: dict[str, Any] | None = None
    thread: str | None = None
    final: bool = False
    plain: list[dict[str, Any]] | None = None
    forgotten: bool = False
    left_for: str | None = None

    def digest(self) -> str:
        """A hash of the content. The time of rendering does not enter it."""
        blocks = [block for block in self.blocks if block is not self.as_of_block]
        file = [self.file.name, hashlib.sha256(self.file.content).hexdigest()] if self.file else []
        return hashlib.sha256(json.dumps([self.text, blocks, file], sort_keys=True).encode()).hexdigest()


class ChannelFault(StrEnum):
    """Why a channel should not be used."""

    ARCHIVED = "is_archived"
    NOT_JOINED = "not_in_channel"
    SHARED = "is_ext_shared"
    PUBLIC = "is_public"


class Shown(StrEnum):
    """What people see of the bot in Slack."""

    FORMS = "forms"
    POSTS = "posts"


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What Slack says about a channel. `joined`: the bot is in it. `shared`: with another firm."""

    archived: bool
    joined: bool
    shared: bool
    private: bool

    def fault(self, *, private: bool) -> ChannelFault | None:
        """The first thing that is wrong; None where nothing is. `private`: it has to be."""
        wrong = {
            ChannelFault.ARCHIVED: self.archived,
            ChannelFault.NOT_JOINED: not self.joined,
            ChannelFault.SHARED: self.shared,
            ChannelFault.PUBLIC: private and not self.private,
        }
        return next((fault for fault, is_so in wrong.items() if is_so), None)


class OwnMessage(NamedTuple):
    """A message of the bot's own in Slack: its ts, what it was marked with, and whether it has buttons.

    `versions`: by case, the version at which its buttons were drawn.
    """

    ts: str
    mark: Mark
    has_buttons: bool
    versions: Mapping[int, int] = {}


class TransportError(Exception):
    """An answer from Slack that the delivery handles. Its text is never logged, since Slack may have written it."""

    text_in_log = False


class RetryLater(TransportError):  # noqa: N818 - an answer, not an error of ours, as all that follow
    """Nothing was sent. Try again in `seconds` at the earliest."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class RateLimited(RetryLater):
    """Slack's rate limit was hit; nothing was sent. Try again in `seconds` at the earliest."""


class Refused(TransportError):  # noqa: N818
    """Slack refuses the call until somebody fixes the cause; nothing was sent. The argument is Slack's error code."""


class FileGone(Refused):
    """There is nothing to be fetched of this file, whenever it is tried. The argument says why."""


class OrgWide(Refused):
    """The app is installed for a whole organisation. Backstop serves one workspace."""


class NoSuchEntry(Refused):
    """Slack knows no such user or user group, or does not show it to the bot. The argument is Slack's error code."""


class Unanswered(TransportError):  # noqa: N818
    """No answer says whether Slack carried out the call. The argument names what happened."""


class InDoubt(Unanswered):
    """The message may have been posted or not."""


class MessageGone(TransportError):  # noqa: N818
    """The message to edit was deleted, or the bot may not edit it."""


class HistoryUnreadable(TransportError):  # noqa: N818
    """The channel's history cannot be read, so nobody can tell whether the message was posted."""


class Slack(Protocol):
    """The calls to Slack that use cases make. Each raises RateLimited, Refused or Unanswered.

    `confirms`: whether the bot may read what was posted. Else `find` raises HistoryUnreadable.
    """

    @property
    def confirms(self) -> bool: ...  # noqa: D102 - see above

    def channel_for(self, target: str) -> str:
        """The channel ID of a target: the channel itself, or the direct-message channel of a user."""

    def post(self, target: str, message: Message, mark: Mark) -> tuple[str, str]:
        """Post to a channel or a user, with the mark in the metadata. Returns channel and ts. Raises InDoubt."""

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Replace the content of a message. Raises MessageGone."""

    def publish(self, user: str, home: Message) -> None:
        """Replace the content of the user's App Home. Idempotent, so it is never in doubt."""

    def find(self, channel: str, tag: str, since: datetime, thread: str | None = None) -> str | None:
        """The ts of the message with this tag, or None. Raises HistoryUnreadable.

        `thread`: of the message whose answers are searched, instead of the channel's messages.
        """

    def bot(self) -> str:
        """The ID of the bot that posts the messages."""

    def own_messages(self, channel: str, bot: str, pages: int | None = None) -> tuple[OwnMessage, ...]:
        """Every message that this bot posted in the channel, but for answers in threads; newest first.

        `pages`: only so many pages of the channel's history.
        """

    def members_of(self, group: str) -> tuple[str, ...]:
        """The user IDs in a user group. Raises NoSuchEntry."""

    def file(self, file: str, most: int) -> bytes:
        """The content of an uploaded file, of so many bytes at most. Raises FileGone."""

    def profile(self, user: str, team: str, now: datetime) -> Profile:
        """What Slack says about a user. Raises NoSuchEntry."""
