"""How a request is answered during which something raised, by what Slack takes: beside a field, in a view, as a status.

`handlers/errors.py` says which error is answered how; `handlers/shared/refusals.py` has most texts.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Final

from slack_bolt import BoltResponse
from slack_sdk.webhook import WebhookClient

from bot.language import _
from bot.rules.refusals import MeantAnother, Outdated, Refusal
from handlers.blockkit.blocks import View
from handlers.client.forms import Forms
from handlers.parsing.reading import optional
from handlers.shared.did_you_mean import form_that_asks
from handlers.shared.outdated import form_with_news
from handlers.shared.refusals import beside_fields, refusal_text, refusal_view
from handlers.shared.trouble import failure_text, failure_view

OPENING_FAILED: Final = _(
    "The form did not open: Slack could not be reached in time. Nothing is lost, please try again."
)


ANSWER_IN: Final = 1  # seconds: Slack waits three, and opening the form has taken two


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
    """A request during which `error` was raised. `reference` finds it in the log.

    `keyed`: adds the keys of the records that a view names, see `handlers.record_keys`. Raises NotRecorded.
    """

    error: Exception
    body: dict[str, Any]
    forms: Forms
    keyed: Callable[[View], View]
    reference: str

    @property
    def asked(self) -> Asked:
        """What Slack sent."""
        return Asked.COMMAND if "command" in self.body else KINDS.get(str(self.body.get("type")), Asked.CLICK)


def bad_request(reference: str) -> BoltResponse:
    """For what Slack would never send."""
    return BoltResponse(status=400, body={"error": "malformed", "reference": reference})


def acknowledged(_: Failure) -> BoltResponse:
    """For an event that is for nobody here, or of a shape that nobody knows: Slack need not send it again."""
    return BoltResponse(status=200, body="")


def beside_each_field(failure: Failure) -> BoltResponse:
    """What the person can correct is said beside its field, and the form stays."""
    inputs = _inputs(failure.body)
    errors = {block: text for block, text in beside_fields(failure.error).items() if block in inputs}
    return _errors(errors) if errors else instead_of_form(failure)


def beside_first_field(failure: Failure) -> BoltResponse:
    """What is about no field: the form stays as it is filled in. A form without fields is replaced."""
    inputs, error = _inputs(failure.body), failure.error
    if not inputs:
        return instead_of_form(failure)
    return _errors({inputs[0]: refusal_text(error) if isinstance(error, Refusal) else failure_text(failure.reference)})


def with_news(failure: Failure) -> BoltResponse:
    """The form again, with what is new since it was opened."""
    sent = failure.body.get("view")
    again = form_with_news(sent, failure.error) if isinstance(failure.error, Outdated) else None
    return _updated(again or _view(failure))


def with_question(failure: Failure) -> BoltResponse:
    """The form again, with the question whom they mean."""
    sent = failure.body.get("view")
    again = form_that_asks(sent, failure.error) if isinstance(failure.error, MeantAnother) else None
    return _updated(failure.keyed(again)) if again else beside_each_field(failure)


def instead_of_form(failure: Failure) -> BoltResponse:
    """A view that says why, in place of the form."""
    return _updated(_view(failure))


def in_new_view(failure: Failure) -> BoltResponse:
    """After a click or a command: a small view that says why. Raises where Slack is not reached."""
    failure.forms.open(failure.body, _view(failure))
    return BoltResponse(status=200, body="")


def warning_sign(_: Failure) -> BoltResponse:
    """For a button Slack shows no text; this makes it show a warning sign."""
    return BoltResponse(status=500, body="")


def in_private(failure: Failure) -> BoltResponse:
    """After a command: a text that only this person sees. It takes no call to Slack."""
    text = refusal_text(failure.error) if isinstance(failure.error, Refusal) else OPENING_FAILED
    return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})


def in_private_or_sign(failure: Failure) -> BoltResponse:
    """After a click: the text where Slack gives an address for one, else a warning sign at the button."""
    address = optional(failure.body, "response_url")
    if not isinstance(address, str) or not address:
        return warning_sign(failure)
    with suppress(OSError, HTTPException, ValueError):
        answer = WebhookClient(address, timeout=ANSWER_IN, retry_handlers=[]).send(
            text=OPENING_FAILED, response_type="ephemeral", replace_original=False
        )
        if answer.status_code == HTTPStatus.OK:
            return acknowledged(failure)
    return warning_sign(failure)


def forbidden(_: Failure) -> BoltResponse:
    """For a click in another workspace, where we can open nothing: Slack shows a warning sign at the button."""
    return BoltResponse(status=403, body="")


def no_options(_: Failure) -> BoltResponse:
    """The field offers nothing for now; people can go on typing."""
    return BoltResponse(status=200, body={"options": []})


def sent_again(_: Failure) -> BoltResponse:
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
