"""A region chooses what it reads and how often, nothing is said twice in other words, and questions get answers

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("digest", sa.Column("missed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_digest_region_until", "digest", ["region_id", "until"])
    op.drop_index("ix_digest_item_region_id", table_name="digest_item")
    op.create_index("ix_digest_item_region_subject", "digest_item", ["region_id", "subject"])
    op.create_index("ix_digest_item_team_subject", "digest_item", ["team_id", "subject"])
    op.create_table(
        "digest_statement",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("sentence_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "key", "sentence_id"),
    )
    op.create_index("ix_digest_statement_sentence_id", "digest_statement", ["sentence_id"])
    op.create_table(
        "digest_subscription",
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("paused_until", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.PrimaryKeyConstraint("region_id"),
    )
    op.create_index("ix_digest_subscription_team_id", "digest_subscription", ["team_id"])
    op.create_table(
        "digest_stance",
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"]),
        sa.PrimaryKeyConstraint("region_id", "theme_id"),
    )
    op.create_index("ix_digest_stance_team_id", "digest_stance", ["team_id"])
    op.create_table(
        "digest_region",
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["region.id"]),
        sa.PrimaryKeyConstraint("region_id", "other_id"),
    )
    op.create_index("ix_digest_region_team_id", "digest_region", ["team_id"])
    op.create_table(
        "digest_hold",
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.PrimaryKeyConstraint("region_id", "subject"),
    )
    op.create_index("ix_digest_hold_team_id", "digest_hold", ["team_id"])
    op.create_table(
        "digest_change",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_digest_change_region_id", "digest_change", ["region_id"])
    op.create_table(
        "digest_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("digest_id", sa.String(), nullable=False),
        sa.Column("sentence_id", sa.String(), nullable=False),
        sa.Column("work_session_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"]),
        sa.ForeignKeyConstraint(["work_session_id"], ["work_session.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_digest_answer_sentence_id", "digest_answer", ["sentence_id"])
    op.create_index("ix_digest_answer_work_session_id", "digest_answer", ["work_session_id"])


def downgrade() -> None:
    for table in ("answer", "change", "hold", "region", "stance", "subscription", "statement"):
        op.drop_table(f"digest_{table}")
    op.drop_index("ix_digest_item_team_subject", table_name="digest_item")
    op.drop_index("ix_digest_item_region_subject", table_name="digest_item")
    op.create_index("ix_digest_item_region_id", "digest_item", ["region_id"])
    op.drop_index("ix_digest_region_until", table_name="digest")
    op.drop_column("digest", "missed")
