"""Creates all tables, as Alembic generated it from `storage/tables`.

It is never edited: later changes are migrations of their own. No migration can be undone; restore a backup instead
(docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team", "name", name=op.f("pk_counter")),
    )
    op.create_table(
        "customer",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("strict_key", sa.String(length=400), nullable=False),
        sa.Column(
            "loose_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("crm_reference", sa.String(length=140), nullable=True),
        sa.Column("worth", sa.String(length=140), nullable=True),
        sa.Column("owner", sa.String(length=32), nullable=True),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team", "merged_into"], ["customer.team", "customer.number"], name=op.f("fk_customer_team_merged_into")
        ),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_customer")),
        sa.UniqueConstraint("team", "crm_reference", name=op.f("uq_customer_team_crm_reference")),
        sa.UniqueConstraint("team", "strict_key", name=op.f("uq_customer_team_strict_key")),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_customer_merged_into",
            ["team", "merged_into"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_customer_owner",
            ["team", "owner"],
            unique=False,
            sqlite_where=sa.text("owner IS NOT NULL"),
            postgresql_where=sa.text("owner IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_customer_team_loose_key"), ["team", "loose_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_team_standing_name"), ["team", "standing", "name"], unique=False)

    op.create_table(
        "member",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("group", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("team", "group", "user", name=op.f("pk_member")),
    )
    op.create_table(
        "notice",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.Column("lane", sa.String(length=32), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("doubt", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Moment(), nullable=True),
        sa.Column("behind_since", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("error", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("team", "kind", "subject", "target", "round", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_next", ["next_try_at"], unique=False)
        batch_op.create_index(
            "ix_notice_customer",
            ["team", "customer"],
            unique=False,
            sqlite_where=sa.text("customer IS NOT NULL"),
            postgresql_where=sa.text("customer IS NOT NULL"),
        )

    op.create_table(
        "pace",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("lane", sa.String(length=64), nullable=False),
        sa.Column("free_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("team", "lane", name=op.f("pk_pace")),
    )
    op.create_table(
        "person",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("guest", sa.Boolean(), nullable=False),
        sa.Column("outsider", sa.Boolean(), nullable=False),
        sa.Column("bot", sa.Boolean(), nullable=False),
        sa.Column("deactivated", sa.Boolean(), nullable=False),
        sa.Column("read_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("team", "user", name=op.f("pk_person")),
    )
    op.create_table(
        "policy",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("team", "digest", name=op.f("pk_policy")),
    )
    op.create_table(
        "step",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("team", "kind", "subject", name=op.f("pk_step")),
    )
    with op.batch_alter_table("step", schema=None) as batch_op:
        batch_op.create_index("ix_step_at", ["at"], unique=False)

    op.create_table(
        "summary",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("posted_at", Moment(), nullable=False),
        sa.Column("as_of", Moment(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("chains", sa.LargeBinary(), nullable=True),
        sa.Column("picture", sa.String(length=32), nullable=True),
        sa.Column("picture_of", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("team", "week", "channel", name=op.f("pk_summary")),
    )
    op.create_table(
        "user_group",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("group", sa.String(length=64), nullable=False),
        sa.Column("read_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("team", "group", name=op.f("pk_user_group")),
    )
    op.create_table(
        "audit",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("customer", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=True),
        sa.Column("once", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_audit_team_customer")
        ),
        sa.PrimaryKeyConstraint("team", "customer", "n", name=op.f("pk_audit")),
    )
    for name, column, unique in (("uq_audit_form", "form", True), ("ix_audit_once", "once", False)):
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "audit", ["team", column], unique=unique, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "audit_head",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("customer", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_audit_head_team_customer")
        ),
        sa.PrimaryKeyConstraint("team", "customer", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "customer_gram",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column(
            "gram", sa.String(length=12).with_variant(sa.String(length=12, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("customer", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_customer_gram_team_customer")
        ),
        sa.PrimaryKeyConstraint("team", "gram", "customer", name=op.f("pk_customer_gram")),
    )
    op.create_table(
        "former_name",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("strict_key", sa.String(length=400), nullable=False),
        sa.Column(
            "loose_key",
            sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_former_name_team_customer")
        ),
        sa.PrimaryKeyConstraint("team", "strict_key", name=op.f("pk_former_name")),
    )
    with op.batch_alter_table("former_name", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_name_team_customer"), ["team", "customer"], unique=False)
        batch_op.create_index(batch_op.f("ix_former_name_team_loose_key"), ["team", "loose_key"], unique=False)

    op.create_table(
        "matter",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("left", sa.String(length=16), nullable=False),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_matter_team_customer")
        ),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_matter")),
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.create_index(
            "ix_matter_open_by_deadline",
            ["team", "due_at"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_matter_team_closed_at"), ["team", "closed_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_matter_team_customer_number"), ["team", "customer", "number"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_matter_team_opened_at"), ["team", "opened_at"], unique=False)
        batch_op.create_index(
            "uq_matter_one_open",
            ["team", "customer"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "merger",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("duplicate", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_by", sa.String(length=32), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_merger_team_customer")
        ),
        sa.ForeignKeyConstraint(
            ["team", "duplicate"], ["customer.team", "customer.number"], name=op.f("fk_merger_team_duplicate")
        ),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_merger")),
    )
    with op.batch_alter_table("merger", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merger_team_customer"), ["team", "customer"], unique=False)

    op.create_table(
        "safeguard",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("set_by", sa.String(length=32), nullable=False),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.Column("removed_by", sa.String(length=32), nullable=True),
        sa.Column("removed_why", sa.Text(), nullable=True),
        sa.Column("removed_salt", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_safeguard_team_customer")
        ),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_safeguard")),
    )
    with op.batch_alter_table("safeguard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safeguard_team_customer"), ["team", "customer"], unique=False)

    op.create_table(
        "verdict",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("customer", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report", sa.Integer(), nullable=True),
        sa.Column("case", sa.Integer(), nullable=True),
        sa.Column("rung", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.Column("heaviest", sa.String(length=64), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("policy", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_verdict_team_customer")
        ),
        sa.PrimaryKeyConstraint("team", "customer", "n", name=op.f("pk_verdict")),
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdict_team_report"), ["team", "report"], unique=False)

    op.create_table(
        "approval",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("case", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason_class", sa.String(length=64), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("taken_back_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["team", "case"], ["matter.team", "matter.number"], name=op.f("fk_approval_team_case")),
        sa.PrimaryKeyConstraint("team", "case", "by", "version", name=op.f("pk_approval")),
    )
    op.create_table(
        "decision",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("case", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("reason_class", sa.String(length=64), nullable=True),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.JSON(), nullable=False),
        sa.Column("appeal_until", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_how", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["team", "case"], ["matter.team", "matter.number"], name=op.f("fk_decision_team_case")),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_decision_team_customer")
        ),
        sa.PrimaryKeyConstraint("team", "case", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_team_at"), ["team", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_team_customer"), ["team", "customer"], unique=False)
        batch_op.create_index(batch_op.f("ix_decision_team_review_on"), ["team", "review_on"], unique=False)

    op.create_table(
        "hearing",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("taken_by", sa.String(length=32), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(length=32), nullable=True),
        sa.Column("finding", sa.String(length=16), nullable=True),
        sa.Column("reps_side", sa.Text(), nullable=True),
        sa.Column("customers_side", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["team", "case"], ["matter.team", "matter.number"], name=op.f("fk_hearing_team_case")),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_hearing")),
    )
    with op.batch_alter_table("hearing", schema=None) as batch_op:
        batch_op.create_index(
            "uq_hearing_one_under_way",
            ["team", "case"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "precedent",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("case", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category", sa.String(length=64), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reporters", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["team", "case"], ["matter.team", "matter.number"], name=op.f("fk_precedent_team_case")
        ),
        sa.PrimaryKeyConstraint("team", "case", name=op.f("pk_precedent")),
    )
    with op.batch_alter_table("precedent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_precedent_team_category_case"), ["team", "category", "case"], unique=False)

    op.create_table(
        "recusal",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("case", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["team", "case"], ["matter.team", "matter.number"], name=op.f("fk_recusal_team_case")),
        sa.PrimaryKeyConstraint("team", "case", "by", name=op.f("pk_recusal")),
    )
    op.create_table(
        "warning",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("issued_by", sa.String(length=32), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("delivered_at", Moment(), nullable=True),
        sa.Column("delivered_by", sa.String(length=32), nullable=True),
        sa.Column("delivered_how", sa.String(length=16), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["team", "case"], ["matter.team", "matter.number"], name=op.f("fk_warning_team_case")),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_warning_team_customer")
        ),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_warning")),
        sa.UniqueConstraint("team", "case", name=op.f("uq_warning_team_case")),
    )
    with op.batch_alter_table("warning", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_warning_team_customer"), ["team", "customer"], unique=False)
        batch_op.create_index(batch_op.f("ix_warning_team_delivered_at"), ["team", "delivered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_warning_team_expires_at"), ["team", "expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_warning_team_issued_at"), ["team", "issued_at"], unique=False)

    op.create_table(
        "appeal",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("case", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("news", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("raised", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["team", "case"], ["decision.team", "decision.case"], name=op.f("fk_appeal_team_case")),
        sa.PrimaryKeyConstraint("team", "case", name=op.f("pk_appeal")),
    )
    op.create_table(
        "dispute",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("warning", sa.Integer(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("disputed", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("recorded_by", sa.String(length=32), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("remedy", sa.String(length=16), nullable=True),
        sa.Column("settled_by", sa.String(length=32), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["team", "case"], ["matter.team", "matter.number"], name=op.f("fk_dispute_team_case")),
        sa.ForeignKeyConstraint(
            ["team", "warning"], ["warning.team", "warning.number"], name=op.f("fk_dispute_team_warning")
        ),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_dispute")),
        sa.UniqueConstraint("team", "warning", name=op.f("uq_dispute_team_warning")),
    )
    op.create_table(
        "lesson",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("case", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("learnt", sa.Text(), nullable=False),
        sa.Column("worth", sa.String(length=140), nullable=False),
        sa.Column("hindsight", sa.String(length=16), nullable=False),
        sa.Column("line", sa.String(length=200), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["team", "case"], ["decision.team", "decision.case"], name=op.f("fk_lesson_team_case")),
        sa.PrimaryKeyConstraint("team", "case", name=op.f("pk_lesson")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_team_at"), ["team", "at"], unique=False)

    op.create_table(
        "report",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("case", sa.Integer(), nullable=True),
        sa.Column("since_version", sa.Integer(), nullable=True),
        sa.Column("reporter", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("happened_at", Moment(), nullable=False),
        sa.Column("reported_at", Moment(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("doubted", sa.Boolean(), nullable=False),
        sa.Column("wants_support", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("discounted_at", Moment(), nullable=True),
        sa.Column("discounted_in", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["team", "case"], ["matter.team", "matter.number"], name=op.f("fk_report_team_case")),
        sa.ForeignKeyConstraint(
            ["team", "customer"], ["customer.team", "customer.number"], name=op.f("fk_report_team_customer")
        ),
        sa.ForeignKeyConstraint(
            ["team", "discounted_in"], ["hearing.team", "hearing.number"], name=op.f("fk_report_team_discounted_in")
        ),
        sa.PrimaryKeyConstraint("team", "number", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_team_case"), ["team", "case"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_report_team_customer_happened_at"), ["team", "customer", "happened_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_report_team_reported_at"), ["team", "reported_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_report_team_reporter_number"), ["team", "reporter", "number"], unique=False
        )

    op.create_table(
        "review",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("case", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["team", "case"], ["decision.team", "decision.case"], name=op.f("fk_review_team_case")),
        sa.PrimaryKeyConstraint("team", "case", "n", name=op.f("pk_review")),
    )
    op.create_table(
        "check_in",
        sa.Column("team", sa.String(length=32), nullable=False),
        sa.Column("rep", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=True),
        sa.Column("care_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team", "report"], ["report.team", "report.number"], name=op.f("fk_check_in_team_report")
        ),
        sa.PrimaryKeyConstraint("team", "rep", "day", name=op.f("pk_check_in")),
        sa.UniqueConstraint("team", "report", "round", name=op.f("uq_check_in_team_report_round")),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(
            "ix_check_in_care",
            ["team", "care_at"],
            unique=False,
            sqlite_where=sa.text("care_at IS NOT NULL"),
            postgresql_where=sa.text("care_at IS NOT NULL"),
        )
