"""Figures for an operator's monitoring: counts and ages, nobody's names."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from storage.database import Database


def metrics(database: Database) -> bytes:
    """How far Slack is behind the record, as Prometheus reads it. Raises NotRecorded where the database is away."""
    registry = CollectorRegistry()
    with database.outbox() as outbox:
        behind, _ = outbox.behind()
        refused = len(outbox.troubles())
    Gauge("backstop_notices_behind", "Messages that do not show the newest state yet", registry=registry).set(behind)
    Gauge("backstop_notices_refused", "Messages that Slack refuses to show", registry=registry).set(refused)
    return generate_latest(registry)
