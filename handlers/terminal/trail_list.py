"""`oogst export trail`: what regions and the programme keep, as lists in CSV that `oogst import` takes back."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from bot.trail import Kind
from bot.trail.importing import lists, named
from handlers.settings import Settings
from handlers.terminal.opening import open_database
from handlers.terminal.screen import BAD_DATA, BAD_SETTINGS, CROSS, DONE, Screen, make_screen, settings_or_stop
from handlers.views.trail_lists import names_of
from handlers.words import Words, catalogues
from storage import programme, trail

BOM = "\ufeff"
"""By which Excel knows that letters are UTF-8."""


def export_lists(env_file: Path, folder: Path, *, region: str | None = None, kind: str | None = None) -> int:
    """Write a CSV for each kind that is kept, of one region or of all with the programme. Returns the exit code."""
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    words = catalogues(settings.timezone)
    wanted = kind_called(kind, words) if kind else None
    if kind and wanted is None:
        complain_of_kind(kind, screen)
        return BAD_DATA
    opened = open_database(settings, screen)
    if opened is None:
        return BAD_SETTINGS
    try:
        found, known = opened.read_now(lambda db: _lists(db, region, wanted, words))
    finally:
        opened.close()
    if found is None:
        screen.complain(screen.words("export.no_region", name=region or "", regions=screen.words.list(known) or "-"))
        return BAD_DATA
    return _write(found, folder, screen)


def kind_called(name: str, words: dict[str, Words]) -> Kind | None:
    """Return the kind of this name, on screen in any language or in code."""
    said, names = " ".join(name.casefold().split()), names_of(words)
    return next((kind for kind in Kind if said in (each.casefold() for each in names(f"kind_{kind.value}"))), None)


def complain_of_kind(name: str, screen: Screen) -> None:
    """Say that there is no kind of this name, and which there are."""
    kinds = [screen.words(f"trail.kind_{kind.value}").lower() for kind in Kind]
    screen.complain(screen.words("export.no_kind", name=name, kinds=screen.words.list(kinds)))


def _lists(
    db: Session, region: str | None, kind: Kind | None, words: dict[str, Words]
) -> tuple[dict[str, str] | None, list[str]]:
    """The text of each list by the name of its file, None where there is no such region; and the regions there are."""
    found: dict[str, str] = {}
    regions_known: list[str] = []
    for made in programme.programmes(db):
        known = {each.name: each.id for each in programme.regions(db, made.team)}
        regions_known += known
        there = named(region, known) if region else None
        if region and there is None:
            return None, regions_known
        places = [known[there]] if there else [None, *known.values()]
        every = trail.entries(db, made.team, regions=places)
        titles = {entry.id: entry.title for entry in every}
        regions: dict[str | None, str] = {key: name for name, key in known.items()}
        for each in Kind if kind is None else (kind,):
            mine = [entry for entry in every if entry.kind is each]
            if not mine:
                continue
            name = names_of(words, words[made.language])
            found[f"{name(f'kind_{each.value}')[0].lower().replace(' ', '-')}.csv"] = lists.write(
                mine, each, regions, titles, name
            )
    return found, regions_known


def _write(found: dict[str, str], folder: Path, screen: Screen) -> int:
    if not found:
        screen.off(screen.words("export.no_lists"))
        return DONE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in sorted(found.items()):
            path = folder / name
            path.write_bytes((BOM + text).encode())
            screen.good(str(path))
    except OSError as error:
        screen.complain(screen.words("export.cannot_write", folder=folder, reason=screen.why(error)))
        return CROSS
    return DONE
