"""Customers, their names, mergers and safeguards, and the counters of all numbers."""

from sqlalchemy import JSON, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from bot.rules.name_matching import LONGEST_GRAM
from storage.tables.columns import (
    Moment,
    belongs_to,
    index_where,
    metadata,
    number_key,
    ordered_text,
    random_key,
    team_key,
    text_key,
    user_column,
)

# How many records of a kind there are. Of customers also a digest of the first entry of each one's audit chain.
counter = Table(
    "counter",
    metadata,
    team_key(),
    text_key("name"),
    Column("value", Integer, nullable=False),
    Column("digest", String(64)),
)

customer = Table(
    "customer",
    metadata,
    team_key(),
    number_key(),
    random_key(),
    Column("name", String(140), nullable=False),
    Column("strict_key", String(400), nullable=False),
    Column("loose_key", ordered_text(400), nullable=False),
    Column("crm_reference", String(140)),
    Column("worth", String(140)),
    user_column("owner", nullable=True),
    Column("standing", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("merged_into", Integer),  # the record of the same customer that this one was merged into
    Column("salt", String(64), nullable=False),
    UniqueConstraint("team", "strict_key"),
    UniqueConstraint("team", "crm_reference"),
    Index(None, "team", "loose_key"),
    Index(None, "team", "standing", "name"),
    index_where("owner IS NOT NULL", "ix_customer_owner", "owner"),
    index_where("merged_into IS NOT NULL", "ix_customer_merged_into", "merged_into"),
    belongs_to("customer", "merged_into"),
)

customer_gram = Table(
    "customer_gram",
    metadata,
    team_key(),
    Column("gram", ordered_text(LONGEST_GRAM), primary_key=True),
    number_key("customer"),
    belongs_to("customer", "customer"),
)

# A name that a customer had before, which still leads to them.
former_name = Table(
    "former_name",
    metadata,
    team_key(),
    text_key("strict_key", 400),
    Column("loose_key", ordered_text(400), nullable=False),
    Column("name", String(140), nullable=False),
    Column("customer", Integer, nullable=False),
    Index(None, "team", "loose_key"),
    Index(None, "team", "customer"),
    belongs_to("customer", "customer"),
)

# A record that was merged into another one of the same customer, and what moved, so that it can be moved back. `copied`
# has texts that the customer took over, which are erased with either of the two.
merger = Table(
    "merger",
    metadata,
    team_key(),
    number_key(),
    random_key(),
    Column("duplicate", Integer, nullable=False),
    Column("customer", Integer, nullable=False),
    user_column("by"),
    Column("at", Moment, nullable=False),
    Column("moved", JSON, nullable=False),
    Column("copied", JSON, nullable=False),
    user_column("undone_by", nullable=True),
    Column("undone_at", Moment),
    Index(None, "team", "customer"),
    belongs_to("customer", "duplicate"),
    belongs_to("customer", "customer"),
)

# A stake that no other row tells of any more: whoever owned the account before; and after a merger was undone, what was
# said while the two records were one. `at`: when they stopped owning it, stepped aside, or reported; then `happened_at`
# is when the incident happened.
stake = Table(
    "stake",
    metadata,
    team_key(),
    number_key("customer"),
    text_key("user", 32),
    text_key("why", 16),
    Column("at", Moment, nullable=False),
    Column("happened_at", Moment),
    Index(None, "team", "user"),
    belongs_to("customer", "customer"),
)

safeguard = Table(
    "safeguard",
    metadata,
    team_key(),
    number_key(),
    random_key(),
    Column("customer", Integer, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("until", Date),
    user_column("set_by"),
    Column("set_at", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("removed_at", Moment),
    user_column("removed_by", nullable=True),
    Column("removed_why", Text),
    Column("removed_salt", String(64)),
    Index(None, "team", "customer"),
    belongs_to("customer", "customer"),
)
