"""A pause that people give themselves from messages they did not ask for

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("quiet_until", sa.String(27), nullable=True))


def downgrade() -> None:
    op.drop_column("member", "quiet_until")
