"""Commands that write need the database to themselves; while the bot runs they say so and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from handlers.settings import Settings
from handlers.terminal.screen import make_screen, settings_or_stop
from storage.lock import Held, alone

IN_USE = 73
"""The exit code for a database that another process works on (EX_CANTCREAT of sysexits.h)."""


def exclusively(env_file: Path, work: Callable[[], int]) -> int:
    """Run a command that writes, alone with the database; returns its exit code, or 73 while the bot runs."""
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    try:
        with alone(settings.database):
            return work()
    except Held as held:
        screen.complain(screen.words(held.key, **held.values))
        return IN_USE
