"""What belongs to which point of an agenda: proposed with its reason, kept, refused or chosen by one tap.

Where people tap: on the page of a point, on the page of an example, and under an impression or a promise in the
message that who wrote it has already. Nobody is asked anything before they hand in.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.article import Part as PublishedPart
from bot.article import PublishedSentence, attributed
from bot.impressions import PARTS, Impression, place_of
from bot.problem import Refused
from bot.programme import Action, may
from bot.promises import Promise, Told
from bot.trail import NO_TRAIL, Entry, Kind, Part
from bot.trail.coverage import Covered, cover
from bot.trail.rights import must_see, readable
from bot.trail.tying import (
    TIED,
    Point,
    Thing,
    Tie,
    Tieable,
    TieState,
    by_hand,
    kept,
    points_of,
    propose,
    refused,
    sentences_of,
)
from handlers.posts import owe_change
from handlers.routing import Answer, Click
from handlers.trail.places import Spot, entry_at
from handlers.trail.redrawing import redraw
from handlers.views import trail_ties as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import harvest, impressions, inbox, programme, promises, selection, trail, worksessions
from storage.trail import reached, ties

Draw = Callable[[Words], list[Block]]


async def tie(click: Click, world: World) -> Answer:
    """Somebody says that something belongs to a point, or that it does not: `value` is "<thing> <its id> <point>"."""

    def work(db: Session) -> Spot:
        name, _, rest = click.value.partition(" ")
        thing_id, _, point = rest.partition(" ")
        here, entry = entry_at(db, world, click, point, Action.KEEP_TRAIL)
        here.allow(Action.KEEP_TRAIL, entry)
        if entry.kind not in TIED or not entry.stands or name not in set(Thing):
            raise Refused(NO_TRAIL)
        thing = _tieable(db, here.asker, Thing(name), thing_id)
        if inbox.first(db, click.team, click.key, world.now()):
            known = ties.tie(db, click.team, entry.id, thing.thing, thing_id)
            found = known or by_hand(click.team, entry.id, thing, click.user, world.now())
            settle = refused if click.argument.startswith("no") else kept
            ties.save(db, [settle(found, click.user, world.now())], world.now())
            _tell(db, world, click.team, thing)
        return here

    here = await world.write(work)
    return Answer(then=[redraw(click, world, code=here.code)])


def _tieable(db: Session, asker: Asker, thing: Thing, thing_id: str) -> Tieable:
    """Return what is tied, for who may read it. Raises Refused."""
    member, team = asker.member, asker.settings.team
    if thing is Thing.EXAMPLE:
        example = must_see(member, trail.one(db, team, thing_id))
        if example.kind is not Kind.EXAMPLE:
            raise Refused(NO_TRAIL)
        return Tieable(thing, thing_id, (), example.origin.impression if example.origin else "")
    if thing is Thing.PROMISE:
        promise = promises.one(db, team, thing_id)
        reads = promise is not None and (promise.owner == member.user or _is_out(db, promise))
        if promise is None or not promise.stands or not reads:
            raise Refused("promises.gone")
        return Tieable(thing, thing_id, (), promise.impression)
    note = impressions.one(db, team, thing_id)
    if note is None or note.withdrawn_at is not None or not _reads(db, asker, note):
        raise Refused("impressions.gone")
    return Tieable(thing, thing_id, (), note.id, note.version)


def _is_out(db: Session, promise: Promise) -> bool:
    return promise.is_public and harvest.state_of(db, promise.team, promise.work_session) == "published"


def _reads(db: Session, asker: Asker, note: Impression) -> bool:
    """Whether somebody may tie a note: what everybody reads, their own, and what they may change."""
    session = worksessions.one(db, note.team, note.work_session)
    if session is None or session.is_practice:
        return False
    if note.author == asker.member.user or reached.published_of(db, note.team, [note.id]):
        return True
    group = selection.group(db, note.team, note.group)
    return group is not None and may(asker.member, Action.CHANGE_IMPRESSION, place_of(group, asker.member.user))


def _tell(db: Session, world: World, team: str, thing: Tieable) -> None:
    """Let the message follow in which its author, or who promised it, is asked where it belongs."""
    note = impressions.one(db, team, thing.id) if thing.thing is Thing.IMPRESSION else None
    if note is not None:
        owe_change(db, world, team, f"impressions.shared:{note.id}:{note.author}")
    if thing.thing is Thing.PROMISE:
        owe_change(db, world, team, f"promises.ask:{thing.id}")


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[Draw]:
    """On the page of a point: what belongs to it. On that of an example: to which point of one's own it belongs."""
    team, region = here.asker.settings.team, here.asker.member.region
    if entry.kind in TIED and entry.region and entry.stands:
        (point,) = [each for each in points_of([entry]) if each.id == entry.id]
        found = _shown(db, here.asker, ties.of_points(db, team, [entry.id]))
        return [partial(views.of_point, point, found, here.may(Action.KEEP_TRAIL, entry))]
    if entry.kind is Kind.EXAMPLE and entry.stands and region:
        return [partial(views.of_thing, *_held(db, team, region, Thing.EXAMPLE, entry.id, None))]
    return []


