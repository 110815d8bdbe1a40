"""Names that are left out of what a session keeps

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "involved_name",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("work_session_id", sa.String(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.Column("capital", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["work_session_id"], ["work_session.id"]),
        sa.PrimaryKeyConstraint("team_id", "work_session_id", "mac"),
    )


def downgrade() -> None:
    op.drop_table("involved_name")
