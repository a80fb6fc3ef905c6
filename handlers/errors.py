"""Whatever the desk or Slack raised, put into an answer that Slack shows: the one place that translates."""

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
from handlers.parsing.reading import FieldErrors, Malformed
from handlers.shared.outdated import asked_again
from handlers.shared.refusals import beside_fields, refusal_text, refused, trouble, trouble_text

log = logging.getLogger(__name__)

OPENING_FAILED: Final = _(
    "The form did not open: Slack could not be reached in time. Nothing is lost, please try again."
)
_SLACK_IS_AWAY: Final = (SlackClientError, OSError)


@dataclass(frozen=True, slots=True)
class Edge:
    """What went wrong, as the answer to the request during which it did."""

    forms: Forms

    def answer(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """Words for the person where there is one to read them, a status and a log line where there is not."""
        if isinstance(error, Malformed | BoltUnhandledRequestError):
            return _bad_request(error)
        kind = body.get("type")
        if kind == "view_submission":
            return _in_the_form(error, body)
        if kind == "block_suggestion":
            return _options_later(error)
        if kind == "event_callback":
            return _retry_later(error)
        return self._beside(error, body)

    def _beside(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """After a click or a command: a small form that says why."""
        if isinstance(error, _SLACK_IS_AWAY):
            return _not_opened(error, body)
        view = refused(error) if isinstance(error, Refusal) else trouble(_logged(error))
        try:
            self.forms.open(body, view)
        except _SLACK_IS_AWAY as failure:
            return _not_opened(failure, body)
        return BoltResponse(status=200, body="")


def _in_the_form(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """What the person can mend stands beside its field, and the form stays; a refusal takes the form's place."""
    errors = _field_errors(error, body)
    if errors:
        return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})
    if isinstance(error, Refusal):
        view = asked_again(body["view"], error) if isinstance(error, Outdated) else refused(error)
        return BoltResponse(status=200, body={"response_action": "update", "view": view})
    words = trouble_text(_logged(error))
    return BoltResponse(status=200, body={"response_action": "errors", "errors": {_first_input(body): words}})


def _field_errors(error: Exception, body: dict[str, Any]) -> dict[str, str]:
    """By block. What could not be recorded is said at the first field: the form stays with all that is in it."""
    if isinstance(error, FieldErrors):
        return error.errors
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


def _options_later(error: Exception) -> BoltResponse:
    """The type-ahead shows nothing for now; the rep can go on typing."""
    _logged(error)
    return BoltResponse(status=200, body={"options": []})


def _retry_later(error: Exception) -> BoltResponse:
    """Slack sends an event again where it was not taken."""
    _logged(error)
    return BoltResponse(status=500, body="")


def _not_opened(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Slack shows the words to who typed a command, and a warning sign at a button that was not answered."""
    log.warning("a form did not open", extra={"ids": {"error": type(error).__name__}})
    if "command" in body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": OPENING_FAILED})
    return BoltResponse(status=500, body="")


def _logged(error: Exception) -> str:
    reference = _reference()
    log.error("a listener broke", exc_info=error, extra={"ids": {"reference": reference}})
    return reference


def _reference() -> str:
    return secrets.token_hex(4)
