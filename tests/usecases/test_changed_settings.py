"""The time zone, the holidays or the policy are edited while cases are open and a summary is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.weekly.summaries import schedule_summary
from storage.tables.outbox import summary
from tests.builders import FRIDAY, TEAM, opened, read_case, reported, rows
from tests.later import MONDAY, Later

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.context import Context

WEEK = timedelta(days=7)


def in_zone(context: Context, zone: str) -> Context:
    at = context.firm.summary_at
    firm = replace(context.firm, summary_at=replace(at, zone=zone))
    hours = replace(context.policy.hours, zone=zone)
    return replace(context, firm=firm, policy=replace(context.policy, hours=hours))


def restarted(later: Later, context: Context) -> Later:
    schedule_summary(context, TEAM)
    return Later(context, later.clock, later.database)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
@pytest.mark.parametrize("edited_at", [MONDAY - timedelta(hours=13), MONDAY - timedelta(hours=1), MONDAY + WEEK / 2])
def test_each_week_is_summed_up_once_also_when_the_zone_is_edited(later: Later, zone: str, edited_at: datetime) -> None:
    schedule_summary(later.context, TEAM)
    later.go_to(edited_at)
    there = restarted(later, in_zone(later.context, zone))
    there.go_to(MONDAY + 2 * WEEK + timedelta(days=1))
    weeks = [row.week for row in rows(later.database, summary)]
    assert sorted(weeks) == [202647, 202648, 202649]


def test_a_deadline_that_was_announced_stays_and_the_chase_follows_the_holidays_of_now(later: Later) -> None:
    reported(later.context, "U0ANA", "Zenith Corp")
    case = opened(later.context, "U0JOE", "Zenith Corp")
    hours = replace(later.context.policy.hours, holidays=frozenset({date(2026, 11, 25)}))
    there = restarted(later, replace(later.context, policy=replace(later.context.policy, hours=hours)))
    assert read_case(there.context, case.number).case.due_at == case.due_at == FRIDAY.replace(day=24, hour=17)
    there.go_to(case.due_at)
    (chase,) = there.planned(TaskKind.OVERDUE)
    assert chase.date() == date(2026, 11, 26)
