"""`oogst export`: what was published, as Markdown and HTML that stand by themselves outside Slack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlmodel import Session

from bot.article import Edition
from handlers.settings import Settings
from handlers.terminal.screen import BAD_SETTINGS, CROSS, DONE, make_screen, settings_or_stop
from handlers.views.harvest_document import FORMATS, document
from handlers.words import Words, catalogues
from storage import database, harvest, programme, schema


def export(env_file: Path, folder: Path, *, session: str | None = None, form: str | None = None) -> int:
    """Write every published article (or that of one work session) to `folder`; a second time writes the same files.

    Returns the exit code. What a group withdrew after publication is not written out any more.
    """
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    try:
        if settings.database_path.exists():
            database.check(settings.database)
        schema.upgrade(settings.database)
    except database.Unusable as unusable:
        screen.complain(str(unusable))
        return BAD_SETTINGS
    opened = database.Database(settings.database)
    try:
        editions = [found for found in opened.read_now(_published) if session in (None, found[1].session.id)]
    finally:
        opened.close()
    if not editions:
        screen.off(screen.words("export.nothing"))
        return DONE
    try:
        written = write(editions, folder, catalogues(settings.timezone), (form,) if form else FORMATS)
    except OSError as error:
        screen.complain(screen.words("export.cannot_write", folder=folder, reason=error.strerror or "?"))
        return CROSS
    for path in written:
        screen.good(str(path))
    return DONE


def write(
    editions: Sequence[tuple[str, Edition]], folder: Path, words: dict[str, Words], formats: Sequence[str] = FORMATS
) -> list[Path]:
    """Write each article (with the language of its programme) in these forms; return the files. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for language, edition in editions:
        for kind in formats:
            name, text = document(edition, kind, words[language].in_zone(edition.session.zone))
            path = folder / name
            if path in written:
                path = path.with_stem(f"{path.stem}-{edition.article.id[-6:]}")
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written


def _published(db: Session) -> list[tuple[str, Edition]]:
    found = []
    for one in programme.programmes(db):
        for article in harvest.published(db, one.team):
            edition = harvest.edition(db, one.team, article)
            if edition is not None:
                found.append((one.language, edition))
    return found
