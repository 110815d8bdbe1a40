"""`oogst backup [FILE]`: a checked copy of the database, made while the bot works."""

from __future__ import annotations

from pathlib import Path

from bot.privacy.expiring import KEPT_BACKUPS
from handlers.clock import SystemClock
from handlers.settings import Settings
from handlers.terminal.screen import BAD_SETTINGS, CROSS, DONE, make_screen, settings_or_stop
from storage import backups
from storage.database import Unusable, name_of, on_server

DUMP = "pg_dump --format=custom --exclude-table=tombstone --file=oogst.dump"
"""What was erased is left out of the copy: that table stays as it is when an older copy is put back."""


def backup(env_file: Path, to: Path | None, keep: int | None) -> int:
    """Copy the database; without `to` beside it, where all but the newest `keep` go. Returns the exit code."""
    screen = make_screen(env_file)
    settings, now = settings_or_stop(Settings, env_file, screen), SystemClock().now()
    if on_server(settings.database):
        screen.complain(screen.words("backup.server", command=f"{DUMP} {name_of(settings.database)}"))
        return BAD_SETTINGS
    try:
        made = backups.make(settings.database, to or backups.name_for(settings.database, now))
        gone = backups.forget(settings.database, now.date(), keep)
    except Unusable as unusable:
        screen.complain(screen.words(unusable.key, **unusable.values))
        return CROSS
    except OSError as error:
        screen.complain(screen.words("backup.cannot_write", file=to or settings.database, reason=screen.why(error)))
        return CROSS
    size = screen.words.number(round(made.file.stat().st_size / 1_000_000, 1))
    screen.good(screen.words("backup.made", file=made.file, size=size, rows=made.rows))
    if to is not None:
        screen.warn(screen.words("backup.own_name", day=screen.words.date((now + KEPT_BACKUPS).date())))
    for file in gone:
        screen.off(screen.words("backup.gone", file=file))
    return DONE
