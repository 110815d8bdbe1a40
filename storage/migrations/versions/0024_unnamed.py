"""The message that asks for the name of a theme goes by the name of its feature

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BEFORE, SINCE = "trail.unnamed", "themes.unnamed"


def upgrade() -> None:
    _rename(BEFORE, SINCE)


def downgrade() -> None:
    _rename(SINCE, BEFORE)


def _rename(was: str, then: str) -> None:
    outbox = sa.table("outbox", *(sa.column(name, sa.String()) for name in ("kind", "key", "target_key", "thread_key")))
    for name in ("key", "target_key", "thread_key"):
        column = outbox.c[name]
        called = sa.literal(f"{then}:") + sa.func.substr(column, len(was) + 2)
        op.execute(outbox.update().where(column.like(f"{was}:%")).values({name: called}))
    op.execute(outbox.update().where(outbox.c.kind == was).values(kind=then))
