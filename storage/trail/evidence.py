"""Everything that is stored of a region or of the programme, for its page and its final report. Nothing is copied."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from sqlmodel import Session, select

from bot.article import PublishedSentence, attributed
from bot.promises import State as PromiseState
from bot.promises import Told
from bot.trail import SHEETS, Entry, Kind, Part, State
from bot.trail.report import Evidence, Reader
from bot.trail.tying import TieState
from storage import delivery, harvest, programme, promises, selection
from storage.trail.reading import entries, tree
from storage.trail.tie_rows import TrailTieRow


def gather(db: Session, team: str, reader: Reader, region: str | None) -> Evidence:
    """Return what this reader's report of a region rests on; of the programme (`region` None) what regions share."""
    regions = {each.id: each.name for each in programme.regions(db, team)}
    own = _trees(db, team, reader, region, regions)
    published = harvest.published_sentences(db, team)
    ties = _ties(db, team, own, published)
    tied = {sentence for found in ties.values() for sentence in found}
    said = tuple(
        one for one in published if region is None or one.id in tied or region in attributed(one).regions
    )  # fmt: skip
    examples = {each.id for each in own if each.kind is Kind.EXAMPLE}
    return Evidence(
        reader=reader,
        region=region,
        entries=own,
        sentences=said,
        promises=_promises(db, team, region),
        ties=ties,
        adopters=_adopters(db, team, examples),
        regions=regions,
        articles=_articles(db, team, said),
        silent=_silent(db, team, region, published),
        names=_names(db, team, own) if reader is Reader.REGION else {},
    )


def _names(db: Session, team: str, own: Iterable[Entry]) -> dict[str, str]:
    """Who stands in a field of these, by user id; read where people are kept, so that it goes with them."""
    users = {value.user for top in own for each in (top, *top.children) for value in each.values.values() if value.user}
    return {one.user: one.name for one in programme.members(db, team, users) if one.name}


def _trees(db: Session, team: str, reader: Reader, region: str | None, regions: Mapping[str, str]) -> tuple[Entry, ...]:
    """What stands, with what hangs under it, as far as this reader may read it; regions in the order of their names."""
    if reader is Reader.REGION:
        return _own(tree(db, team, region))
    if region is not None:
        return _own(_shared(tree(db, team, region)))
    found = list(tree(db, team, None))
    for each in sorted(regions, key=lambda one: (regions[one].casefold(), one)):
        found += _shared(tree(db, team, each))
    return _own(found)


def _own(found: Iterable[Entry]) -> tuple[Entry, ...]:
    """Without contacts that did not say yes, and without what another region hung here: that comes as adoption."""
    return tuple(
        replace(top, children=tuple(each for each in top.children if each.kind is not Kind.ADOPTION))
        for top in found
        if not SHEETS[top.kind].confirmed or top.confirmed
    )


def _shared(found: Iterable[Entry]) -> list[Entry]:
    return [
        replace(top, children=tuple(each for each in top.children if each.state is State.SHARED))
        for top in found
        if top.state is State.SHARED
    ]


def _adopters(db: Session, team: str, examples: Collection[str]) -> dict[str, tuple[Entry, ...]]:
    """By example who uses it too: each region once."""
    found: dict[str, tuple[Entry, ...]] = {}
    if not examples:
        return found
    for each in entries(db, team, kinds=[Kind.ADOPTION], states=[State.SHARED]):
        if each.parent and each.parent in examples:
            found[each.parent] = (*found.get(each.parent, ()), each)
    return found


def _ties(
    db: Session, team: str, own: Iterable[Entry], published: Iterable[PublishedSentence]
) -> dict[str, tuple[str, ...]]:
    """By entry of the agenda the published sentences in which it was spoken of: out of which it was cut, and what
    somebody tied to it. Of a note that was tied as a whole that is all that is published of it."""
    notes: dict[str, list[PublishedSentence]] = {}
    for one in published:
        notes.setdefault(one.impression, []).append(one)
    points = {each.id: each for top in own for each in (top, *top.children) if SHEETS[each.kind].part is Part.AGENDA}
    places = [(each.id, each.origin.impression, each.origin.field, each.origin.start, each.origin.end)
              for each in points.values() if each.origin and each.origin.impression]  # fmt: skip
    kept = select(TrailTieRow).where(TrailTieRow.team_id == team, TrailTieRow.state == TieState.KEPT.value)
    places += [(row.point_id, row.impression_id, row.field, row.start, row.end)
               for row in db.exec(kept) if row.point_id in points and row.impression_id]  # fmt: skip
    found: dict[str, dict[str, None]] = {}
    for point, note, field, start, end in places:
        for one in notes.get(note, ()):
            if start == end or (one.field == field and one.start < end and start < one.end):
                found.setdefault(point, {})[one.id] = None
    return {point: tuple(said) for point, said in found.items()}


def _promises(db: Session, team: str, region: str | None) -> tuple[Told, ...]:
    """What people of the region said yes to, in the order in which it was asked, whatever became of it."""
    agreed = [
        one
        for one in promises.agreed(db, team)
        if one.is_public and one.state not in (PromiseState.OFFERED, PromiseState.DECLINED)
    ]
    if region is not None:
        owners = {one.user: one.region for one in programme.members(db, team, {one.owner for one in agreed})}
        agreed = [one for one in agreed if owners.get(one.owner) == region]
    agreed.sort(key=lambda one: (one.asked_at, one.id))
    return tuple(one for one in promises.told(db, agreed) if one.words)


def _articles(db: Session, team: str, said: Iterable[PublishedSentence]) -> dict[str, str]:
    found = {}
    for article in {one.article for one in said}:
        at = delivery.sent(db, team, f"harvest.article:{article}")
        if at:
            found[article] = delivery.link(*at)
    return found


def _silent(db: Session, team: str, region: str | None, published: Iterable[PublishedSentence]) -> int:
    """Groups of published sessions of which nothing was published; for a region those in which its people sat."""
    heard = {one.group for one in published}
    sessions = {one.work_session for one in published}
    groups = [group for found in selection.groups_of_all(db, team, sessions).values() for group in found]
    silent = [group for group in groups if group.id not in heard]
    if region is None or not silent:
        return len(silent)
    people = {user for group in silent for user in (*group.people, group.facilitator) if user}
    mine = {one.user for one in programme.members(db, team, people) if one.region == region}
    return sum(1 for group in silent if mine & {*group.people, group.facilitator or ""})
