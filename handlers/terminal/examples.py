"""`oogst export --examples`: the good examples that regions share, for a newsletter or a website."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlmodel import Session

from bot.document import Document
from bot.trail import Kind, examples
from handlers.documents import COMMAND, BadTemplate, installed
from handlers.documents import write as write_document
from handlers.settings import Settings
from handlers.terminal.export import forms
from handlers.terminal.opening import open_database
from handlers.terminal.screen import BAD_DATA, BAD_SETTINGS, CROSS, DONE, make_screen, settings_or_stop
from handlers.views.trail_examples_document import examples_document, file_name
from handlers.words import Words, catalogues
from storage import programme, trail
from storage.trail import examples as stored

Made = tuple[str, Document]
"""The stem of a file, with what stands in it."""


def export_examples(env_file: Path, folder: Path, *, form: str | None = None, template: Path | None = None) -> int:
    """Write what is shared to `folder`, in each form or in one; a second time writes the same files.

    Returns the exit code. Nobody is named who did not say yes to that.
    """
    screen = make_screen(env_file)
    if form is not None and not installed(form):
        screen.complain(screen.words("export.not_installed", form=form, command=COMMAND))
        return BAD_SETTINGS
    settings = settings_or_stop(Settings, env_file, screen)
    opened = open_database(settings, screen)
    if opened is None:
        return BAD_SETTINGS
    try:
        made = opened.read_now(partial(_made, spoken=catalogues(settings.timezone)))
    finally:
        opened.close()
    if not made:
        screen.off(screen.words("trail.examples.nothing"))
        return DONE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        look = template.read_bytes() if template else None
        for name, document in made:
            for kind in (form,) if form else forms():
                path = folder / f"{name}.{kind}"
                path.write_bytes(write_document(document, kind, look))
                screen.good(str(path))
    except BadTemplate:
        screen.complain(screen.words("export.bad_template", file=template or ""))
        return BAD_DATA
    except OSError as error:
        screen.complain(screen.words("export.cannot_write", folder=folder, reason=error.strerror or "?"))
        return CROSS
    return DONE


def _made(db: Session, spoken: dict[str, Words]) -> list[Made]:
    """The document of every workspace that shares something; of several each gets a number."""
    found: list[Made] = []
    for one in programme.programmes(db):
        shared = examples.ranked(stored.shared(db, one.team))
        if not shared:
            continue
        words = spoken[one.language].in_zone(one.timezone)
        since = stored.shared_at(db, one.team, shared)
        contacts = trail.entries(db, one.team, kinds=[Kind.CONTACT])
        names = {region.id: region.name for region in programme.regions(db, one.team)}
        stem = file_name("", since, words).rstrip(".")
        stem = f"{stem}-{len(found) + 1}" if any(stem == each for each, _ in found) else stem
        found.append((stem, examples_document(shared, contacts, names, since, words)))
    return found
