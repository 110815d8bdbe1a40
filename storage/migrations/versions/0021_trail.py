"""What a region works on, what stands in its way and what it learned is kept over the years

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trail",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("material_id", sa.String(), nullable=True),
        sa.Column("first_line", sa.Integer(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.ForeignKeyConstraint(["material_id"], ["material.id"]),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_trail_place", "trail", ["team_id", "region_id", "kind"])
    for column in ("parent_id", "material_id", "impression_id"):
        op.create_index(f"ix_trail_{column}", "trail", [column])
    op.create_table(
        "trail_value",
        sa.Column("trail_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("impression_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["trail_id"], ["trail.id"]),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("trail_id", "name"),
    )
    for column in ("user_id", "impression_id"):
        op.create_index(f"ix_trail_value_{column}", "trail_value", [column])
    op.create_table(
        "trail_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("trail_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["trail_id"], ["trail.id"]),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("trail_id", "impression_id"):
        op.create_index(f"ix_trail_change_{column}", "trail_change", [column])
    op.create_table(
        "trail_tie",
        sa.Column("point_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("thing_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("shared", sa.String(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["point_id"], ["trail.id"]),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("point_id", "kind", "thing_id"),
    )
    for column in ("thing_id", "impression_id"):
        op.create_index(f"ix_trail_tie_{column}", "trail_tie", [column])
    op.create_table(
        "trail_looked",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "team_id"),
    )
    op.create_table(
        "trail_report_citation",
        sa.Column("parcel", sa.String(), nullable=False),
        sa.Column("cited", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("parcel", "cited"),
    )
    op.create_index("ix_trail_report_citation_cited", "trail_report_citation", ["cited"])
    op.create_table(
        "trail_round",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("remind_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_trail_round_team_id", "trail_round", ["team_id"])
    op.create_table(
        "trail_round_person",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["trail_round.id"]),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.PrimaryKeyConstraint("round_id", "user_id"),
    )

    op.create_table(
        "trail_intervision",
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("by_user", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.PrimaryKeyConstraint("group_id", "region_id"),
    )
    op.create_index("ix_trail_intervision_team_id", "trail_intervision", ["team_id"])
    op.add_column("introduction", sa.Column("basis", sa.String(), nullable=False, server_default="sentences"))


def downgrade() -> None:
    op.execute("DELETE FROM introduction WHERE basis <> 'sentences'")
    op.drop_column("introduction", "basis")
    for table in (
        "trail_intervision",
        "trail_round_person",
        "trail_round",
        "trail_report_citation",
        "trail_looked",
        "trail_tie",
        "trail_change",
        "trail_value",
        "trail",
    ):
        op.drop_table(table)
