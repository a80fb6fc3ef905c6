"""Metrics for an operator's monitoring, in Prometheus' format: counts and ages, no names."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, generate_latest

from bot.rules.refusals import NotRecorded
from bot.usecases.context import Clock
from storage.database import Database
from storage.gauges import Gauges


def metrics(database: Database, clock: Clock, *, ready: bool, records: bool = True) -> bytes:
    """All metrics. Where the database cannot be used, only those that do not need it.

    `records`: whether something can be recorded; if not, the database is not asked.
    """
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    for name, meaning, value in _values(database, clock(), ready=ready, records=records):
        Gauge(f"backstop_{name}", meaning, registry=registry).set(value)
    return generate_latest(registry)


def _values(database: Database, now: datetime, *, ready: bool, records: bool) -> Iterator[tuple[str, str, float]]:
    yield "ready", "Whether the bot does its work, as /readyz says", ready
    gauges = _gauges(database, now) if records else None
    yield "database_up", "Whether the database can be read and written", gauges is not None
    if gauges:
        yield from _from_database(gauges, now)


def _gauges(database: Database, now: datetime) -> Gauges | None:
    try:
        return database.gauges(now)
    except NotRecorded:
        return None


def _from_database(gauges: Gauges, now: datetime) -> Iterator[tuple[str, str, float]]:
    yield "reports", "Reports on record", gauges.reports
    yield "cases_open", "Cases before management", gauges.cases_open
    yield "cases_overdue", "Cases before management whose deadline has passed", gauges.cases_overdue
    yield "cases_left_to_nobody", "Cases and objections on which too few people may act", gauges.left_to_nobody
    yield "notices_behind", "Messages that do not show the newest state yet", gauges.behind
    yield "notices_behind_seconds", "How long the first of them has been behind", _age(gauges.behind_since, now)
    yield "notices_failing", "Messages that were tried in vain and are tried again", gauges.failing
    yield "notices_refused", "Messages that Slack refuses to show until somebody mends it", gauges.refused
    yield "steps_failing", "Scheduled tasks that broke at least twice and are tried again", gauges.steps_failing
    yield "steps_late_seconds", "How late the clock is with its next step", _age(gauges.next_step, now)


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0) if since else 0
