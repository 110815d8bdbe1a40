"""The administrator sees what could not be sent, and a message that may have come twice is looked after

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("maybe_double", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("doubles_removed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("parked_at", Moment(), nullable=True))
    op.add_column("outbox", sa.Column("told_at", Moment(), nullable=True))
    op.add_column("programme", sa.Column("bot_id", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "delivery_pause",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("needs", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("probe_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "needs"),
    )


def downgrade() -> None:
    op.drop_table("delivery_pause")
    op.drop_column("programme", "bot_id")
    for name in ("told_at", "parked_at", "doubles_removed", "maybe_double"):
        op.drop_column("outbox", name)
