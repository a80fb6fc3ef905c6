"""Calls Slack's Web API, raises one of three exceptions for every failure, and keeps what Slack has answered."""

import threading
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import Clock
from slack_sdk.web import SlackResponse

from bot.counts import Counts
from bot.usecases.transport import RateLimited, Refused, RetryLater, Shown, Unanswered

_AMBIGUOUS: Final = frozenset(
    {
        "internal_error",
        "fatal_error",
        "request_timeout",
        "service_unavailable",
        "not_slack",
        "team_added_to_org",
        "org_login_required",  # the workspace is being moved into an organisation
    }
)
_PAUSES: Final = frozenset({"ratelimited", "rate_limited"})  # the second is what some methods of chat say
_DEFAULT_PAUSE: Final = 30.0
OK: Final = "ok"
SOON: Final = 1.0  # seconds
FURTHEST_CLOCK: Final = 60.0  # seconds that this machine's clock may differ from Slack's
_EVERY_TIME: Final = 2  # refusals in a row, with nothing accepted in between
SENT: Final[Mapping[str, Shown]] = {
    "views.open": Shown.FORMS,
    "views.push": Shown.FORMS,
    "views.update": Shown.FORMS,
    "chat.postMessage": Shown.POSTS,
    "chat.update": Shown.POSTS,
}
"""What people see of the bot, by the method that sends it."""
# What Slack answers for one person, form or channel, and what says nothing of the others.
_OF_ONE: Final = frozenset(
    {
        "expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged", "invalid_trigger_id",
        "not_found", "view_not_found", "hash_conflict", "push_limit_reached",
        "message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found",
        "channel_not_found", "not_in_channel", "is_archived", "user_not_found", "user_disabled", "user_not_visible",
        "cannot_dm_bot", "messages_tab_disabled", "cannot_reply_to_message", "user_not_in_channel",
    }
)  # fmt: skip
_OF_ONE_CHANNEL: Final = "restricted_action"  # and what Slack adds to it: who may write there, and where


class SlackAnswers:
    """What Slack has answered in this process, for figures and warnings. Threads may share it.

    `counts`: by method and answer. `ahead`: by how many seconds this machine's clock is ahead of Slack's; None until
    Slack has said what time it is.
    """

    def __init__(self) -> None:
        self.counts = Counts()
        self.ahead: float | None = None
        self._workspace_url: str | None = None
        self._lock = threading.Lock()
        self._in_a_row: dict[Shown, tuple[str, int]] = {}

    def note(self, method: str, answer: str, headers: Mapping[str, Any]) -> None:
        """Slack answered. `answer`: OK, or the name of the error."""
        self.counts.add(method, answer)
        self.ahead = seconds_ahead(headers) if seconds_ahead(headers) is not None else self.ahead
        kind = SENT.get(method)
        of_one = answer in _OF_ONE or answer.startswith(_OF_ONE_CHANNEL)
        if kind is None or of_one or answer in _AMBIGUOUS or answer in _PAUSES:
            return
        with self._lock:
            _, before = self._in_a_row.pop(kind, ("", 0))
            if answer != OK:
                self._in_a_row[kind] = (answer, before + 1)

    def note_workspace(self, answer: SlackResponse) -> None:
        """Slack answered `auth.test`."""
        self._workspace_url = str(answer.get("url") or "")

    def workspace_url(self) -> str:
        """The workspace's address, such as "https://firm.slack.com/"; "" if Slack left it out.

        Raises RetryLater as long as Slack has not said.
        """
        if self._workspace_url is None:
            raise RetryLater(SOON)
        return self._workspace_url

    def refused_every_time(self) -> dict[Shown, str]:
        """Slack's name for the error, by what of the bot Slack has refused the last ones of."""
        with self._lock:
            return {kind: error for kind, (error, times) in self._in_a_row.items() if times >= _EVERY_TIME}


