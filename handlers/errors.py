"""Turns every exception that a request raises into the answer to Slack; `handlers/shared/refusals.py` has most
texts.
"""

import logging
import secrets
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackClientError

from bot.language import _
from bot.rules.refusals import NotRecorded, Outdated, Refusal
from handlers.client.forms import Forms
from handlers.parsing.reading import Malformed
from handlers.shared.outdated import form_with_news
from handlers.shared.refusals import beside_fields, failure_text, failure_view, refusal_text, refusal_view

log = logging.getLogger(__name__)

OPENING_FAILED: Final = _(
    "The form did not open: Slack could not be reached in time. Nothing is lost, please try again."
)
_SLACK_UNREACHABLE: Final = (SlackClientError, OSError)


@dataclass(frozen=True, slots=True)
class ErrorAnswers:
    """Answers a request during which something raised."""

    forms: Forms

    def answer(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """A text for the person where Slack shows one; otherwise a status and a log line."""
        if isinstance(error, Malformed | BoltUnhandledRequestError):
            return _bad_request(error)
        match body.get("type"):
            case "view_submission":
                return _in_form(error, body)
            case "block_suggestion":  # the field offers nothing for now; people can go on typing
                _logged(error)
                return BoltResponse(status=200, body={"options": []})
            case "event_callback":  # Slack sends the event again
                _logged(error)
                return BoltResponse(status=500, body="")
        return self._in_new_view(error, body)

    def _in_new_view(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """After a click or a command: a small view that says why."""
        if isinstance(error, _SLACK_UNREACHABLE):
            return _not_opened(error, body)
        view = refusal_view(error) if isinstance(error, Refusal) else failure_view(_logged(error))
        try:
            self.forms.open(body, view)
        except _SLACK_UNREACHABLE as failure:
            return _not_opened(failure, body)
        return BoltResponse(status=200, body="")


def _in_form(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """What the person can correct is said beside its field, and the form stays. A refusal replaces the form."""
    errors = _field_errors(error, body)
    if not errors and isinstance(error, Refusal):
        view = form_with_news(body["view"], error) if isinstance(error, Outdated) else refusal_view(error)
        return BoltResponse(status=200, body={"response_action": "update", "view": view})
    errors = errors or {_first_input(body): failure_text(_logged(error))}
    return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})


def _field_errors(error: Exception, body: dict[str, Any]) -> dict[str, str]:
    """The texts beside fields, by block ID. What could not be recorded is said at the first field, so that the form
    stays as filled in.
    """
    if isinstance(error, NotRecorded):
        log.error("nothing was recorded", exc_info=error)
        return {_first_input(body): refusal_text(error)}
    return beside_fields(error) if isinstance(error, Refusal) else {}


def _first_input(body: dict[str, Any]) -> str:
    return str(next(block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"))


def _bad_request(error: Exception) -> BoltResponse:
    reference = _reference()
    where = str(error) if isinstance(error, Malformed) else "no listener"
    log.warning("not a request of Slack's", extra={"ids": {"reference": reference, "where": where}})
    return BoltResponse(status=400, body={"error": "malformed", "reference": reference})


def _not_opened(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """After a command Slack shows this text. For a button it has no text: status 500 makes it show a warning sign."""
    log.warning("a form did not open", extra={"ids": {"error": type(error).__name__}})
    if "command" in body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": OPENING_FAILED})
    return BoltResponse(status=500, body="")


def _logged(error: Exception) -> str:
    """The reference under which the log has the error."""
    reference = _reference()
    log.error("a listener broke", exc_info=error, extra={"ids": {"reference": reference}})
    return reference


def _reference() -> str:
    return secrets.token_hex(4)
