"""The whole schema in one place, and bringing a database up to it."""

import sqlite3
from datetime import UTC, datetime
from glob import escape
from pathlib import Path

from sqlmodel import SQLModel

from storage import (  # noqa: F401 - each module brings its tables
    article_versions,
    attachments,
    audit,
    delivery,
    digest,
    followup,
    harvest,
    impressions,
    inbox,
    installations,
    introductions,
    jobs,
    leaving,
    memory,
    privacy,
    programme,
    promises,
    proposals,
    revisions,
    selection,
    text_index,
    theme_harvest,
    themes,
    timetable,
    tombstones,
    trail,
    worksessions,
    writing,
)
from storage.database import Unusable, name_of, on_server, path_of, postgresql

METADATA = SQLModel.metadata
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(location: str) -> bool:
    """Bring the database up to this version; returns whether anything had to be done.

    Of a file a copy is made first, beside it. On a server no copy is made (that is for `pg_dump`); one replica does it,
    and those that start at the same time wait for it.
    Raises Unusable when it was made by a newer version, or when a migration fails; the database is then as it was.
    """
    if on_server(location):
        with postgresql.migrating(location):
            done = _upgraded(location)
            jobs.prepare(location)
            return done
    return _upgraded(location)


def _upgraded(location: str) -> bool:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["location"] = location
    scripts = ScriptDirectory.from_config(config)
    at = current(location)
    if at == scripts.get_current_head():
        return False
    if at is not None:
        try:
            scripts.get_revision(at)
        except CommandError as error:
            raise Unusable("database.newer", name=name_of(location), revision=at) from error
        if not on_server(location):
            path = path_of(location)
            _copy(path, path.with_name(f"{path.name}.before-{scripts.get_current_head()}"))
    command.upgrade(config, "head")
    return True


def is_known(revision: str) -> bool:
    """Say whether this version knows a revision; a newer one it does not."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        return ScriptDirectory.from_config(config).get_revision(revision) is not None
    except CommandError:
        return False


def is_head(revision: str) -> bool:
    """Say whether a revision is the one of this version."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head() == revision


def downgrade(location: str, revision: str) -> None:
    """Go back to an earlier revision; for tests and for maintainers."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["location"] = location
    command.downgrade(config, revision)


def current(location: str) -> str | None:
    """Return the revision of a database, or None when it is new. Raises Unusable for one of another program."""
    if on_server(location):
        return postgresql.current(location)
    path = path_of(location)
    if not path.exists():
        return None
    connection = sqlite3.connect(path)
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        if not tables:
            return None
        if ("alembic_version",) not in tables:
            raise Unusable("database.of_another", file=path)
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    except sqlite3.DatabaseError as error:
        raise Unusable("database.unreadable", file=path, reason=error) from error
    finally:
        connection.close()


def forget_copies(location: str, before: datetime) -> list[Path]:
    """Delete the copies that `upgrade` made before this moment, and return them: they hold words withdrawn since."""
    if on_server(location):
        return []
    path = path_of(location)
    found = [copy for copy in sorted(path.parent.glob(f"{escape(path.name)}.before-*")) if copy.is_file()]
    old = [copy for copy in found if datetime.fromtimestamp(copy.stat().st_mtime, UTC) < before]
    for copy in old:
        copy.unlink()
    return old


def _copy(path: Path, to: Path) -> None:
    """Copy a database with what still stands in its log: a copy of the file alone would miss the newest commits."""
    source, target = sqlite3.connect(path), sqlite3.connect(to)
    try:
        source.backup(target)
    finally:
        target.close()
        source.close()
