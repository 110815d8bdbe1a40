"""Harvest documents over months, and earlier versions of an article

Revision ID: 0015
Revises: 0014
"""

import hashlib

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("article", sa.Column("news", sa.String(), nullable=False, server_default=""))
    op.add_column("article", sa.Column("news_by", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "article_version",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id", "number"),
    )
    op.create_table(
        "article_version_sentence",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("sentence_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("impression_id", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("impression_version", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["impression_id"], ["impression.id"]),
        sa.PrimaryKeyConstraint("article_id", "number", "position"),
    )
    op.create_table(
        "theme_harvest_citation",
        sa.Column("parcel", sa.String(), nullable=False),
        sa.Column("sentence_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("parcel", "sentence_id"),
    )
    op.create_index("ix_theme_harvest_citation_sentence_id", "theme_harvest_citation", ["sentence_id"])
    _first_versions()


def _first_versions() -> None:
    """What is published already is the first version of itself."""
    connection = op.get_bind()
    published = connection.execute(
        sa.text("SELECT id, team_id, published_at FROM article WHERE state = 'published' AND published_at IS NOT NULL")
    ).all()
    for article, team, at in published:
        connection.execute(
            sa.text("INSERT INTO article_version (article_id, number, team_id, at) VALUES (:article, 1, :team, :at)"),
            {"article": article, "team": team, "at": at},
        )
        sentences = connection.execute(
            sa.text(
                'SELECT id, group_id, impression_id, field, start, "end", impression_version, text'
                " FROM article_sentence WHERE article_id = :article ORDER BY position"
            ),
            {"article": article},
        ).all()
        for position, (sentence, group, impression, field, start, end, version, text) in enumerate(sentences):
            connection.execute(
                sa.text(
                    "INSERT INTO article_version_sentence (article_id, number, position, team_id, sentence_id,"
                    ' group_id, impression_id, field, start, "end", impression_version, mark) VALUES (:article, 1,'
                    " :position, :team, :sentence, :group, :impression, :field, :start, :end, :version, :mark)"
                ),
                {
                    "article": article,
                    "position": position,
                    "team": team,
                    "sentence": sentence,
                    "group": group or "",
                    "impression": impression,
                    "field": field,
                    "start": start,
                    "end": end,
                    "version": version,
                    "mark": hashlib.sha256(" ".join(text.split()).encode()).hexdigest(),
                },
            )


def downgrade() -> None:
    op.drop_table("theme_harvest_citation")
    op.drop_table("article_version_sentence")
    op.drop_table("article_version")
    op.drop_column("article", "news_by")
    op.drop_column("article", "news")