class CutOff(OSError):  # noqa: N818 - what happened
    """An answer that is none of Slack's, or not all of it: nobody knows whether the call was carried out."""


_NOT_READ: Final = (HTTPException, ValueError, LookupError, AttributeError, TypeError)
"""What is raised over an answer that is cut off, in no known encoding, no JSON object, or lacks what it always has."""


_SAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "auth.test": ("user_id",),
    "chat.postMessage": ("channel", "ts"),
    "chat.update": ("ts",),
    "conversations.history": ("messages",),
    "conversations.info": ("channel",),
    "conversations.open": ("channel",),
    "conversations.replies": ("messages",),
    "files.completeUploadExternal": ("files",),
    "files.getUploadURLExternal": ("upload_url", "file_id"),
    "files.info": ("file",),
    "usergroups.users.list": ("users",),
    "users.info": ("user",),
}
"""By method, what its answer always has. Without it nothing is known: neither that nobody is a manager, nor that a
message is not there."""


class CountingClient(WebClient):
    """Slack's client, of which it is kept what Slack answers."""

    def __init__(self, answers: SlackAnswers, **settings: Any) -> None:  # noqa: ANN401 - the library's own arguments
        super().__init__(**settings)
        self._answers = answers

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:  # noqa: ANN401 - likewise
        """See the library's."""
        try:
            response = super().api_call(api_method, **arguments)
            _refuse_hollow(api_method, response)
        except SlackApiError as error:
            self._answers.note(api_method, _name(error.response), getattr(error.response, "headers", {}))
            raise
        except OSError as error:
            self._answers.counts.add(api_method, type(error).__name__)
            raise
        except _NOT_READ as error:
            self._answers.counts.add(api_method, type(error).__name__)
            raise CutOff(type(error).__name__) from error
        self._answers.note(api_method, OK, response.headers)
        if api_method == "auth.test":
            self._answers.note_workspace(response)
        return response


def _refuse_hollow(method: str, response: SlackResponse) -> None:
    if any(response.get(said) is None for said in _SAYS.get(method, ())):
        raise LookupError


def seconds_ahead(headers: Mapping[str, Any]) -> float | None:
    """By how much this machine's clock is ahead of the one in an answer's `Date`; None without one."""
    said = next((value for name, value in headers.items() if name.lower() == "date"), None)
    try:
        there = parsedate_to_datetime(said[0] if isinstance(said, list) else str(said))
    except (ValueError, IndexError):
        return None
    return float(Clock().now() - there.timestamp())


def _name(response: Any) -> str:  # noqa: ANN401 - the SDK gives a SlackResponse or a plain dict
    failure = _sorted(response)
    return "ratelimited" if isinstance(failure, RateLimited) else str(failure)


def call_slack(call: Callable[[], SlackResponse]) -> SlackResponse:
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
    except (OSError, *_NOT_READ) as error:
        raise Unanswered(type(error).__name__) from error


def _sorted(response: Any) -> Exception:  # noqa: ANN401 - the SDK gives a SlackResponse or a plain dict
    status = getattr(response, "status_code", 200)
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        headers = {name.lower(): value for name, value in response.headers.items()}
        return RateLimited(_seconds(headers.get("retry-after")))
    code = str(response.data.get("error", "")) if isinstance(response.data, dict) else ""
    code = code if code.isidentifier() else "not_slack"  # for a proxy's page, the library puts its text there
    if code in _PAUSES:
        return RateLimited(_DEFAULT_PAUSE)
    if status >= 500 or code in _AMBIGUOUS:  # noqa: PLR2004 - a server's error
        return Unanswered(code)
    return Refused(code)


def _seconds(named: object) -> float:
    """Slack sends whole seconds. For anything else, a pause of our own."""
    text = named[0] if isinstance(named, list) else named
    return min(float(text), 300.0) if isinstance(text, str) and text.isdigit() else _DEFAULT_PAUSE
