"""Slack's Web API as the use cases need it: messages and files, channels, people and user groups."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import repeat
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.rules.notices import Mark
from bot.rules.people import Profile
from bot.usecases.transport import (
    ChannelState,
    HistoryUnreadable,
    InDoubt,
    Message,
    MessageGone,
    NoSuchEntry,
    OrgWide,
    OwnMessage,
    Refused,
    Unanswered,
)
from handlers.client import files
from handlers.client.answers import CountingClient, SlackAnswers, call_slack
from handlers.parsing.people import profile_of

TIMEOUT: Final = 5  # seconds; well inside half of a delivery's lease
EVENT_TYPE: Final = "backstop_notice"
PAGES: Final = 5  # of history, 200 messages each, that are searched for a message
_UNREADABLE: Final = frozenset({"missing_scope", "not_in_channel", "channel_not_found", "method_not_supported"})
Blocks = list[dict[str, Any]]
_CASE: Final = re.compile('"value": "(?:[a-z_]+:)?case:([1-9][0-9]{0,17}):([0-9]{1,18})~', re.ASCII)
"""A case and its version, as `handlers/button_values.py` writes them. In what somebody typed, quotes are escaped."""

_REFUSED_BLOCKS: Final = "invalid_blocks"
_NOT_THERE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
# What Slack answers for one entry of a list, and what says nothing of the others.
_NO_SUCH_ENTRY: Final = frozenset(
    {
        "no_such_subteam",
        "subteam_not_found",
        "subteam_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
    }
)


def posting_client(token: str, api_url: str, answers: SlackAnswers | None = None) -> WebClient:
    """A client that never retries: a request whose connection dropped may have been carried out."""
    return CountingClient(answers or SlackAnswers(), token=token, base_url=api_url, timeout=TIMEOUT, retry_handlers=[])


def channel_state(found: Mapping[str, Any]) -> ChannelState:
    """What Slack's object says about a channel."""
    return ChannelState(
        archived=bool(found.get("is_archived")),
        joined=bool(found.get("is_member")),
        shared=bool(found.get("is_ext_shared")),
        private=bool(found.get("is_private")),
    )


