"""In the digest: what was reached, once a region shares it, for who follows the same indicator."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.digest import ITEM_CHARACTERS, Fixed, Item, ItemKind
from bot.programme import Programme
from bot.trail import Kind, indicators
from handlers.views import trail_aims as views
from handlers.words import Words
from storage import programme, trail
from storage.trail.examples import shared_at
from storage.trail.following import YIELD


def offered(db: Session, team: str, regions: Sequence[str], now: datetime) -> Mapping[str, Sequence[Fixed]]:
    """Return per region the value that was shared last of an indicator that it follows itself."""
    known = trail.entries(db, team, kinds=[Kind.INDICATOR])
    since = shared_at(db, team, [each for each in known if indicators.is_told(each)])
    found = {}
    for region in regions if since else ():
        told = indicators.news(region, known, since, now)
        if told is not None:
            item = Item(ItemKind.INTRODUCTION, f"{YIELD}{told.id}")
            found[region] = [Fixed(item, ITEM_CHARACTERS + views.IN_DIGEST)]
    return found


def draw(db: Session, settings: Programme, subject: str, words: Words) -> tuple[str, Sequence[Block]] | None:
    """Make the line of a digest; None once it is not shared any more, or says no value."""
    if not subject.startswith(YIELD):
        return None
    found = trail.one(db, settings.team, subject.removeprefix(YIELD))
    if found is None or not indicators.is_told(found):
        return None
    return views.in_digest(found, programme.region(db, settings.team, found.region or ""), words)
