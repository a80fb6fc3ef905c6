"""Cases, warnings, hearings, objections, recusals and approvals."""

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.columns import (
    Moment,
    belongs_to,
    index_where,
    metadata,
    number_key,
    random_key,
    team_key,
    text_key,
    user_column,
)

# A case; the table is called "matter" because CASE is a keyword of SQL.
matter = Table(
    "matter",
    metadata,
    team_key(),
    number_key(),
    random_key(),
    Column("customer", Integer, nullable=False),
    Column("rung", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("outcome", String(16)),
    Column("closed_at", Moment),
    user_column("closed_by", nullable=True),
    Column("rationale", Text),
    Column("salt", String(64)),
    Column("left", String(16), nullable=False),
    Column("raised", Integer, nullable=False),
    belongs_to("customer", "customer"),
    Index(None, "team", "customer", "number"),
    index_where("closed_at IS NULL", "uq_matter_one_open", "customer", unique=True),
    index_where("closed_at IS NULL", "ix_matter_open_by_deadline", "due_at"),
    index_where("\"left\" = 'nobody'", "ix_matter_left_to_nobody", "number"),
    Index(None, "team", "opened_at"),
    Index(None, "team", "closed_at"),
)

# What a case is compared by, from its newest verdict; the standing is that of the customer before the case was opened.
precedent = Table(
    "precedent",
    metadata,
    team_key(),
    number_key("case"),
    Column("category", String(64)),
    Column("points", Integer, nullable=False),
    Column("reporters", Integer, nullable=False),
    Column("standing", String(16), nullable=False),
    Index(None, "team", "category", "case"),
    belongs_to("matter", "case"),
)

warning = Table(
    "warning",
    metadata,
    team_key(),
    number_key(),
    Column("case", Integer, nullable=False),
    Column("customer", Integer, nullable=False),
    Column("letter", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    user_column("issued_by"),
    Column("issued_at", Moment, nullable=False),
    Column("delivered_at", Moment),
    user_column("delivered_by", nullable=True),
    Column("delivered_how", String(16)),
    Column("expires_at", Moment),
    Column("objection_until", Moment),
    Column("withdrawn_at", Moment),
    UniqueConstraint("team", "case"),
    Index(None, "team", "customer"),
    Index(None, "team", "issued_at"),
    Index(None, "team", "delivered_at"),
    Index(None, "team", "expires_at"),
    belongs_to("matter", "case"),
    belongs_to("customer", "customer"),
)

# A hearing of both sides. Its salt seals all its texts. A case may have several, one after the other.
hearing = Table(
    "hearing",
    metadata,
    team_key(),
    number_key(),
    Column("case", Integer, nullable=False),
    user_column("taken_by"),
    Column("taken_at", Moment, nullable=False),
    user_column("asked_by", nullable=True),
    Column("words", Text),
    Column("salt", String(64), nullable=False),
    Column("ended_at", Moment),
    user_column("ended_by", nullable=True),
    Column("finding", String(16)),
    Column("reps_side", Text),
    Column("customers_side", Text),
    Column("why", Text),
    belongs_to("matter", "case"),
    Index(None, "team", "case", "number"),
    index_where("ended_at IS NULL", "uq_hearing_one_under_way", "case", unique=True),
)

# How a customer objects to how a case ended: to the warning that it names, else to the decision. Its salt seals all its
# texts. `before`: the decision's terms that the answer changed; what its conditions asked for is in `before_details`.
objection = Table(
    "objection",
    metadata,
    team_key(),
    number_key("case"),
    Column("customer", Integer, nullable=False),
    Column("warning", Integer),
    user_column("recorded_by"),
    Column("recorded_at", Moment, nullable=False),
    Column("contact", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("raised", Integer, nullable=False),
    Column("answer", String(16)),
    user_column("answered_by", nullable=True),
    Column("answered_at", Moment),
    Column("rationale", Text),
    Column("letter", Text),
    Column("before", JSON),
    Column("before_details", JSON, nullable=False),
    Index(None, "team", "customer"),
    belongs_to("matter", "case"),
    belongs_to("customer", "customer"),
    belongs_to("warning", "warning"),
    index_where("answer IS NULL", "ix_objection_open_by_deadline", "due_at"),
)

recusal = Table(
    "recusal",
    metadata,
    team_key(),
    number_key("case"),
    text_key("by", 32),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    belongs_to("matter", "case"),
    Index(None, "team", "by"),
)

# Interim protection: what holds for reps from then on while the case is open; without a kind it was lifted. `by`: who
# set or lifted it; NULL: the policy. `rung` and `version` are those of the case.
protection = Table(
    "protection",
    metadata,
    team_key(),
    number_key("case"),
    number_key("n"),
    Column("at", Moment, nullable=False),
    user_column("by", nullable=True),
    Column("kind", String(16)),
    Column("rung", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    belongs_to("matter", "case"),
)

# A drop that waits for another manager's approval: the form as each approving manager sent it.
approval = Table(
    "approval",
    metadata,
    team_key(),
    number_key("case"),
    text_key("by", 32),
    number_key("version"),
    Column("at", Moment, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("review_on", Date, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("reason_class", String(64), nullable=False),
    Column("letter", Text, nullable=False),
    Column("taken_back_at", Moment),
    belongs_to("matter", "case"),
)
