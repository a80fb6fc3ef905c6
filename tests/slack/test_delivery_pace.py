"""Slack is asked no more often than it allows, and less often the longer it fails."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bot.rules.notices import NoticeKind
from bot.sandbox.server import start
from bot.usecases.delivery.delivery import LONGEST_BACKOFF
from storage.database import Database
from tests.benchmarks.sixty_reps import LARGE_FIRM, SIXTY
from tests.slack.calling import order
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import Office, counts, office, real_clock, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.server import Sandbox


@pytest.mark.parametrize("kind", ["500", "error:is_archived"])
def test_the_waits_grow_and_stay_under_six_minutes(ours: Office, sandbox: Sandbox, kind: str) -> None:
    order(sandbox, "*", kind, times=1000)
    ours.want()
    tried = ours.attempts_within(seconds=3600)
    waits = [later - earlier for earlier, later in pairwise(tried)]
    assert waits[0] <= 3
    assert all(later >= earlier for earlier, later in pairwise(waits[:8]))
    assert waits[7] > 50 * waits[0]
    assert 0.7 * LONGEST_BACKOFF < max(waits) <= 1.2 * LONGEST_BACKOFF + 1
    assert 14 <= len(tried) <= 24


def test_the_pause_that_slack_asks_for_is_kept_for_the_channel_and_by_everybody(
    ours: Office, database_url: str, sandbox: Sandbox
) -> None:
    order(sandbox, "chat.postMessage", "429", seconds=30)
    ours.want(1)
    ours.work()
    ours.want(2)
    with closing(Database(database_url)) as other:
        theirs = Office(other, ours.slack, ours.clock)
        assert theirs.attempts_within(seconds=29) == []
        theirs.want(3, "C0SUPPORT")
        assert theirs.work() == 1
    assert shown(sandbox, "C0SUPPORT") == ["Case 3: Version 1"]
    assert counts(sandbox)["chat.postMessage"] == 2
    ours.attempts_within(seconds=1)
    assert len(shown(sandbox)) == 1


def test_a_pause_for_looking_holds_up_no_other_message(ours: Office, sandbox: Sandbox) -> None:
    order(sandbox, "chat.postMessage", "drop_before")
    order(sandbox, "conversations.history", "429", seconds=60)
    ours.want(1)
    ours.work()
    ours.clock.forward(seconds=3)
    ours.work()
    ours.want(2)
    ours.clock.forward(seconds=2)
    ours.work()
    assert shown(sandbox) == ["Case 2: Version 1"]
    ours.attempts_within(seconds=60)
    assert shown(sandbox) == ["Case 2: Version 1", "Case 1: Version 1"]


@pytest.fixture
def large_firm(database: Database) -> Iterator[tuple[Office, Sandbox]]:
    """A Slack with sixty reps more, and our side of it."""
    sandbox = start(LARGE_FIRM, token=TOKEN, signing_secret=SECRET, now=real_clock)
    yield office(database, sandbox, TOKEN), sandbox
    sandbox.stop()


def test_sixty_direct_messages_go_at_once_and_slack_refuses_none(large_firm: tuple[Office, Sandbox]) -> None:
    ours, sandbox = large_firm
    for number, rep in enumerate(SIXTY):
        ours.want(number, rep, NoticeKind.REPORT)
    ours.want()
    assert ours.work() == 61
    assert counts(sandbox) == {"chat.postMessage": 61}
    assert ours.behind() == 0


def test_where_the_workspace_is_paused_slack_is_not_asked_for_each_person(large_firm: tuple[Office, Sandbox]) -> None:
    """It does not say that all are paused; a second refusal at the same time shows it."""
    ours, sandbox = large_firm
    order(sandbox, "chat.postMessage", "429", times=2, seconds=30)
    for number, rep in enumerate(SIXTY):
        ours.want(number, rep, NoticeKind.REPORT)
    ours.attempts_within(seconds=28)
    assert counts(sandbox) == {"chat.postMessage": 2}
    ours.want()
    assert ours.work() == 1  # management does not wait for others
    assert len(shown(sandbox)) == 1
    ours.attempts_within(seconds=20)
    assert counts(sandbox) == {"chat.postMessage": 2 + 1 + 60}
    assert ours.behind() == 0


def test_messages_to_one_channel_keep_slacks_pace(ours: Office, sandbox: Sandbox) -> None:
    for subject in range(4):
        ours.want(subject)
    tried = ours.attempts_within(seconds=10)
    assert len(shown(sandbox)) == 4
    assert counts(sandbox)["chat.postMessage"] == 4  # none was answered with 429
    assert tried[-1] < 3.6
