"""What would notify a phone in the sandbox, and what would not: as Slack is set for whoever has changed nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.slack.calling import get_json
from tests.slack.steps import people
from tests.slack.test_sandbox_page import Page

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.sandbox.server import Sandbox

MANAGERS = {"U0PRIYA", "U0BRAD"}
IN_SUPPORT = {"U0ANA", "U0JOE", "U0MIA", "U0PRIYA", "U0BRAD", "U0RUTH", "U0CORA", "U0GUS", "U0OLEK"}


def waiting(sandbox: Sandbox) -> dict[str, int]:
    """How many notifications wait on each phone."""
    return dict(get_json(f"{sandbox.url}sandbox/state?as=U0ANA")["notifications"])


def notified(sandbox: Sandbox) -> set[str]:
    return set(waiting(sandbox))


def rich(*elements: dict[str, str]) -> list[dict[str, object]]:
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}]


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("Good morning.", set()),
        ("<@U0PRIYA>: please look.", {"U0PRIYA"}),
        ("<@U0PRIYA|priya> and <@U0JOE>", {"U0PRIYA", "U0JOE"}),
        ("<!subteam^S0MANAGERS>: please look.", MANAGERS),
        ("<!channel>", IN_SUPPORT),
        ("&lt;@U0PRIYA&gt; and @priya", set()),
        ("<@U0NOBODY> <#C0SUPPORT> <https://example.com|U0PRIYA>", set()),
    ],
)
def test_in_a_channel_who_is_mentioned_is_notified_and_nobody_else(
    sandbox: Sandbox, slack: WebClient, text: str, whom: set[str]
) -> None:
    slack.chat_postMessage(channel="C0SUPPORT", text=text)
    assert notified(sandbox) == whom


def test_of_a_message_with_blocks_only_what_they_show_notifies(sandbox: Sandbox, slack: WebClient) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "<@U0BRAD>"}}
    plain = {"type": "section", "text": {"type": "plain_text", "text": "<@U0RUTH>"}}
    person, group = {"type": "user", "user_id": "U0JOE"}, {"type": "usergroup", "usergroup_id": "S0MANAGERS"}
    slack.chat_postMessage(channel="C0SUPPORT", text="<@U0MIA>", blocks=[section, plain])
    assert notified(sandbox) == {"U0BRAD"}
    slack.chat_postMessage(channel="C0GENERAL", text="x", blocks=rich(person, {"type": "text", "text": "<@U0MIA>"}))
    assert notified(sandbox) == {"U0BRAD", "U0JOE"}
    slack.chat_postMessage(channel="C0MANAGE", text="x", blocks=rich(group))
    assert waiting(sandbox) == {"U0BRAD": 2, "U0JOE": 1, "U0PRIYA": 1}


def test_here_notifies_those_who_have_a_page_open(sandbox: Sandbox, slack: WebClient) -> None:
    joe = Page(sandbox, "U0JOE")
    slack.chat_postMessage(channel="C0SUPPORT", text="x", blocks=rich({"type": "broadcast", "range": "here"}))
    assert joe.next("notifications")["counts"] == {"U0JOE": 1}


def test_a_direct_message_notifies_until_its_reader_looks_and_an_edit_notifies_nobody(
    sandbox: Sandbox, slack: WebClient
) -> None:
    (ana,) = people(sandbox, "ANA")
    ts = slack.chat_postMessage(channel="U0ANA", text="one")["ts"]
    assert waiting(sandbox) == {"U0ANA": 1}
    (message,) = ana.direct_messages()
    assert message.raw["notifies"] == ["U0ANA"]
    assert waiting(sandbox) == {}
    slack.chat_update(channel=ana.dm, ts=ts, text="two, <@U0ANA>")
    assert waiting(sandbox) == {}
    silent = slack.chat_postMessage(channel="C0SUPPORT", text="three")["ts"]
    slack.chat_update(channel="C0SUPPORT", ts=silent, text="<@U0JOE> <!channel>")
    assert waiting(sandbox) == {}
    ana.say("C0SUPPORT", "four")
    ana.say(ana.dm, "five")
    assert waiting(sandbox) == {}


def test_what_is_deleted_waits_no_more_and_what_only_one_sees_notifies_nobody(
    sandbox: Sandbox, slack: WebClient
) -> None:
    (ana,) = people(sandbox, "ANA")
    ts = slack.chat_postMessage(channel="U0ANA", text="one")["ts"]
    slack.chat_delete(channel=ana.dm, ts=ts)
    slack.chat_postEphemeral(channel="C0SUPPORT", user="U0ANA", text="<@U0ANA>")
    assert waiting(sandbox) == {}


def test_a_reply_notifies_whoever_follows_the_thread(sandbox: Sandbox, slack: WebClient) -> None:
    ana, joe, mia = people(sandbox, "ANA", "JOE", "MIA")
    said = ana.say("C0SUPPORT", "Who takes Zenith?")
    joe.say("C0SUPPORT", "I do.", said.ts)
    assert waiting(sandbox) == {"U0ANA": 1}
    mia.say("C0SUPPORT", "Good.", said.ts)
    assert waiting(sandbox) == {"U0ANA": 2, "U0JOE": 1}
    ana.channel("C0SUPPORT")
    joe.channel("C0SUPPORT")
    slack.chat_postMessage(channel="C0SUPPORT", text="<@U0RUTH>", thread_ts=said.ts)
    assert notified(sandbox) == {"U0ANA", "U0JOE", "U0MIA", "U0RUTH"}
    ana.say("C0SUPPORT", "Thanks.", said.ts)
    assert waiting(sandbox) == {"U0JOE": 2, "U0MIA": 2, "U0RUTH": 2}


def test_what_notifies_is_no_part_of_what_the_app_reads(slack: WebClient) -> None:
    posted = slack.chat_postMessage(channel="C0SUPPORT", text="<@U0ANA>")
    (read,) = slack.conversations_history(channel="C0SUPPORT")["messages"]
    assert not {"notifies", "notified"} & {*posted["message"], *read}
