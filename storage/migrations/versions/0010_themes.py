"""Themes that live: proposals, confirmed examples, lineage, and what nobody is sure of

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES = (
    ("theme_placement", "team_id"),
    ("theme_candidate", "team_id"),
    ("theme_example", "team_id"),
    ("theme_example", "theme_id"),
    ("theme_proposal", "team_id"),
    ("theme_carrier", "impression_id"),
    ("theme_change", "team_id"),
    ("theme_change", "theme_id"),
)


def upgrade() -> None:
    op.add_column("theme", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("impression_theme", sa.Column("certainty", sa.Float(), nullable=False, server_default="1"))
    op.add_column("impression_theme", sa.Column("origin", sa.String(), nullable=False, server_default="topic"))
    op.add_column("article_sentence", sa.Column("theme_id", sa.String(), nullable=True))
    op.add_column("article_sentence", sa.Column("theme_by", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "theme_placement",
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("impression_id"),
    )
    op.create_table(
        "theme_candidate",
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("certainty", sa.Float(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"]),
        sa.PrimaryKeyConstraint("impression_id", "theme_id"),
    )
    op.create_table(
        "theme_example",
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("fits", sa.Boolean(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"]),
        sa.PrimaryKeyConstraint("impression_id", "theme_id"),
    )
    op.create_table(
        "theme_proposal",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=True),
        sa.Column("other_id", sa.String(), nullable=True),
        sa.Column("proposal_id", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.String(27), nullable=True),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["theme.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id", "mark"),
    )
    op.create_table(
        "theme_carrier",
        sa.Column("proposal_id", sa.String(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("name_start", sa.Integer(), nullable=False),
        sa.Column("name_end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["theme_proposal.id"]),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("proposal_id", "impression_id"),
    )
    op.create_table(
        "theme_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=False),
        sa.Column("other_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["theme.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def downgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
    for table in ("change", "carrier", "proposal", "example", "candidate", "placement"):
        op.drop_table(f"theme_{table}")
    op.drop_column("article_sentence", "theme_by")
    op.drop_column("article_sentence", "theme_id")
    op.drop_column("impression_theme", "origin")
    op.drop_column("impression_theme", "certainty")
    op.drop_column("theme", "version")
