"""Errors that Slack's reference lists and that bots elsewhere met: each is taken for what it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.person import Person
from bot.usecases.home.help import Wrote, answer_with_help
from bot.usecases.transport import Shown
from handlers.client.answers import OK, SlackAnswers
from handlers.client.checkup import WORDS
from tests.builders import dropped, opened, someone
from tests.slack.assembled import assembled
from tests.slack.calling import order
from tests.slack.office import shown

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from tests.slack.office import Office


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("error", ["ratelimited", "rate_limited"])
@ON_SQLITE
def test_a_pause_is_one_by_either_of_its_names(ours: Office, sandbox: Sandbox, error: str) -> None:
    """chat.postMessage has an older one, without a status of 429."""
    order(sandbox, "chat.postMessage", f"error:{error}")
    ours.want()
    assert ours.work() == 1
    assert ours.refused() == []
    assert ours.attempts_within(seconds=29) == []
    ours.attempts_within(seconds=5)
    assert shown(sandbox) == ["Case 1: Version 1"]


@pytest.mark.parametrize("error", ["org_login_required", "team_added_to_org"])
@ON_SQLITE
def test_a_workspace_that_moves_into_an_organisation_is_waited_for(ours: Office, sandbox: Sandbox, error: str) -> None:
    order(sandbox, "chat.postMessage", f"error:{error}", 3)
    ours.want()
    ours.attempts_within(seconds=5)
    assert ours.refused() == []
    ours.attempts_within(seconds=60)
    assert shown(sandbox) == ["Case 1: Version 1"]


@pytest.mark.parametrize(
    "error",
    [
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "cannot_reply_to_message",
        "user_not_in_channel",
    ],
)
@ON_SQLITE
def test_what_one_channel_refuses_says_nothing_of_the_others(ours: Office, sandbox: Sandbox, error: str) -> None:
    order(sandbox, "chat.postMessage", f"error:{error}")
    ours.want()
    ours.work()
    assert ours.refused() == [("C0MANAGE", error)]
    ours.attempts_within(seconds=60)
    assert shown(sandbox) == ["Case 1: Version 1"]
    answers = SlackAnswers()
    for _ in range(5):
        answers.note("chat.postMessage", error, {})
    assert answers.refused_every_time() == {}


@pytest.mark.parametrize(
    "error", ["team_access_not_granted", "enterprise_is_restricted", "msg_too_long", "no_permission"]
)
@ON_SQLITE
def test_what_slack_refuses_everybody_is_said_with_its_word(ours: Office, sandbox: Sandbox, error: str) -> None:
    order(sandbox, "chat.postMessage", f"error:{error}", 2)
    ours.want()
    ours.attempts_within(seconds=1)
    assert ours.refused() == [("C0MANAGE", error)]
    answers = SlackAnswers()
    for _ in range(2):
        answers.note("chat.postMessage", error, {})
    assert answers.refused_every_time() == {Shown.POSTS: error}
    answers.note("chat.postMessage", OK, {})
    assert answers.refused_every_time() == {}


@ON_SQLITE
def test_a_pause_of_an_hour_holds_a_message_up_and_loses_nothing(ours: Office, sandbox: Sandbox) -> None:
    order(sandbox, "chat.postMessage", "429", seconds=3600)
    ours.want()
    tried = ours.attempts_within(seconds=3600)
    assert tried[0] == 0
    assert all(seconds >= 300 for seconds in tried[1:])
    assert shown(sandbox) == ["Case 1: Version 1"]


def test_check_says_what_to_do_about_the_token_of_an_organisation_and_one_that_expires() -> None:
    assert "rotation" in WORDS["token_expired"][1]
    assert "organisation" in WORDS["team_access_not_granted"][1]


def test_an_event_that_comes_again_after_a_restart_is_answered_once(sandbox: Sandbox, database_url: str) -> None:
    """Slack sends one again after five minutes where its answer got lost, also to a bot that has started since."""
    firm = assembled(sandbox, database_url)
    wrote = Wrote(someone("U0ANA"), int(firm.clock().timestamp()) // 60)
    for _ in range(3):
        answer_with_help(firm.start().context, wrote)
        firm.work()
        firm.clock.time += timedelta(minutes=5)
    assert len(Person(sandbox.url, "U0ANA").direct_messages()) == 1
    firm.stop()


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed", "msg_too_long"])
def test_a_message_that_cannot_be_edited_any_more_is_posted_again_or_named(
    sandbox: Sandbox, database_url: str, error: str
) -> None:
    """As after retention at Slack had deleted it, or where the workspace lets nobody edit after some days."""
    firm = assembled(sandbox, database_url)
    context = firm.start().context
    case = opened(context, "U0ANA", "Zenith Corp", category="threat")
    firm.work()
    order(sandbox, "chat.update", f"error:{error}", 1)
    dropped(context, case.number)
    firm.work()
    assert "dropped" in Person(sandbox.url, "U0PRIYA").channel("C0MANAGE")[-1].text
    assert firm.behind() == 0
    firm.stop()
