"""The columns, keys and indexes that tables are made of: the workspace in every key, times in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
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
    """An aware time, stored in UTC. SQLite stores no zone: it is removed when written and added when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], str | datetime | None]:
        """Refuses a naive time. SQLite gets a text, in UTC without its zone, PostgreSQL the time."""
        return _as_text if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Gives an aware time in UTC."""
        del coltype
        return _from_text if dialect.name == "sqlite" else _in_utc


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("A time without a zone cannot be kept.")
    return value.astimezone(UTC)


@lru_cache(maxsize=64)
def _as_text(value: datetime | None) -> str | None:
    """Cached, since one transaction writes the same time a dozen times."""
    at = _in_utc(value)
    return None if at is None else at.replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


def number_key(name: str = "number") -> Column[int]:
    """A number that is part of the key."""
    return Column(name, Integer, primary_key=True, autoincrement=False)


def text_key(name: str, length: int = 64) -> Column[str]:
    """A short text that is part of the key."""
    return Column(name, String(length), primary_key=True)


def ordered_text(length: int) -> String:
    """A text that is found by its beginning: sorted by its characters, whatever the database's collation is."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def team_key() -> Column[str]:
    """The workspace: the first part of every key."""
    return Column("team", String(32), primary_key=True)


def random_key() -> Column[str]:
    """The record's key, which never recurs as its number may: see `bot.rules.records`."""
    return Column("random_key", String(16), nullable=False)


def user_column(name: str, *, nullable: bool = False) -> Column[str]:
    """A Slack user's ID."""
    return Column(name, String(32), nullable=nullable)


def belongs_to(table: str, column: str, key: str = "number") -> ForeignKeyConstraint:
    """The column names a row of that table, in the same workspace."""
    return ForeignKeyConstraint(["team", column], [f"{table}.team", f"{table}.{key}"])


def index_where(condition: str, name: str, column: str, *, unique: bool = False) -> Index:
    """A partial index on the workspace and a column, of the rows for which the condition holds."""
    where = text(condition)
    return Index(name, "team", column, unique=unique, sqlite_where=where, postgresql_where=where)
