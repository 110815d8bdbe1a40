"""What a group found in full, its versions, its sign-off and the consent on its quotes

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

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
    ("impression", "changed_by", sa.String(), ""),
    ("work_session", "silence", sa.String(), "agrees"),
    ("outbox", "nudge", sa.Boolean(), sa.false()),
)
"""Table, column, type, and what stands in the rows that exist."""


PARTS = ("takeaway", "quote", "question", "offer", "easy", "hard", "conclusion", "example", "obstacle")
OLD = ("id", "version", "team_id", "author", "updated_at", "group_id", "withdrawn_at")


def upgrade() -> None:
    for table, name, kind, default in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))
    op.create_table(
        "impression_version",
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        *(sa.Column(part, sa.String(), nullable=False) for part in PARTS),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("impression_id", "version"),
    )
    op.create_table(
        "sign_off",
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("impression_id", "version", "user_id"),
    )
    op.create_table(
        "quote",
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("impression_id", "version", "user_id"),
    )
    op.create_table(
        "quote_withdrawal",
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("places", sa.String(), nullable=False),
        sa.Column("also", sa.String(), nullable=False),
        sa.Column("also_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("impression_id", "version"),
    )
    op.create_table(
        "article_revision",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("article_id", "impression_id", "version", "cause"),
    )
    _keep_the_versions_that_there_are()


def _keep_the_versions_that_there_are() -> None:
    old = sa.table("impression", *(sa.column(name) for name in (*PARTS, *OLD)))
    found = sa.select(
        old.c.id, old.c.version, old.c.team_id, *(old.c[part] for part in PARTS),
        sa.func.coalesce(old.c.author, ""), old.c.updated_at,
    ).where(old.c.group_id.is_not(None), old.c.withdrawn_at.is_(None))  # fmt: skip
    names = ["impression_id", "version", "team_id", *PARTS, "by", "at"]
    target = sa.table("impression_version", *(sa.column(name) for name in names))
    op.execute(target.insert().from_select(names, found))


def downgrade() -> None:
    for table in ("article_revision", "quote_withdrawal", "quote", "sign_off", "impression_version"):
        op.drop_table(table)
    for table, name, _, _ in ADDED:
        op.drop_column(table, name)
