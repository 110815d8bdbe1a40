"""The database as a command opens it: checked, and brought up to this version."""

from handlers.settings import Settings
from handlers.terminal.screen import Screen
from storage import database, schema


def open_database(settings: Settings, screen: Screen) -> database.Database | None:
    """Return the database, for the caller to close; None where it cannot be used, after saying why on the screen."""
    try:
        if settings.database_path.exists():
            database.check(settings.database)
        schema.upgrade(settings.database)
    except database.Unusable as unusable:
        screen.complain(screen.words(unusable.key, **unusable.values))
        return None
    return database.Database(settings.database)
