"""A channel that the bot posts to moves: another is named in the settings, or Slack gives it another ID."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.rules.policy.verdicts import Severity
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox, start
from bot.sandbox.workspace import FIRM, Channel
from tests.builders import before_a_decision, kept, opened, reported
from tests.slack.assembled import Assembled, assembled
from tests.slack.calling import post_json
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import counts, real_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.person import Message

OLD, NEW = "C0MANAGE", "C0BOSSES"
MANAGEMENT = frozenset({"U0PRIYA", "U0BRAD", "U0RUTH", "U0BACKSTOP"})
TWO_CHANNELS = replace(FIRM, channels=(*FIRM.channels, Channel(NEW, "bosses", MANAGEMENT, private=True)))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    running = start(TWO_CHANNELS, token=TOKEN, signing_secret=SECRET, now=real_clock)
    yield running
    running.stop()


@pytest.fixture
def firm(sandbox: Sandbox, database_url: str) -> Iterator[Assembled]:
    """The bot posts to the old channel: about a case that is open, one that has ended, and an objection to a drop."""
    firm = assembled(sandbox, database_url)
    context = firm.start().context
    kept(context, before_a_decision(context, firm.clock, "Meridian Print"), conditions=())
    firm.clock.forward(hours=1)
    assert opened(context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE).is_open
    firm.work()
    yield firm
    firm.stop()


def change(sandbox: Sandbox, what: str, **more: str) -> None:
    post_json(f"{sandbox.url}sandbox/channel", {"channel": OLD, "change": what, **more})


def seen(sandbox: Sandbox, channel: str) -> list[Message]:
    return Person(sandbox.url, "U0PRIYA").channel(channel)


def about(messages: list[Message], text: str) -> Message:
    (found,) = [message for message in messages if text in message.text]
    return found


def test_every_open_case_comes_to_the_channel_that_is_named_now(firm: Assembled) -> None:
    ended = [message.raw for message in seen(firm.sandbox, OLD) if "Meridian Print" in message.text]
    before = about(seen(firm.sandbox, OLD), "Zenith Corp")
    assert "Approve drop" in before.buttons
    firm.start(MANAGEMENT_CHANNEL=NEW)
    firm.work()
    (there,) = seen(firm.sandbox, NEW)
    assert "Zenith Corp" in there.text
    assert there.buttons == before.buttons
    (left,) = [message for message in seen(firm.sandbox, OLD) if message.ts == before.ts]
    assert (left.text, left.buttons) == ("Case 3 is in #C0BOSSES now.", [])
    assert [message.raw for message in seen(firm.sandbox, OLD) if "Meridian Print" in message.text] == ended
    assert firm.behind() == 0
    reported(firm.running[-1].context, "U0JOE", "Zenith Corp")
    firm.work()
    assert "2 reports" in about(seen(firm.sandbox, NEW), "Zenith Corp").text
    assert "Case 3 is in" in about(seen(firm.sandbox, OLD), "C0BOSSES").text


def test_nothing_is_sent_again_at_a_start_with_the_same_settings(firm: Assembled) -> None:
    firm.start(MANAGEMENT_CHANNEL=NEW)
    firm.work()
    before = counts(firm.sandbox)
    firm.start()
    firm.work()
    now = counts(firm.sandbox)
    assert [now[method] - before[method] for method in ("chat.postMessage", "chat.update")] == [0, 0]


def test_back_in_the_first_channel_the_case_is_asked_there_again(firm: Assembled) -> None:
    before = about(seen(firm.sandbox, OLD), "Zenith Corp")
    for channel in (NEW, OLD):
        firm.start(MANAGEMENT_CHANNEL=channel)
        firm.work()
    assert about(seen(firm.sandbox, OLD), "Zenith Corp").buttons == before.buttons
    assert about(seen(firm.sandbox, NEW), "Case 3 is in #C0MANAGE now.").buttons == []


@pytest.mark.parametrize("what", ["archive", "delete", "remove_app"])
def test_where_the_old_channel_cannot_be_reached_nothing_waits_for_it(firm: Assembled, what: str) -> None:
    change(firm.sandbox, what)
    firm.start(MANAGEMENT_CHANNEL=NEW)
    reported(firm.running[-1].context, "U0JOE", "Zenith Corp")
    firm.work()
    assert "Approve drop" in about(seen(firm.sandbox, NEW), "Zenith Corp").buttons
    assert firm.behind() == 0


def test_what_could_not_be_posted_in_the_old_channel_is_posted_in_the_new_one(firm: Assembled) -> None:
    change(firm.sandbox, "archive")
    context = firm.running[-1].context
    opened(context, "U0MIA", "Acme Ltd", category="threat", severity=Severity.SEVERE)
    firm.clock.forward(days=7)
    firm.work()
    assert firm.behind() > 0
    firm.start(MANAGEMENT_CHANNEL=NEW)
    firm.work()
    assert any("Approve drop" in message.buttons for message in seen(firm.sandbox, NEW) if "Acme" in message.text)
    assert [message for message in seen(firm.sandbox, NEW) if "Download CSV" in message.buttons]
    assert about(seen(firm.sandbox, NEW), "Digest ")
    assert firm.behind() == 0


def test_a_channel_with_a_new_id_keeps_its_messages_and_none_of_their_old_buttons(firm: Assembled) -> None:
    change(firm.sandbox, "convert", new_id="C0PUBLIC")
    before = about(seen(firm.sandbox, "C0PUBLIC"), "Zenith Corp")
    firm.start(MANAGEMENT_CHANNEL="C0PUBLIC")
    firm.work()
    assert about(seen(firm.sandbox, "C0PUBLIC"), "Case 3 is in #C0PUBLIC now.").ts == before.ts
    assert about(seen(firm.sandbox, "C0PUBLIC"), "Zenith Corp").buttons == before.buttons
    assert firm.behind() == 0


@pytest.mark.parametrize("then", ["add_app", ""])
def test_a_channel_that_was_archived_for_a_while_shows_everything_once_afterwards(firm: Assembled, then: str) -> None:
    """Who unarchives a channel has to invite the bot again."""
    context = firm.running[-1].context
    change(firm.sandbox, "archive")
    reported(context, "U0JOE", "Zenith Corp")
    opened(context, "U0MIA", "Acme Ltd", category="threat", severity=Severity.SEVERE)
    firm.clock.forward(hours=3)
    firm.work()
    assert firm.behind() > 0
    assert "2 reports" not in about(seen(firm.sandbox, OLD), "Zenith Corp").text
    if then:
        change(firm.sandbox, "remove_app")
    change(firm.sandbox, "unarchive")
    if then:
        firm.work()
        assert firm.behind() > 0
        change(firm.sandbox, then)
    change(firm.sandbox, "rename", new_id="bosses")
    firm.clock.forward(minutes=10)
    firm.work()
    assert firm.behind() == 0
    assert "2 reports" in about(seen(firm.sandbox, OLD), "Zenith Corp").text
    assert "Approve drop" in about(seen(firm.sandbox, OLD), "Acme Ltd").buttons
