"""The audit log, and the end of each customer's chain.

`form` and `once` tell what was recorded before (see `storage.audit.log.Audit.recorded`). They are not hashed: changing
them breaks no chain. The chain of customer 0 is of what is about no customer, so `customer` refers to no table.
"""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, text

from storage.tables.columns import Moment, index_where, metadata, number_key, team_key

_SENT = text("form IS NOT NULL")

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
    Column("form", String(64)),  # the key of the form that somebody sent
    Column("once", String(64)),  # what a person can do this act to only once, as "case 12"
    Index("uq_audit_form", "team", "form", "actor", unique=True, sqlite_where=_SENT, postgresql_where=_SENT),
    index_where("once IS NOT NULL", "ix_audit_once", "once"),
)

# The end of a customer's chain, and the chain's salt: it hides who people are from whoever has only the entries. `at`
# is the time of the last entry.
audit_head = Table(
    "audit_head",
    metadata,
    team_key(),
    number_key("customer"),
    Column("n", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("salt", String(64), nullable=False),
    Column("at", Moment),
)