def on_part(db: Session, here: Spot, part: Part, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """On the agenda: what was said about each point, and the points that nobody speaks about."""
    if part is not Part.AGENDA or here.region is None or not here.may(Action.SEE_TRAIL):
        return []
    found = covered(db, here.asker.settings.team, [here.region.id])
    return [partial(views.coverage, found)] if found else []


def on_page(db: Session, here: Spot, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """On the page of a region: how much of its agenda is spoken about."""
    if here.region is None or not here.may(Action.SEE_TRAIL):
        return []
    found = covered(db, here.asker.settings.team, [here.region.id])
    return [partial(views.in_short, found)] if found else []


def covered(db: Session, team: str, regions: Sequence[str]) -> list[Covered]:
    """Return for every point of these regions what is tied to it: five statements, however long their agendas are."""
    points = ties.points(db, team, regions)
    found = ties.of_points(db, team, [point.id for point in points])
    notes = {one.impression for one in found if one.impression and one.state is TieState.KEPT}
    return cover(points, found, ties.sessions_of(db, team, notes))


def under_note(db: Session, note: Impression, words: Words) -> list[Block]:
    """Under an impression, for its author: to which points of their region it belongs. Nothing where there are none.

    Nor under one of a practice session: that is no memory of anything.
    """
    session = worksessions.one(db, note.team, note.work_session)
    if note.withdrawn_at is not None or session is None or session.is_practice:
        return []
    parts = [part for part in PARTS if part != "quote"]
    said = tuple(each for part in parts for each in sentences_of(note.text(part), part))
    thing = Tieable(Thing.IMPRESSION, note.id, said, note.id, note.version)
    region = programme.member(db, note.team, note.author).region
    return _under(db, note.team, region, thing, words) if region else []


def under_promise(db: Session, told: Told, words: Words) -> list[Block]:
    """Under a promise, for who made it: to which points of their region it belongs."""
    promise = told.promise
    region = programme.member(db, promise.team, promise.owner).region if promise.stands else None
    thing = Tieable(Thing.PROMISE, promise.id, sentences_of(told.words), promise.impression)
    return _under(db, promise.team, region, thing, words) if region and told.words else []


def _under(db: Session, team: str, region: str, thing: Tieable, words: Words) -> list[Block]:
    return views.of_thing(*_held(db, team, region, thing.thing, thing.id, thing), words)


def _held(
    db: Session, team: str, region: str, thing: Thing, thing_id: str, told: Tieable | None
) -> tuple[Thing, str, list[Point], Tie | None, list[Point]]:
    """Return the points to which something belongs, the one that the engine sees, and all points of the region."""
    points = ties.points(db, team, [region])
    by_id = {point.id: point for point in points}
    known = [one for one in ties.of_things(db, team, thing, [thing_id]) if one.point in by_id] if points else []
    held = [by_id[one.point] for one in known if one.state is TieState.KEPT]
    maybe = [one for one in known if one.state is TieState.PROPOSED]
    if told is not None and points and not held:
        maybe = [*maybe, *propose(team, points, [told], {one.key for one in known})]
    return thing, thing_id, held, maybe[0] if maybe else None, points


def _shown(db: Session, asker: Asker, found: Sequence[Tie]) -> list[views.Shown]:
    """Add to ties what of them may be read; what is no longer there is left out."""
    team = asker.settings.team
    notes = [one.thing_id for one in found if one.thing is Thing.IMPRESSION]
    public = reached.published_of(db, team, notes)
    living = ties.sessions_of(db, team, notes)
    promised = [promises.one(db, team, one.thing_id) for one in found if one.thing is Thing.PROMISE]
    told = {one.promise.id: one for one in promises.told(db, [one for one in promised if one and _is_out(db, one)])}
    shown = []
    for one in found:
        if one.thing is Thing.IMPRESSION and one.thing_id in living:
            shown.append(_note_shown(one, public.get(one.thing_id, [])))
        elif one.thing is Thing.PROMISE and one.thing_id in told:
            promise = told[one.thing_id]
            shown.append(views.Shown(one, promise.words, name=promise.owner_name))
        elif one.thing is Thing.EXAMPLE:
            example = trail.one(db, team, one.thing_id)
            if example is not None and example.stands and readable(asker.member, example):
                region = programme.region(db, team, example.region) if example.region else None
                shown.append(views.Shown(one, example.title, name=region.name if region else ""))
    return shown


def _note_shown(tie: Tie, public: Sequence[PublishedSentence]) -> views.Shown:
    """The sentence that says most of the point, else the first that may be read."""
    meant = [each for each in public if each.field == tie.field and each.start < tie.end and tie.start < each.end]
    sentence = next(iter(meant or [each for each in public if each.part is not PublishedPart.QUOTE]), None)
    if sentence is None:
        return views.Shown(tie)
    where = attributed(sentence)
    return views.Shown(tie, sentence.text, where.group_number, where.on)
