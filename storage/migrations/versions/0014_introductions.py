"""Regions are brought together, an open question with what another region said, when both say yes

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "introduction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("question_impression", sa.String(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("answer_impression", sa.String(), nullable=False),
        sa.Column("asking_region", sa.String(), nullable=False),
        sa.Column("answering_region", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("starter", sa.String(), nullable=True),
        sa.Column("answerer", sa.String(), nullable=True),
        sa.Column("deadline", Moment(), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["asking_region"], ["region.id"]),
        sa.ForeignKeyConstraint(["answering_region"], ["region.id"]),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team_id", "question_impression", "answer_impression"),
    )
    op.create_index("ix_introduction_state", "introduction", ["team_id", "state"])


def downgrade() -> None:
    op.drop_index("ix_introduction_state", table_name="introduction")
    op.drop_table("introduction")
