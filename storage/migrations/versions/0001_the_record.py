"""Creates all tables.

From the first release on this is never edited: later changes are migrations of their own. No migration can be undone;
restore a backup instead (docs/operations.md).
"""

from pathlib import Path

from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

FOR_SQLITE = {"TIMESTAMP WITH TIME ZONE": "DATETIME", "BYTEA": "BLOB", ' COLLATE "C"': ""}


def upgrade() -> None:
    statements = Path(__file__).with_suffix(".sql").read_text("utf-8")
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for there, here in FOR_SQLITE.items():
            statements = statements.replace(there, here)
    for statement in statements.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)
