"""`oogst export --examples`: the good examples that regions share, for a newsletter or a website."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sqlmodel import Session

from bot.document import Document
from bot.trail import Kind, examples
from handlers.documents import write as write_document
from handlers.terminal.files import forms, ready, written
from handlers.terminal.screen import BAD_SETTINGS, DONE, make_screen
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
    found = ready(env_file, form, screen)
    if found is None:
        return BAD_SETTINGS
    settings, opened = found
    try:
        made = opened.read_now(partial(_made, spoken=catalogues(settings.timezone)))
    finally:
        opened.close()
    if not made:
        screen.off(screen.words("trail.examples.nothing"))
        return DONE

    def write(look: bytes | None) -> Iterator[Path]:
        for name, document in made:
            for kind in forms(form):
                path = folder / f"{name}.{kind}"
                path.write_bytes(write_document(document, kind, look))
                yield path

    return written(folder, template, screen, write)


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