@dataclass(frozen=True, slots=True)
class SlackTransport:
    """See `bot.usecases.transport.Slack`."""

    client: WebClient
    confirms: bool = True

    def team(self) -> str:
        """The workspace that the token is for. Raises OrgWide."""
        who = call_slack(self.client.auth_test)
        if who.get("is_enterprise_install") or not who.get("team_id"):
            raise OrgWide("org_wide_install")
        return str(who["team_id"])

    def bot(self) -> str:
        """See `bot.usecases.transport.Slack`."""
        return str(call_slack(self.client.auth_test)["bot_id"])

    def members_of(self, group: str) -> tuple[str, ...]:
        """The user IDs in a user group. Raises NoSuchEntry."""
        response = _about_entry(lambda: self.client.usergroups_users_list(usergroup=group))
        return tuple(str(user) for user in response["users"])

    def profile(self, user: str, team: str, now: datetime) -> Profile:
        """A user's profile. Raises NoSuchEntry."""
        said = _about_entry(lambda: self.client.users_info(user=user))["user"]
        return profile_of(said, user, team, now)

    def channel(self, channel: str) -> ChannelState:
        """What Slack says about a channel."""
        found: dict[str, Any] = call_slack(lambda: self.client.conversations_info(channel=channel))["channel"]
        return channel_state(found)

    def file(self, file: str, most: int) -> bytes:
        """The content of an uploaded file. Raises FileGone."""
        return files.fetch(self.client, file, most)

    def channel_for(self, target: str) -> str:
        """The channel, or the direct-message channel of a user."""
        if not target.startswith(("U", "W")):
            return target
        return str(call_slack(lambda: self.client.conversations_open(users=[target]))["channel"]["id"])

    def post(self, target: str, message: Message, mark: Mark) -> tuple[str, str]:
        """Post a message with the mark in its metadata; returns its channel and ts. `target`: a channel or a user."""
        if message.file:
            return files.share(self.client, self.channel_for(target), message.text, message.file, mark.tag)
        try:
            response = _with_plain(message, lambda blocks: self._post(target, message, blocks, mark))
        except Unanswered as silence:
            raise InDoubt(*silence.args) from silence
        return str(response["channel"]), str(response["ts"])

    def _post(self, target: str, message: Message, blocks: Blocks, mark: Mark) -> SlackResponse:
        return self.client.chat_postMessage(
            channel=target,
            text=message.text,
            blocks=blocks,
            thread_ts=message.thread,
            metadata={
                "event_type": EVENT_TYPE,
                "event_payload": _payload(mark),
            },
            unfurl_links=False,
            unfurl_media=False,
        )

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Update the message. Raises MessageGone."""
        if message.file:
            return
        if files.is_file(ts):
            files.take_back(self.client, channel, ts, message.text)
            return
        try:
            _with_plain(
                message,
                lambda blocks: self.client.chat_update(channel=channel, ts=ts, text=message.text, blocks=blocks),
            )
        except Refused as refusal:
            if str(refusal) in _NOT_THERE:
                raise MessageGone from refusal
            raise

    def publish(self, user: str, home: Message) -> None:
        """Publish the user's App Home."""
        call_slack(lambda: self.client.views_publish(user_id=user, view={"type": "home", "blocks": home.blocks}))

    def find(self, channel: str, tag: str, since: datetime, thread: str | None = None) -> str | None:
        """The ts of the message with this tag, in the channel or in this thread, or None. Raises HistoryUnreadable."""
        if not self.confirms:
            raise HistoryUnreadable
        try:
            for message in self._history(channel, since, thread):
                metadata = message.get("metadata") or {}
                if (metadata.get("event_payload") or {}).get("key") == tag:
                    return str(message["ts"])
                if file := files.carried(message, tag):
                    return file
        except Refused as refusal:
            if str(refusal) in _UNREADABLE:
                raise HistoryUnreadable from refusal
            raise
        return None

    def own_messages(self, channel: str, bot: str, pages: int | None = None) -> tuple[OwnMessage, ...]:
        """See `bot.usecases.transport.Slack`."""
        found: list[OwnMessage] = []
        with suppress(HistoryUnreadable):  # there are more pages
            for message in self._history(channel, datetime.fromtimestamp(0, UTC), None, pages):
                found.extend(_own(message, bot))
        return tuple(found)

    def _history(
        self, channel: str, since: datetime, thread: str | None, pages: int | None = PAGES
    ) -> Iterator[dict[str, Any]]:
        if thread:
            read = partial(self.client.conversations_replies, ts=thread)
        else:
            read = partial(self.client.conversations_history)
        cursor = ""
        for _ in repeat(None) if pages is None else repeat(None, pages):
            page = call_slack(
                lambda cursor=cursor: read(  # type: ignore[misc]
                    channel=channel,
                    oldest=f"{since.timestamp():.6f}",
                    include_all_metadata=True,
                    limit=200,
                    cursor=cursor or None,
                )
            )
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise HistoryUnreadable


def _with_plain(message: Message, send: Callable[[Blocks], SlackResponse]) -> SlackResponse:
    """What Slack answered; where it refuses the blocks, to the plain ones, if there are any. See `call_slack`."""
    try:
        return call_slack(lambda: send(message.blocks))
    except Refused as refusal:
        plain = message.plain
        if plain is None or str(refusal) != _REFUSED_BLOCKS:
            raise
        return call_slack(lambda: send(plain))


def _payload(mark: Mark) -> dict[str, str | int]:
    return {"key": mark.tag, "record": mark.record, **mark.numbers}


def _own(message: dict[str, Any], bot: str) -> Iterator[OwnMessage]:
    """Any app may post what is marked like ours, and only the bot's own can be edited."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == EVENT_TYPE and message.get("bot_id") == bot:
        payload = metadata.get("event_payload") or {}
        has_buttons = any(block.get("type") == "actions" for block in message.get("blocks") or ())
        numbers = {name: value for name, value in payload.items() if isinstance(value, int)}
        mark = Mark(str(payload.get("key")), str(payload.get("record")), numbers)
        yield OwnMessage(str(message["ts"]), mark, has_buttons, _case_versions(message.get("blocks")))


def _case_versions(blocks: object) -> dict[int, int]:
    """The cases that a message's buttons name, and the newest version at which one of each was drawn."""
    return dict(sorted((int(case), int(version)) for case, version in _CASE.findall(json.dumps(blocks))))


def _about_entry(call: Callable[[], SlackResponse]) -> SlackResponse:
    """See `call_slack`. Raises NoSuchEntry where Slack refuses because of the one user or group that is asked about."""
    try:
        return call_slack(call)
    except Refused as refusal:
        if str(refusal) in _NO_SUCH_ENTRY:
            raise NoSuchEntry(*refusal.args) from refusal
        raise
