"""Which error that a request raises is answered how, and what the log says of it."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from logging import ERROR, NOTSET, WARNING
from typing import Any, Final

from slack_bolt import BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackClientError

from bot.rules.backup import NotCalled
from bot.rules.refusals import MeantAnother, NotReady, NotRecorded, OtherWorkspace, Outdated, Refusal, Wrong
from handlers.blockkit.blocks import View
from handlers.client.forms import Forms
from handlers.failures import (
    Failure,
    acknowledged,
    bad_request,
    beside_each_field,
    beside_first_field,
    forbidden,
    in_new_view,
    in_private,
    in_private_or_sign,
    instead_of_form,
    no_options,
    sent_again,
    warning_sign,
    with_news,
    with_question,
)
from handlers.parsing.reading import Malformed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a failure is answered, and the line in the log; none where the level is NOTSET."""

    respond: Callable[[Failure], BoltResponse]
    level: int = NOTSET
    line: str = ""


@dataclass(frozen=True, slots=True)
class ErrorAnswers:
    """Answers a request during which something raised. `keyed`: see `Failure`."""

    forms: Forms
    keyed: Callable[[View], View]

    def answer(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """A text for the person where Slack shows one; otherwise a status and a log line."""
        return _answered(Failure(error, body, self.forms, self.keyed, secrets.token_hex(4)))


def row_of(error: Exception) -> "ErrorRow":
    """The first row whose classes the error is of."""
    return next(row for row in ERRORS if isinstance(error, row.classes))


def _answered(failure: Failure) -> BoltResponse:
    error = failure.error
    answer: Answer = getattr(row_of(error), failure.asked)
    if answer.level:
        where = str(error) if isinstance(error, Malformed) else type(error).__name__
        ids = {"reference": failure.reference, "where": where}
        log.log(answer.level, answer.line, exc_info=error if answer.level >= ERROR else None, extra={"ids": ids})
    try:
        return answer.respond(failure)
    except (*_UNREACHABLE, NotRecorded) as another:  # while it was answered; the answers to these raise nothing
        return _answered(replace(failure, error=another))


_UNREACHABLE: Final = (SlackClientError, OSError)
NOT_SLACKS: Final = "not a request of Slack's"
_BAD_REQUEST: Final = Answer(lambda failure: bad_request(failure.reference), WARNING, NOT_SLACKS)
_ODD_FORM: Final = Answer(beside_first_field, WARNING, NOT_SLACKS)
_ODD_EVENT: Final = Answer(acknowledged, WARNING, NOT_SLACKS)
_BROKE: Final = "a listener broke"
_NO_OPTIONS: Final = Answer(no_options, ERROR, _BROKE)
_SENT_AGAIN: Final = Answer(sent_again, ERROR, _BROKE)
_BROKEN_FORM: Final = Answer(beside_first_field, ERROR, _BROKE)
_BROKEN_VIEW: Final = Answer(in_new_view, ERROR, _BROKE)
_NOT_OPENED: Final = "a form did not open"
_FOREIGN: Final = "a request of another workspace"
_NOT_RECORDED: Final = "nothing was recorded"
_NOT_READY: Final = "the workspace is not known yet"


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """Classes of errors, and how they are answered, by what Slack sent."""

    classes: tuple[type[Exception], ...]
    form: Answer
    click: Answer = Answer(in_new_view)
    command: Answer = Answer(in_new_view)
    suggestion: Answer = _NO_OPTIONS
    event: Answer = _SENT_AGAIN


ERRORS: Final = (
    ErrorRow((Malformed,), _ODD_FORM, _BAD_REQUEST, _BAD_REQUEST, _BAD_REQUEST, _ODD_EVENT),
    ErrorRow(
        (BoltUnhandledRequestError,), _BAD_REQUEST, _BAD_REQUEST, _BAD_REQUEST, _BAD_REQUEST, Answer(acknowledged)
    ),
    ErrorRow(
        (OtherWorkspace,),
        Answer(instead_of_form, WARNING, _FOREIGN),
        Answer(forbidden, WARNING, _FOREIGN),
        Answer(in_private, WARNING, _FOREIGN),
        Answer(no_options, WARNING, _FOREIGN),
        Answer(acknowledged, WARNING, _FOREIGN),
    ),
    ErrorRow(
        (NotReady,),
        Answer(beside_first_field, WARNING, _NOT_READY),
        Answer(warning_sign, WARNING, _NOT_READY),
        Answer(in_private, WARNING, _NOT_READY),
        Answer(no_options, WARNING, _NOT_READY),
        Answer(sent_again, WARNING, _NOT_READY),
    ),
    ErrorRow((Wrong,), Answer(beside_each_field)),
    ErrorRow((MeantAnother,), Answer(with_question)),
    ErrorRow((Outdated,), Answer(with_news)),
    ErrorRow((NotCalled,), Answer(instead_of_form), command=Answer(in_private, ERROR, _NOT_RECORDED)),
    ErrorRow((NotRecorded,), Answer(beside_first_field, ERROR, _NOT_RECORDED)),
    ErrorRow((Refusal,), Answer(instead_of_form), suggestion=Answer(no_options)),
    ErrorRow(
        _UNREACHABLE,
        _BROKEN_FORM,
        Answer(in_private_or_sign, WARNING, _NOT_OPENED),
        Answer(in_private, WARNING, _NOT_OPENED),
    ),
    ErrorRow((Exception,), _BROKEN_FORM, _BROKEN_VIEW, _BROKEN_VIEW),
)
"""Every error, the first row that it is of."""
