"""The part of `oogst import` that fills the trail: documents and lists become proposals, with their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.encoding import NotReadable, decode, shown
from bot.material import Material
from bot.programme import Programme
from bot.trail import Kind
from bot.trail.importing import Reading, lists, named, read
from bot.trail.importing.lists import Listed
from handlers.ids import new_id
from handlers.privacy import check_texts
from handlers.terminal.screen import Screen
from handlers.views.trail_lists import names_of
from handlers.words import Words
from storage import material, programme
from storage.trail import importing

LONGEST_SHOWN = 100
"""Characters of a line that was not understood; its number leads to the rest."""
PRIVATE = ("address",)
"""Columns that take a mail address; in every other one it is refused, as on a form."""


@dataclass(frozen=True)
class Told:
    """What a document gave for the trail: how many proposals, for which region, and whether that is there already.

    Without a `reading` it was read before, and so many of its proposals were brought to that region.
    """

    count: int
    region: str
    waits: bool
    reading: Reading | None


class BadList(Exception):
    """A list of which nothing is taken over; `problems` has one line for each thing to repair."""

    def __init__(self, problems: list[str]) -> None:
        """Keep the lines."""
        super().__init__("\n".join(problems))
        self.problems = problems


def propose(db: Session, team: str, sha: str, found: Material, region: str | None, now: datetime) -> Told | None:
    """Write what a document gives as proposals; None where that was done before.

    `region` is the name of the region that it is said to be about; it is made where it is not there yet.
    """
    source = importing.paper_of(db, team, sha)
    if source is None or importing.is_read(db, team, source.id):
        return place_known(db, team, source, region, now)
    at_home = _region(db, team, region)
    known = regions(db, team)
    reading = read(found, known)
    count = importing.propose(db, team, source, reading, known, now, new_id, at_home)
    own = region or reading.region
    placed = at_home or (own and named(own, known))
    waits = not placed and any(not importing.of_programme(each.kind) for each in reading.found)
    return Told(count, own, waits, reading)


def place_known(
    db: Session, team: str, source: importing.Paper | None, region: str | None, now: datetime
) -> Told | None:
    """Bring what waits for its region, of a document that came in before, to the region that is said now.

    None where nothing waits: a region is then not made either.
    """
    if source is None or not region or not importing.unplaced(db, team, source.id):
        return None
    at_home = _region(db, team, region)
    if at_home is None:
        return None
    moved = importing.place(db, team, [source.id], at_home, "", now)
    name = next(name for name, id_ in regions(db, team).items() if id_ == at_home)
    return Told(moved, name, waits=False, reading=None)


def regions(db: Session, team: str) -> dict[str, str]:
    """Return the id of every region by its name."""
    return {each.name: each.id for each in programme.regions(db, team)}


def _region(db: Session, team: str, name: str | None) -> str | None:
    """Return the region of this name, made where no other spelling of it is there."""
    if not name:
        return None
    known = regions(db, team)
    there = named(name, known)
    return known[there] if there else programme.save_region(db, team, name, None, new_id("rg"))[0]


def tell(told: Told | None, screen: Screen) -> None:
    """Say what was found for whom, and name every line that was not understood."""
    if told is None or told.reading is None:
        return
    words = screen.words
    if told.count:
        found = words.count("import.proposed", told.count)
        if told.region:
            found = words.count("import.proposed_region", told.count, region=told.region)
        screen.show(f"  {found}")
    if told.count and told.waits:
        screen.show(
            f"  {words('import.region_new', region=told.region) if told.region else words('import.region_none')}"
        )
    unread = told.reading.unread
    if unread and told.count:
        screen.show(f"  {words.count('import.unread', len(unread))}")
        for each in unread:
            said = shown(each.text)
            cut = said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN].rsplit(' ', 1)[0]}…"
            screen.show(f"    {each.line:>4}  {cut}")


def read_list(
    file: Path, data: bytes, kind: Kind | None, all_words: Mapping[str, Words], screen: Screen
) -> list[Listed]:
    """Read a CSV of entries. Raises BadList with every line that cannot be kept."""
    words = screen.words
    try:
        text = decode(data)
    except NotReadable:
        raise BadList([words("import.no_text", file=file)]) from None
    table = lists.read(text, names_of(all_words, words), kind)
    problems = [
        words(
            "import.list_wrong", file=file.name, line=wrong.line, column=f" ({wrong.column})" if wrong.column else "",
            why=words(wrong.problem.key, **wrong.problem.values),
        )
        for wrong in table.wrong
    ]  # fmt: skip
    if not table.rows and not problems:
        problems = [words("import.list_empty", file=file.name)]
    if problems:
        raise BadList(problems)
    return table.rows


def save_list(
    db: Session, made: Programme, file: Path, data: bytes, rows: Sequence[Listed], region: str | None, now: datetime,
    screen: Screen,
) -> int | Told | None:  # fmt: skip
    """Write the rows of a list as proposals; returns how many. Raises BadList.

    Of a list that came in before, what waited and now has a region; None where nothing changed.
    """
    sha = material.fingerprint(data)
    if material.is_known(db, made.team, sha):
        return place_known(db, made.team, importing.paper_of(db, made.team, sha), region, now)
    problems = [
        screen.words(
            "import.list_wrong", file=file.name, line=row.line, column=f" ({problem.field})",
            why=screen.words(problem.key, **problem.values),
        )
        for row in rows
        for problem in check_texts(
            db, made, None, {name: value.text for name, value in row.values.items() if name not in PRIVATE}
        ).problems
    ]  # fmt: skip
    at_home = _region(db, made.team, region)
    known = regions(db, made.team)
    problems += [
        screen.words(
            "import.list_wrong", file=file.name, line=row.line, column="",
            why=screen.words("import.list_region", value=row.region),
        )
        for row in rows
        if row.region and named(row.region, known) is None
    ]  # fmt: skip
    problems += [
        screen.words(
            "import.list_wrong", file=file.name, line=row.line, column="",
            why=screen.words("import.list_person", value=value.user),
        )
        for row in rows
        for value in row.values.values()
        if value.user and not programme.is_known(db, made.team, value.user)
    ]  # fmt: skip
    if problems:
        raise BadList(problems)
    text = decode(data)
    found = Material(file.name, None, None, None, (), (), False, text, text)
    material.save(
        db, made.team, found, {}, file_name=file.name, sha=sha, told_at=now, now=now, new_id=new_id,
    )  # fmt: skip
    source = importing.paper_of(db, made.team, sha)
    if source is None:
        return None
    missing = importing.propose_rows(db, made.team, source, rows, known, now, new_id, at_home)
    if missing:
        raise BadList(
            [
                screen.words(
                    "import.list_wrong", file=file.name, line=row.line, column="",
                    why=screen.words("import.list_parent", value=row.under),
                )
                for row in missing
            ]
        )  # fmt: skip
    return len(rows)
