"""The caution about aims of all or none: it speaks up on the form while somebody writes one, and keeps nobody off."""

from collections.abc import Callable
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.programme import Action
from bot.trail import Entry, Kind
from bot.trail.indicators import is_absolute
from handlers.routing import Answer, Click, metadata_of
from handlers.trail.places import Spot, spot
from handlers.views import trail_aims as views
from handlers.words import Words
from handlers.world import Asker, World


async def aimed(click: Click, world: World) -> Answer:
    """Somebody wrote what they aim at: the caution comes or goes with it, and what they typed stays."""

    def who(db: Session) -> Asker:
        return spot(db, world, click, metadata_of(click).get("region", ""), Action.KEEP_TRAIL).asker

    asker = await world.database.read(who)
    changed = views.with_caution(click.body.get("view") or {}, is_absolute(click.value))
    return Answer(then=[world.show(click.team, click.view_id, changed(asker.words))] if changed else [])


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[Callable[[Words], list[Block]]]:
    """The caution beside an indicator that aims at all or none."""
    return [views.caution] if entry.kind is Kind.INDICATOR and is_absolute(entry.text("aimed")) else []
