"""Each message is in Slack once and shows the newest state, however Slack fails."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.client import Client
from bot.usecases.transport import Message
from tests.slack.calling import order
from tests.slack.office import HERE, Office, counts, impatient, shown
from tests.slack.steps import soon

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.rules.notices import Notice
    from bot.sandbox.server import Sandbox
    from storage.transaction import Transaction

CARRIED_OUT = ("drop_after", "slow")
NOT_CARRIED_OUT = ("500", "internal_error", "fatal_error", "drop_before")
REFUSALS = ("channel_not_found", "not_in_channel", "is_archived", "invalid_auth")
REPEATED = "You may have had this message before"


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""One kind of database is enough for Slack's moods; what workers make of it is tested on both."""


def until_the_call_is_over(sandbox: Sandbox, method: str, calls: int = 1) -> None:
    """A call that the client gave up is carried out all the same, a moment later."""
    assert soon(lambda: counts(sandbox).get(method, 0) >= calls)


def test_a_notice_is_posted_and_then_edited(ours: Office, sandbox: Sandbox) -> None:
    ours.want()
    ours.work()
    assert shown(sandbox) == ["Case 1: Version 1"]
    ours.words = "Version 2"
    ours.want()
    ours.work()
    assert shown(sandbox) == ["Case 1: Version 2"]
    assert ours.behind() == 0


def test_a_direct_message_takes_one_call(ours: Office, sandbox: Sandbox) -> None:
    ours.want(target="U0ANA")
    ours.work()
    assert shown(sandbox, "D0ANA", "U0ANA") == ["Case 1: Version 1"]
    assert counts(sandbox) == {"chat.postMessage": 1}
    ours.words = "Version 2"
    ours.want(target="U0ANA")
    ours.work()
    assert shown(sandbox, "D0ANA", "U0ANA") == ["Case 1: Version 2"]
    assert counts(sandbox) == {"chat.postMessage": 1, "chat.update": 1}


@pytest.mark.parametrize("target", [HERE, "U0ANA"])
@pytest.mark.parametrize("kind", [*CARRIED_OUT, *NOT_CARRIED_OUT])
def test_a_post_without_an_answer_is_looked_for_and_stands_once(
    ours: Office, sandbox: Sandbox, kind: str, target: str
) -> None:
    order(sandbox, "chat.postMessage", kind, seconds=0.5)
    ours.want(target=target)
    with impatient(ours.slack.client) if kind == "slow" else nullcontext():
        assert ours.work() == 1
    until_the_call_is_over(sandbox, "chat.postMessage")
    assert ours.behind() == 1
    ours.words = "Version 2"
    ours.attempts_within(seconds=3)
    where, reader = (HERE, "U0PRIYA") if target == HERE else ("D0ANA", "U0ANA")
    assert shown(sandbox, where, reader) == ["Case 1: Version 2"]
    assert ours.behind() == 0
    assert counts(sandbox)["conversations.history"] == 1


@pytest.mark.parametrize("kind", [*CARRIED_OUT, *NOT_CARRIED_OUT])
def test_an_edit_without_an_answer_is_made_again(ours: Office, sandbox: Sandbox, kind: str) -> None:
    ours.want()
    ours.work()
    order(sandbox, "chat.update", kind, seconds=0.5)
    ours.words = "Version 2"
    ours.want()
    with impatient(ours.slack.client) if kind == "slow" else nullcontext():
        ours.work()
    until_the_call_is_over(sandbox, "chat.update")
    ours.words = "Version 3"
    ours.attempts_within(seconds=3)
    assert shown(sandbox) == ["Case 1: Version 3"]
    assert ours.behind() == 0
    assert "conversations.history" not in counts(sandbox)


@pytest.mark.parametrize("kind", ["drop_before", "500"])
def test_a_failure_to_look_leads_to_looking_again_and_not_to_posting(ours: Office, sandbox: Sandbox, kind: str) -> None:
    order(sandbox, "chat.postMessage", "drop_after")
    order(sandbox, "conversations.history", kind, times=3)
    ours.want()
    ours.attempts_within(seconds=60)
    assert shown(sandbox) == ["Case 1: Version 1"]
    assert counts(sandbox)["chat.postMessage"] == 1
    assert counts(sandbox)["conversations.history"] == 4


