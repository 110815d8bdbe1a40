"""What the regions of the practice Slack kept in two years, so that a first look at their pages shows something.

Every text is invented and stands in `practice_trail.yaml`; it is checked like what people fill in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session

from bot.trail import SHEETS, Entry, Kind, State, check
from bot.trail.rights import people_fields
from handlers.ids import new_id
from handlers.settings import SlackSettings
from handlers.terminal.moment import now
from handlers.terminal.screen import make_screen, settings_or_stop
from storage import database, programme, trail

PAGES = Path(__file__).with_name("practice_trail.yaml")
PROGRAMME = "programme"
_OURS = ("shared", "under")


def fill(env_file: Path) -> None:
    """Write the pages into the database of the demo; one that has anything in its trail already is left as it is."""
    settings = settings_or_stop(SlackSettings, env_file, make_screen(env_file))
    opened = database.Database(settings.database)
    try:
        opened.write_now(partial(_write, at=now(settings)))
    finally:
        opened.close()


def read(regions: Mapping[str, str], people: Mapping[str, str], team: str) -> Iterator[Entry]:
    """Give every entry, what it hangs under first; `regions` and `people` are ids by name.

    Raises ValueError for what no form would take.
    """
    for name, page in yaml.safe_load(PAGES.read_text(encoding="utf-8")).items():
        place = None if name == PROGRAMME else regions[name]
        for each in page:
            yield from _entries(each, place, None, people, team)


def _write(db: Session, at: datetime) -> None:
    for made in programme.programmes(db):
        if trail.entries(db, made.team, states=list(State)):
            return
        regions = {region.name: region.id for region in programme.regions(db, made.team)}
        people = {member.name.split()[0]: member.user for member in programme.members(db, made.team) if member.name}
        for entry in read(regions, people, made.team):
            trail.make(db, entry, entry.user(), at)


def _entries(
    said: Mapping[str, Any], place: str | None, parent: str | None, people: Mapping[str, str], team: str
) -> Iterator[Entry]:
    kind = Kind(next(iter(said)))
    typed = {name: str(value) for name, value in said.items() if name not in (kind.value, *_OURS)}
    typed["title"] = str(said[kind.value])
    for name in people_fields(SHEETS[kind]):
        if name in typed:
            typed[name] = people[typed[name]]
    values, problems = check(SHEETS[kind], typed)
    if problems or typed.keys() - values.keys():
        raise ValueError(f"{typed}: {[problem.key for problem in problems]}")
    entry = Entry(
        id=new_id("te"), team=team, region=place, kind=kind, values=values, parent=parent,
        state=State.SHARED if said.get("shared") else State.KEPT, confirmed=SHEETS[kind].confirmed,
    )  # fmt: skip
    yield entry
    for each in said.get("under", ()):
        yield from _entries(each, place, entry.id, people, team)
