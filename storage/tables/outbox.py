"""What Slack shows, and what the clock is to do."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, text

from storage.tables.columns import Moment, metadata, number_key, team_key, text_key

# What Slack shows: one row for each message, which version of the record it shows and which it should.
# `subject` is the number of the record shown; `round` counts messages that are sent again, as a daily reminder is.
# `lane` is whose rate limit the next call falls under. `tag` is the only
# thing about us that Slack keeps beside the message, an opaque key to find it again.
# `digest` is of the message that stands in Slack; it is gone from the moment on that somebody may be changing it.
notice = Table(
    "notice",
    metadata,
    team_key(),
    text_key("kind", 16),
    number_key("subject"),
    text_key("target", 32),
    number_key("round"),
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
    Column("digest", String(64)),
    Index("ix_notice_next", "next_try_at"),
)

# What the clock is to do, and when: a row is gone once it is done. `subject` is the number of the record it is about.
step = Table(
    "step",
    metadata,
    team_key(),
    text_key("kind", 16),
    number_key("subject"),
    Column("at", Moment, nullable=False),
    Index("ix_step_at", "at"),
    Index(
        "ix_step_reviews",
        "team",
        "at",
        sqlite_where=text("kind = 'review'"),
        postgresql_where=text("kind = 'review'"),
    ),
)

# Each week that was summed up in a channel. What it said is derived from the record as it is at `as_of`; `digest` is
# what it witnesses of the audit log (see bot/rules/heads.py), `chains` how long each chain was. `picture` is Slack's ID
# of the chart, `picture_of` what the chart shows.
summary = Table(
    "summary",
    metadata,
    team_key(),
    number_key("week"),
    text_key("channel", 32),
    Column("posted_at", Moment, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("digest", String(64)),
    Column("chains", LargeBinary),
    Column("picture", String(32)),
    Column("picture_of", String(64)),
)

# The next free moment of each lane; all processes on one database keep to it together.
pace = Table("pace", metadata, team_key(), text_key("lane"), Column("free_at", Moment, nullable=False))