def test_where_the_past_cannot_be_read_it_is_posted_again_and_says_so_until_the_next_edit(
    ours: Office, sandbox: Sandbox
) -> None:
    order(sandbox, "chat.postMessage", "drop_after")
    order(sandbox, "conversations.history", "error:missing_scope")
    ours.want()
    ours.work()
    ours.attempts_within(seconds=3)
    first, second = shown(sandbox)
    assert REPEATED not in first
    assert REPEATED in second
    ours.want()
    ours.work()
    assert not any(REPEATED in text for text in shown(sandbox))


def test_a_longest_message_that_may_be_a_repeat_still_fits(ours: Office, sandbox: Sandbox) -> None:
    def longest(_: Transaction, __: Notice) -> Message:
        block = {"type": "section", "text": {"type": "plain_text", "text": "x" * 100}}
        return Message("y" * 3990, [block] * 50)

    order(sandbox, "chat.postMessage", "drop_before")
    order(sandbox, "conversations.history", "error:missing_scope")
    ours.want()
    delivery = ours.delivery(render=longest)
    for _ in range(2):
        job = delivery.claim()
        assert job is not None
        delivery.deliver(job)
        ours.clock.forward(seconds=3)
    (text,) = shown(sandbox)
    assert text.startswith("You may have had this message before")


@pytest.mark.parametrize("error", REFUSALS)
def test_what_slack_refuses_is_seen_and_delivered_once_mended(ours: Office, sandbox: Sandbox, error: str) -> None:
    order(sandbox, "chat.postMessage", f"error:{error}", times=3)
    ours.want()
    ours.work()
    assert ours.refused() == [(HERE, error)]
    ours.words = "Version 2"
    ours.attempts_within(seconds=30)
    assert shown(sandbox) == ["Case 1: Version 2"]
    assert ours.refused() == []
    assert ours.behind() == 0
    assert "conversations.history" not in counts(sandbox)


def test_a_message_that_somebody_deleted_is_posted_again(ours: Office, sandbox: Sandbox, slack: WebClient) -> None:
    ours.want()
    ours.work()
    (message,) = slack.conversations_history(channel=HERE)["messages"]
    slack.chat_delete(channel=HERE, ts=message["ts"])
    ours.words = "Version 2"
    ours.want()
    ours.attempts_within(seconds=3)
    assert shown(sandbox) == ["Case 1: Version 2"]
    ours.words = "Version 3"
    ours.want()
    ours.work()
    assert shown(sandbox) == ["Case 1: Version 3"]


def test_a_message_is_found_beyond_the_first_page(ours: Office, sandbox: Sandbox) -> None:
    people = Client(sandbox.url, "U0PRIYA")
    order(sandbox, "chat.postMessage", "drop_after")
    ours.want()
    ours.work()
    for number in range(230):
        people.post("message", channel=HERE, text=f"Message {number}")
    ours.attempts_within(seconds=3)
    assert sum(text.startswith("Case 1") for text in shown(sandbox)) == 1


def test_a_picture_that_cannot_be_drawn_is_noted_and_holds_up_nothing_else(ours: Office, sandbox: Sandbox) -> None:
    def broken(tx: Transaction, notice: Notice) -> Message:
        if notice.subject == 1:
            raise KeyError("narrative")
        return ours.render(tx, notice)

    ours.want(1)
    ours.want(2)
    delivery = ours.delivery(render=broken)
    for _ in range(2):
        job = delivery.claim()
        assert job is not None
        with suppress(KeyError):
            delivery.deliver(job)
        if job.notice.subject == 1:
            delivery.crashed(job, KeyError("narrative"))
        ours.clock.forward(seconds=1.1)
    assert shown(sandbox) == ["Case 2: Version 1"]
    assert ours.refused() == [(HERE, "KeyError")]
    ours.attempts_within(seconds=5)
    assert len(shown(sandbox)) == 2
    assert ours.refused() == []


def test_a_refusal_says_nothing_of_a_post_that_was_in_doubt(ours: Office, sandbox: Sandbox) -> None:
    """After an answer that never came and a refusal to look, it is still looked for before it is posted."""
    order(sandbox, "chat.postMessage", "drop_after")
    order(sandbox, "conversations.history", "error:invalid_auth")
    ours.want()
    ours.attempts_within(seconds=20)
    assert len(shown(sandbox)) == 1
    assert counts(sandbox)["chat.postMessage"] == 1
