"""Tries on Slack itself what only Slack can tell: messages, direct messages, every view. It cleans up afterwards."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.rules.records import CHANGE, KEY
from bot.settings.load import Settings
from bot.usecases.transport import HistoryUnreadable, Message, RateLimited, Refused, TransportError
from handlers.client.answers import call_slack
from handlers.client.checkup import WORDS, Finding, WrongError
from handlers.client.transport import SlackTransport
from handlers.live.every_view import Drawn
from handlers.live.upload import Left, try_upload
from handlers.record_keys import with_keys

Answer = TypeVar("Answer")
Json = dict[str, Any]

EVENT_TYPE: Final = "backstop_check"  # not that of notices, which are held against the record
POSTED: Final = "Backstop tries whether it can post here. This message goes away by itself."
EDITED: Final = "Backstop tries whether it can edit its message. It goes away by itself."
MESSAGE_UNREAD: Final = "a message was posted, edited and deleted; it was not looked for, since CONFIRM_POSTS is off"
MESSAGE_FINE: Final = "a message was posted, found again by its metadata, edited and deleted"
LEFT_OVER: Final = timedelta(minutes=10)  # after that no check is still at work on its message
MOST_PAUSES: Final = 10
SOON: Final = 2.0  # seconds until Slack shows a message whose answer did not come
MOST_REASONS: Final = 3
_INVALID: Final = frozenset({"invalid_blocks", "invalid_message", "invalid_view"})
_REPORT: Final = "Open an issue with this output: it holds no secrets and no names."
_BY_HAND: Final = "delete it by hand"
_NOT_FOUND: Final = WrongError(
    "a message that was posted is not found by its metadata, so that a doubtful one could be posted twice",
    "see whether another app or a setting of the workspace hides messages from the bot",
)
FORMS: Final = Finding(
    ok=True,
    what=(
        "Forms: only a person can open one. In Slack, type /report-abuse test, and press Cancel in the form that "
        "opens. Do the same with Report a customer among the shortcuts, with Report customer in a message's "
        "menu, and with the button in the app's Home. Only a person can press a button in a message, too, and "
        "attach a file: report a customer that does not exist, as minor, with a file, and press Withdraw afterwards."
    ),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """Calls Slack. `pause` waits for so many seconds, where Slack asks for it."""

    client: WebClient
    settings: Settings
    clock: Callable[[], datetime]
    pause: Callable[[float], None]

    def run(self, drawn: Callable[[str], Iterator[Drawn]]) -> Iterator[Finding]:
        """A finding for each thing that was tried. `drawn`: every view, by the ID of somebody at Slack.

        Stopped by KeyboardInterrupt, it cleans up; the exception says what it could not.
        """
        try:
            user = str(self._patiently(lambda: call_slack(self.client.auth_test))["user_id"])
        except TransportError as failure:
            yield _wrong(failure).finding("SLACK_BOT_TOKEN")
            return
        settings = self.settings
        channels = {settings.summary_channel: "SUMMARY_CHANNEL", settings.management_channel: "MANAGEMENT_CHANNEL"}
        for channel, name in reversed(channels.items()):
            yield self._tried(name, partial(self._message, channel))
        yield self._tried("Direct messages", self._direct)
        yield self._tried("Files", self._file)
        yield from self._views(drawn(user))
        yield FORMS

    def _tried(self, subject: str, attempt: Callable[[], str]) -> Finding:
        try:
            return Finding(ok=True, what=f"{subject}: {attempt()}.")
        except TransportError as failure:
            return _wrong(failure).finding(subject)
        except WrongError as wrong:
            return wrong.finding(subject)

    def _patiently(self, call: Callable[[], Answer]) -> Answer:
        """What Slack answered, after the pauses that it asked for."""
        for _ in range(MOST_PAUSES):
            try:
                return call()
            except RateLimited as limit:
                self.pause(limit.seconds)
        return call()

    def _message(self, channel: str) -> str:
        """Try a message. Raises WrongError, and KeyboardInterrupt, with what is left of it."""
        tag, ts = f"check.{secrets.token_hex(8)}", ""
        try:
            if self.settings.confirm_posts:
                self._remove_left_over(channel)
            ts = self._patiently(lambda: self._post(channel, tag))
            since = datetime.fromtimestamp(float(ts) - 1, UTC)
            if self.settings.confirm_posts and self._find(channel, tag, since) != ts:
                raise _NOT_FOUND
            self._patiently(lambda: call_slack(lambda: self.client.chat_update(channel=channel, ts=ts, text=EDITED)))
        except (TransportError, WrongError, KeyboardInterrupt) as stop:
            nothing = not ts and isinstance(stop, Refused | RateLimited)
            left = "" if nothing else self._clean(channel, tag, ts)
            if isinstance(stop, KeyboardInterrupt):
                raise KeyboardInterrupt(f"{left}: {_BY_HAND}" if left else "") from None
            raise _wrong(stop, left) from None
        if left := self._clean(channel, tag, ts):
            raise WrongError(left, _BY_HAND)
        return MESSAGE_FINE if self.settings.confirm_posts else MESSAGE_UNREAD

    @property
    def _slack(self) -> SlackTransport:
        return SlackTransport(self.client, confirms=self.settings.confirm_posts)

    def _post(self, channel: str, tag: str) -> str:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": tag}}
        post = partial(self.client.chat_postMessage, channel=channel, text=POSTED, metadata=metadata)
        return str(call_slack(post)["ts"])

    def _find(self, channel: str, tag: str, since: datetime) -> str | None:
        return self._patiently(lambda: self._slack.find(channel, tag, since))

    def _clean(self, channel: str, tag: str, ts: str) -> str:
        """Delete the message, also where nobody knows whether it was posted. Returns what is left, if anything is."""
        try:
            if not ts:
                self.pause(SOON)
                ts = self._find(channel, tag, self.clock() - LEFT_OVER) or ""
            if ts:
                self._delete(channel, ts)
        except TransportError:
            return f"a message of the bot's may be left in {channel}"
        return ""

    def _delete(self, channel: str, ts: str) -> None:
        self._patiently(lambda: call_slack(lambda: self.client.chat_delete(channel=channel, ts=ts)))

    def _remove_left_over(self, channel: str) -> None:
        """Delete what a check that was killed left there."""
        read = partial(self.client.conversations_history, channel=channel, limit=200, include_all_metadata=True)
        before = (self.clock() - LEFT_OVER).timestamp()
        for message in self._patiently(lambda: call_slack(read)).get("messages") or ():
            ours = (message.get("metadata") or {}).get("event_type") == EVENT_TYPE
            if ours and float(message["ts"]) < before:
                self._delete(channel, str(message["ts"]))

    def _direct(self) -> str:
        """Open a direct message with one of those in the settings, and write nothing there."""
        named = (*self.settings.managers, *self.settings.directors, *self.settings.operators)
        user = next((each for each in named if not each.startswith("S")), None)
        if user is None:
            groups = self._patiently(lambda: self._slack.members_of(named[0]))
            user = next(iter(groups), "")
        direct = self._patiently(lambda: self._slack.channel_for(user))
        if not self.settings.confirm_posts:
            return f"one with {user} can be opened; nothing was written there"
        self._patiently(lambda: call_slack(lambda: self.client.conversations_history(channel=direct, limit=1)))
        return f"one with {user} can be opened and read; nothing was written there"

    def _file(self) -> str:
        """Raises as `_message`."""
        try:
            return try_upload(self.client, self._patiently, self.pause)
        except Left as left:
            what = f"the file {left.file} of the bot's may be left"
            if isinstance(left.why, KeyboardInterrupt):
                raise KeyboardInterrupt(f"{what}: {_BY_HAND}") from None
            raise (_wrong(left.why, what) if isinstance(left.why, Exception) else WrongError(what, _BY_HAND)) from None

    def _views(self, drawn: Iterator[Drawn]) -> Iterator[Finding]:
        taken = refused = 0
        for each in drawn:
            try:
                reasons = self._refused(each)
            except TransportError as failure:
                yield _not_validated(failure, taken)
                return
            taken, refused = taken + (not reasons), refused + bool(reasons)
            if reasons:
                words = "; ".join(reasons[:MOST_REASONS])
                yield Finding(ok=False, what=f"View {each.name}: Slack would refuse it ({words}).", mend=_REPORT)
        if not refused:
            yield Finding(ok=True, what=f"Views: Slack takes all {taken}.")

    def _refused(self, drawn: Drawn) -> list[str]:
        """Why Slack would refuse this view. Where it only refuses the chart, the same without it counts."""
        shown = drawn.shown
        if not isinstance(shown, Message):
            return self._problems(view=shown)
        if drawn.name == "home":
            return self._problems(view={"type": "home", "blocks": shown.blocks})
        problems = self._problems(message={"blocks": shown.blocks})
        return self._problems(message={"blocks": shown.plain}) if problems and shown.plain else problems

    def _problems(self, **payload: Json) -> list[str]:
        keyed = with_keys(payload, lambda names: dict.fromkeys(names, "0" * (KEY + CHANGE)))
        try:
            self._patiently(lambda: call_slack(partial(self.client.blocks_validate, **keyed)))
        except Refused as refusal:
            if str(refusal) not in _INVALID:
                raise
            return [*_reasons(refusal)] or [str(refusal)]
        return []


def _reasons(refusal: Refused) -> Iterator[str]:
    error = refusal.__cause__
    found = error.response.get("errors") if isinstance(error, SlackApiError) else None
    for each in found or ():
        yield f"{each.get('pointer')}: {each.get('message')}" if isinstance(each, dict) else str(each)


def _not_validated(failure: TransportError, taken: int) -> Finding:
    """Slack did not validate a view, nor the rest then."""
    if str(failure) == "unknown_method":
        return Finding(ok=True, what="Views: not tried, since Slack has no blocks.validate here (unknown_method).")
    return _wrong(failure).finding(f"Views after the first {taken}" if taken else "Views")


def _wrong(failure: Exception, left: str = "") -> WrongError:
    """What went wrong, and what is left behind."""
    if isinstance(failure, WrongError):
        what, mend = failure.what, failure.mend
    else:
        code = str(failure) if isinstance(failure, Refused) else _CODES.get(type(failure), "unreachable")
        what, mend = WORDS.get(code, (f"Slack says {code}", "look that word up in Slack's documentation"))
    return WrongError(f"{what}; {left}", f"{_BY_HAND}, and {mend}") if left else WrongError(what, mend)


_CODES: Final[dict[type, str]] = {RateLimited: "ratelimited", HistoryUnreadable: "missing_scope"}
