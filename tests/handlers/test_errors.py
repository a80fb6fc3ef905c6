"""Whatever is raised, and whatever shape the request has, Slack gets an answer; nothing is raised on the way to it."""

import importlib
import json
import pkgutil
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

import handlers
from bot.rules import refusals
from bot.rules.backup import NotCalled
from bot.rules.refusals import Refusal
from bot.sandbox.block_kit.check import check_view
from handlers.client.answers import CutOff
from handlers.client.checkup import WrongError
from handlers.client.forms import Forms
from handlers.concurrency import RequestSlots
from handlers.errors import ERRORS, ErrorAnswers, row_of
from handlers.failures import Asked
from handlers.live.upload import Left
from handlers.names import CallbackId
from handlers.parsing.reading import Malformed
from tests.handlers import payload_samples as sample
from tests.handlers.test_parse_broken import everything
from tests.handlers.test_views_refusals import SAID

OTHER_WORKSPACES: Final = {Asked.CLICK: 403, Asked.EVENT: 200}  # there we can open nothing, and want no event again
NOBODY_LISTENS: Final = "http://127.0.0.1:9/"
UNHANDLED: Final = BoltUnhandledRequestError(
    request=BoltRequest(body="{}"), current_response=BoltResponse(status=404), last_global_middleware_name=None
)
RAISED: Final[list[Exception]] = [
    *SAID,
    NotCalled(refusals.NotRecorded(), "End the contact now."),
    Malformed("view"),
    UNHANDLED,
    SlackApiError("refused", {"error": "expired_trigger_id"}),
    TimeoutError(),
    ConnectionResetError(),
    CutOff("IncompleteRead"),
    ValueError("a narrative"),
    StopIteration(),
]
INPUT: Final = {"type": "input", "block_id": "why"}
RICH: Final = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
VIEW: Final = sample.drop_form()["view"] | {"title": {}, "submit": {}, "close": {}}
VIEWS: Final[list[Any]] = [
    VIEW | {"blocks": [RICH, INPUT]},
    VIEW | {"blocks": [RICH]},
    VIEW | {"blocks": [None, 7, [], {}, {"type": []}, {"type": "input"}]},
    VIEW | {"blocks": None},
    VIEW | {"blocks": {"type": "input"}, "title": None},
    {"type": "modal"},
    {},
    [],
    None,
    "view",
]
BODIES: Final[dict[Asked, sample.Json]] = {
    Asked.FORM: {"type": "view_submission"},
    Asked.CLICK: {"type": "block_actions", "trigger_id": "1.2.3"},
    Asked.COMMAND: {"command": "/report-abuse", "trigger_id": "1.2.3"},
    Asked.SUGGESTION: {"type": "block_suggestion"},
    Asked.EVENT: {"type": "event_callback"},
}


def answer(error: Exception, body: sample.Json) -> tuple[int, Any]:
    client = WebClient("xoxb-1", base_url=NOBODY_LISTENS, timeout=1, retry_handlers=[])
    response = ErrorAnswers(Forms(client, RequestSlots()), lambda view: view).answer(error, body)
    return response.status, json.loads(response.body) if response.body else None


def is_answered(asked: Asked, status: int, body: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether this is an answer that Slack takes, and a person reads why where that is possible."""
    if status == 400:
        return body["error"] == "malformed"
    match asked:
        case Asked.FORM if body["response_action"] == "errors":
            return status == 200 and all(body["errors"].values())
        case Asked.FORM:
            if body["view"]["callback_id"] == CallbackId.NOTE:  # else it is the form again, as it came
                check_view(body["view"], ("modal",))
            return status == 200
        case Asked.COMMAND:
            return status == 200 and body["response_type"] == "ephemeral" and bool(body["text"])
        case Asked.SUGGESTION:
            return status == 200 and body == {"options": []}
    return status in {500, OTHER_WORKSPACES.get(asked)}


@pytest.mark.parametrize("asked", Asked)
@pytest.mark.parametrize("error", RAISED, ids=repr)
def test_every_error_is_answered_in_every_kind_of_request_whatever_its_view(error: Exception, asked: Asked) -> None:
    for view in VIEWS:
        assert is_answered(asked, *answer(error, BODIES[asked] | {"view": view}))
    assert is_answered(asked, *answer(error, BODIES[asked]))


@given(view=everything, error=st.sampled_from(RAISED))
def test_every_error_is_answered_for_a_view_of_any_shape(view: object, error: Exception) -> None:
    assert is_answered(Asked.FORM, *answer(error, BODIES[Asked.FORM] | {"view": view}))


@pytest.mark.parametrize("trigger", [None, 7, [], {}])
def test_with_no_trigger_that_slack_knows_nothing_opens_and_it_is_said_so(trigger: object) -> None:
    for error in RAISED:
        for asked in (Asked.CLICK, Asked.COMMAND):
            assert is_answered(asked, *answer(error, BODIES[asked] | {"trigger_id": trigger}))


def test_a_form_without_inputs_is_replaced_by_a_view_that_says_what_happened() -> None:
    form = sample.submission("take_back_form", "case:12:3", sample.PRIYA)
    for error, words in ((ValueError(), "went wrong on our side"), (refusals.NotRecorded(), "nothing was recorded")):
        status, body = answer(error, form)
        assert (status, body["response_action"]) == (200, "update")
        assert words in json.dumps(body["view"])


def test_what_is_wrong_with_a_field_that_the_form_does_not_have_replaces_the_form() -> None:
    wrong, view = refusals.Wrong({"note": "Too long.", "until": "Passed."}), sample.drop_form()["view"]
    answers = {}
    for block in ("safeguard_note", "letter"):
        status, body = answer(
            wrong, {"type": "view_submission", "view": view | {"blocks": [INPUT | {"block_id": block}]}}
        )
        answers[block] = (status, body["response_action"], "Too long." in json.dumps(body))
    assert answers == {"safeguard_note": (200, "errors", True), "letter": (200, "update", True)}


def test_no_row_of_the_table_is_hidden_by_an_earlier_one() -> None:
    reached = [row_of(error) for error in RAISED]
    assert all(row in reached for row in ERRORS)
    for row in ERRORS:
        for earlier in ERRORS[: ERRORS.index(row)]:
            assert not [kind for kind in row.classes if issubclass(kind, earlier.classes)]


def test_every_class_of_error_falls_into_one_row() -> None:
    """Every one of ours is raised above, and a new one is answered as an unexpected error at least."""
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        importlib.import_module(module.name)
    ours = {each for each in _subclasses(Exception) if each.__module__.startswith(("handlers.", refusals.__name__))}
    ours -= {WrongError, Left}  # of a command alone
    raised = {type(error) for error in RAISED}
    assert {each for each in ours if not each.__subclasses__() and not each.__name__.startswith("_")} <= raised
    for each in ours:
        rows = [row for row in ERRORS if each in row.classes]
        assert len(rows) <= 1
        assert rows or issubclass(each, Refusal | CutOff) or each.__name__.startswith("_")


def _subclasses(kind: type) -> set[type]:
    return {kind}.union(*map(_subclasses, kind.__subclasses__()))
