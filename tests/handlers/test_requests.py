"""Any bytes, signed or not: what Slack never sends is answered 400 or 401, what it does send is never refused."""

from __future__ import annotations

import json
import logging
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

import pytest

from bot.http_server import application
from handlers.bolt import bolt_app
from handlers.names import ActionId, CallbackId
from handlers.parsing.people import changed_profile
from handlers.reports.parse import quoted
from handlers.requests import DEEPEST, answer, checked
from handlers.signatures import SignedRequests
from tests.handlers import payload_samples as sample
from tests.signed import SECRET, InProcess, as_form, signature
from tests.slack.every_form import ASKS
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.usecases.context import Context

Json = dict[str, Any]

NOWHERE: Final = "http://127.0.0.1:9/"
WORD: Final = "hunter2"  # a word of somebody's, in every request
CLICK: Final = sample.click(ActionId.KEEP_CUSTOMER, WORD)
FORM: Final = sample.submission(CallbackId.DROP_FORM, WORD, sample.PRIYA)
EVENT: Final = sample.event({"type": "user_change", "user": "U0ANA", "channel": "D0ANA"})
COMMAND: Final = sample.command(WORD) | {"command": "/no-such"}
WRONG: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    7,
    "",
    WORD,
    "callback_id",
    [],
    ["id"],
    {},
    [WORD],
    {"id": [WORD]},
)
PLACES: Final = (
    *((CLICK, path) for path in (("team",), ("user",), ("channel",), ("enterprise",), ("view",), ("actions",))),
    *(
        (CLICK, path)
        for path in (("actions", 0), ("actions", 0, "action_id"), ("trigger_id",), ("message",), ("type",))
    ),
    *((FORM, path) for path in (("team",), ("user",), ("view",), ("view", "type"), ("view", "callback_id"))),
    *((FORM, path) for path in (("response_urls",), ("type",))),
    *((EVENT, path) for path in (("event",), ("event", "user"), ("event", "channel"), ("event", "type"), ("team_id",))),
    *((EVENT, path) for path in (("authorizations",), ("type",))),
    *((COMMAND, path) for path in (("command",), ("team_id",), ("user_id",), ("trigger_id",))),
)


@pytest.fixture(scope="module")
def app() -> App:
    """Without a record: nothing here may come as far as a use case."""
    return bolt_app(cast("Context", None), ASKS, token="xoxb-1", signing_secret=SECRET, api_url=NOWHERE)


@pytest.fixture
def post(app: App) -> InProcess:
    return InProcess(application(SignedRequests(app, SECRET), list, bytes))


def nested(levels: int) -> Json:
    inner: Any = {}
    for _ in range(levels):
        inner = {"state": inner} if _ % 2 else [inner]
    return FORM | {"state": inner}


