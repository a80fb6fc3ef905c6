"""What Slack shows, scheduled tasks, weekly summaries, and rate limits."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from storage.tables.columns import Moment, index_where, metadata, number_key, random_key, team_key, text_key

# One row for each message: `shown` is the version of the record that it shows, `wanted` the one that it should show.
# `subject` is the number of the record shown, `customer` that of the customer whom it shows, or of a record that was
# merged into theirs since. `round` counts messages that are sent again, as a daily reminder is. `rate_limit` is the
# one that the next call falls under. `tag` is an opaque key by which the message is found again; Slack stores it with
# the message. `digest` is of the message in Slack; it is empty while somebody may be changing it.
notice = Table(
    "notice",
    metadata,
    team_key(),
    text_key("kind", 16),
    number_key("subject"),
    text_key("target", 32),
    number_key("round"),
    Column("customer", Integer),
    Column("channel", String(32)),
    Column("ts", String(32)),
    Column("tag", String(32), nullable=False),
    Column("rate_limit", String(32), nullable=False),
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
    Column("digest", String(64)),
    Index("ix_notice_next", "next_try_at"),
    index_where("customer IS NOT NULL", "ix_notice_customer", "customer"),
)

# A scheduled task; its row is deleted once it is done. `subject` is the number of the record that it is about.
# `failures` counts how often it broke so far, `error` is the class of the error that it last broke with.
step = Table(
    "step",
    metadata,
    team_key(),
    text_key("kind", 16),
    number_key("subject"),
    Column("at", Moment, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", String(64)),
    Index("ix_step_at", "at"),
    index_where("kind = 'review'", "ix_step_reviews", "at"),
    Index("ix_step_failing", "failures", postgresql_where=text("failures > 0"), sqlite_where=text("failures > 0")),
)

# The summary of a week in a channel. `figures`: what the week counted when it was posted, customers by their numbers;
# the message and its table are drawn from that. The audit log has their digest.
summary = Table(
    "summary",
    metadata,
    team_key(),
    number_key("week"),
    text_key("channel", 32),
    Column("posted_at", Moment, nullable=False),
    Column("figures", JSON, nullable=False),
)

# A digest of the audit log as it was published in the thread of a summary. `growth` is how long each chain was that had
# grown since the one before (see bot/rules/publications.py).
publication = Table(
    "publication",
    metadata,
    team_key(),
    number_key(),
    Column("week", Integer, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("growth", LargeBinary, nullable=False),
    UniqueConstraint("team", "week", "channel"),
)

# The next free moment of each rate limit; all processes on one database keep to it together.
pace = Table("pace", metadata, team_key(), text_key("rate_limit"), Column("free_at", Moment, nullable=False))

# What tells this record from another one of the same app in the same workspace: Slack keeps it with each message.
installation = Table("installation", metadata, team_key(), random_key())

# A process that serves, or the last that did. `seen_at`: when it last said that it runs. `asked`: a request of Slack's
# has come to it. `settings` has a digest of each setting that all processes have to agree on.
process = Table(
    "process",
    metadata,
    team_key(),
    text_key("id", 32),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("settings", JSON, nullable=False),
)
