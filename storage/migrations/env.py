"""What Alembic runs: our own engine, so that a failing migration leaves nothing behind."""

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString

from storage import schema
from storage.database import make_engine, on_server, postgresql
from storage.moments import Moment

location = context.config.attributes.get("location") or context.config.get_main_option("location") or "oogst.db"


def rendered(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our own column types in a new migration by their own names."""
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    if kind == "type" and isinstance(item, Moment):
        return "Moment()"
    return False


engine = postgresql.make_engine(location, migrating=True) if on_server(location) else make_engine(location)
try:
    with engine.execution_options(every_workspace="a schema has no workspace").connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=schema.METADATA,
            render_as_batch=True,
            render_item=rendered,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
            if on_server(location):
                postgresql.sort_by_letters(connection)
finally:
    engine.dispose()