UNREADABLE: Final = {
    "a list": b"[1, 2]",
    "no object": as_form([1, 2]),
    "a word": as_form(WORD),
    "null": as_form(None),
    "nothing": b"",
    "an empty object": b"{}",
    "no type": as_form({"text": WORD}),
    "half an object": b'{"type": "hunter2',
    "half a payload": b"payload=%7B%22type",
    "no UTF-8": b"payload=\xff\xfe",
    "no UTF-8 in JSON": b'{"type": "\xff"}',
    "not a number": as_form(FORM | {"state": float("nan")}),
    "a number of 5,000 digits": b'{"type": "event_callback", "event_time": ' + b"7" * 5_000 + b"}",
    "many fields": urlencode([("text", WORD)] * 1_000).encode(),
    "100,000 lists": b'{"type": ' + b"[" * 100_000,
    "too deep": as_form(nested(DEEPEST)),
    "two response URLs": as_form(FORM | {"response_urls": [{}, {}]}),
    "an old step": as_form({"type": "workflow_step_edit", "callback_id": WORD, "team": sample.FIRM}),
    "a step's form": as_form(FORM | {"view": FORM["view"] | {"type": "workflow_step"}}),
    "an old menu": as_form({"type": "interactive_message", "callback_id": WORD, "actions": []}),
    "authorized by a number": as_form(EVENT | {"authorizations": 0}),
    "authorized by a word": as_form(EVENT | {"authorizations": WORD}),
    "authorized by a team of lists": as_form(EVENT | {"authorizations": [{"team": [WORD]}]}),
    "an event in an event": as_form(EVENT | {"event": {"type": "message", "event": {"user": ["id"]}}}),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_slack_signs_but_never_sends_is_400_and_logged_by_reference(
    post: InProcess, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    status, body = post(UNREADABLE[what])
    (line,) = caplog.records
    ids = line.__dict__["ids"]
    if status == 200:  # else Slack would send the event again, and stop sending any after some time
        assert (b"event_callback" in UNREADABLE[what], body) == (True, b"")
    else:
        assert (status, json.loads(body)["error"]) == (400, "malformed")
        assert ids["reference"] == json.loads(body)["reference"]
    assert line.levelno == logging.WARNING
    assert WORD not in f"{line.getMessage()} {ids}"
    assert line.exc_info is None


@pytest.mark.parametrize("whole", PLACES, ids=lambda place: "/".join(map(str, place[1])))
def test_a_wrong_value_where_bolt_reads_one_is_never_an_error_of_the_server(
    post: InProcess, app: App, whole: tuple[Json, tuple[Any, ...]], caplog: pytest.LogCaptureFixture
) -> None:
    for wrong in WRONG:
        body: Any = deepcopy(whole[0])
        parent = body
        for step in whole[1][:-1]:
            parent = parent[step]
        parent[whole[1][-1]] = wrong
        # The rest of the request is refused by whoever parses it, or nobody takes it.
        assert post(as_form(body))[0] < 500, wrong
        assert answer(app, lambda body=body: body).status < 500, wrong
    assert WORD not in " ".join(f"{line.getMessage()} {line.__dict__['ids']}" for line in caplog.records)


REFUSED_UNSIGNED: Final = {
    "a timestamp that is no digit": {"HTTP_X_SLACK_REQUEST_TIMESTAMP": "²"},
    "a timestamp of other digits": {"HTTP_X_SLACK_REQUEST_TIMESTAMP": "١٢٣"},
    "a timestamp of 5,000 digits": {"HTTP_X_SLACK_REQUEST_TIMESTAMP": "1" * 5_000},
    "a timestamp of long ago": {"HTTP_X_SLACK_REQUEST_TIMESTAMP": "1"},
    "a timestamp with a sign": {"HTTP_X_SLACK_REQUEST_TIMESTAMP": "-1"},
    "no timestamp": {"HTTP_X_SLACK_REQUEST_TIMESTAMP": ""},
    "a signature outside ASCII": {"HTTP_X_SLACK_SIGNATURE": "v0=é"},
    "a signature of another": {"HTTP_X_SLACK_SIGNATURE": "v0=" + "0" * 64},
    "no signature": {"HTTP_X_SLACK_SIGNATURE": ""},
}


@pytest.mark.parametrize("what", REFUSED_UNSIGNED)
@pytest.mark.parametrize("raw", [as_form(CLICK), b"payload=\xff\xfe", b""])
def test_what_slack_did_not_sign_is_401(post: InProcess, raw: bytes, what: str) -> None:
    assert post(raw, **REFUSED_UNSIGNED[what])[0] == 401


def test_a_request_that_was_signed_six_minutes_ago_is_401(post: InProcess) -> None:
    then = str(int(real_clock().timestamp()) - 360)
    raw = as_form(CLICK)
    headers = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": then, "HTTP_X_SLACK_SIGNATURE": signature(raw, then)}
    assert post(raw, **headers)[0] == 401


def test_slacks_probe_of_the_certificate_is_taken_without_a_signature(post: InProcess) -> None:
    unsigned = {"HTTP_X_SLACK_SIGNATURE": "", "HTTP_X_SLACK_REQUEST_TIMESTAMP": ""}
    assert post(b"token=legacy&ssl_check=1", **unsigned) == (200, b"")
    assert post(b"token=legacy&ssl_check=1") == (200, b"")
    assert post(b"ssl_check=1&" + b"a&" * 20 + as_form(CLICK), **unsigned) == (200, b"")  # whatever else it says


def test_slacks_question_whether_the_address_is_right_is_answered(post: InProcess) -> None:
    asked = {"token": "legacy", "challenge": "c0", "type": "url_verification"}
    assert post(json.dumps(asked).encode()) == (200, b'{"challenge": "c0"}')


NOBODYS: Final[dict[str, Json]] = {
    "a form that was closed": FORM | {"type": "view_closed", "is_cleared": False},
    "too many events": {"token": "legacy", "type": "app_rate_limited", "team_id": "T0FIRM", "minute_rate_limited": 1},
    "an app that was removed": sample.event({"type": "app_uninstalled"}),
    "a message": sample.event({"type": "message", "user": "U0ANA", "text": WORD, "channel": "C0MANAGE", "ts": "1.2"}),
    "a message that was changed": sample.event(
        {"type": "message", "subtype": "message_changed", "channel": "C0MANAGE", "ts": "1.2",
         "message": {"type": "message", "bot_id": "B0", "text": ""}, "previous_message": {"user": "U0ANA"}}
    ),
    "a reaction": sample.event({"type": "reaction_added", "user": "U0ANA", "item": {"channel": "C0MANAGE"}}),
    "a channel that was made": sample.event({"type": "channel_created", "channel": {"id": "C0", "creator": "U0ANA"}}),
    "somebody who joined": sample.event({"type": "team_join", "user": {"id": "U0NEW", "team_id": "T0FIRM"}}),
    "a group that has changed": sample.event(
        {"type": "subteam_updated", "subteam": {"id": "S0MANAGERS", "enterprise_subteam_id": "", "users": None}}
    ),
    "a channel that has another ID": sample.event(
        {"type": "channel_id_changed", "old_channel_id": "G0MANAGE", "new_channel_id": "C0MANAGE"}
    ),
    "tokens that were revoked": sample.event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0"]}}),
    "a bot's answer in a thread whose channel stands elsewhere": sample.event(
        {"type": "message", "channel_type": "im", "channel_id": "D0ANA", "bot_id": "B0OTHER", "thread_ts": "1.1"}
    ),
    "a thread that was started with the bot": sample.event(
        {"type": "assistant_thread_started", "assistant_thread": {"user_id": "U0ANA", "channel_id": "D0ANA"}}
    ),
    "a step of a workflow": sample.event(
        {"type": "function_executed", "function": {"id": "Fn0", "callback_id": WORD}, "function_execution_id": "Fx0"}
    ),
    "an event of an org": sample.event({"type": "no_such"}) | {
        "team_id": None, "enterprise_id": "E0ORG", "is_ext_shared_channel": True, "context_team_id": "T0FIRM",
        "authorizations": [{"enterprise_id": "E0ORG", "team_id": None, "user_id": "U0", "is_enterprise_install": True}],
    },
}  # fmt: skip


@pytest.mark.parametrize("what", NOBODYS)
def test_what_slack_says_and_nobody_handles_is_acknowledged_in_silence(
    post: InProcess, app: App, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    body = NOBODYS[what]
    for status in (post(as_form(body))[0], post(json.dumps(body).encode())[0], answer(app, lambda: body).status):
        assert status == 200
    assert not caplog.records


GRID: Final = {"id": "E0ORG", "name": "Org"}
REAL: Final[dict[str, Json]] = {
    "a click of an org": CLICK | {"team": None, "enterprise": GRID, "is_enterprise_install": True},
    "a click without a channel": {key: value for key, value in CLICK.items() if key != "channel"} | {"view": None},
    "a click by somebody without a team": CLICK | {"user": {"id": "U0ANA", "username": "ana", "name": "ana"}},
    "a form of an org": FORM | {"team": None, "enterprise": GRID, "response_urls": []},
    "a form without response URLs": {key: value for key, value in FORM.items() if key != "response_urls"},
    "a shortcut under a bot's message": sample.message_action(
        message={"type": "message", "subtype": "bot_message", "bot_id": "B0", "ts": "1763726000.000100", "blocks": []}
    ),
    "a shortcut in an org": sample.message_action(team={"id": "T0FIRM", "enterprise_id": "E0ORG"}, enterprise=GRID),
    "a global shortcut": sample.global_shortcut(),
    "a command": COMMAND,
    "a type-ahead": sample.suggestion(),
}  # fmt: skip


@pytest.mark.parametrize("what", REAL)
def test_the_check_refuses_nothing_that_slack_sends(what: str) -> None:
    assert checked(deepcopy(REAL[what])) == REAL[what]


def test_a_message_as_deep_as_slack_nests_them_is_taken() -> None:
    assert checked(nested(DEEPEST - 2))
    with_blocks = sample.message_action()
    for _ in range(3):
        with_blocks["message"] = {
            "ts": "1.2",
            "attachments": [{"message_blocks": [{"message": with_blocks["message"]}]}],
        }
    assert checked(with_blocks)


def test_a_bots_message_without_a_text_can_be_reported() -> None:
    body = REAL["a shortcut under a bot's message"]
    assert quoted(body).text == ""
    assert quoted(body | {"message": body["message"] | {"text": None}, "team": {"id": "T0FIRM"}}).text == ""


def test_a_person_without_a_team_of_their_own_is_of_the_workspace() -> None:
    happened = sample.event({"type": "user_change", "user": {"id": "U0ANA"}})
    assert not changed_profile(happened).profile.outsider
