"""Intervision in Slack: the coordinator sees which regions can help each other and why, and makes a group known.

What a region keeps to itself is read by the coordinator only: the facilitators of the others read why in their own
words, and the words of another region only where it shared them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.problem import Refused
from bot.programme import Action, Programme, Role, allow
from bot.trail import Entry
from bot.trail import intervision as bot
from bot.trail.intervision import REST, Together
from handlers.delivery import Body, Render
from handlers.routing import Answer, Click
from handlers.themes.proposing import in_window
from handlers.trail.places import PROGRAMME, Spot, spot
from handlers.views import trail_intervision as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, inbox, programme, trail, worksessions
from storage.trail import together


async def open_groups(click: Click, world: World) -> Answer:
    """The coordinator wants to see who can help whom: `value` is which of equal divisions."""
    view = await world.database.read(partial(_window, world, click, click.value))
    if in_window(click, views.WINDOW):
        return Answer(then=[world.show(click.team, click.view_id, view)])
    return Answer(then=[world.open(click, view, push=click.in_form)])


def _window(world: World, click: Click, seed: str, db: Session) -> View:
    here = spot(db, world, click, PROGRAMME, Action.SHAPE_PROGRAMME)
    allow(here.asker.member, Action.SHAPE_PROGRAMME)
    found = _proposed(db, here.asker.settings, _seed(seed), world.now())
    names = {region.id: region.name for region in programme.regions(db, click.team)}
    coming = worksessions.after(db, click.team, world.now())
    told = list(together.groups(db, click.team, world.now() - REST).values())
    return views.window(found, told, names, coming[0] if coming else None, _seed(seed), here.asker.words)


def _seed(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _proposed(db: Session, settings: Programme, seed: int, now: datetime) -> list[Together]:
    """Propose among the regions that are in no group which was made known for the coming session."""
    by_region: dict[str, list[Entry]] = {region.id: [] for region in programme.regions(db, settings.team)}
    for entry in trail.entries(db, settings.team):
        if entry.region in by_region:
            by_region[str(entry.region)].append(entry)
    today = _today(settings, now)
    return bot.propose(by_region, together.met(db, settings.team, now - REST), today, seed)


def _today(settings: Programme, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.timezone)).date()


async def tell(click: Click, world: World) -> Answer:
    """The coordinator makes a group known to the facilitators of its regions: `value` is "<seed> <region> <region>"."""
    seed, *regions = click.value.split()

    def work(db: Session) -> View:
        here = spot(db, world, click, PROGRAMME, Action.SHAPE_PROGRAMME)
        allow(here.asker.member, Action.SHAPE_PROGRAMME)
        now = world.now()
        if not inbox.seen(db, click.team, click.key):
            found = _proposed(db, here.asker.settings, _seed(seed), now)
            if tuple(regions) not in [each.regions for each in found]:
                raise Refused("trail.intervision.moved_on")
            inbox.first(db, click.team, click.key, now)
            _make_known(db, world, click, regions, now)
        return _window(world, click, seed, db)

    view = await world.write(work)
    return Answer(then=[world.show(click.team, click.view_id, view)] if click.view_id else [])


def _make_known(db: Session, world: World, click: Click, regions: Sequence[str], now: datetime) -> None:
    group = world.ids("iv")
    together.put_together(db, click.team, group, regions, click.user, now)
    for member in programme.members(db, click.team):
        if member.region in regions and Role.FACILITATOR in member.roles and member.takes_part:
            delivery.plan(
                db,
                team=click.team,
                key=f"trail.intervision:{group}:{member.user}",
                kind="trail.intervision",
                arguments={"id": group, "region": member.region, "on": now.isoformat()},
                user=member.user,
                now=now,
            )


def told(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To a facilitator: with which regions theirs comes together, and why, as far as they may read it."""
    regions = together.regions_of(db, settings.team, str(arguments["id"]))
    mine, now = str(arguments["region"]), datetime.fromisoformat(str(arguments["on"]))
    if mine not in regions:
        return None
    names = {region.id: region.name for region in programme.regions(db, settings.team)}
    entries = {each: trail.entries(db, settings.team, regions=[each]) for each in regions}
    today = _today(settings, now)
    reasons = [
        reason
        for each in regions
        if each != mine
        for reason in bot.reasons_between(entries[mine], entries[each], today)[: bot.MOST_REASONS]
    ]
    coming = worksessions.after(db, settings.team, now)
    return Body(*views.told(reasons, mine, [each for each in regions if each != mine], names, coming[:1], words))


def on_part(db: Session, here: Spot, part: object, entries: Sequence[Entry], now: datetime) -> list[views.Draw]:
    """The way to the groups, for the coordinator on the page of the programme."""
    return [views.offer] if here.region is None and here.may(Action.SHAPE_PROGRAMME) else []


ACTIONS = {"trail.intervision": open_groups, "trail.intervision_tell": tell}
MESSAGES: dict[str, Render] = {"trail.intervision": told}
