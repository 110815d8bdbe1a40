"""In the digest: a rule that stands in a region's way was answered elsewhere, and everybody may read that answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.digest import ITEM_CHARACTERS, Fixed, Item, ItemKind
from bot.programme import Programme
from bot.trail import Entry
from bot.trail import obstacles as rules
from handlers.views import trail_answers as views
from handlers.words import Words
from storage import trail
from storage.trail import asking
from storage.trail.following import ANSWER


def offered(db: Session, team: str, regions: Sequence[str], now: datetime) -> Mapping[str, Sequence[Fixed]]:
    """Return per region the answer that is most about a rule that it still waits for."""
    known = asking.obstacles(db, team)
    if not any(rules.reusable(each, None) for each in known):
        return {}
    found = {}
    for region in regions:
        told = [one for mine in known if mine.region == region and rules.waits(mine) for one in _given(mine, known)]
        if told:
            mine, earlier = max(told, key=lambda one: (one[1].score, one[1].id))
            item = Item(ItemKind.INTRODUCTION, f"{ANSWER}{earlier.id}@{mine.id}")
            found[region] = [
                Fixed(item, ITEM_CHARACTERS + len(earlier.rule) + min(len(earlier.answer), views.IN_DIGEST))
            ]
    return found


def _given(mine: Entry, known: Sequence[Entry]) -> list[tuple[Entry, rules.Earlier]]:
    others = [each for each in known if each.region != mine.region]
    return [(mine, each) for each in rules.earlier_answers(mine, others)]


def draw(db: Session, settings: Programme, subject: str, words: Words) -> tuple[str, Sequence[Block]] | None:
    """Make the line of a digest; None once the answer is gone, or the region waits for none any more.

    It says the words of the rule that was answered, which everybody may read, and leads to the region's own.
    """
    if not subject.startswith(ANSWER):
        return None
    earlier_id, _, mine_id = subject.removeprefix(ANSWER).partition("@")
    mine, earlier = (trail.one(db, settings.team, each) for each in (mine_id, earlier_id))
    if mine is None or earlier is None or not rules.waits(mine) or not rules.reusable(earlier, mine.region):
        return None
    return views.in_digest(mine, earlier, words)
