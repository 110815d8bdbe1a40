"""Cards and sentences that a language model wrote, each with what it rests on and what it cost

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "writing_limit",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "scope", "subject_id"),
    )
    op.create_table(
        "writing_card",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("team_id", "key"),
    )
    op.create_index("ix_writing_card_impression_id", "writing_card", ["impression_id"])
    op.create_table(
        "writing_section",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=False),
        sa.Column("made_with", sa.String(), nullable=False),
        sa.Column("quotes", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"]),
        sa.PrimaryKeyConstraint("team_id", "key"),
    )
    op.create_table(
        "writing_claim",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "section_key", "position"),
    )
    op.create_index("ix_writing_claim_section_key", "writing_claim", ["section_key"])
    op.create_table(
        "writing_source",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("section_key", sa.String(), nullable=False),
        sa.Column("sentence_id", sa.String(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "section_key", "sentence_id"),
    )
    op.create_index("ix_writing_source_impression_id", "writing_source", ["impression_id"])
    op.create_index("ix_writing_source_sentence_id", "writing_source", ["sentence_id"])
    op.create_table(
        "writing_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("period_key", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_writing_call_team_id", "writing_call", ["team_id"])
    op.create_table(
        "writing_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=False),
        sa.Column("period_key", sa.String(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_writing_event_team_id", "writing_event", ["team_id"])


def downgrade() -> None:
    op.drop_table("writing_event")
    op.drop_table("writing_call")
    op.drop_table("writing_source")
    op.drop_table("writing_claim")
    op.drop_table("writing_section")
    op.drop_table("writing_card")
    op.drop_table("writing_limit")
