"""Links to messages are by the workspace's own address: slack.com opens the wrong one for who is in several."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.rules.policy.verdicts import Severity
from bot.sandbox.person import Person
from bot.usecases.transport import RetryLater, Unanswered
from handlers.client.answers import SlackAnswers
from handlers.client.transport import SlackTransport, posting_client
from tests.builders import opened
from tests.slack.assembled import firm as one
from tests.slack.calling import order
from tests.slack.conftest import TOKEN
from tests.slack.steps import pressed, reports

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox
    from tests.slack.assembled import Assembled

__all__ = ["one"]  # the fixture

LINK = re.compile(r"https?://[^\s\"<>|]+/archives/[A-Z0-9]+/p\d+")
ELSEWHERE = "https://another-firm.slack.com/archives/C0ELSE/p1763726000000100"


def links(shown: object) -> set[str]:
    return {found.partition("archives/")[0] for found in LINK.findall(json.dumps(shown))}


def test_every_link_that_the_bot_makes_is_by_the_workspaces_own_address(firm: Sandbox) -> None:
    ana, priya = Person(firm.url, "U0ANA"), Person(firm.url, "U0PRIYA")
    said = ana.say("C0SUPPORT", "They swore at me")
    form = ana.shortcut(said, "Report customer")
    form.fill({"Customer": "Zenith Corp", "What kind of conduct?": "Threat", "How serious?": "Severe"})
    form.fill({"What happened?": "He shouted.", "Links": ELSEWHERE})
    form.submit()
    form.cancel()
    notice = priya.message("C0MANAGE", "Zenith Corp")
    assert links(pressed(priya, notice, "See the case").view) == {firm.url, ELSEWHERE.partition("archives/")[0]}
    reports(ana, "Acme Ltd", category="Threat", severity="Severe")
    priya.message("C0MANAGE", "Acme Ltd")
    assert links(priya.home("Acme Ltd").view) == {firm.url}


def test_messages_that_lead_to_a_case_link_to_it_there(one: Assembled, sandbox: Sandbox) -> None:
    context = one.running[-1].context
    opened(context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    one.work()
    one.clock.time += timedelta(days=7)
    one.work()
    received = Person(sandbox.url, "U0RUTH").direct_messages()
    assert links([message.raw for message in received]) == {sandbox.url}


def test_nothing_that_links_is_drawn_before_slack_has_said_where_the_workspace_is(sandbox: Sandbox) -> None:
    answers = SlackAnswers()
    slack = SlackTransport(posting_client(TOKEN, sandbox.api_url, answers))
    order(sandbox, "auth.test", "drop_before")
    for _ in range(2):
        with pytest.raises(RetryLater):
            answers.workspace_url()
        with suppress(Unanswered):  # the first time
            slack.team()
    assert answers.workspace_url() == sandbox.url
