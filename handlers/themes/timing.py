"""What themes do with time: notes are placed when they come in, and what is found is proposed once a week at most."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.harvest import Theme, final
from bot.harvest.words import folded
from bot.proposals import Status
from bot.themes import Kind, Placed, Suggestion, Told, mark_of, place_notes, settle, suggestions
from handlers.themes.showing import table
from handlers.world import World
from storage import nudges, programme, proposals, timetable
from storage.themes import changing, finding, following, notes, proposing

Notes = list[Told]
Themes = list[Theme]

MOST_NOTES = 1000
"""Notes that are looked at together, the newest; of those before, the themes are settled."""
FOLLOWED = 40
"""Notes whose articles follow in one write."""
BACKERS = 2
"""People behind a proposal of their own from which on it is put to a coordinator as a theme."""


async def tick(world: World, now: datetime) -> None:
    """Place what came in, then look for what the notes give reason to ask, and tell coordinators once a week."""
    for team in await world.database.read(notes.teams_waiting):
        if await place_waiting(world, team, now):
            await find(world, team, now)
    for team, week in await world.database.read(partial(_again_due, now=now)):
        rule = f"themes.again:{team}"
        if await world.write(partial(timetable.take, team=team, rule=rule, period=week, due_at=now, now=now)):
            await place_again(world, team, now)
            await find(world, team, now)
    due = await world.database.read(partial(_untold, now=now))
    if due:
        await world.write(partial(_tell, now))


async def place_waiting(world: World, team: str, now: datetime) -> int:
    """Place the notes of a workspace that came or changed; returns how many. It is computed off the event loop."""

    def look(db: Session) -> tuple[Notes, notes.Versions, Notes, Themes]:
        found, versions = notes.waiting(db, team)
        return found, versions, notes.taught(db, team), finding.lineage(db, team)

    total = 0
    while True:
        found, versions, taught, themes = await world.database.read(look)
        if not found:
            return total
        placed = await asyncio.to_thread(place_notes, found, themes, taught)
        kept = await world.write(partial(notes.save_placed, team=team, placed=placed, versions=versions, now=now))
        total += kept
        await _follow(world, team, sorted(placed))
        if kept < len(found) or len(found) < notes.CHUNK:
            return total


async def find(world: World, team: str, now: datetime) -> int:
    """Look for themes, names and merges to propose; returns how many are new."""

    def look(db: Session) -> tuple[Notes, frozenset[str], Themes, list[frozenset[str]], list[Suggestion]]:
        found, _ = notes.newest(db, team, MOST_NOTES)
        refused = proposing.refused(db, team)
        return found, proposing.pool(db, team), finding.lineage(db, team), refused, _asked_for(db, team)

    found, pool, themes, refused, asked = await world.database.read(look)
    loose = [note for note in found if note.id in pool]
    made = await asyncio.to_thread(suggestions, loose, found, themes, refused)
    return await world.write(lambda db: proposing.save(db, team, [*made, *asked], now, world.ids))


def _asked_for(db: Session, team: str) -> list[Suggestion]:
    """What people proposed for a session and others back, and that is no theme yet."""
    taken = changing.names_taken(db, team)
    return [
        Suggestion(Kind.NEW, mark_of(Kind.NEW, bundle.id), bundle.name, proposal=bundle.id)
        for bundle in proposals.waiting(db, team)
        if len(bundle.backers) >= BACKERS and folded(bundle.name) not in taken and bundle.status is not Status.ACCEPTED
    ]


async def place_again(world: World, team: str, now: datetime) -> int:
    """Place everything once more with what was learned since: at most 2 % of the notes move, and no confirmed one."""

    def look(db: Session) -> tuple[Notes, notes.Versions, Notes, Themes, dict[str, tuple[str, ...]]]:
        found, versions = notes.newest(db, team, MOST_NOTES)
        before = notes.placed_now(db, team, [note.id for note in found])
        return found, versions, notes.taught(db, team), finding.lineage(db, team), before

    def compute() -> dict[str, Placed]:
        held = frozenset(note.id for note in found if note.fits)
        living = {theme.id: final(theme.id, themes) for theme in themes}
        now_under = {note: tuple(living.get(t, t) for t in of) for note, of in before.items()}
        return settle(now_under, place_notes(found, themes, taught), held)

    found, versions, taught, themes, before = await world.database.read(look)
    placed = await asyncio.to_thread(compute)
    if not placed:
        return 0
    kept = await world.write(partial(notes.save_placed, team=team, placed=placed, versions=versions, now=now))
    await _follow(world, team, sorted(placed))
    return kept


async def _follow(world: World, team: str, found: list[str]) -> None:
    """Let the sentences of articles follow where their notes are, some notes at a time: others write meanwhile."""
    cited = await world.database.read(partial(following.cited, team=team, notes=found))
    for at in range(0, len(cited), FOLLOWED):
        await world.write(partial(following.theme_sentences, team=team, notes=cited[at : at + FOLLOWED]))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when the next week begins for a workspace in which something waits to be told."""
    return min((_next_week(settings.timezone, now) for settings in programme.programmes(db)
                if proposing.newest(db, settings.team) is not None), default=None)  # fmt: skip


def _week(zone: str, now: datetime) -> str:
    year, week, _ = now.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02}"


def _next_week(zone: str, now: datetime) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    monday = local.date() + timedelta(days=7 - local.weekday())
    return datetime.combine(monday, local.min.time(), ZoneInfo(zone)).astimezone(now.tzinfo)


def _again_due(db: Session, now: datetime) -> list[tuple[str, str]]:
    """The workspaces (with the week) that have themes and were not looked at as a whole this week."""
    found = []
    for settings in programme.programmes(db):
        rule, week = f"themes.again:{settings.team}", _week(settings.timezone, now)
        if not timetable.taken(db, settings.team, rule, week) and notes.any_placed(db, settings.team):
            found.append((settings.team, week))
    return found


def _untold(db: Session, now: datetime) -> list[str]:
    """The workspaces with proposals that came since their coordinators were told, and not this week."""
    found = []
    for settings in programme.programmes(db):
        newest = proposing.newest(db, settings.team)
        rule = f"themes.proposed:{settings.team}"
        if newest is None or timetable.taken(db, settings.team, rule, _week(settings.timezone, now)):
            continue
        told = timetable.last(db, settings.team, rule)
        if told is None or newest > told:
            found.append(settings.team)
    return found


def _tell(now: datetime, db: Session) -> None:
    for team in _untold(db, now):
        settings = programme.programme(db, team)
        if settings is None or not table(db, team, sentences=False).found:
            continue
        week = _week(settings.timezone, now)
        timetable.take(db, team, f"themes.proposed:{team}", week, now, now)
        for member in programme.coordinators(db, team):
            nudges.plan_nudge(
                db,
                team=team,
                key=f"themes.proposed:weekly:{week}:{member.user}",
                kind="themes.proposed",
                arguments={"user": member.user},
                user=member.user,
                zone=settings.timezone,
                now=now,
            )
