"""`oogst export`: what was published, as files that stand by themselves outside Slack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from sqlmodel import Session

from bot.article import Changes, Edition
from bot.theme_harvest import ThemeHarvest, compose
from handlers.documents import COMMAND, FORMATS, installed
from handlers.documents import write as write_document
from handlers.settings import Settings
from handlers.terminal.files import forms, ready, written
from handlers.terminal.screen import BAD_DATA, BAD_SETTINGS, DONE, Screen, make_screen
from handlers.views import harvest_document as documents
from handlers.views import theme_harvest_document as theme_documents
from handlers.words import Words, catalogues
from storage import article_versions, database, harvest, memory, programme
from storage import theme_harvest as store

Found = tuple[str, Edition, Mapping[str, str], Changes]
"""The language of a programme, an article, by impression id where it can be read in Slack, and what changed in it."""


def export(
    env_file: Path,
    folder: Path,
    *,
    session: str | None = None,
    form: str | None = None,
    theme: str | None = None,
    template: Path | None = None,
) -> int:
    """Write every published article (or that of one work session) to `folder`; a second time writes the same files.

    Returns the exit code. What a group withdrew after publication is not written out any more. `template` is a Word
    file whose styles a docx takes over. A form that is not installed is named, with the command that installs it.
    """
    screen = make_screen(env_file)
    found = ready(env_file, form, screen)
    if found is None:
        return BAD_SETTINGS
    settings, opened = found
    if theme is not None:
        return _export_theme(opened, folder, theme, forms(form), template, screen, settings)
    try:
        editions = [found for found in opened.read_now(_published) if session in (None, found[1].session.id)]
    finally:
        opened.close()
    if not editions:
        screen.off(screen.words("export.nothing"))
        return DONE
    words = catalogues(settings.timezone)
    code = written(folder, template, screen, lambda look: write(editions, folder, words, forms(form), look))
    if code == DONE and form is None and (without := [kind for kind in FORMATS if not installed(kind)]):
        screen.off(screen.words("export.not_installed", form=", ".join(without), command=COMMAND))
    return code


def write(
    editions: Sequence[Found],
    folder: Path,
    words: dict[str, Words],
    formats: Sequence[str] | None = None,
    template: bytes | None = None,
) -> list[Path]:
    """Write each article in these forms; return the files. Raises OSError and BadTemplate."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for language, edition, posts, changes in editions:
        speak = words[language].in_zone(edition.session.zone)
        made = documents.article_document(edition, speak, posts, changes)
        for kind in forms() if formats is None else formats:
            path = folder / documents.file_name(edition, kind, speak)
            if path in paths:
                path = path.with_stem(f"{path.stem}-{edition.article.id[-6:]}")
            path.write_bytes(write_document(made, kind, template))
            paths.append(path)
    return paths


def _published(db: Session) -> list[Found]:
    found: list[Found] = []
    for one in programme.programmes(db):
        for article in harvest.published(db, one.team):
            edition = harvest.edition(db, one.team, article)
            if edition is not None:
                posts = memory.posts(db, [i for c in edition.contributions for i in c.impressions])
                found.append((one.language, edition, posts, article_versions.changes(db, edition.article)))
    return found


def _export_theme(
    opened: database.Database,
    folder: Path,
    name: str,
    formats: Sequence[str],
    template: Path | None,
    screen: Screen,
    settings: Settings,
) -> int:
    """Write the harvest document on one theme."""
    try:
        found, known = opened.read_now(partial(_themes, name=name))
    finally:
        opened.close()
    if not found:
        screen.complain(screen.words("export.no_theme", name=name, themes=screen.words.list(known) or "-"))
        return BAD_DATA

    def write_all(look: bytes | None) -> Iterator[Path]:
        for language, one in found:
            words = catalogues(settings.timezone)[language]
            for kind in formats:
                path = folder / theme_documents.file_name(one, kind, words)
                path.write_bytes(write_document(theme_documents.theme_document(one, words), kind, look))
                yield path

    return written(folder, template, screen, write_all)


def _themes(db: Session, name: str) -> tuple[list[tuple[str, ThemeHarvest]], list[str]]:
    """The document of the theme that goes by this name, with its language; and the names that there are."""
    found, known = [], []
    for one in programme.programmes(db):
        theme = store.named(db, one.team, name)
        if theme is not None:
            found.append((one.language, compose(store.gather(db, one.team, theme))))
        known += [each.name for each in store.shown(db, one.team)]
    return found, known
