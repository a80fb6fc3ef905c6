"""Calls for backup, and who is not to be called."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text

from storage.tables.columns import (
    Moment,
    index_where,
    metadata,
    number_key,
    random_key,
    team_key,
    text_key,
    user_column,
)

# A rep's call for somebody, while it happens. `customer` is 0 where it is not known, as in the audit log; it stays the
# record that was named also where that one is merged into another. `words`: who or where, as the rep typed it.
backup_call = Table(
    "backup_call",
    metadata,
    team_key(),
    number_key(),
    random_key(),
    Column("customer", Integer, nullable=False),
    user_column("caller"),
    Column("called_at", Moment, nullable=False),
    Column("words", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("circle", String(16), nullable=False),
    Column("asked", JSON, nullable=False),
    user_column("taken_by", nullable=True),
    Column("taken_at", Moment),
    user_column("ended_by", nullable=True),
    Column("ended_at", Moment),
    Column("ended_how", String(16)),
    Index(None, "team", "customer"),
    Index(None, "called_at"),
    index_where("ended_at IS NULL", "ix_backup_call_open", "caller"),
)

# Who has said in their App Home that they are not to be called.
unavailable = Table("unavailable", metadata, team_key(), text_key("user", 32), Column("since", Moment, nullable=False))
