"""Slack's Web API as the delivery loop needs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.usecases.transport import InDoubt, Message, MessageGone, Refused, Unanswered, Unreadable
from handlers.client import files
from handlers.client.answers import asked

TIMEOUT: Final = 5  # seconds; well inside half of a delivery's lease
EVENT_TYPE: Final = "backstop_notice"
PAGES: Final = 5  # of history, 200 messages each, that are searched for a message
_UNREADABLE: Final = frozenset({"missing_scope", "not_in_channel", "channel_not_found", "method_not_supported"})
_NOT_THERE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


def posting_client(token: str, api_url: str) -> WebClient:
    """A client that never retries by itself: a POST whose connection dropped may have been carried out."""
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT, retry_handlers=[])


@dataclass(frozen=True, slots=True)
class Poster:
    """See `bot.desk.slack.Slack`."""

    client: WebClient

    def channel_for(self, target: str) -> str:
        """The channel itself, or the direct-message channel of a user."""
        if not target.startswith(("U", "W")):
            return target
        return str(asked(lambda: self.client.conversations_open(users=[target]))["channel"]["id"])

    def post(self, target: str, message: Message, tag: str) -> tuple[str, str]:
        """Post it with the tag in its metadata; its channel and ts. A user's ID opens the direct message by itself."""
        if message.file:
            return files.share(self.client, self.channel_for(target), message.text, message.file, tag)
        try:
            response = asked(lambda: self._post(target, message, tag))
        except Unanswered as silence:
            raise InDoubt(*silence.args) from silence
        if not (response.get("ts") and response.get("channel")):
            raise InDoubt("no_ts")
        return str(response["channel"]), str(response["ts"])

    def _post(self, target: str, message: Message, tag: str) -> SlackResponse:
        return self.client.chat_postMessage(
            channel=target,
            text=message.text,
            blocks=message.blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": tag}},
            unfurl_links=False,
            unfurl_media=False,
        )

    def edit(self, channel: str, ts: str, message: Message) -> None:
        """Make the message show this now. Raises MessageGone."""
        if message.file:
            return
        try:
            asked(lambda: self.client.chat_update(channel=channel, ts=ts, text=message.text, blocks=message.blocks))
        except Refused as refusal:
            if str(refusal) in _NOT_THERE:
                raise MessageGone from refusal
            raise

    def publish(self, user: str, home: Message) -> None:
        """Make the user's App Home show these blocks now."""
        asked(lambda: self.client.views_publish(user_id=user, view={"type": "home", "blocks": home.blocks}))

    def find(self, channel: str, tag: str, since: datetime) -> str | None:
        """The ts of the message with this tag, or None. Raises Unreadable."""
        try:
            for message in self._history(channel, since):
                metadata = message.get("metadata") or {}
                if (metadata.get("event_payload") or {}).get("key") == tag or files.carries(message, tag):
                    return str(message["ts"])
        except Refused as refusal:
            if str(refusal) in _UNREADABLE:
                raise Unreadable from refusal
            raise
        return None

    def _history(self, channel: str, since: datetime) -> Iterator[dict[str, Any]]:
        cursor = ""
        for _ in range(PAGES):
            page = asked(
                lambda cursor=cursor: self.client.conversations_history(  # type: ignore[misc]
                    channel=channel,
                    oldest=f"{since.timestamp():.6f}",
                    include_all_metadata=True,
                    limit=200,
                    cursor=cursor or None,
                )
            )
            yield from page.get("messages") or ()
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise Unreadable
