"""Reports, check-ins with reps, verdicts, and the policies that gave them."""

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

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

report = Table(
    "report",
    metadata,
    team_key(),
    number_key(),
    random_key(),
    Column("customer", Integer, nullable=False),
    Column("case", Integer),
    Column("since_version", Integer),  # the version of its case that first showed it as it is
    user_column("reporter"),
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
    Column("reporter_known", Boolean, nullable=False),  # whether Slack had said who they are when they reported
    Column("support_salt", String(64), nullable=False),  # the rep's own: it has another salt than what they wrote
    Column("withdrawn_at", Moment),
    Column("discounted_at", Moment),
    Column("discounted_in", Integer),
    Column("informed_first", String(16)),  # before they ended the contact; NULL: they did not
    Column("ended_within", String(16)),  # the rule of the policy of that time that allowed it
    Index(None, "team", "customer", "happened_at"),
    Index(None, "team", "case"),
    Index(None, "team", "reporter", "number"),
    Index(None, "team", "reported_at"),
    index_where("ended_within IS NOT NULL", "ix_report_ended_within", "happened_at"),
    belongs_to("customer", "customer"),
    belongs_to("matter", "case"),
    belongs_to("hearing", "discounted_in"),
)

# A file that a rep uploaded: its content, once it was fetched from Slack. Until then `next_try_at` is when it is tried
# next. The report's evidence, which the audit log vouches for, has the digest of the content.
evidence_file = Table(
    "evidence_file",
    metadata,
    team_key(),
    number_key("report"),
    text_key("file", 32),
    Column("since", Moment, nullable=False),
    Column("next_try_at", Moment),
    Column("content", LargeBinary),
    index_where("next_try_at IS NOT NULL", "ix_evidence_file_next", "next_try_at"),
    belongs_to("report", "report"),
)

# A rep is asked how they are: at most once a day, however much they reported.
check_in = Table(
    "check_in",
    metadata,
    team_key(),
    text_key("rep", 32),
    Column("day", Date, primary_key=True),
    Column("report", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("answer", String(16)),
    Column("care_at", Moment),
    UniqueConstraint("team", "report", "round"),
    index_where("care_at IS NOT NULL", "ix_check_in_care", "care_at"),
    belongs_to("report", "report"),
)

# The care contact has talked to a rep who asked for it: in the report (round 0) or in a check-in. Not what was said.
talk = Table(
    "talk",
    metadata,
    team_key(),
    number_key("report"),
    number_key("round"),
    Column("at", Moment, nullable=False),
    user_column("talked_by"),
    belongs_to("report", "report"),
)

# One row for each time the policy was asked. `n` is the number of its audit entry.
verdict = Table(
    "verdict",
    metadata,
    team_key(),
    number_key("customer"),
    number_key("n"),
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
    belongs_to("customer", "customer"),
)

# Every policy that ever gave a verdict, so that a past one can be derived again. The body is JSON, as it was written
# then: the digest is of these bytes.
policy = Table(
    "policy",
    metadata,
    team_key(),
    text_key("digest"),
    Column("body", Text, nullable=False),
    Column("since", Moment, nullable=False),
)
