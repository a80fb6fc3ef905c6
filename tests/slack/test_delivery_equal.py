"""An unchanged message is not sent again, unless it is uncertain what Slack shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.rules.notices import NoticeKind
from bot.usecases.transport import Message
from tests.builders import TEAM
from tests.slack.calling import order
from tests.slack.office import HERE, Office, counts, shown
from tests.slack.steps import soon

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.rules.notices import Notice
    from bot.sandbox.server import Sandbox
    from storage.transaction import Transaction

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_unchanged_message_is_marked_as_delivered_without_a_call(ours: Office, sandbox: Sandbox) -> None:
    ours.want()
    ours.work()
    for _ in range(3):
        ours.want()
        assert ours.work() == 1
    assert ours.behind() == 0
    assert counts(sandbox) == {"chat.postMessage": 1}
    ours.words = "Version 2"
    ours.want()
    ours.work()
    assert shown(sandbox) == ["Case 1: Version 2"]
    assert counts(sandbox) == {"chat.postMessage": 1, "chat.update": 1}


def test_what_was_changed_back_while_an_edit_had_no_answer_is_sent(ours: Office, sandbox: Sandbox) -> None:
    """Slack shows the second version, though all that was ever confirmed is the first."""
    ours.want()
    ours.work()
    order(sandbox, "chat.update", "drop_after")
    ours.words = "Version 2"
    ours.want()
    ours.work()
    assert soon(lambda: shown(sandbox) == ["Case 1: Version 2"])
    ours.words = "Version 1"
    ours.attempts_within(seconds=3)
    assert shown(sandbox) == ["Case 1: Version 1"]
    assert ours.behind() == 0


def test_what_was_changed_back_while_a_worker_died_with_an_edit_is_sent(ours: Office, sandbox: Sandbox) -> None:
    ours.want()
    ours.work()
    ours.words = "Version 2"
    ours.want()
    delivery = ours.delivery()
    job = delivery.claim()
    assert job is not None
    assert job.notice.ts is not None
    ours.slack.edit(HERE, job.notice.ts, Message("Case 1: Version 2", []))  # and nobody lives to note it
    ours.words = "Version 1"
    ours.attempts_within(seconds=40)
    assert shown(sandbox) == ["Case 1: Version 1"]


def test_what_somebody_deleted_comes_back_with_its_next_change_as_it_was_before(
    ours: Office, sandbox: Sandbox, slack: WebClient
) -> None:
    ours.want()
    ours.work()
    (message,) = slack.conversations_history(channel=HERE)["messages"]
    slack.chat_delete(channel=HERE, ts=message["ts"])
    ours.words = "Version 2"
    ours.want()
    delivery = ours.delivery()
    job = delivery.claim()
    assert job is not None
    delivery.deliver(job)  # finds that it is gone
    ours.words = "Version 1"
    ours.attempts_within(seconds=3)
    assert shown(sandbox) == ["Case 1: Version 1"]


def test_a_home_whose_time_alone_changed_is_published_only_when_somebody_opens_it(
    ours: Office, sandbox: Sandbox
) -> None:
    def home(_: Transaction, __: Notice) -> Message:
        said, as_of_block = _section(ours.words), _section(f"As of {ours.clock()}")
        return Message("", [said, as_of_block], as_of_block=as_of_block)

    def published(*, opened: bool) -> int:
        with ours.database.begin(TEAM) as tx:
            tx.notices.refresh(NoticeKind.HOME, 0, "U0ANA", ours.clock(), urgent=opened)
        delivery = ours.delivery(render=home)
        while job := delivery.claim():
            delivery.deliver(job)
        ours.clock.forward(seconds=60)
        return counts(sandbox)["views.publish"]

    assert published(opened=True) == 1
    assert published(opened=False) == 1
    assert published(opened=True) == 2
    assert published(opened=False) == 2
    ours.words = "Version 2"
    assert published(opened=False) == 3
    assert ours.behind() == 0


def _section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}
