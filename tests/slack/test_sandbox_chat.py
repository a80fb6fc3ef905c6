from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import NotPossible
from bot.sandbox.server import Sandbox, start
from bot.sandbox.workspace import FIRM, Channel
from tests.builders import PATIENCE
from tests.slack.calling import error_of
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.person import Person

KEY = {"event_type": "notice", "event_payload": {"key": "k1"}}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "words"}}


def post(slack: WebClient, channel: str = "C0SUPPORT", **args: object) -> str:
    return str(slack.api_call("chat.postMessage", json={"channel": channel, **args})["ts"])


def test_a_message_is_seen_by_members_and_by_nobody_else(slack: WebClient, person: Callable[[str], Person]) -> None:
    slack.chat_postMessage(channel="C0MANAGE", text="among us")
    assert person("U0PRIYA").message("C0MANAGE", "among us").notification == "among us"
    with pytest.raises(NotPossible, match="not_in_channel"):
        person("U0ANA").channel("C0MANAGE")


def test_a_message_comes_back_as_slack_keeps_it(slack: WebClient) -> None:
    answer = slack.chat_postMessage(channel="C0SUPPORT", text="words", blocks=[SECTION])
    message = answer["message"]
    assert (answer["channel"], message["bot_id"], message["user"]) == ("C0SUPPORT", "B0BACKSTOP", "U0BACKSTOP")
    assert message["blocks"][0]["block_id"]
    assert message["blocks"][0]["text"] == {"type": "mrkdwn", "text": "words", "verbatim": False}


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": "U0NOBODY", "text": "x"}, "channel_not_found"),
        ({"channel": "U0BACKSTOP", "text": "x"}, "channel_not_found"),
        ({"channel": "C0SUPPORT", "text": ""}, "no_text"),
        ({"channel": "C0SUPPORT", "text": "x" * 4001}, "msg_too_long"),
        ({"channel": "C0SUPPORT", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "C0SUPPORT", "blocks": "{not json"}, "invalid_blocks_format"),
        ({"channel": "C0SUPPORT", "text": "x", "blocks": {"blocks": []}}, "invalid_blocks_format"),
        ({"channel": "C0SUPPORT", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"channel": "C0SUPPORT", "text": "x", "metadata": {**KEY, "more": 1}}, "invalid_metadata_format"),
    ],
)
def test_a_message_that_slack_refuses_is_refused_by_its_name(
    slack: WebClient, args: dict[str, object], error: str
) -> None:
    assert error_of(slack.api_call, "chat.postMessage", json=args) == error


def test_metadata_may_not_be_large(slack: WebClient) -> None:
    large = {"event_type": "notice", "event_payload": {"key": "x" * 20_000}}
    assert error_of(slack.chat_postMessage, channel="C0SUPPORT", text="x", metadata=large) == "metadata_too_large"


def test_invalid_blocks_come_with_reasons(slack: WebClient) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel="C0SUPPORT", text="x", blocks=[long])
    assert refused.value.response["error"] == "invalid_blocks"
    reasons = refused.value.response["response_metadata"]["messages"]
    assert reasons[1] == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"


