"""Coordinators decide over the language model: which region or note it never reads, or that nobody is read at all."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.article import PublishedSentence
from bot.calendar import period_key
from bot.problem import Refused
from bot.programme import Action, allow
from bot.writing import Mode
from handlers.routing import Answer, Click, Handler
from handlers.views import writing as views
from handlers.views.writing import Overview
from handlers.world import Asker, World
from handlers.writing.preparing import endpoint_of
from handlers.writing.telling import pointed_out
from storage import audit, impressions, inbox, programme, writing
from storage.audit import Deed

LATELY = timedelta(days=60)
"""So long a note that was pointed out stands in the window."""


async def open_overview(click: Click, world: World) -> Answer:
    """`/oogst taalmodel`, or the button under a message about a note that stood out."""
    view = await world.database.read(partial(_overview, click, world))
    return Answer(then=[world.open(click, view, push=click.in_form)])


async def stop(click: Click, world: World) -> Answer:
    """A region, a note or the whole workspace wants no model."""
    return await _settle(click, world, Mode.NONE)


async def let(click: Click, world: World) -> Answer:
    """That is taken back: as far as the workspace's own setting goes, and no further."""
    return await _settle(click, world, None)


async def _settle(click: Click, world: World, mode: Mode | None) -> Answer:
    def save(db: Session) -> View:
        asker = world.asker(db, click)
        allow(asker.member, Action.SET_WRITING)
        scope, _, subject = click.value.partition(":")
        if scope == "region" and programme.region(db, click.team, subject) is None:
            raise Refused("programme.region_gone")
        if scope == "note" and impressions.one(db, click.team, subject) is None:
            raise Refused("slack.unknown")
        if scope not in ("workspace", "region", "note") or (scope == "workspace") != (not subject):
            raise Refused("slack.unknown")
        if inbox.first(db, click.team, click.key, world.now()):
            writing.set_limit(db, click.team, scope, subject, mode, click.user, world.now())
            told = {"what": f"writing.{scope}", "to": mode.value if mode else ""}
            now = world.now()
            audit.record(db, click.team, Deed.SETTINGS_CHANGED, now, actor=click.user, subject=subject, details=told)
        return views.overview(look(db, world, asker, world.now()), asker.words)

    view = await world.write(save)
    return Answer(then=[world.show(click.team, click.view_id, view)] if click.view_id else [])


def _overview(click: Click, world: World, db: Session) -> View:
    asker = world.asker(db, click)
    allow(asker.member, Action.SET_WRITING)
    return views.overview(look(db, world, asker, world.now()), asker.words)


def look(db: Session, world: World, asker: Asker, now: datetime) -> Overview:
    """Read what the window shows."""
    team, zone = asker.member.team, asker.settings.timezone
    mode = endpoint_of(world)
    month = now.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    regions = [region for region in programme.regions(db, team) if region.channel]
    this_week = period_key(now, zone)
    costs = {region.id: writing.cost(db, team, region=region.id, period=this_week) for region in regions}
    flagged: list[PublishedSentence] = []
    if notes := list(writing.flagged(db, team, now - LATELY)):
        flagged = pointed_out(db, team, notes)
    return Overview(mode, writing.limits(db, team, mode), regions, writing.cost(db, team, since=month), costs, flagged)


ACTIONS: dict[str, Handler] = {
    "writing.open": open_overview,
    "writing.stop": stop,
    "writing.allow": let,
}
COMMANDS: dict[str, Handler] = dict.fromkeys(("taalmodel", "model"), open_overview)
