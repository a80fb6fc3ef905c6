from __future__ import annotations

import time
from dataclasses import replace
from urllib.error import HTTPError

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.api.chat import METHODS
from bot.sandbox.errors import RateLimited
from bot.sandbox.rates import Rates
from bot.sandbox.server import Sandbox, start
from bot.sandbox.workspace import FIRM
from tests.slack.calling import error_of, get_json, order, post_json
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import real_clock


def test_a_token_is_asked_for_and_has_to_be_the_right_one(sandbox: Sandbox) -> None:
    assert error_of(WebClient("xoxb-other", base_url=sandbox.api_url).auth_test) == "invalid_auth"
    assert post_json(f"{sandbox.api_url}auth.test", {}) == {"ok": False, "error": "not_authed"}
    assert post_json(f"{sandbox.api_url}auth.test", {"token": TOKEN})["ok"]


def test_json_that_is_none_is_named_so(sandbox: Sandbox) -> None:
    assert post_json(f"{sandbox.api_url}auth.test", [1])["error"] == "json_not_object"
    assert post_json(f"{sandbox.api_url}auth.test", b"{")["error"] == "invalid_json"


def test_auth_test_names_the_app(slack: WebClient) -> None:
    me = slack.auth_test()
    assert (me["user_id"], me["bot_id"], me["team_id"]) == ("U0BACKSTOP", "B0BACKSTOP", "T0FIRM")


def test_a_method_that_there_is_not_is_unknown(slack: WebClient) -> None:
    assert error_of(slack.api_call, "chat.postMassage") == "unknown_method"


def test_a_missing_scope_says_which_is_needed_and_which_are_there() -> None:
    app = replace(FIRM.app, scopes=frozenset({"chat:write"}))
    running = start(replace(FIRM, app=app), token=TOKEN, signing_secret=SECRET, now=real_clock)
    client = WebClient(TOKEN, base_url=running.api_url)
    with pytest.raises(SlackApiError) as refused:
        client.conversations_history(channel="C0MANAGE")
    running.stop()
    answer = refused.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == ("missing_scope", "groups:history", "chat:write")


@pytest.fixture
def a_moment(sandbox: Sandbox) -> None:
    """Slack's rate limits are asked as if no time passed."""
    sandbox._web_api._rates._ticks = lambda: 0.0


@pytest.mark.usefixtures("a_moment")
def test_a_second_message_to_a_channel_within_a_second_has_to_wait(slack: WebClient) -> None:
    slack.chat_postMessage(channel="C0SUPPORT", text="one")
    slack.chat_postMessage(channel="C0GENERAL", text="another channel has its own pace")
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel="C0SUPPORT", text="two")
    answer = refused.value.response
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "1")


@pytest.mark.usefixtures("a_moment")
def test_a_person_and_the_direct_message_with_them_share_one_pace(slack: WebClient) -> None:
    dm = slack.chat_postMessage(channel="U0ANA", text="one")["channel"]
    assert error_of(slack.chat_postMessage, channel=dm, text="two") == "ratelimited"


def test_a_workspace_takes_several_hundred_posts_a_minute_over_all_channels() -> None:
    seconds, per_minute = [0.0], METHODS["chat.postMessage"].per_minute
    rates = Rates(lambda: seconds[0])
    for second in (0.0, 10.0):
        seconds[0] = second
        for _ in range(150):
            rates.count("chat.postMessage", per_minute)
    for second, wait in ((10.0, "50"), (59.5, "1")):
        seconds[0] = second
        with pytest.raises(RateLimited) as refused:
            rates.count("chat.postMessage", per_minute)
        assert refused.value.headers == {"Retry-After": wait}
    seconds[0] = 60.0
    for _ in range(150):
        rates.count("chat.postMessage", per_minute)
    with pytest.raises(RateLimited):
        rates.count("chat.postMessage", per_minute)


