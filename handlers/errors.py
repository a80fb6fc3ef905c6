"""Turns every exception that a request raises into the answer to Slack; `handlers/shared/refusals.py` has most
texts.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from logging import ERROR, NOTSET, WARNING
from typing import Any, Final

from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackClientError

from bot.language import _
from bot.rules.refusals import MeantAnother, NotReady, NotRecorded, OtherWorkspace, Outdated, Refusal, Wrong
from handlers.blockkit.blocks import View
from handlers.client.forms import Forms
from handlers.parsing.reading import Malformed, optional
from handlers.shared.outdated import form_with_news
from handlers.shared.refusals import beside_fields, failure_text, failure_view, refusal_text, refusal_view

log = logging.getLogger(__name__)

OPENING_FAILED: Final = _(
    "The form did not open: Slack could not be reached in time. Nothing is lost, please try again."
)


class Asked(StrEnum):
    """What Slack sent, which decides how it takes an answer."""

    FORM = "form"
    CLICK = "click"  # a button, a menu, a shortcut
    COMMAND = "command"
    SUGGESTION = "suggestion"
    EVENT = "event"  # something happened, and nobody waits for an answer


KINDS: Final = {
    "view_submission": Asked.FORM,
    "block_suggestion": Asked.SUGGESTION,
    "event_callback": Asked.EVENT,
    "app_rate_limited": Asked.EVENT,
    "view_closed": Asked.EVENT,
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A request during which `error` was raised. `reference` finds it in the log."""

    error: Exception
    body: dict[str, Any]
    forms: Forms
    reference: str

    @property
    def asked(self) -> Asked:
        """What Slack sent."""
        return Asked.COMMAND if "command" in self.body else KINDS.get(str(self.body.get("type")), Asked.CLICK)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a failure is answered, and the line in the log; none where the level is NOTSET."""

    respond: Callable[[Failure], BoltResponse]
    level: int = NOTSET
    line: str = ""


@dataclass(frozen=True, slots=True)
class ErrorAnswers:
    """Answers a request during which something raised."""

    forms: Forms

    def answer(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """A text for the person where Slack shows one; otherwise a status and a log line."""
        return _answered(Failure(error, body, self.forms, secrets.token_hex(4)))


def row_of(error: Exception) -> "ErrorRow":
    """The first row whose classes the error is of."""
    return next(row for row in ERRORS if isinstance(error, row.classes))


def _answered(failure: Failure) -> BoltResponse:
    error, answer = failure.error, getattr(row_of(failure.error), failure.asked)
    if answer.level:
        where = str(error) if isinstance(error, Malformed) else type(error).__name__
        ids = {"reference": failure.reference, "where": where}
        log.log(answer.level, answer.line, exc_info=error if answer.level >= ERROR else None, extra={"ids": ids})
    response: BoltResponse = answer.respond(failure)
    return response


def bad_request(reference: str) -> BoltResponse:
    """For what Slack would never send."""
    return BoltResponse(status=400, body={"error": "malformed", "reference": reference})


def _acknowledged(_: Failure) -> BoltResponse:
    """For an event that is for nobody here, or of a shape that nobody knows: Slack need not send it again."""
    return BoltResponse(status=200, body="")


def _beside_fields(failure: Failure) -> BoltResponse:
    """What the person can correct is said beside its field, and the form stays."""
    inputs = _inputs(failure.body)
    errors = {block: text for block, text in beside_fields(failure.error).items() if block in inputs}
    return _errors(errors) if errors else _instead_of_form(failure)


def _beside_first_field(failure: Failure) -> BoltResponse:
    """What is about no field: the form stays as it is filled in. A form without fields is replaced."""
    inputs, error = _inputs(failure.body), failure.error
    if not inputs:
        return _instead_of_form(failure)
    return _errors({inputs[0]: refusal_text(error) if isinstance(error, Refusal) else failure_text(failure.reference)})


def _with_news(failure: Failure) -> BoltResponse:
    sent = failure.body.get("view")
    again = form_with_news(sent, failure.error) if isinstance(failure.error, Outdated) else None
    return _updated(again or _view(failure))


def _instead_of_form(failure: Failure) -> BoltResponse:
    return _updated(_view(failure))


def _in_new_view(failure: Failure) -> BoltResponse:
    """After a click or a command: a small view that says why."""
    try:
        failure.forms.open(failure.body, _view(failure))
    except _UNREACHABLE as error:
        return _answered(replace(failure, error=error))
    return BoltResponse(status=200, body="")


def _warning_sign(_: Failure) -> BoltResponse:
    """For a button Slack shows no text; this makes it show a warning sign."""
    return BoltResponse(status=500, body="")


def _in_private(failure: Failure) -> BoltResponse:
    """After a command: a text that only this person sees. It takes no call to Slack."""
    text = refusal_text(failure.error) if isinstance(failure.error, Refusal) else OPENING_FAILED
    return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})


def _forbidden(_: Failure) -> BoltResponse:
    """For a click in another workspace, where we can open nothing: Slack shows a warning sign at the button."""
    return BoltResponse(status=403, body="")


def _no_options(_: Failure) -> BoltResponse:
    """The field offers nothing for now; people can go on typing."""
    return BoltResponse(status=200, body={"options": []})


def _sent_again(_: Failure) -> BoltResponse:
    """Slack sends the event again."""
    return BoltResponse(status=500, body="")


def _view(failure: Failure) -> View:
    return refusal_view(failure.error) if isinstance(failure.error, Refusal) else failure_view(failure.reference)


def _errors(errors: dict[str, str]) -> BoltResponse:
    return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})


def _updated(view: View) -> BoltResponse:
    return BoltResponse(status=200, body={"response_action": "update", "view": view})


def _inputs(body: dict[str, Any]) -> list[str]:
    """The block IDs of the form's fields, in order."""
    blocks = optional(body, "view", "blocks")
    found = [block for block in blocks if optional(block, "type") == "input"] if isinstance(blocks, list) else []
    return [block for block in (optional(each, "block_id") for each in found) if isinstance(block, str)]


