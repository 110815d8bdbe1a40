"""`oogst import FILE...`: earlier documents become themes and impressions with their lines, and proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path

import aiohttp
from sqlmodel import Session

from bot.encoding import NotReadable, decode, shown
from bot.material import Material, recognise
from bot.programme import Programme
from bot.themes import place_notes
from bot.trail import Kind
from bot.worksessions import short_names
from handlers.ids import new_id
from handlers.settings import Settings
from handlers.terminal.moment import now
from handlers.terminal.proposing import BadList, Told, propose, read_list, save_list, tell
from handlers.terminal.screen import BAD_DATA, BAD_SETTINGS, CROSS, DONE, Screen, make_screen, settings_or_stop
from handlers.terminal.trail_list import complain_of_kind, kind_called
from handlers.words import Words, catalogues
from storage import database, material, programme, schema, themes
from storage.themes import notes

LARGEST = 5_000_000
"""Bytes of one file: a book of a thousand pages is smaller."""


class BadFile(Exception):
    """A file that cannot be brought in; its text says why and what to do."""


@dataclass(frozen=True)
class Document:
    """A file that was read, with what was recognised in it."""

    name: str
    sha: str
    found: Material


def import_material(
    env_file: Path, files: Sequence[Path], *, region: str | None = None, kind: str | None = None
) -> int:
    """Bring in files, each in one go; one that was brought in before changes nothing. Returns the exit code.

    `region` is the name of the region that they are about, `kind` what the rows of a list are that does not say it.
    """
    screen = make_screen(env_file)
    settings = settings_or_stop(Settings, env_file, screen)
    words = catalogues(settings.timezone)
    listed = kind_called(kind, words) if kind else None
    if kind and listed is None:
        complain_of_kind(kind, screen)
        return BAD_DATA
    try:
        if settings.database_path.exists():
            database.check(settings.database)
        schema.upgrade(settings.database)
        at = now(settings)
    except database.Unusable as unusable:
        screen.complain(screen.words(unusable.key, **unusable.values))
        return BAD_SETTINGS
    except aiohttp.ClientError:
        screen.complain(screen.words("doctor.clock_unreachable", url=settings.clock_url or ""))
        return CROSS
    opened = database.Database(settings.database)
    try:
        made = opened.read_now(programme.programmes)
        if len(made) != 1:
            screen.complain(screen.words("import.no_programme"))
            return CROSS
        bad = []
        for file in files:
            if file.suffix.lower() == ".csv":
                done = _bring_in_list(file, made[0], opened, at, screen, region, listed, words)
            else:
                done = _bring_in(file, made[0], opened, at, screen, region)
            bad += [] if done else [file]
    finally:
        opened.close()
    return BAD_DATA if bad else DONE


def _bring_in(
    file: Path, made: Programme, opened: database.Database, at: datetime, screen: Screen, region: str | None
) -> bool:
    try:
        document = read(file, screen)
    except BadFile as bad:
        screen.complain(str(bad))
        return False
    saved, told = opened.write_now(partial(_save, document=document, made=made, now=at, region=region))
    if told and told.reading is None:
        _tell_placed(file, told, screen)
    elif saved or told:
        _tell(document, screen)
        tell(told, screen)
    else:
        screen.off(screen.words("import.known", file=file.name))
    return True


def _tell_placed(file: Path, told: Told, screen: Screen) -> None:
    """A file that came in before: only its region is new."""
    screen.good(screen.words.count("import.placed", told.count, file=file.name, region=told.region))


def _bring_in_list(
    file: Path,
    made: Programme,
    opened: database.Database,
    at: datetime,
    screen: Screen,
    region: str | None,
    kind: Kind | None,
    words: Mapping[str, Words],
) -> bool:
    """Bring in a list: all of it, or nothing when a line is wrong."""
    try:
        data = _bytes(file, screen)
        rows = read_list(file, data, kind, words, screen)
        save = partial(save_list, made=made, file=file, data=data, rows=rows, region=region, now=at, screen=screen)
        count = opened.write_now(save)
    except BadFile as bad:
        screen.complain(str(bad))
        return False
    except BadList as bad:
        for problem in bad.problems:
            screen.complain(problem)
        screen.complain(screen.words("roster.nothing_changed"))
        return False
    if isinstance(count, Told):
        _tell_placed(file, count, screen)
    elif count is None:
        screen.off(screen.words("import.known", file=file.name))
    else:
        screen.good(screen.words.count("import.listed", count, file=file.name))
    return True


def read(file: Path, screen: Screen) -> Document:
    """Read a file and recognise what is in it. Raises BadFile."""
    data = _bytes(file, screen)
    try:
        return Document(file.name, material.fingerprint(data), recognise(decode(data)))
    except NotReadable:
        raise BadFile(screen.words("import.no_text", file=file)) from None


def _bytes(file: Path, screen: Screen) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadFile(screen.words("import.unreadable", file=file, reason=screen.why(error))) from None
    if len(data) > LARGEST:
        raise BadFile(screen.words("import.too_large", file=file))
    return data


def _save(
    db: Session, document: Document, made: Programme, now: datetime, region: str | None
) -> tuple[bool, Told | None]:
    """Keep a document and what it gives for the trail; also for one that came in before Oogst knew of a trail."""
    saved = _keep(db, document, made, now)
    return saved, propose(db, made.team, document.sha, document.found, region, now)


def _keep(db: Session, document: Document, made: Programme, now: datetime) -> bool:
    if material.is_known(db, made.team, document.sha):
        return False
    found = document.found
    ids = material.theme_ids(db, made.team, found.themes, short_names(found.themes), new_id)
    day = found.session_day or found.day
    told_at = datetime.combine(day, time(12), tzinfo=UTC) if day else now
    material.save(
        db,
        made.team,
        found,
        {passage: [ids[name] for name in passage.themes] for passage in found.passages},
        file_name=document.name,
        sha=document.sha,
        told_at=told_at,
        now=now,
        new_id=new_id,
    )
    _place(db, made.team, now)
    return True


def _place(db: Session, team: str, now: datetime) -> None:
    """Give passages without a theme of their document those of ours that their words are about, where that is sure.

    What is not sure waits for a person, as with every impression.
    """
    found, versions = notes.waiting(db, team)
    placed = place_notes(found, themes.lineage(db, team), notes.taught(db, team))
    notes.save_placed(db, team, placed, versions, now)


def _tell(document: Document, screen: Screen) -> None:
    words, found = screen.words, document.found
    day = found.session_day or found.day
    title = shown(found.title)
    screen.good(
        words("import.done", file=document.name, title=title, day=words.date(day))
        if day
        else words("import.done_undated", file=document.name, title=title)
    )
    counts = [
        words.count("import.themes", len(found.themes)),
        words.count("import.groups", len(found.groups)),
        words.count("import.passages", len(found.passages)),
    ]
    screen.show(f"  {words.list(counts)}.")
    if found.next_day:
        screen.show(f"  {words('import.next_day', day=words.date(found.next_day))}")
    if found.files_named:
        screen.show(f"  {words('import.files_stay')}")