@pytest.mark.usefixtures("a_moment")
def test_user_groups_are_asked_for_twenty_times_a_minute_at_most(slack: WebClient) -> None:
    for _ in range(20):
        slack.usergroups_users_list(usergroup="S0MANAGERS")
    assert error_of(slack.usergroups_users_list, usergroup="S0MANAGERS") == "ratelimited"
    assert slack.usergroups_list()["ok"]


def test_people_are_described_as_slack_describes_them(slack: WebClient) -> None:
    guest, stranger = slack.users_info(user="U0GUS")["user"], slack.users_info(user="U0OLEK")["user"]
    assert guest["is_restricted"]
    assert (stranger["team_id"], stranger["is_stranger"]) == ("T0OTHER", False)  # they share a channel with the app
    assert error_of(slack.users_info, user="U0NOBODY") == "user_not_found"
    assert len(slack.users_list()["members"]) == 10


def test_a_user_group_names_its_members(slack: WebClient) -> None:
    assert slack.usergroups_users_list(usergroup="S0MANAGERS")["users"] == ["U0PRIYA", "U0BRAD"]
    assert slack.usergroups_list(include_users=True)["usergroups"][0]["users"] == ["U0PRIYA", "U0BRAD"]
    assert error_of(slack.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"


@pytest.mark.parametrize("kind", ["internal_error", "fatal_error", "error:is_archived"])
def test_an_ordered_error_is_answered_as_often_as_ordered(sandbox: Sandbox, slack: WebClient, kind: str) -> None:
    order(sandbox, "chat.postMessage", kind, times=2)
    for _ in range(2):
        assert error_of(slack.chat_postMessage, channel="C0SUPPORT", text="x") == kind.removeprefix("error:")
    assert slack.chat_postMessage(channel="C0SUPPORT", text="x")["ok"]


def test_an_ordered_429_names_its_wait(sandbox: Sandbox, slack: WebClient) -> None:
    order(sandbox, "*", "429", seconds=7)
    with pytest.raises(SlackApiError) as refused:
        slack.auth_test()
    assert (refused.value.response.status_code, refused.value.response.headers["Retry-After"]) == (429, "7")


def test_an_ordered_500_is_a_500(sandbox: Sandbox, slack: WebClient) -> None:
    order(sandbox, "auth.test", "500")
    with pytest.raises(SlackApiError) as refused:
        slack.auth_test()
    assert refused.value.response.status_code == 500


def test_a_slow_call_is_slow(sandbox: Sandbox, slack: WebClient) -> None:
    order(sandbox, "auth.test", "slow", seconds=0.2)
    began = time.monotonic()
    slack.auth_test()
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize(("kind", "posted"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_call_leaves_the_caller_in_doubt_and_is_done_or_not(
    sandbox: Sandbox, slack: WebClient, kind: str, posted: int
) -> None:
    order(sandbox, "chat.postMessage", kind)
    with pytest.raises(OSError):  # noqa: PT011 - any broken connection will do
        slack.chat_postMessage(channel="C0SUPPORT", text="x")
    assert len(slack.conversations_history(channel="C0SUPPORT")["messages"]) == posted


def test_a_fault_that_there_is_not_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(HTTPError, match="400") as refused:
        order(sandbox, "*", "explode")
    refused.value.close()


def test_calls_are_counted_and_shown(sandbox: Sandbox, slack: WebClient) -> None:
    slack.auth_test()
    error_of(slack.chat_postMessage, channel="C0NONE", text="x")
    received = get_json(f"{sandbox.url}sandbox/calls")
    assert received["counts"] == {"auth.test": 1, "chat.postMessage": 1}
    assert (received["calls"][1]["channel"], received["calls"][1]["error"]) == ("C0NONE", "channel_not_found")


def test_every_answer_names_the_scopes_that_the_token_has(slack: WebClient) -> None:
    headers = {name.lower(): value for name, value in slack.auth_test().headers.items()}
    assert set(headers["x-oauth-scopes"].split(",")) == FIRM.app.scopes
