"""Metrics for an operator's monitoring, in Prometheus' format: counts and ages, no names."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.counts import Counts
from bot.rules.refusals import NotRecorded
from bot.usecases.context import Clock
from storage.database import Database
from storage.gauges import Gauges


@dataclass(frozen=True, slots=True)
class Counted:
    """What the process has counted.

    Requests by the status of the answer, refused ones by the reason, Slack's answers by method and error, deliveries by
    what became of them.
    """

    requests: Counts = field(default_factory=Counts)
    refused: Counts = field(default_factory=Counts)
    slack: Counts = field(default_factory=Counts)
    deliveries: Counts = field(default_factory=Counts)


@dataclass(frozen=True, eq=False)
class Process(Collector):
    """The process itself. `ready`: as `/readyz` says. `records`: whether something can be recorded now.

    `problems`: the kind of each thing that is wrong. `build`: what it is, by labels.
    """

    ready: bool
    records: bool = True
    problems: Sequence[str] = ()
    counted: Counted = field(default_factory=Counted)
    build: Mapping[str, str] = field(default_factory=dict)

    def collect(self) -> Iterator[Metric]:
        """Those with labels, as the library wants them."""
        counted = self.counted
        yield from _counter("requests", "Requests of Slack's, by the answer", counted.requests, "answer")
        yield from _counter("requests_refused", "Requests that do not count as Slack's", counted.refused, "why")
        yield from _counter("slack_answers", "Slack's answers to our calls", counted.slack, "method", "answer")
        yield from _counter("deliveries", "Messages, by what became of a try", counted.deliveries, "outcome")
        problems = GaugeMetricFamily("backstop_problems", "What is wrong now, by its kind", labels=["kind"])
        for kind, number in Counter(self.problems).items():
            problems.add_metric([kind], number)
        build = GaugeMetricFamily("backstop_build_info", "What runs", labels=list(self.build))
        build.add_metric(list(self.build.values()), 1)
        yield from (family for family, has in ((problems, self.problems), (build, self.build)) if has)


def metrics(database: Database, clock: Clock, process: Process) -> bytes:
    """All metrics. Where the database cannot be used, only those that do not need it; then it is not asked."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(process)
    for name, meaning, value in _values(database, clock(), process):
        Gauge(f"backstop_{name}", meaning, registry=registry).set(value)
    return generate_latest(registry)


def _counter(name: str, meaning: str, counts: Counts, *labels: str) -> Iterator[Metric]:
    family = CounterMetricFamily(f"backstop_{name}", meaning, labels=labels)
    for what, number in counts.so_far().items():
        family.add_metric(what, number)
    if family.samples:
        yield family


def _values(database: Database, now: datetime, process: Process) -> Iterator[tuple[str, str, float]]:
    yield "ready", "Whether the bot does its work, as /readyz says", process.ready
    gauges = _gauges(database, now) if process.records else None
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
    yield (
        "cases_left_to_nobody",
        "Cases and objections on which too few people may act, and letters that nobody may send",
        gauges.left_to_nobody,
    )
    yield "notices_behind", "Messages that do not show the newest state yet", gauges.behind
    yield "notices_behind_seconds", "How long the first of them has been behind", _age(gauges.behind_since, now)
    yield "notices_failing", "Messages that were tried in vain and are tried again", gauges.failing
    yield "notices_refused", "Messages that Slack refuses to show until somebody mends it", gauges.refused
    yield "steps_failing", "Scheduled tasks that broke at least twice and are tried again", gauges.steps_failing
    yield "steps_late_seconds", "How late the clock is with its next step", _age(gauges.next_step, now)
    yield "backup_calls", "Calls for backup within the last 24 hours", gauges.calls
    yield "backup_calls_taken", "Of these, calls to which somebody came", gauges.calls_taken
    yield "backup_calls_missed", "Of these, calls that reached nobody in time", gauges.calls_missed
    yield "backup_calls_waiting", "Of these, calls to which nobody has come yet", gauges.calls_waiting
    if gauges.summary_posted:
        yield (
            "summary_timestamp_seconds",
            "When a week was last summed up on record",
            gauges.summary_posted.timestamp(),
        )


def _age(since: datetime | None, now: datetime) -> float:
    return max((now - since).total_seconds(), 0) if since else 0
