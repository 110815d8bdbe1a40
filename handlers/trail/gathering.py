"""After an article is published: what it brings to the trail of its regions, and to which points its notes belong.

The clock does it, so that nobody who publishes or writes waits for it: what was not looked at yet is looked at once,
also after a restart. Points and examples that are new or changed are held against what was published before.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.article import PublishedSentence
from bot.digest import concerns
from bot.impressions import Impression
from bot.trail import Entry, Kind, State
from bot.trail.gathering import current_phase, gather, regions_of
from bot.trail.tying import TIED, Point, Thing, Tie, Tieable, points_of, propose, sentences_of, tieables
from handlers.ticker import Rhythm
from handlers.world import World
from storage import harvest, impressions, programme, promises, trail, worksessions
from storage.trail import reached, ties

LATELY = timedelta(days=35)
"""What was published longer ago brings nothing by itself any more: a workspace that starts today is not flooded."""
AT_ONCE = 20
"""Things that are looked at in one tick."""


@dataclass(frozen=True)
class Brought:
    """What looking at one thing brings: ties between points and what was said, and by region what may be an entry."""

    ties: Sequence[Tie] = ()
    sentences: Mapping[str, Sequence[PublishedSentence]] | None = None
    on: datetime | None = None


async def tick(world: World, now: datetime) -> None:
    """Look at what was not looked at yet."""
    for team, subject in await world.database.read(partial(_waiting, now=now)):
        brought = await world.database.read(partial(_look, team=team, subject=subject))
        await world.write(partial(_keep, world, team, subject, brought, now))


def next_due(db: Session, now: datetime) -> datetime | None:
    """Nothing is due at a moment of its own: a tick looks at what is there."""
    return None


def _waiting(db: Session, now: datetime) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for settings in programme.programmes(db):
        team = settings.team
        found += [(team, subject) for subject in trail.to_look_at(db, team, now - LATELY, AT_ONCE)]
    return found


def _look(db: Session, team: str, subject: str) -> Brought:
    kind, _, rest = subject.partition(":")
    name = rest.partition(":")[0]
    if kind == "article":
        return _at_article(db, team, name)
    if kind == "promise":
        return _at_promise(db, team, name)
    entry = trail.one(db, team, name)
    if entry is None or entry.region is None:
        return Brought()
    return _at_point(db, team, entry, entry.region) if entry.kind in TIED else _at_example(db, team, entry)


def _at_article(db: Session, team: str, article_id: str) -> Brought:
    """Hold a new article against the points of every region that it is for."""
    article = harvest.one(db, team, article_id)
    session = worksessions.one(db, team, article.work_session) if article else None
    if article is None or session is None or session.is_practice:
        return Brought()
    said = harvest.published_sentences(db, team, ids=[each.id for each in article.sentences])
    regions = [each.id for each in programme.regions(db, team) if concerns(session, each.id)]
    points = ties.points(db, team, regions)
    notes = impressions.several(db, team, {each.impression for each in said})
    given = [each.id for each in promises.of_session(db, team, session.id)]
    found = _proposed(db, team, points, [*tieables(said, notes), *_promised(db, team, given)])
    region_of = {point.id: point.region for point in points}
    tied: dict[str, set[str]] = {}
    for tie in found:
        if tie.thing is Thing.IMPRESSION:
            tied.setdefault(tie.thing_id, set()).add(region_of[tie.point])
    by_region: dict[str, list[PublishedSentence]] = {}
    for sentence in said:
        for region in regions_of(sentence, tied):
            by_region.setdefault(region, []).append(sentence)
    return Brought(found, by_region, session.starts_at)


def _at_point(db: Session, team: str, entry: Entry, region: str) -> Brought:
    """Hold a point that is new or changed against what was published, what was promised and what worked elsewhere."""
    points = [one for one in points_of([entry]) if one.id == entry.id]
    said = [each for each in reached.near(db, team, entry.title) if _is_for(db, team, each, region)]
    notes = impressions.several(db, team, {each.impression for each in said})
    given = [one.id for one in promises.agreed(db, team)]
    examples = trail.entries(db, team, kinds=[Kind.EXAMPLE])
    reads = [one for one in examples if one.region == region or one.state is State.SHARED]
    things = [*tieables(said, notes), *_promised(db, team, given), *map(_example, reads)]
    return Brought(_proposed(db, team, points, things))


def _is_for(db: Session, team: str, sentence: PublishedSentence, region: str) -> bool:
    session = worksessions.one(db, team, sentence.work_session)
    return session is not None and concerns(session, region)


def _at_example(db: Session, team: str, entry: Entry) -> Brought:
    """Hold an example against the points of its own region, or of all that may read it."""
    own = [str(entry.region)]
    regions = [each.id for each in programme.regions(db, team)] if entry.state is State.SHARED else own
    return Brought(_proposed(db, team, ties.points(db, team, regions), [_example(entry)]))


def _at_promise(db: Session, team: str, promise_id: str) -> Brought:
    """Hold what somebody promised against the points of the regions of that session."""
    promise = promises.one(db, team, promise_id)
    session = worksessions.one(db, team, promise.work_session) if promise else None
    if session is None or session.is_practice:
        return Brought()
    regions = [each.id for each in programme.regions(db, team) if concerns(session, each.id)]
    return Brought(_proposed(db, team, ties.points(db, team, regions), _promised(db, team, [promise_id])))


def _promised(db: Session, team: str, ids: Collection[str]) -> list[Tieable]:
    """Promises that others may read: of a published session, by somebody who stands for it."""
    found = [one for one in (promises.one(db, team, each) for each in ids) if one is not None and one.is_public]
    out = {one: harvest.state_of(db, team, one) == "published" for one in {each.work_session for each in found}}
    told = promises.told(db, [each for each in found if out[each.work_session]])
    return [
        Tieable(Thing.PROMISE, one.promise.id, sentences_of(one.words), one.promise.impression)
        for one in told
        if one.words
    ]


def _example(entry: Entry) -> Tieable:
    text = "\n".join(filter(None, (entry.title, entry.text("what"), entry.text("success"))))
    note = entry.origin.impression if entry.origin else ""
    return Tieable(Thing.EXAMPLE, entry.id, sentences_of(text), note)


def _proposed(db: Session, team: str, points: Sequence[Point], things: Sequence[Tieable]) -> list[Tie]:
    """Propose region by region: what is rare in one region's agenda may be common in another's."""
    by_region: dict[str, list[Point]] = {}
    for point in points if things else ():
        by_region.setdefault(point.region, []).append(point)
    known = ties.known(db, team, [point.id for point in points]) if by_region else set()
    return [tie for own in by_region.values() for tie in propose(team, own, things, known)]


def _keep(world: World, team: str, subject: str, brought: Brought, now: datetime, db: Session) -> None:
    """Write what was found, once; what changed in the meantime is left out."""
    if not trail.look(db, team, subject, now):
        return
    notes = impressions.several(db, team, {tie.impression for tie in brought.ties if tie.impression})
    known = ties.known(db, team, {tie.point for tie in brought.ties})
    ties.save(db, [tie for tie in brought.ties if tie.key not in known and _stands(tie, notes)], now)
    for region, said in (brought.sentences or {}).items():
        _bring(db, world, team, region, said, brought.on or now, now)


def _stands(tie: Tie, notes: Mapping[str, Impression]) -> bool:
    note = notes.get(tie.impression)
    return not tie.impression or (note is not None and note.withdrawn_at is None)


def _bring(
    db: Session, world: World, team: str, region: str, said: Sequence[PublishedSentence], on: datetime, now: datetime
) -> None:
    """Propose to one region what its people said; it is kept, or set aside, by one tap of somebody there."""
    settings = programme.programme(db, team)
    notes = impressions.several(db, team, {each.impression for each in said})
    day = on.astimezone(ZoneInfo(settings.timezone if settings else "Europe/Amsterdam")).date()
    phase = current_phase(trail.entries(db, team, regions=[region], kinds=[Kind.PHASE]), day)
    seen = trail.seen(db, team, region, notes)
    for entry in gather(team, region, said, notes, phase.id if phase else None, seen, world.ids):
        trail.make(db, entry, "", now)


RHYTHM = Rhythm(tick, next_due)
