"""Processes on one record say so when they work by different settings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.policy_file.load import load
from bot.rules.weeks import SummaryTime
from bot.usecases.processes import ALIVE, ThisProcess
from tests.builders import TEAM, FrozenClock

if TYPE_CHECKING:
    import pytest

    from bot.usecases.context import Context
    from storage.database import Database


def with_other_settings(context: Context) -> Context:
    at = context.firm.summary_at
    firm = replace(context.firm, managers=("U0BRAD",), summary_at=SummaryTime(at.weekday, at.at, "Europe/Lisbon"))
    return replace(context, firm=firm, policy=load(None, "Europe/Lisbon"))


def started(context: Context) -> ThisProcess:
    process = ThisProcess(context)
    process.start(TEAM)
    return process


def test_two_that_work_by_the_same_have_nothing_to_say(context: Context, caplog: pytest.LogCaptureFixture) -> None:
    one, other = started(context), started(replace(context))
    for process in (one, other):
        process.check(TEAM)
        assert process.differing == ()
    assert not caplog.records


def test_two_that_do_not_both_name_the_settings_and_log_it_once(
    context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = started(context), started(with_other_settings(context))
    for _ in range(2):
        for process in (one, other):
            process.check(TEAM)
    assert one.differing == other.differing == ("MANAGERS", "TIMEZONE", "POLICY_FILE")
    assert [record.getMessage() for record in caplog.records] == ["another process works by other settings"] * 2


def test_one_that_has_ended_or_was_killed_is_compared_with_nobody(context: Context, clock: FrozenClock) -> None:
    one, ended = started(context), started(with_other_settings(context))
    ended.end()
    one.check(TEAM)
    assert one.differing == ()
    started(with_other_settings(context))
    one.check(TEAM)
    assert one.differing
    clock.time += ALIVE * 2
    one.check(TEAM)
    assert one.differing == ()


def test_whether_slack_has_asked_something_is_on_record_for_the_one_that_started_last(
    database: Database, context: Context
) -> None:
    has_come = False
    process = ThisProcess(context, asked=lambda: has_come)
    assert database.last_start() is None
    process.start(TEAM)
    assert database.last_start() == (context.clock(), False)
    has_come = True
    process.check(TEAM)
    assert database.last_start() == (context.clock(), True)
