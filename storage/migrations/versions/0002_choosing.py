"""Ranked choices, limits per topic, merged topics, note-takers, sectors, and who sits with whom and why

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NO = sa.false()
ADDED = (
    ("work_session", "group_minimum", sa.Integer(), None),
    ("work_session", "mode", sa.String(), "free"),
    ("work_session", "hidden", sa.Boolean(), NO),
    ("work_session", "close_when_all", sa.Boolean(), NO),
    ("work_session", "opened_at", Moment(), None),
    ("topic", "minimum", sa.Integer(), None),
    ("topic", "maximum", sa.Integer(), None),
    ("topic", "merged_into", sa.String(), None),
    ("topic", "withdrawn_at", Moment(), None),
    ("group", "note_taker", sa.String(), None),
    ("seat", "reason", sa.String(), ""),
    ("member", "sector", sa.String(), ""),
)
"""Table, column, type, and what stands in the rows that exist; None where a column may be empty."""


def upgrade() -> None:
    for table, name, kind, default in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=default is None, server_default=default))
    # no other table points at `pick`, so it can be made anew with its foreign keys
    with op.batch_alter_table("pick") as pick:
        pick.add_column(sa.Column("second_topic_id", sa.String(), nullable=True))
        pick.add_column(sa.Column("third_topic_id", sa.String(), nullable=True))
        pick.add_column(sa.Column("placed_by", sa.String(), nullable=True))
        pick.create_foreign_key("pick_second_topic", "topic", ["second_topic_id"], ["id"])
        pick.create_foreign_key("pick_third_topic", "topic", ["third_topic_id"], ["id"])
    op.create_table(
        "pair",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("work_session_id", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["work_session_id"], ["work_session.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("work_session_id", "asker", "partner"),
    )
    op.create_index("ix_pair_work_session_id", "pair", ["work_session_id"])
    op.create_table(
        "swap",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("work_session_id", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("asker_group", sa.String(), nullable=False),
        sa.Column("partner_group", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["work_session_id"], ["work_session.id"]),
        sa.ForeignKeyConstraint(["asker_group"], ["group.id"]),
        sa.ForeignKeyConstraint(["partner_group"], ["group.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_swap_work_session_id", "swap", ["work_session_id"])


def downgrade() -> None:
    op.drop_table("swap")
    op.drop_table("pair")
    with op.batch_alter_table("pick") as pick:
        pick.drop_constraint("pick_second_topic", type_="foreignkey")
        pick.drop_constraint("pick_third_topic", type_="foreignkey")
        pick.drop_column("second_topic_id")
        pick.drop_column("third_topic_id")
        pick.drop_column("placed_by")
    for table, name, _, _ in ADDED:
        op.drop_column(table, name)
