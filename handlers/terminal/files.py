"""The files that `oogst export` writes: in which forms, with whose styles, and what is said when one cannot be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from handlers.documents import COMMAND, FORMATS, BadTemplate, installed
from handlers.settings import Settings
from handlers.terminal.opening import open_database
from handlers.terminal.screen import BAD_DATA, CROSS, DONE, Screen, settings_or_stop
from storage.database import Database


def forms(form: str | None = None) -> tuple[str, ...]:
    """Return this form alone, or without one all that can be made here."""
    return (form,) if form else tuple(kind for kind in FORMATS if installed(kind))


def ready(env_file: Path, form: str | None, screen: Screen) -> tuple[Settings, Database] | None:
    """Return the settings and the database, for the caller to close; None after saying what is missing."""
    if form is not None and not installed(form):
        screen.complain(screen.words("export.not_installed", form=form, command=COMMAND))
        return None
    settings = settings_or_stop(Settings, env_file, screen)
    opened = open_database(settings, screen)
    return (settings, opened) if opened else None


def written(
    folder: Path, template: Path | None, screen: Screen, write: Callable[[bytes | None], Iterable[Path]]
) -> int:
    """Name each file that `write` writes to a folder, given the Word file whose styles it takes over; the exit code."""
    try:
        look = template.read_bytes() if template else None
    except OSError as error:
        screen.complain(screen.words("export.no_template", file=template or "", reason=screen.why(error)))
        return BAD_DATA
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in write(look):
            screen.good(str(path))
    except BadTemplate:
        if made and not any(folder.iterdir()):
            folder.rmdir()
        screen.complain(screen.words("export.bad_template", file=template or ""))
        return BAD_DATA
    except OSError as error:
        screen.complain(screen.words("export.cannot_write", folder=folder, reason=screen.why(error)))
        return CROSS
    return DONE
