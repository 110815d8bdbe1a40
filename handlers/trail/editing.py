"""Adding an entry to the trail, and changing one."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Problem, Refused
from bot.programme import Action
from bot.trail import NO_TRAIL, SHEETS, Entry, Kind, Part, Sheet, State, Type, check
from bot.trail import joining as draft
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.trail import joining, looking_back, pages, phases
from handlers.trail.deeds import tell_deed
from handlers.trail.names import own_names
from handlers.trail.places import Spot, entry_at, kind_named, spot
from handlers.trail.proposed import keep_found, needs_region
from handlers.trail.redrawing import follow
from handlers.views import trail_forms as forms
from handlers.world import World
from storage import inbox, trail
from storage.audit import Deed


async def add(click: Click, world: World) -> Answer:
    """Somebody wants to add something: `value` is "<region> <kind> <parent>"."""
    code, _, rest = click.value.partition(" ")
    name, _, parent = rest.partition(" ")
    view = await world.database.read(partial(_new_form, world, click, code, name, parent))
    return Answer(then=[pages.over(click, world, view)])


def _new_form(world: World, click: Click, code: str, name: str, parent: str, db: Session) -> View:
    here, sheet = spot(db, world, click, code, Action.KEEP_TRAIL), SHEETS[kind_named(name)]
    _parent(db, world, click, here, sheet, parent)
    names = own_names(db, click.team, sheet.kind)
    return forms.new(here, sheet, parent, here.asker.words, names=names, below=pages.beneath(click))


def _parent(db: Session, world: World, click: Click, here: Spot, sheet: Sheet, parent: str) -> Entry | None:
    """Return what the new entry hangs under. Raises Refused when it cannot hang there."""
    if sheet.kind is Kind.ADOPTION:  # a region says so by a button of its own, once, and never of what is its own
        raise Refused(NO_TRAIL)
    if not sheet.parents:
        if parent or (sheet.part is Part.PROGRAMME) is not (here.region is None):
            raise Refused(NO_TRAIL)
        return None
    there, found = entry_at(db, world, click, parent, Action.KEEP_TRAIL)
    if there.region_id != here.region_id or found.kind not in sheet.parents:
        raise Refused(NO_TRAIL)
    draft.must_be_draft(found, None)
    return found


async def save_new(click: Click, world: World) -> Answer:
    """A new entry was handed in."""

    def work(db: Session) -> tuple[Spot, list[Problem]]:
        given = metadata_of(click)
        here = spot(db, world, click, given.get("region", ""), Action.KEEP_TRAIL)
        sheet = SHEETS[kind_named(given.get("kind", ""))]
        parent = _parent(db, world, click, here, sheet, given.get("parent", ""))
        if inbox.seen(db, click.team, click.key):
            return here, []
        typed = _typed(db, click, sheet)
        values, problems = check(sheet, typed)
        problems += check_texts(db, here.asker.settings, None, _texts(sheet, typed)).problems
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
            looking_back.follow_answer(db, replace(entry, made_by=click.user, made_at=world.now()), world.now())
        return here, problems

    here, problems = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, here.asker.words, problems))
    return await _after(click, world)


async def save(click: Click, world: World) -> Answer:
    """An entry was handed in with other words."""

    def work(db: Session) -> tuple[Spot, list[Problem]]:
        given = metadata_of(click)
        here, found = entry_at(db, world, click, given.get("entry", ""), Action.KEEP_TRAIL)
        here.allow(Action.KEEP_TRAIL, found)
        if inbox.seen(db, click.team, click.key):
            return here, []
        draft.must_be_draft(found, trail.one(db, click.team, found.parent) if found.parent else None)
        if str(found.version) != given.get("version"):
            raise Refused("trail.moved_on")
        sheet = SHEETS[found.kind]
        typed = _typed(db, click, sheet)
        values, problems = check(sheet, typed)
        problems += check_texts(db, here.asker.settings, None, _texts(sheet, typed)).problems
        if needs_region(db, found):
            problems.append(Problem("title", "trail.region_first"))
        if not problems:
            inbox.first(db, click.team, click.key, world.now())
            kept = {name: value for name, value in found.values.items() if name in sheet.answered}
            trail.change(db, found, {**values, **kept}, click.user, world.now())
            phases.moved(db, found, here.asker.settings, world.now())
            joining.changed(db, world, found, click.user)
            if found.state is State.PROPOSED:
                keep_found(db, world, here, trail.one(db, click.team, found.id) or found)
                tell_deed(db, world, click, Deed.KEPT, found)
        return here, problems

    here, problems = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, here.asker.words, problems))
    return await _after(click, world)


async def _after(click: Click, world: World) -> Answer:
    """Let the windows below follow; a form that stood in the place of an entry gives the place back."""
    given = metadata_of(click)
    back = given.get("parent", "") if given.get("back") == "1" else given.get("back", "")
    then = [follow(click, world)]
    if not back:
        return Answer(then=then)
    view = await world.database.read(partial(pages.entry, world, click, back, 0, False))
    return Answer(ack={"response_action": "update", "view": view.to_dict()}, then=then)


def _typed(db: Session, click: Click, sheet: Sheet) -> dict[str, str]:
    """What was filled in by field; a title that nobody typed is the name of the programme's that they chose."""
    typed = {name: click.text(name) for name in sheet.names if name not in sheet.answered}
    if not typed["title"].strip():
        typed["title"] = own_names(db, click.team, sheet.kind).get(click.text(forms.NAMED), "")
    return typed


def _texts(sheet: Sheet, typed: Mapping[str, str]) -> dict[str, str]:
    """What people wrote themselves, which is screened before it is stored."""
    free = (Type.LINE, Type.TEXT)
    return {field.name: typed[field.name] for field in sheet.fields if field.type in free and not field.answered}
