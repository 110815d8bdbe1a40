"""Adding an entry to the trail, and changing one."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action
from bot.trail import NO_TRAIL, SHEETS, Entry, Part, Sheet, State, Type, check
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.themes.proposing import below_of
from handlers.trail import pages
from handlers.trail.places import Spot, entry_at, kind_named, spot
from handlers.views import trail_forms as forms
from handlers.world import World
from storage import inbox, trail


async def add(click: Click, world: World) -> Answer:
    """Somebody wants to add something: `value` is "<region> <kind> <parent>"."""
    code, _, rest = click.value.partition(" ")
    name, _, parent = rest.partition(" ")
    view = await world.database.read(partial(_new_form, world, click, code, name, parent))
    return Answer(then=[pages.over(click, world, view)])


def _new_form(world: World, click: Click, code: str, name: str, parent: str, db: Session) -> View:
    here, sheet = spot(db, world, click, code, Action.KEEP_TRAIL), SHEETS[kind_named(name)]
    _parent(db, world, click, here, sheet, parent)
    return forms.new(here, sheet, parent, here.asker.words)


def _parent(db: Session, world: World, click: Click, here: Spot, sheet: Sheet, parent: str) -> Entry | None:
    """Return what the new entry hangs under. Raises Refused when it cannot hang there."""
    if not sheet.parents:
        if parent or (sheet.part is Part.PROGRAMME) is not (here.region is None):
            raise Refused(NO_TRAIL)
        return None
    there, found = entry_at(db, world, click, parent, Action.KEEP_TRAIL)
    if there.region_id != here.region_id or found.kind not in sheet.parents:
        raise Refused(NO_TRAIL)
    return found


async def save_new(click: Click, world: World) -> Answer:
    """A new entry was handed in."""

    def work(db: Session) -> tuple[Spot, list[Problem], str]:
        given = metadata_of(click)
        here = spot(db, world, click, given.get("region", ""), Action.KEEP_TRAIL)
        sheet = SHEETS[kind_named(given.get("kind", ""))]
        parent = _parent(db, world, click, here, sheet, given.get("parent", ""))
        if inbox.seen(db, click.team, click.key):
            return here, [], given.get("parent", "")
        values, problems = check(sheet, _typed(click, sheet))
        problems += check_texts(db, here.asker.settings, None, _texts(click, sheet)).problems
        if not problems:
            inbox.first(db, click.team, click.key, world.now())
            entry = Entry(
                id=world.ids("te"),
                team=click.team,
                region=here.region_id,
                kind=sheet.kind,
                values=values,
                parent=parent.id if parent else None,
            )
            trail.make(db, entry, click.user, world.now())
        return here, problems, parent.id if parent else ""

    here, problems, parent = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, here.asker.words, problems))
    return await _after(click, world, parent)


async def save(click: Click, world: World) -> Answer:
    """An entry was handed in with other words."""

    def work(db: Session) -> tuple[Spot, list[Problem]]:
        given = metadata_of(click)
        here, found = entry_at(db, world, click, given.get("entry", ""), Action.KEEP_TRAIL)
        here.allow(Action.KEEP_TRAIL, found)
        if inbox.seen(db, click.team, click.key):
            return here, []
        if str(found.version) != given.get("version"):
            raise Refused("trail.moved_on")
        sheet = SHEETS[found.kind]
        values, problems = check(sheet, _typed(click, sheet))
        problems += check_texts(db, here.asker.settings, None, _texts(click, sheet)).problems
        if not problems:
            inbox.first(db, click.team, click.key, world.now())
            trail.change(db, found, values, click.user, world.now())
            if found.state is State.PROPOSED:
                newest = trail.one(db, click.team, found.id)
                trail.keep(db, newest or found, click.user, world.now())
        return here, problems

    here, problems = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, here.asker.words, problems))
    return await _after(click, world, metadata_of(click).get("parent", ""))


async def _after(click: Click, world: World, parent: str) -> Answer:
    """Let the windows below follow; an entry that stood in the place of its parent gives the place back."""
    then = [_redraw_below(click, world)]
    if parent and metadata_of(click).get("back"):
        view = await world.database.read(partial(pages.entry, world, click, parent))
        ack: Mapping[str, Any] = {"response_action": "update", "view": view.to_dict()}
        return Answer(ack=ack, then=then)
    return Answer(then=then)


async def _redraw_below(click: Click, world: World) -> None:
    """The part and the page show what is true now."""
    given, below = metadata_of(click), below_of(click)
    root = str((click.body.get("view") or {}).get("root_view_id") or "")
    code, part = given.get("region", ""), given.get("part", "")
    if below and part:
        view = await world.database.read(partial(pages.part, world, click, code, part, 0))
        await world.show(click.team, below, view)
    if root and root not in (below, click.view_id) and code:
        view = await world.database.read(partial(pages.page, world, click, code))
        await world.show(click.team, root, view)


def _typed(click: Click, sheet: Sheet) -> dict[str, str]:
    return {name: click.text(name) for name in sheet.names}


def _texts(click: Click, sheet: Sheet) -> dict[str, str]:
    """What people wrote themselves, which is screened before it is stored."""
    return {field.name: click.text(field.name) for field in sheet.fields if field.type in (Type.LINE, Type.TEXT)}
