"""Questions find what was published, an answer can follow its sources, and an open question waits for a region

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_search_word_word", "search_word", ["team_id", "word"], unique=True)
    op.create_index("ix_search_word_changed", "search_word", ["team_id", "changed"])
    op.create_table(
        "search_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("terms", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_search_entry_owner", "search_entry", ["team_id", "owner"])
    op.create_index("ix_search_entry_impression", "search_entry", ["team_id", "impression_id"])
    op.create_table(
        "search_state",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("format", sa.Integer(), nullable=False),
        sa.Column("done_to", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("asked_in", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("theme_id", sa.String(), nullable=True),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("region_id", sa.String(), nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("waits_since", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"]),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_question_message", "question", ["team_id", "channel_id", "ts"])
    op.create_index("ix_question_user", "question", ["team_id", "user_id", "asked_at"])
    op.create_table(
        "question_source",
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"]),
        sa.PrimaryKeyConstraint("question_id", "position"),
    )
    op.create_index("ix_question_source_impression", "question_source", ["team_id", "impression_id"])
    op.create_table(
        "answer_vote",
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"]),
        sa.PrimaryKeyConstraint("question_id", "user_id"),
    )
    for statement in _index(op.get_bind().dialect.name)[0]:
        op.execute(statement)


def downgrade() -> None:
    for statement in _index(op.get_bind().dialect.name)[1]:
        op.execute(statement)
    for table in ("answer_vote", "question_source", "question", "search_state", "search_entry", "search_word"):
        op.drop_table(table)


def _index(dialect: str) -> tuple[list[str], list[str]]:
    """The index proper as this revision makes it, whatever `storage.text_index` says later."""
    if dialect == "sqlite":
        made = "CREATE VIRTUAL TABLE search_index USING fts5(terms, content='', detail='none', tokenize='ascii')"
        return [made], ["DROP TABLE search_index"]
    made = "CREATE INDEX search_index ON search_entry USING gin (to_tsvector('simple', terms))"
    return [made], ["DROP INDEX search_index"]
