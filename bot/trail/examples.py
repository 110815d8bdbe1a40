"""Good examples: who says yes before one is shared, which are used, which are found, and which are news to a region.

They are ordered by use and freshness, example by example, and never by region: this is no race.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.harvest.overlap import Stems, overlap, stems
from bot.programme import Action, Member, may
from bot.trail.records import Change, Entry, State
from bot.trail.rights import place_of
from bot.trail.sheets import Kind
from bot.trail.tying import Point, Thing, Tieable, propose, sentences_of

NEWS_FOR = timedelta(days=28)
"""So long an example is news: after that a region finds it by looking."""
FIELDS = ("title", "what", "for_whom", "success", "failure", "source")
"""What is searched."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class News:
    """An example that is about a point of a region's agenda, with the words that both use."""

    example: Entry
    point: Point
    shared: tuple[str, ...]


def second_yes(member: Member, example: Entry, changes: Iterable[Change]) -> bool:
    """Say whether somebody can say the second yes, after which an example is shared.

    That is anybody of the region but who wrote it down; of what the engine found, but who kept it. A facilitator of
    the region and the coordinator need nobody beside them.
    """
    place = place_of(member, example.region, example)
    if example.kind is not Kind.EXAMPLE or example.state is not State.KEPT:
        return False
    if may(member, Action.APPROVE_TRAIL, place):
        return True
    said = [change.by for change in changes if change.name == "state" and change.after == State.KEPT]
    first = example.made_by or (said[-1] if said else "")
    return place.belongs and may(member, Action.KEEP_TRAIL, place) and bool(first) and member.user != first


def users(example: Entry) -> frozenset[str]:
    """Return the regions that use it too, each once."""
    return frozenset(child.region for child in example.under(Kind.ADOPTION) if child.region and child.stands)


def ranked(examples: Iterable[Entry]) -> list[Entry]:
    """Return examples by how many regions use them too, then the newest first."""

    def order(one: Entry) -> tuple[int, float, str]:
        return -len(users(one)), -(one.made_at or _NEVER).timestamp(), one.id

    return sorted(examples, key=order)


def find(examples: Iterable[Entry], words: str) -> list[Entry]:
    """Return the examples that hold most of the words that somebody looks for, and of those the most used first.

    One of the words is not enough where there are more than two; no words find everything.
    """
    asked = stems(words)
    found = ranked(examples)
    if not asked.own:
        return found
    wanted = min(2, len(asked.own)) if len(asked.own) > 2 else 1
    counted = [(len(overlap(asked, stems(text_of(each)))), each) for each in found]
    return [each for number, each in sorted(counted, key=lambda one: -one[0]) if number >= wanted]


def about(examples: Iterable[Entry], names: Iterable[str], notes: Collection[str] = ()) -> list[Entry]:
    """Return the examples about a theme: those cut out of its notes (impression ids), and those that use a name of it.

    A name of several words counts where all of them are used.
    """
    known = [found for name in names if (found := stems(name)).own]

    def fits(one: Entry) -> bool:
        said = stems(text_of(one))
        return (one.origin is not None and one.origin.impression in notes) or any(_whole(name, said) for name in known)

    return [one for one in examples if fits(one)]


def _whole(name: Stems, said: Stems) -> bool:
    return len(overlap(name, said)) >= len(name.own)


def text_of(example: Entry) -> str:
    """Return all that is said of an example, to be looked through."""
    return " ".join(filter(None, (example.text(name) for name in FIELDS)))


def contact(example: Entry, contacts: Iterable[Entry]) -> str:
    """Return whom to ask, "" unless that person said that they may be named."""
    named = " ".join(example.text("contact").split()).casefold()
    known = (each for each in contacts if each.region == example.region and each.confirmed and each.stands)
    return next((each.title for each in known if named and " ".join(each.title.split()).casefold() == named), "")


def news(
    region: str, points: Sequence[Point], examples: Sequence[Entry], shared_at: Mapping[str, datetime], now: datetime
) -> News | None:
    """Return the example that says most about what a region works on, of what others shared lately; None without one.

    `shared_at` says by example id since when others may read it. What the region uses already is no news.
    """
    mine = [point for point in points if point.region == region]
    fresh = {
        one.id: one
        for one in examples
        if one.region != region
        and one.state is State.SHARED
        and region not in users(one)
        and now - shared_at.get(one.id, _NEVER) < NEWS_FOR
    }
    if not mine or not fresh:
        return None
    things = [
        Tieable(
            Thing.EXAMPLE, one.id, tuple(said for name in ("title", "what") for said in sentences_of(one.text(name)))
        )
        for one in fresh.values()
    ]
    found = propose("", mine, things)
    if not found:
        return None
    best, by_id = found[0], {point.id: point for point in mine}
    return News(fresh[best.thing_id], by_id[best.point], best.shared)
