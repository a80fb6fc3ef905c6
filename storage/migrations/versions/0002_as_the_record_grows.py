"""Adds indexes, sets SQLite's statistics to those of a database that has grown, and adds the digest of the message in
Slack, so that the same message is not sent again.
"""

from alembic import op
from sqlalchemy import Column, String, text

from storage.db.statistics import expect_growth

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_hearing_team_case_number"), "hearing", ["team", "case", "number"])
    op.create_index(op.f("ix_recusal_team_by"), "recusal", ["team", "by"])
    _of_a_part("ix_appeal_open_by_deadline", "appeal", "due_at", "answer IS NULL")
    _of_a_part("ix_dispute_open_by_deadline", "dispute", "due_at", "settled_at IS NULL")
    _of_a_part("ix_step_reviews", "step", "at", "kind = 'review'")
    op.add_column("notice", Column("digest", String(64)))
    if op.get_bind().dialect.name == "sqlite":
        expect_growth(op.get_bind())


def _of_a_part(name: str, table: str, by: str, part: str) -> None:
    where = text(part)
    op.create_index(name, table, ["team", by], sqlite_where=where, postgresql_where=where)
