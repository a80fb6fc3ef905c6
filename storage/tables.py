"""The record's tables. Every key begins with the workspace (`team`): one database serves many.

Numbers of customers, reports, cases and warnings count up without gaps in each workspace, so that a missing one shows.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC. SQLite keeps no zone: it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; SQLite gets UTC without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be kept.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware time in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _number(name: str = "number") -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


def _key(name: str, length: int = 64) -> Column[str]:
    return Column(name, String(length), primary_key=True)


def _team() -> Column[str]:
    return Column("team", String(32), primary_key=True)


def _user(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, String(32), nullable=nullable)


def _of(table: str, column: str, key: str = "number") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["team", column], [f"{table}.team", f"{table}.{key}"])


counter = Table("counter", metadata, _team(), _key("name"), Column("value", Integer, nullable=False))

customer = Table(
    "customer",
    metadata,
    _team(),
    _number(),
    Column("name", String(140), nullable=False),
    Column("strict_key", String(400), nullable=False),
    Column("loose_key", String(400), nullable=False),
    Column("crm_reference", String(140)),
    Column("worth", String(140)),
    _user("owner", nullable=True),
    Column("standing", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("merged_into", Integer),  # the record of the same customer that took this one in; its name leads there
    UniqueConstraint("team", "strict_key"),
    UniqueConstraint("team", "crm_reference"),
    Index(None, "team", "loose_key"),
    Index(None, "team", "standing", "name"),
    _of("customer", "merged_into"),
)

customer_gram = Table(
    "customer_gram",
    metadata,
    _team(),
    _key("gram", 12),
    _number("customer"),
    _of("customer", "customer"),
)

# What a customer was called before: the name still leads to them.
former_name = Table(
    "former_name",
    metadata,
    _team(),
    _key("strict_key", 400),
    Column("loose_key", String(400), nullable=False),
    Column("name", String(140), nullable=False),
    Column("customer", Integer, nullable=False),
    Index(None, "team", "loose_key"),
    Index(None, "team", "customer"),
    _of("customer", "customer"),
)

# Two records that were one customer: what moved, so that it can be moved back.
merger = Table(
    "merger",
    metadata,
    _team(),
    _number(),
    Column("duplicate", Integer, nullable=False),
    Column("customer", Integer, nullable=False),
    _user("by"),
    Column("at", Moment, nullable=False),
    Column("moved", JSON, nullable=False),
    _user("undone_by", nullable=True),
    Column("undone_at", Moment),
    Index(None, "team", "customer"),
    _of("customer", "duplicate"),
    _of("customer", "customer"),
)

report = Table(
    "report",
    metadata,
    _team(),
    _number(),
    Column("form", String(64), nullable=False),
    Column("customer", Integer, nullable=False),
    Column("case", Integer),
    Column("since_version", Integer),  # the version of its case that first showed it as it stands
    _user("reporter"),
    Column("category", String(64), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("place", String(16), nullable=False),
    Column("happened_at", Moment, nullable=False),
    Column("reported_at", Moment, nullable=False),
    Column("narrative", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("doubted", Boolean, nullable=False),
    Column("wants_support", Boolean, nullable=False),
    Column("withdrawn_at", Moment),
    Column("discounted_at", Moment),
    Column("discounted_in", Integer),
    UniqueConstraint("team", "form"),
    Index(None, "team", "customer", "happened_at"),
    Index(None, "team", "case"),
    Index(None, "team", "reporter", "number"),
    Index(None, "team", "reported_at"),
    _of("customer", "customer"),
    _of("matter", "case"),
    _of("hearing", "discounted_in"),
)

# A rep is asked how they are: at most once a day, however much they reported.
check_in = Table(
    "check_in",
    metadata,
    _team(),
    _key("rep", 32),
    Column("day", Date, primary_key=True),
    Column("report", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("answer", String(16)),
    Column("care_at", Moment),
    UniqueConstraint("team", "report", "round"),
    Index(
        "ix_check_in_care",
        "team",
        "care_at",
        sqlite_where=text("care_at IS NOT NULL"),
        postgresql_where=text("care_at IS NOT NULL"),
    ),
    _of("report", "report"),
)

# A case; the table is called "matter" because CASE is a word of SQL's own.
matter = Table(
    "matter",
    metadata,
    _team(),
    _number(),
    Column("customer", Integer, nullable=False),
    Column("rung", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("outcome", String(16)),
    Column("closed_at", Moment),
    _user("closed_by", nullable=True),
    Column("rationale", Text),
    Column("salt", String(64)),
    Column("left", String(16), nullable=False),
    Column("raised", Integer, nullable=False),
    _of("customer", "customer"),
    Index(None, "team", "customer", "number"),
    Index(
        "uq_matter_one_open",
        "team",
        "customer",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(
        "ix_matter_open_by_deadline",
        "team",
        "due_at",
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    Index(None, "team", "opened_at"),
    Index(None, "team", "closed_at"),
)

# What a case is compared with others by, from the newest verdict in it; the standing is that before it was opened.
precedent = Table(
    "precedent",
    metadata,
    _team(),
    _number("case"),
    Column("category", String(64)),
    Column("points", Integer, nullable=False),
    Column("reporters", Integer, nullable=False),
    Column("standing", String(16), nullable=False),
    Index(None, "team", "category", "case"),
    _of("matter", "case"),
)

warning = Table(
    "warning",
    metadata,
    _team(),
    _number(),
    Column("case", Integer, nullable=False),
    Column("customer", Integer, nullable=False),
    Column("letter", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    _user("issued_by"),
    Column("issued_at", Moment, nullable=False),
    Column("delivered_at", Moment),
    _user("delivered_by", nullable=True),
    Column("delivered_how", String(16)),
    Column("expires_at", Moment),
    Column("withdrawn_at", Moment),
    UniqueConstraint("team", "case"),
    Index(None, "team", "customer"),
    Index(None, "team", "issued_at"),
    Index(None, "team", "delivered_at"),
    Index(None, "team", "expires_at"),
    _of("matter", "case"),
    _of("customer", "customer"),
)

# A decision with its terms as they stand: what an appeal or a renewal replaced is kept there.
decision = Table(
    "decision",
    metadata,
    _team(),
    _number("case"),
    Column("customer", Integer, nullable=False),
    Column("choice", String(8), nullable=False),
    _user("by"),
    Column("at", Moment, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("review_on", Date, nullable=False),
    Column("effective_on", Date),
    Column("reason_class", String(64)),
    Column("conditions", JSON, nullable=False),
    Column("letter", Text),
    Column("approved_by", JSON, nullable=False),
    Column("appeal_until", Moment),
    Column("ended_at", Moment),
    Column("ended_how", String(16)),
    Index(None, "team", "customer"),
    Index(None, "team", "at"),
    Index(None, "team", "review_on"),
    _of("matter", "case"),
    _of("customer", "customer"),
)

# What came of each review of a decision: renewed, let lapse, lapsed.
review = Table(
    "review",
    metadata,
    _team(),
    _number("case"),
    _number("n"),
    Column("outcome", String(16), nullable=False),
    _user("by", nullable=True),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("until", Date),
    _of("decision", "case", "case"),
)

# One appeal for each decision. Its salt seals every text in it. `before`: the terms that it changed.
appeal = Table(
    "appeal",
    metadata,
    _team(),
    _number("case"),
    _user("asked_by"),
    Column("asked_at", Moment, nullable=False),
    Column("contact", Text, nullable=False),
    Column("news", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("raised", Integer, nullable=False),
    Column("answer", String(16)),
    _user("answered_by", nullable=True),
    Column("answered_at", Moment),
    Column("rationale", Text),
    Column("before", JSON),
    _of("decision", "case", "case"),
)

# What the firm learnt from a drop. Its salt seals every text in it.
lesson = Table(
    "lesson",
    metadata,
    _team(),
    _number("case"),
    _user("by"),
    Column("at", Moment, nullable=False),
    Column("learnt", Text, nullable=False),
    Column("worth", String(140), nullable=False),
    Column("hindsight", String(16), nullable=False),
    Column("line", String(200), nullable=False),
    Column("salt", String(64), nullable=False),
    Index(None, "team", "at"),
    _of("decision", "case", "case"),
)

# A drop that waits for another manager's approval: the form as each approving manager sent it.
approval = Table(
    "approval",
    metadata,
    _team(),
    _number("case"),
    _key("by", 32),
    _number("version"),
    Column("at", Moment, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("review_on", Date, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("reason_class", String(64), nullable=False),
    Column("letter", Text, nullable=False),
    Column("taken_back_at", Moment),
    _of("matter", "case"),
)

recusal = Table(
    "recusal",
    metadata,
    _team(),
    _number("case"),
    _key("by", 32),
    Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    _of("matter", "case"),
)

safeguard = Table(
    "safeguard",
    metadata,
    _team(),
    _number(),
    Column("customer", Integer, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("until", Date),
    _user("set_by"),
    Column("set_at", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("removed_at", Moment),
    _user("removed_by", nullable=True),
    Column("removed_why", Text),
    Column("removed_salt", String(64)),
    Index(None, "team", "customer"),
    _of("customer", "customer"),
)

# A hearing of both sides. Its salt seals every text in it. A case may have several, one after the other.
hearing = Table(
    "hearing",
    metadata,
    _team(),
    _number(),
    Column("case", Integer, nullable=False),
    _user("taken_by"),
    Column("taken_at", Moment, nullable=False),
    _user("asked_by", nullable=True),
    Column("words", Text),
    Column("salt", String(64), nullable=False),
    Column("ended_at", Moment),
    _user("ended_by", nullable=True),
    Column("finding", String(16)),
    Column("reps_side", Text),
    Column("customers_side", Text),
    Column("why", Text),
    _of("matter", "case"),
    Index(
        "uq_hearing_one_under_way",
        "team",
        "case",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# What a customer disputes in a warning, once for each. Its salt seals every text in it.
dispute = Table(
    "dispute",
    metadata,
    _team(),
    _number(),
    Column("warning", Integer, nullable=False),
    Column("case", Integer, nullable=False),
    Column("disputed", Text, nullable=False),
    Column("salt", String(64), nullable=False),
    _user("recorded_by"),
    Column("recorded_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("remedy", String(16)),
    _user("settled_by", nullable=True),
    Column("settled_at", Moment),
    Column("reason", Text),
    Column("letter", Text),
    UniqueConstraint("team", "warning"),
    _of("warning", "warning"),
    _of("matter", "case"),
)

# One row for each time the policy was asked. `n` is the audit entry that tells of it.
verdict = Table(
    "verdict",
    metadata,
    _team(),
    _number("customer"),
    _number("n"),
    Column("report", Integer),
    Column("case", Integer),
    Column("rung", String(16), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("points", Integer, nullable=False),
    Column("reporters", Integer, nullable=False),
    Column("heaviest", String(64)),
    Column("urgent", Boolean, nullable=False),
    Column("policy", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "team", "report"),
    _of("customer", "customer"),
)

# Every policy that ever gave a verdict, whole, so that a past verdict can be derived again.
policy = Table(
    "policy",
    metadata,
    _team(),
    _key("digest"),
    Column("body", JSON, nullable=False),
    Column("since", Moment, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    _team(),
    _number("customer"),
    _number("n"),
    Column("at", Moment, nullable=False),
    Column("actor", String(32), nullable=False),
    Column("act", String(32), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("rows", JSON, nullable=False),
    Column("hash", String(64), nullable=False),
    _of("customer", "customer"),
)

audit_head = Table(
    "audit_head",
    metadata,
    _team(),
    _number("customer"),
    Column("n", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    _of("customer", "customer"),
)

# People as Slack last described them, and who is in each of the configured groups.
person = Table(
    "person",
    metadata,
    _team(),
    _key("user"),
    Column("guest", Boolean, nullable=False),
    Column("outsider", Boolean, nullable=False),
    Column("bot", Boolean, nullable=False),
    Column("deactivated", Boolean, nullable=False),
    Column("read_at", Moment, nullable=False),
)

user_group = Table("user_group", metadata, _team(), _key("group"), Column("read_at", Moment, nullable=False))

member = Table("member", metadata, _team(), _key("group"), _key("user"))

# What Slack shows: one row for each message, which version of the record it shows and which it should.
# `subject` is the number of the record shown; `round` counts messages that are sent again, as a daily reminder is.
# `lane` is whose rate limit the next call falls under. `tag` is the only
# thing about us that Slack keeps beside the message, an opaque key to find it again.
notice = Table(
    "notice",
    metadata,
    _team(),
    _key("kind", 16),
    _number("subject"),
    _key("target", 32),
    _number("round"),
    Column("channel", String(32)),
    Column("ts", String(32)),
    Column("tag", String(32), nullable=False),
    Column("lane", String(32), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("doubt", Boolean, nullable=False),
    Column("refused", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("next_try_at", Moment),
    Column("behind_since", Moment),
    Column("created_at", Moment, nullable=False),
    Column("error", String(64)),
    Index("ix_notice_next", "next_try_at"),
)

# What the clock is to do, and when: a row is gone once it is done. `subject` is the number of the record it is about.
step = Table(
    "step",
    metadata,
    _team(),
    _key("kind", 16),
    _number("subject"),
    Column("at", Moment, nullable=False),
    Index("ix_step_at", "at"),
)

# Each week that was summed up in a channel. What it said is derived from the record as it is at `as_of`; `digest` is
# what it witnesses of the audit log (see bot/rules/heads.py), `chains` how long each chain was. `picture` is Slack's ID of
# the chart, `picture_of` what the chart shows.
summary = Table(
    "summary",
    metadata,
    _team(),
    _number("week"),
    _key("channel", 32),
    Column("posted_at", Moment, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("digest", String(64)),
    Column("chains", LargeBinary),
    Column("picture", String(32)),
    Column("picture_of", String(64)),
)

# The next free moment of each lane; all processes on one database keep to it together.
pace = Table("pace", metadata, _team(), _key("lane"), Column("free_at", Moment, nullable=False))