def test_all_text_of_the_blocks_together_has_a_limit_as_well(slack: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 4
    assert error_of(slack.chat_postMessage, channel="C0SUPPORT", text="x", blocks=blocks) == "msg_blocks_too_long"


def test_channels_that_the_app_is_not_in_or_that_are_archived_take_no_message() -> None:
    more = (
        Channel("C0OUT", "out", frozenset({"U0ANA"})),
        Channel("C0SECRET", "secret", frozenset({"U0ANA"}), private=True),
        Channel("C0OLD", "old", frozenset({"U0BACKSTOP"}), archived=True),
    )
    running = start(replace(FIRM, channels=more), token=TOKEN, signing_secret=SECRET, now=real_clock)
    client = WebClient(TOKEN, base_url=running.api_url)
    errors = [error_of(client.chat_postMessage, channel=channel.id, text="x") for channel in more]
    running.stop()
    assert errors == ["not_in_channel", "channel_not_found", "is_archived"]


def test_a_person_is_written_to_by_their_id_in_the_direct_message(
    slack: WebClient, person: Callable[[str], Person]
) -> None:
    dm = slack.chat_postMessage(channel="U0ANA", text="for you")["channel"]
    assert dm == slack.conversations_open(users="U0ANA")["channel"]["id"]
    assert person("U0ANA").direct_message("for you").channel == dm
    assert slack.conversations_info(channel=dm)["channel"]["user"] == "U0ANA"


def test_timestamps_are_unique_and_grow_with_the_sandbox_clock(
    sandbox: Sandbox, slack: WebClient, person: Callable[[str], Person]
) -> None:
    first = post(slack, "C0SUPPORT", text="a")
    now = person("U0ANA").forward(hours=2)
    second = post(slack, "C0GENERAL", text="b")
    assert float(second) - float(first) >= 7200
    assert now.timestamp() - 0.001 <= float(second) <= sandbox.now().timestamp()


def test_only_what_the_app_wrote_can_be_edited_or_deleted(slack: WebClient, person: Callable[[str], Person]) -> None:
    hers, own = person("U0ANA").say("C0SUPPORT", "mine").ts, post(slack, text="ours")
    where = {"channel": "C0SUPPORT"}
    assert error_of(slack.chat_update, ts=hers, text="x", **where) == "cant_update_message"
    assert error_of(slack.chat_delete, ts=hers, **where) == "cant_delete_message"
    assert error_of(slack.chat_update, ts="1.000001", text="x", **where) == "message_not_found"
    slack.chat_update(ts=own, text="edited", blocks=[SECTION], **where)
    seen = person("U0ANA").message("C0SUPPORT", "words")
    assert (seen.ts, seen.notification, seen.raw["edited"]) == (own, "edited", True)
    slack.chat_delete(ts=own, **where)
    assert [message.ts for message in person("U0ANA").channel("C0SUPPORT")] == [hers]


def test_an_edit_keeps_the_metadata_that_it_does_not_name(slack: WebClient) -> None:
    ts = post(slack, text="x", metadata=KEY)
    slack.chat_update(channel="C0SUPPORT", ts=ts, text="y")
    found = slack.conversations_history(channel="C0SUPPORT", include_all_metadata=True)["messages"]
    assert found[0]["metadata"] == KEY


def test_history_is_newest_first_and_keeps_metadata_to_itself_unless_asked(
    slack: WebClient, person: Callable[[str], Person]
) -> None:
    first = post(slack, text="one", metadata=KEY)
    second = person("U0ANA").say("C0SUPPORT", "two").ts
    found = slack.conversations_history(channel="C0SUPPORT")["messages"]
    assert [message["ts"] for message in found] == [second, first]
    assert "metadata" not in found[1]
    asked = slack.conversations_history(channel="C0SUPPORT", include_all_metadata=True)["messages"]
    assert asked[1]["metadata"] == KEY


def test_history_comes_in_pages_and_between_bounds(slack: WebClient, person: Callable[[str], Person]) -> None:
    said = [person("U0ANA").say("C0SUPPORT", f"{number}").ts for number in range(5)]
    page = slack.conversations_history(channel="C0SUPPORT", limit=2)
    assert (page["has_more"], [m["text"] for m in page["messages"]]) == (True, ["4", "3"])
    rest = slack.conversations_history(channel="C0SUPPORT", limit=3, cursor=page["response_metadata"]["next_cursor"])
    assert (rest["has_more"], [m["text"] for m in rest["messages"]]) == (False, ["2", "1", "0"])
    inside = slack.conversations_history(channel="C0SUPPORT", oldest=said[1], latest=said[3])
    assert [m["text"] for m in inside["messages"]] == ["2"]
    both = slack.conversations_history(channel="C0SUPPORT", oldest=said[1], latest=said[3], inclusive=True)
    assert [m["text"] for m in both["messages"]] == ["3", "2", "1"]
    assert error_of(slack.conversations_history, channel="C0SUPPORT", cursor="no") == "invalid_cursor"
    assert error_of(slack.conversations_history, channel="C0SUPPORT", oldest="no") == "invalid_ts_oldest"


def test_replies_stand_in_their_thread_and_not_in_the_history(
    slack: WebClient, person: Callable[[str], Person]
) -> None:
    parent = person("U0ANA").say("C0SUPPORT", "question").ts
    slack.chat_postMessage(channel="C0SUPPORT", text="answer", thread_ts=parent, metadata=KEY)
    person("U0JOE").say("C0SUPPORT", "thanks", thread_ts=parent)
    thread = slack.conversations_replies(channel="C0SUPPORT", ts=parent, include_all_metadata=True)["messages"]
    assert [message["text"] for message in thread] == ["question", "answer", "thanks"]
    assert (thread[0]["reply_count"], thread[1]["metadata"]) == (2, KEY)
    assert len(slack.conversations_history(channel="C0SUPPORT")["messages"]) == 1
    assert error_of(slack.conversations_replies, channel="C0SUPPORT", ts="1.000001") == "thread_not_found"


def test_an_ephemeral_message_is_one_members_alone(slack: WebClient, person: Callable[[str], Person]) -> None:
    slack.chat_postEphemeral(channel="C0SUPPORT", user="U0ANA", text="psst")
    assert person("U0ANA").ephemeral("C0SUPPORT", "psst").ephemeral
    assert person("U0JOE").channel("C0SUPPORT") == []
    assert slack.conversations_history(channel="C0SUPPORT")["messages"] == []
    error = error_of(slack.chat_postEphemeral, channel="C0GENERAL", user="U0GUS", text="psst")
    assert error == "user_not_in_channel"


def test_a_permalink_leads_to_the_message(sandbox: Sandbox, slack: WebClient) -> None:
    ts = post(slack, text="x")
    link = slack.chat_getPermalink(channel="C0SUPPORT", message_ts=ts)["permalink"]
    assert link == f"{sandbox.url}archives/C0SUPPORT/p{ts.replace('.', '')}"
    with urlopen(link) as page:  # noqa: S310 - our sandbox
        assert page.url == f"{sandbox.url}?channel=C0SUPPORT&ts={ts}"
    assert error_of(slack.chat_getPermalink, channel="C0SUPPORT", message_ts="1.000001") == "message_not_found"


def test_channels_are_described_with_who_is_in_them(slack: WebClient) -> None:
    support = slack.conversations_info(channel="C0SUPPORT", include_num_members=True)["channel"]
    assert (support["is_ext_shared"], support["is_private"], support["num_members"]) == (True, False, 10)
    assert slack.conversations_info(channel="C0MANAGE")["channel"]["is_private"]
    assert "U0RUTH" in slack.conversations_members(channel="C0MANAGE")["members"]
    assert error_of(slack.conversations_info, channel="C0NONE") == "channel_not_found"


def test_a_file_is_uploaded_shared_and_read_back(slack: WebClient, person: Callable[[str], Person]) -> None:
    slack.files_upload_v2(filename="week.csv", content="a,b\n", channel="C0MANAGE", initial_comment="The week")
    shared = person("U0PRIYA").message("C0MANAGE", "The week").raw["files"][0]
    assert (shared["name"], shared["size"], shared["mimetype"]) == ("week.csv", 4, "text/csv")
    assert slack.files_info(file=shared["id"])["file"]["id"] == shared["id"]
    assert error_of(slack.files_info, file="F0NONE") == "file_not_found"


def test_an_upload_is_as_long_as_it_was_announced(slack: WebClient) -> None:
    place = slack.files_getUploadURLExternal(filename="week.csv", length=9)
    with pytest.raises(HTTPError, match="400") as refused:
        urlopen(place["upload_url"], b"short", timeout=PATIENCE)  # noqa: S310 - our sandbox
    refused.value.close()
    files = [{"id": place["file_id"], "title": "The week"}]
    assert error_of(slack.files_completeUploadExternal, files=files) == "file_not_found"


def test_a_picture_of_an_uploaded_file_says_where_it_is(slack: WebClient, person: Callable[[str], Person]) -> None:
    place = slack.files_getUploadURLExternal(filename="chart.png", length=3)
    picture = {"type": "image", "slack_file": {"id": place["file_id"]}, "alt_text": "12 weeks"}
    assert error_of(slack.chat_postMessage, channel="C0SUPPORT", text="x", blocks=[picture]) == "invalid_blocks"
    slack._upload_file(
        url=place["upload_url"], data=b"png", logger=slack._logger, timeout=int(PATIENCE), proxy=None, ssl=None
    )
    slack.files_completeUploadExternal(files=[{"id": place["file_id"], "title": "Chart"}])
    slack.chat_postMessage(channel="C0GENERAL", text="x", blocks=[picture])
    shown = person("U0ANA").channel("C0GENERAL")[0].raw["blocks"][0]["slack_file"]
    assert shown["url"].endswith("/chart.png")
