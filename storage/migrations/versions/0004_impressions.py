"""What a group found in full, its versions, its sign-off and the consent on its quotes

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ADDED = (
    ("impression", "easy", sa.String(), ""),
    ("impression", "hard", sa.String(), ""),
    ("impression", "conclusion", sa.String(), ""),
    ("impression", "example", sa.String(), ""),
    ("impression", "obstacle", sa.String(), ""),
    ("impression", "quote_by", sa.String(), ""),
    ("impression", "quote_use", sa.String(), "open"),
    ("outbox", "nudge", sa.Boolean(), sa.text("0")),
)
"""Table, column, type, and what stands in the rows that exist."""


def upgrade() -> None:
    for table, name, kind, default in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))


def downgrade() -> None:
    for table, name, _, _ in ADDED:
        op.drop_column(table, name)
