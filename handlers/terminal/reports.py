"""`oogst export --report` and `--region`: the final report, and a region's page as it is for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.harvest.words import folded
from bot.trail.report import Reader
from handlers.documents import write as write_document
from handlers.terminal.files import forms, ready, written
from handlers.terminal.moment import now
from handlers.terminal.screen import BAD_DATA, BAD_SETTINGS, make_screen
from handlers.trail import reporting
from handlers.trail.places import PROGRAMME
from handlers.views.trail_report import file_name
from handlers.words import Words, catalogues
from storage import programme

if TYPE_CHECKING:
    from bot.document import Document
    from bot.trail.report import FinalReport

Made = tuple["FinalReport", "Document", Words, date]


def export_reports(
    env_file: Path,
    folder: Path,
    name: str,
    *,
    page: bool = False,
    form: str | None = None,
    template: Path | None = None,
) -> int:
    """Write the report of the region that goes by this name, or of the programme; returns the exit code.

    With `page` it is the region's page instead, with only what the region shares: it is for who reads it elsewhere.
    """
    screen = make_screen(env_file)
    found = ready(env_file, form, screen)
    if found is None:
        return BAD_SETTINGS
    settings, opened = found
    spoken, moment = catalogues(settings.timezone), now(settings)
    try:
        made, known = opened.read_now(partial(_made, name=name, page=page, spoken=spoken, moment=moment))
    except reporting.Unsupported as error:
        screen.complain(f"{screen.words('trail.report.unsupported')} ({error})")
        return BAD_DATA
    finally:
        opened.close()
    if not made:
        screen.complain(screen.words("export.no_region", name=name, regions=screen.words.list(known) or "-"))
        return BAD_DATA
    return written(folder, template, screen, lambda look: _write(made, folder, forms(form), look, page=page))


def _made(
    db: Session, name: str, spoken: dict[str, Words], moment: datetime, *, page: bool
) -> tuple[list[Made], list[str]]:
    """The documents that go by this name in every workspace; and the names that there are."""
    found: list[Made] = []
    known: list[str] = []
    for one in programme.programmes(db):
        words = spoken[one.language].in_zone(one.timezone)
        regions = programme.regions(db, one.team)
        known += [region.name for region in regions]
        wanted = [region.id for region in regions if folded(region.name) == folded(name)]
        everything = [None] if not page and folded(name) in (PROGRAMME, "programma") else []
        for region in (*wanted, *everything):
            report = reporting.composed(db, one.team, region, Reader.OUTSIDE if page else None)
            on = moment.astimezone(words.zone).date()
            found.append((report, reporting.written(report, on, words, page=page), words, on))
    return found, known


def _write(
    made: Sequence[Made], folder: Path, forms: Sequence[str], template: bytes | None, *, page: bool
) -> list[Path]:
    paths = []
    for report, document, words, on in made:
        for kind in forms:
            path = folder / file_name(report, kind, on, words, page=page)
            path.write_bytes(write_document(document, kind, template))
            paths.append(path)
    return paths
