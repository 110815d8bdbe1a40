"""What was done with people's words can be proven afterwards, without the words

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

YOUNG = (
    "OLD.at >= (SELECT CAST(CAST(substr(max(at), 1, 4) AS INTEGER) - 2 AS VARCHAR) || substr(max(at), 5) "
    "FROM audit WHERE team_id = OLD.team_id)"
)
"""The trail's own newest row tells the time: what is less than two years older than it stays."""
NOT_OLDEST = "EXISTS (SELECT 1 FROM audit WHERE team_id = OLD.team_id AND number < OLD.number)"
SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the trail cannot be changed'); END",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN {YOUNG} OR {NOT_OLDEST} "
    "BEGIN SELECT RAISE(ABORT, 'the trail cannot be cut'); END",
    "CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head "
    "WHEN NEW.number <= OLD.number OR NEW.team_id <> OLD.team_id "
    "BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END",
    "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head "
    "BEGIN SELECT RAISE(ABORT, 'the trail cannot be cut'); END",
    # REPLACE takes a row away without a word to the triggers of DELETE
    "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit "
    "WHEN EXISTS (SELECT 1 FROM audit WHERE team_id = NEW.team_id AND number = NEW.number) "
    "BEGIN SELECT RAISE(ABORT, 'the trail cannot be changed'); END",
    "CREATE TRIGGER audit_head_no_replace BEFORE INSERT ON audit_head "
    "WHEN EXISTS (SELECT 1 FROM audit_head WHERE team_id = NEW.team_id) "
    "BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END",
)
POSTGRES = (
    f"""CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'audit_head' THEN
    IF TG_OP = 'DELETE' THEN
      RAISE EXCEPTION 'the trail cannot be cut';
    ELSIF NEW.number <= OLD.number OR NEW.team_id <> OLD.team_id THEN
      RAISE EXCEPTION 'the trail only grows';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    RAISE EXCEPTION 'the trail cannot be changed';
  ELSIF {YOUNG} OR {NOT_OLDEST} THEN
    RAISE EXCEPTION 'the trail cannot be cut';
  END IF;
  RETURN OLD;
END $$""",
    "CREATE TRIGGER audit_guarded BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_guard()",
    "CREATE TRIGGER audit_head_guarded BEFORE UPDATE OR DELETE ON audit_head "
    "FOR EACH ROW EXECUTE FUNCTION audit_guard()",
    "CREATE FUNCTION audit_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN RAISE EXCEPTION 'the trail cannot be cut'; END $$",
    "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_no_truncate()",
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "number"),
    )
    op.create_table(
        "audit_head",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team_id"),
    )
    op.create_table(
        "departure",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("left_at", sa.String(27), nullable=True),
        sa.Column("returned_at", sa.String(27), nullable=True),
        sa.PrimaryKeyConstraint("team_id"),
    )
    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(sa.text(statement.replace(":=", r"\:=")))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, trigger in (
            ("audit", "audit_guarded"), ("audit", "audit_whole"), ("audit_head", "audit_head_guarded"),
        ):  # fmt: skip
            op.execute(sa.text(f"DROP TRIGGER {trigger} ON {table}"))
        op.execute(sa.text("DROP FUNCTION audit_guard()"))
        op.execute(sa.text("DROP FUNCTION audit_no_truncate()"))
    op.drop_table("departure")
    op.drop_table("audit_head")
    op.drop_table("audit")
