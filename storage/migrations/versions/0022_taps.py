"""A tap that arrives late never undoes a later one, whichever replica hears it

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pick", sa.Column("tapped", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("pick", "tapped")
