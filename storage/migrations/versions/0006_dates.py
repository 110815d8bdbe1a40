"""Dates to choose from, series, and the trail of moves of a session

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "work_session", sa.Column("calendar_sequence", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("work_session", sa.Column("series_id", sa.String(), nullable=True))
    op.add_column("region", sa.Column("holidays", sa.String(), nullable=False, server_default=""))
    op.add_column("member", sa.Column("timezone", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "date_poll",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("work_session_id", sa.String(), nullable=True),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("deadline", Moment(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["work_session_id"], ["work_session.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_date_poll_team_id", "date_poll", ["team_id"])
    op.create_table(
        "date_option",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("poll_id", sa.String(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["poll_id"], ["date_poll.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_date_option_poll_id", "date_option", ["poll_id"])
    op.create_table(
        "date_answer",
        sa.Column("option_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["option_id"], ["date_option.id"]),
        sa.PrimaryKeyConstraint("option_id", "user_id"),
    )
    op.create_table(
        "session_move",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("work_session_id", sa.String(), nullable=False),
        sa.Column("from_starts_at", Moment(), nullable=False),
        sa.Column("from_ends_at", Moment(), nullable=False),
        sa.Column("to_starts_at", Moment(), nullable=True),
        sa.Column("to_ends_at", Moment(), nullable=True),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["work_session_id"], ["work_session.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_session_move_work_session_id", "session_move", ["work_session_id"])
    op.create_table(
        "calendar_copy",
        sa.Column("work_session_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("in_agenda", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["work_session_id"], ["work_session.id"]),
        sa.PrimaryKeyConstraint("work_session_id", "user_id"),
    )
    op.create_table(
        "session_series",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("work_session_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["work_session_id"], ["work_session.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_session_series_team_id", "session_series", ["team_id"])
    op.create_table(
        "series_exception",
        sa.Column("series_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("moved_to", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["session_series.id"]),
        sa.PrimaryKeyConstraint("series_id", "day"),
    )


def downgrade() -> None:
    op.drop_table("series_exception")
    op.drop_index("ix_session_series_team_id", "session_series")
    op.drop_table("session_series")
    op.drop_table("calendar_copy")
    op.drop_index("ix_session_move_work_session_id", "session_move")
    op.drop_table("session_move")
    op.drop_table("date_answer")
    op.drop_index("ix_date_option_poll_id", "date_option")
    op.drop_table("date_option")
    op.drop_index("ix_date_poll_team_id", "date_poll")
    op.drop_table("date_poll")
    op.execute("UPDATE work_session SET state = 'planned' WHERE state = 'cancelled'")
    op.drop_column("member", "timezone")
    op.drop_column("region", "holidays")
    op.drop_column("work_session", "series_id")
    op.drop_column("work_session", "calendar_sequence")
