"""What the windows, channels and digests show of good examples."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.digest import ITEM_CHARACTERS, Fixed, Item, ItemKind
from bot.programme import Action, Programme
from bot.trail import Entry, Kind, Part, State, examples
from bot.trail.tying import TIED, points_of
from handlers.delivery import Body, Render
from handlers.trail.places import Spot
from handlers.views import trail_examples as views
from handlers.words import Words
from storage import programme, trail
from storage.trail import examples as stored
from storage.trail.following import EXAMPLE


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[views.Draw]:
    """Who uses it too, what they changed, and what who looks can do: say the second yes, send it, use it."""
    if entry.kind is not Kind.EXAMPLE or not entry.stands:
        return []
    team, member = entry.team, here.asker.member
    names = {region.id: region.name for region in programme.regions(db, team)}
    mine = next((each for each in entry.under(Kind.ADOPTION) if each.region == member.region), None)
    sends = entry.state is State.SHARED and here.may(Action.APPROVE_TRAIL, entry)
    sent = stored.sent_to(db, team, entry.id) if sends else []
    free = [each for each in programme.regions(db, team) if each.channel and each.id not in (entry.region, *sent)]
    approves = here.may(Action.APPROVE_TRAIL, entry)
    yes = examples.second_yes(member, entry, trail.changes_of(db, team, [entry.id]))
    shown = views.Shown(
        example=entry,
        names=names,
        mine=mine if member.region else None,
        uses=entry.state is State.SHARED and member.region not in (None, entry.region),
        vouches=yes and not approves,
        says_yes=yes,
        keeps=here.may(Action.KEEP_TRAIL, entry),
        contact=_contact(db, entry) if not here.may(Action.KEEP_TRAIL, entry) else "",
        sent=[names[each] for each in sent if each in names],
        free=free if sends else [],
    )
    return [lambda words: views.on_entry(shown, words)]


def on_part(db: Session, here: Spot, part: Part, entries: Sequence[Entry], now: datetime) -> list[views.Draw]:
    """The way to the examples of everybody."""
    if part is not Part.EXAMPLES:
        return []
    kept = [each for each in entries if each.kind is Kind.EXAMPLE and each.state is State.KEPT]
    number = len(kept) if here.may(Action.KEEP_TRAIL) else 0
    return [lambda words: [*views.not_shared(number, words), *views.all_of_them(words)]]


def posted(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """An example in the channel of another region, for as long as it is shared."""
    found = trail.one(db, settings.team, str(arguments["id"]))
    if found is None or found.state is not State.SHARED:
        return Body(*views.taken_back(words))
    region = programme.region(db, settings.team, found.region or "")
    return Body(*views.posted(found, region, _contact(db, found), words))


def _contact(db: Session, found: Entry) -> str:
    """Whom to ask about an example, where that person said yes."""
    contacts = trail.entries(db, found.team, regions=[found.region], kinds=[Kind.CONTACT])
    return examples.contact(found, contacts)


# In the digest


def offered(db: Session, team: str, regions: Sequence[str], now: datetime) -> Mapping[str, Sequence[Fixed]]:
    """Return per region the fresh example that says most about what it works on."""
    known = stored.shared(db, team)
    if not known:
        return {}
    since = stored.shared_at(db, team, known)
    found = {}
    for region in regions:
        points = points_of(trail.entries(db, team, regions=[region], kinds=TIED))
        told = examples.news(region, points, known, since, now)
        if told is not None:
            subject = f"{EXAMPLE}{told.example.id}"
            found[region] = [Fixed(Item(ItemKind.INTRODUCTION, subject), ITEM_CHARACTERS + len(told.example.title))]
    return found


def draw(db: Session, settings: Programme, subject: str, words: Words) -> tuple[str, Sequence[Block]] | None:
    """Make the line of a digest; None once the example is no longer shared."""
    if not subject.startswith(EXAMPLE):
        return None
    found = trail.one(db, settings.team, subject.removeprefix(EXAMPLE))
    if found is None or found.state is not State.SHARED:
        return None
    region = programme.region(db, settings.team, found.region or "")
    return views.in_digest(found, region, words)


MESSAGES: dict[str, Render] = {"trail.example": posted}
