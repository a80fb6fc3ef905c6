"""People as Slack last described them, and who is in each of the configured groups."""

from sqlalchemy import Boolean, Column, String, Table

from bot.rules.fields import LONGEST_NAME
from storage.tables.columns import Moment, metadata, team_key, text_key

person = Table(
    "person",
    metadata,
    team_key(),
    text_key("user"),
    Column("guest", Boolean, nullable=False),
    Column("outsider", Boolean, nullable=False),
    Column("bot", Boolean, nullable=False),
    Column("deactivated", Boolean, nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("home_known", Boolean, nullable=False),
)

user_group = Table("user_group", metadata, team_key(), text_key("group"), Column("read_at", Moment, nullable=False))

member = Table("member", metadata, team_key(), text_key("group"), text_key("user"))
