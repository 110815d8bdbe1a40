"""`oogst check`: look through the whole database for what is damaged or does not agree, beside the running bot."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from handlers.clock import SystemClock
from handlers.settings import Settings
from handlers.terminal.screen import BAD_SETTINGS, CROSS, DONE, make_screen, settings_or_stop
from storage import backups, checking, schema
from storage.database import Database, Unusable, name_of, on_server


def check(env_file: Path) -> int:
    """Say what is wrong; returns 0 when nothing is, 1 when something is, 78 where no database is to be found."""
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    name, found = name_of(settings.database), []
    due: Mapping[str, int] = {}
    try:
        at = schema.current(settings.database)
        if at is None:
            screen.complain(screen.words("check.no_database", file=name))
            return BAD_SETTINGS
        if not on_server(settings.database):
            found = backups.damage(settings.database)
        if not found and not schema.is_head(at):
            if not schema.is_known(at):
                screen.complain(screen.words("database.newer", name=name, revision=at))
                return CROSS
            screen.complain(screen.words("check.other_version", file=name, revision=at))
            return CROSS
        if not found:
            database = Database(settings.database)
            try:
                found = database.read_now(checking.disagreements)
                if not found:
                    due = database.read_now(partial(checking.past_their_time, now=SystemClock().now()))
            finally:
                database.close()
    except Unusable as unusable:
        screen.complain(screen.words(unusable.key, **unusable.values))
        return BAD_SETTINGS if on_server(settings.database) else CROSS
    for line in found:
        screen.complain(line)
    if found:
        screen.complain(screen.words("check.wrong", file=name, number=len(found)))
        return CROSS
    screen.good(screen.words("check.good", file=name))
    for kept, number in due.items():
        screen.good(screen.words(f"check.due.{kept}", number=number))
    return DONE
