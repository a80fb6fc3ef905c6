"""Hearings and recusals are found by an index, and SQLite is told what to expect of a record that has grown."""

from alembic import op

from storage.statistics import expect_growth

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_hearing_team_case_number"), "hearing", ["team", "case", "number"])
    op.create_index(op.f("ix_recusal_team_by"), "recusal", ["team", "by"])
    if op.get_bind().dialect.name == "sqlite":
        expect_growth(op.get_bind())
