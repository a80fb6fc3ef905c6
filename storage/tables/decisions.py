"""Decisions, their reviews, and lessons from drops."""

from sqlalchemy import JSON, Column, Date, Index, Integer, String, Table, Text

from storage.tables.columns import Moment, belongs_to, metadata, number_key, team_key, text_key, user_column

# A decision with its present terms; earlier terms are in the objection or the renewal that replaced them.
decision = Table(
    "decision",
    metadata,
    team_key(),
    number_key("case"),
    Column("customer", Integer, nullable=False),
    Column("choice", String(8), nullable=False),
    user_column("by"),
    Column("at", Moment, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("review_on", Date, nullable=False),
    Column("effective_on", Date),
    Column("reason_class", String(64)),
    Column("conditions", JSON, nullable=False),
    Column("details", JSON, nullable=False),
    Column("details_salt", String(64), nullable=False),  # another one: an answer to an objection may change only these
    Column("letter", Text),
    Column("approved_by", JSON, nullable=False),
    Column("objection_until", Moment),
    Column("ended_at", Moment),
    Column("ended_how", String(16)),
    Index(None, "team", "customer"),
    Index(None, "team", "at"),
    Index(None, "team", "review_on"),
    belongs_to("matter", "case"),
    belongs_to("customer", "customer"),
)

# That a letter about a decision, or the answer to an objection, was sent to the customer. `letter`: as in `LetterKind`.
sent_letter = Table(
    "sent_letter",
    metadata,
    team_key(),
    number_key("case"),
    text_key("letter", 16),
    Column("how", String(16), nullable=False),
    Column("sent_at", Moment, nullable=False),
    user_column("by"),
    Column("at", Moment, nullable=False),
    belongs_to("matter", "case"),
)

# The outcome of each review of a decision: renewed, let lapse, lapsed.
review = Table(
    "review",
    metadata,
    team_key(),
    number_key("case"),
    number_key("n"),
    Column("outcome", String(16), nullable=False),
    user_column("by", nullable=True),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("until", Date),
    belongs_to("decision", "case", "case"),
)

# What the firm learnt from a drop. Its salt seals all its texts.
lesson = Table(
    "lesson",
    metadata,
    team_key(),
    number_key("case"),
    user_column("by"),
    Column("at", Moment, nullable=False),
    Column("learnt", Text, nullable=False),
    Column("worth", String(140), nullable=False),
    Column("hindsight", String(16), nullable=False),
    Column("line", String(200), nullable=False),
    Column("salt", String(64), nullable=False),
    Index(None, "team", "at"),
    belongs_to("decision", "case", "case"),
)
