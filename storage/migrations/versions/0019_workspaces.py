"""Two workspaces can each have their turn of the same rule in the same period

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from storage.moments import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

EVERYWHERE = "*"
"""The workspace of a turn that is taken once for all of them; until here it was empty."""


def upgrade() -> None:
    op.execute(sa.text("UPDATE occurrence SET team_id = :now WHERE team_id = ''").bindparams(now=EVERYWHERE))
    _key("team_id", "rule_id", "period_key")


def downgrade() -> None:
    # the older key holds one turn of a rule and period: that of the first workspace stays
    op.execute(
        "DELETE FROM occurrence WHERE EXISTS (SELECT 1 FROM occurrence o WHERE o.rule_id = occurrence.rule_id"
        " AND o.period_key = occurrence.period_key AND o.team_id < occurrence.team_id)"
    )
    _key("rule_id", "period_key")
    op.execute(sa.text("UPDATE occurrence SET team_id = '' WHERE team_id = :then").bindparams(then=EVERYWHERE))


def _key(*columns: str) -> None:
    """Give the table this primary key."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("occurrence_pkey", "occurrence")
        op.create_primary_key("occurrence_pkey", "occurrence", list(columns))
        return
    # SQLite copies a table into one with another key; `copy_from` says what that one looks like
    made = sa.Table(
        "occurrence",
        sa.MetaData(),
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("period_key", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(*columns),
    )
    with op.batch_alter_table("occurrence", copy_from=made, recreate="always"):
        pass
