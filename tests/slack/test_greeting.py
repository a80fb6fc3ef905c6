"""`serve` greets the management channel, once for a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.rules.policy.verdicts import Severity
from tests.builders import opened
from tests.slack.assembled import Assembled, assembled
from tests.slack.calling import post_json
from tests.slack.office import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.server import Sandbox


@pytest.fixture
def firm(sandbox: Sandbox, database_url: str) -> Iterator[Assembled]:
    firm = assembled(sandbox, database_url)
    firm.greets = True
    yield firm
    firm.stop()


def test_the_first_start_says_what_this_is_who_decides_and_what_to_type_and_no_later_one_says_it_again(
    firm: Assembled, sandbox: Sandbox
) -> None:
    for _ in range(2):  # two starts, or two processes, before it is posted
        firm.start()
    for _ in range(2):
        firm.work()
        firm.start()
    (greeting,) = shown(sandbox)
    what, who, how = greeting.splitlines()
    assert "abusive customers" in what
    assert "decide" in who
    assert "/report-abuse" in how
    firm.start(MANAGERS="U0PRIYA", DIRECTORS="U0PRIYA")
    firm.work()
    (edited,) = shown(sandbox)
    assert "by the deadline of each case" in edited.splitlines()[1]
    assert firm.behind() == 0


def test_a_record_that_has_messages_there_is_not_greeted_and_a_new_channel_is(
    firm: Assembled, sandbox: Sandbox
) -> None:
    firm.greets = False
    opened(firm.start().context, "U0ANA", "Zenith Corp", category="threat", severity=Severity.SEVERE)
    firm.work()
    before = shown(sandbox)
    firm.greets = True
    firm.start()
    firm.work()
    assert shown(sandbox) == before
    firm.start(MANAGEMENT_CHANNEL="C0GENERAL")
    firm.work()
    assert sum("abusive customers" in text for text in shown(sandbox, "C0GENERAL")) == 1


@pytest.mark.parametrize("what", ["archive", "delete", "remove_app"])
def test_a_greeting_that_no_one_got_in_a_channel_that_was_wrong_does_not_wait_there_for_ever(
    firm: Assembled, sandbox: Sandbox, what: str
) -> None:
    post_json(f"{sandbox.url}sandbox/channel", {"channel": "C0MANAGE", "change": what})
    firm.start()
    firm.work()
    assert firm.behind() == 1
    firm.start(MANAGEMENT_CHANNEL="C0GENERAL")
    firm.work()
    assert len(shown(sandbox, "C0GENERAL")) == 1
    assert firm.behind() == 0