_UNREACHABLE: Final = (SlackClientError, OSError)
NOT_SLACKS: Final = "not a request of Slack's"
_BAD_REQUEST: Final = Answer(lambda failure: bad_request(failure.reference), WARNING, NOT_SLACKS)
_ODD_FORM: Final = Answer(_beside_first_field, WARNING, NOT_SLACKS)
_ODD_EVENT: Final = Answer(_acknowledged, WARNING, NOT_SLACKS)
_BROKE: Final = "a listener broke"
_NO_OPTIONS: Final = Answer(_no_options, ERROR, _BROKE)
_SENT_AGAIN: Final = Answer(_sent_again, ERROR, _BROKE)
_BROKEN_FORM: Final = Answer(_beside_first_field, ERROR, _BROKE)
_BROKEN_VIEW: Final = Answer(_in_new_view, ERROR, _BROKE)
_NOT_OPENED: Final = "a form did not open"
_FOREIGN: Final = "a request of another workspace"
_NOT_READY: Final = "the workspace is not known yet"


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """Classes of errors, and how they are answered, by what Slack sent."""

    classes: tuple[type[Exception], ...]
    form: Answer
    click: Answer = Answer(_in_new_view)
    command: Answer = Answer(_in_new_view)
    suggestion: Answer = _NO_OPTIONS
    event: Answer = _SENT_AGAIN


ERRORS: Final = (
    ErrorRow((Malformed,), _ODD_FORM, _BAD_REQUEST, _BAD_REQUEST, _BAD_REQUEST, _ODD_EVENT),
    ErrorRow(
        (BoltUnhandledRequestError,), _BAD_REQUEST, _BAD_REQUEST, _BAD_REQUEST, _BAD_REQUEST, Answer(_acknowledged)
    ),
    ErrorRow(
        (OtherWorkspace,),
        Answer(_instead_of_form, WARNING, _FOREIGN),
        Answer(_forbidden, WARNING, _FOREIGN),
        Answer(_in_private, WARNING, _FOREIGN),
        Answer(_no_options, WARNING, _FOREIGN),
        Answer(_acknowledged, WARNING, _FOREIGN),
    ),
    ErrorRow(
        (NotReady,),
        Answer(_beside_first_field, WARNING, _NOT_READY),
        Answer(_warning_sign, WARNING, _NOT_READY),
        Answer(_in_private, WARNING, _NOT_READY),
        Answer(_no_options, WARNING, _NOT_READY),
        Answer(_sent_again, WARNING, _NOT_READY),
    ),
    ErrorRow((Wrong, MeantAnother), Answer(_beside_fields)),
    ErrorRow((Outdated,), Answer(_with_news)),
    ErrorRow((NotRecorded,), Answer(_beside_first_field, ERROR, "nothing was recorded")),
    ErrorRow((Refusal,), Answer(_instead_of_form), suggestion=Answer(_no_options)),
    ErrorRow(
        _UNREACHABLE,
        _BROKEN_FORM,
        Answer(_warning_sign, WARNING, _NOT_OPENED),
        Answer(_in_private, WARNING, _NOT_OPENED),
    ),
    ErrorRow((Exception,), _BROKEN_FORM, _BROKEN_VIEW, _BROKEN_VIEW),
)
"""Every error, the first row that it is of."""
