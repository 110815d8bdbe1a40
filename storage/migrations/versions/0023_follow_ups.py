"""A work session, date poll or series that was started for an assignment of a region stays with it

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trail_follow_up",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["trail.id"]),
        sa.PrimaryKeyConstraint("team_id", "kind", "thing_id"),
    )
    op.create_index("ix_trail_follow_up_entry_id", "trail_follow_up", ["entry_id"])


def downgrade() -> None:
    op.drop_table("trail_follow_up")
