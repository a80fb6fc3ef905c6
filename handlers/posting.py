"""Slack's Web API as the delivery loop needs it: its answers sorted into the few that matter."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.desk.slack import InDoubt, Message, MessageGone, RateLimited, Refused, Unanswered, Unreadable

TIMEOUT: Final = 5  # seconds; well inside half of a delivery's lease
EVENT_TYPE: Final = "backstop_notice"
PAGES: Final = 5  # of history, 200 messages each, that are searched for a message
_AMBIGUOUS: Final = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org", "not_slack"}
)
_UNREADABLE: Final = frozenset({"missing_scope", "not_in_channel", "channel_not_found", "method_not_supported"})
_NOT_THERE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_NO_PAUSE_NAMED: Final = 30.0


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
                if (metadata.get("event_payload") or {}).get("key") == tag:
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


def asked(call: Callable[[], SlackResponse]) -> SlackResponse:
    """What Slack answered.

    Raises:
        RateLimited: with the pause that Slack named.
        Refused: with the name that Slack gave the reason.
        Unanswered: nobody knows whether it was carried out.
    """
    try:
        return call()
    except SlackApiError as error:
        raise _sorted(error.response) from error
    except (OSError, HTTPException, json.JSONDecodeError) as error:
        raise Unanswered(type(error).__name__) from error


def _sorted(response: Any) -> Exception:  # noqa: ANN401 - the SDK gives a SlackResponse or a plain dict
    status = getattr(response, "status_code", 200)
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        headers = {name.lower(): value for name, value in response.headers.items()}
        return RateLimited(_seconds(headers.get("retry-after")))
    code = str(response.data.get("error", "")) if isinstance(response.data, dict) else ""
    code = code if code.isidentifier() else "not_slack"  # of a proxy's page the library puts the words there
    if code == "ratelimited":
        return RateLimited(_NO_PAUSE_NAMED)
    if status >= 500 or code in _AMBIGUOUS:  # noqa: PLR2004 - a server's error
        return Unanswered(code)
    return Refused(code)


def _seconds(named: object) -> float:
    """Slack names whole seconds; anything else is taken as a pause of our own choice."""
    text = named[0] if isinstance(named, list) else named
    return min(float(text), 300.0) if isinstance(text, str) and text.isdigit() else _NO_PAUSE_NAMED
