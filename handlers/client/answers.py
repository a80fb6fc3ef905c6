"""Calls Slack's Web API, and turns every failure into one of three exceptions."""

import json
from collections.abc import Callable
from http.client import HTTPException
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.usecases.transport import RateLimited, Refused, Unanswered

_AMBIGUOUS: Final = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org", "not_slack"}
)
_DEFAULT_PAUSE: Final = 30.0


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
    except (OSError, HTTPException, json.JSONDecodeError) as error:
        raise Unanswered(type(error).__name__) from error


def _sorted(response: Any) -> Exception:  # noqa: ANN401 - the SDK gives a SlackResponse or a plain dict
    status = getattr(response, "status_code", 200)
    if status == 429:  # noqa: PLR2004 - Too Many Requests
        headers = {name.lower(): value for name, value in response.headers.items()}
        return RateLimited(_seconds(headers.get("retry-after")))
    code = str(response.data.get("error", "")) if isinstance(response.data, dict) else ""
    code = code if code.isidentifier() else "not_slack"  # for a proxy's page, the library puts its text there
    if code == "ratelimited":
        return RateLimited(_DEFAULT_PAUSE)
    if status >= 500 or code in _AMBIGUOUS:  # noqa: PLR2004 - a server's error
        return Unanswered(code)
    return Refused(code)


def _seconds(named: object) -> float:
    """Slack sends whole seconds. For anything else, a pause of our own."""
    text = named[0] if isinstance(named, list) else named
    return min(float(text), 300.0) if isinstance(text, str) and text.isdigit() else _DEFAULT_PAUSE
