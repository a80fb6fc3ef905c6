"""The metrics: counts and ages, and no names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Counted, Process, metrics
from storage.tables.outbox import summary
from tests.builders import FrozenClock, a_context, reported

if TYPE_CHECKING:
    from storage.database import Database


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


def read(database: Database, clock: FrozenClock) -> dict[str, float]:
    text = metrics(database, clock, Process(ready=True)).decode()
    return {
        family.name.removeprefix("backstop_"): family.samples[0].value
        for family in text_string_to_metric_families(text)
        if family.name.startswith("backstop_")
    }


def test_an_empty_database_is_all_zeros(database: Database, clock: FrozenClock) -> None:
    assert read(database, clock) == {
        "ready": 1,
        "database_up": 1,
        "reports": 0,
        "cases_open": 0,
        "cases_overdue": 0,
        "cases_left_to_nobody": 0,
        "notices_behind": 0,
        "notices_behind_seconds": 0,
        "notices_failing": 0,
        "notices_refused": 0,
        "steps_failing": 0,
        "steps_late_seconds": 0,
        "backup_calls": 0,
        "backup_calls_taken": 0,
        "backup_calls_missed": 0,
        "backup_calls_waiting": 0,
    }


def test_what_waits_is_counted_and_for_how_long(database: Database, clock: FrozenClock) -> None:
    context = a_context(database, clock)
    reported(context, category="threat")
    reported(context, "U0JOE", "Acme")
    clock.forward(hours=5)  # a threat is to be decided within four
    figures = read(database, clock)
    assert (figures["reports"], figures["cases_open"], figures["cases_overdue"]) == (2, 2, 1)
    assert figures["notices_behind"] >= 4
    assert figures["notices_behind_seconds"] == 5 * 3600
    assert figures["steps_late_seconds"] > 0


def test_refused_messages_are_counted_apart_from_failed_ones(database: Database, clock: FrozenClock) -> None:
    reported(a_context(database, clock))
    for refused in (True, False):
        with database.outbox() as outbox:
            job = outbox.claim(clock(), timedelta(seconds=20))
            assert job is not None
            outbox.failed(job, "is_archived", clock() + timedelta(minutes=1), refused=refused, doubt=False)
    figures = read(database, clock)
    assert (figures["notices_failing"], figures["notices_refused"]) == (2, 1)


def test_the_process_is_measured_and_nobody_is_named(database: Database, clock: FrozenClock) -> None:
    reported(a_context(database, clock), customer="Hunter2 Ltd", narrative="He said hunter3.")
    text = metrics(database, clock, Process(ready=False)).decode()
    assert "process_resident_memory_bytes" in text
    assert "backstop_ready 0.0" in text
    assert not any(word in text.lower() for word in ("hunter", "u0ana", "zenith", "c0manage"))


def test_what_the_process_counted_and_what_is_wrong_have_labels(database: Database, clock: FrozenClock) -> None:
    counted = Counted()
    for _ in range(3):
        counted.requests.add("401")
        counted.slack.add("views.open", "invalid_blocks")
    counted.deliveries.add("shown")
    build = {"version": "0.1.0", "revision": "r0001", "mode": "http", "database": "sqlite"}
    text = metrics(
        database, clock, Process(ready=True, problems=["task", "task", "clock"], counted=counted, build=build)
    ).decode()
    for line in (
        'backstop_requests_total{answer="401"} 3.0',
        'backstop_slack_answers_total{answer="invalid_blocks",method="views.open"} 3.0',
        'backstop_deliveries_total{outcome="shown"} 1.0',
        'backstop_problems{kind="task"} 2.0',
        'backstop_problems{kind="clock"} 1.0',
        'backstop_build_info{database="sqlite",mode="http",revision="r0001",version="0.1.0"} 1.0',
    ):
        assert line in text.splitlines()


def test_while_nothing_can_be_recorded_the_database_is_not_asked(clock: FrozenClock) -> None:
    text = metrics(cast("Any", None), clock, Process(ready=False, records=False)).decode()
    assert "backstop_database_up 0.0" in text


def test_when_a_week_was_last_summed_up_is_a_metric(database: Database, clock: FrozenClock) -> None:
    with database.engine.begin() as connection:
        for week in (1, 2):
            row = {"team": "T0FIRM", "week": week, "channel": "C0MANAGE", "posted_at": clock(), "figures": {}}
            connection.execute(summary.insert().values(row))
            clock.forward(days=7)
    assert read(database, clock)["summary_timestamp_seconds"] == (clock() - timedelta(days=7)).timestamp()
