"""The audit log, and the end of each customer's chain."""

from sqlalchemy import JSON, Column, Integer, String, Table

from storage.tables.columns import Moment, belongs_to, metadata, number_key, team_key

audit = Table(
    "audit",
    metadata,
    team_key(),
    number_key("customer"),
    number_key("n"),
    Column("at", Moment, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("act", String(32), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("rows", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
    belongs_to("customer", "customer"),
)

audit_head = Table(
    "audit_head",
    metadata,
    team_key(),
    number_key("customer"),
    Column("n", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    belongs_to("customer", "customer"),
)
