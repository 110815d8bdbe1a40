"""Intervision in Slack: the coordinator sees which regions can help each other and why, and makes a group known.

What a region keeps to itself is read by the coordinator only: the facilitators of the others read why in their own
words, and the words of another region only where it shared them. A facilitator whom it does not suit says so with one
tap: the region is left alone until that session is over, and the coordinator hears whom to look for again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.calendar import is_dutch_holiday, next_sending_time
from bot.problem import Refused
from bot.programme import Action, Programme, Role, allow
from bot.trail import Entry
from bot.trail import intervision as bot
from bot.trail.intervision import REST, Together
from handlers.delivery import Body, Render
from handlers.routing import Answer, Click
from handlers.themes.proposing import in_window
from handlers.trail.hearers import coordinators
from handlers.trail.places import PROGRAMME, Spot, spot
from handlers.views import trail_intervision as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, inbox, programme, timetable, trail, worksessions
from storage.trail import together

ROUND = timedelta(days=90)
"""So long a group or a no counts for the coming session where no session was held in between."""


async def open_groups(click: Click, world: World) -> Answer:
    """The coordinator wants to see who can help whom: `value` is which of equal divisions."""
    view = await world.database.read(partial(_window, world, click, click.value))
    if in_window(click, views.WINDOW):
        return Answer(then=[world.show(click.team, click.view_id, view)])
    return Answer(then=[world.open(click, view, push=click.in_form)])


def _window(world: World, click: Click, seed: str, db: Session) -> View:
    here = spot(db, world, click, PROGRAMME, Action.SHAPE_PROGRAMME)
    allow(here.asker.member, Action.SHAPE_PROGRAMME)
    now = world.now()
    found = _proposed(db, here.asker.settings, _seed(seed), now)
    names = {region.id: region.name for region in programme.regions(db, click.team)}
    coming = worksessions.after(db, click.team, now)
    told = list(together.groups(db, click.team, now - REST).values())
    out = _declined(db, click.team, names, now)
    return views.window(found, told, out, names, coming[0] if coming else None, _seed(seed), here.asker.words)


def _seed(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _proposed(db: Session, settings: Programme, seed: int, now: datetime) -> list[Together]:
    """Propose among the regions that are in no group for the coming session and did not say that it does not suit."""
    known = [region.id for region in programme.regions(db, settings.team)]
    taken = {
        each for group in together.groups(db, settings.team, _since(db, settings.team, now)).values() for each in group
    }
    taken.update(_declined(db, settings.team, known, now))
    by_region: dict[str, list[Entry]] = {region: [] for region in known if region not in taken}
    for entry in trail.entries(db, settings.team):
        if entry.region in by_region:
            by_region[str(entry.region)].append(entry)
    today = _today(settings, now)
    return bot.propose(by_region, together.met(db, settings.team, now - REST), today, seed)


def _since(db: Session, team: str, now: datetime) -> datetime:
    """Return since when a group or a no is about the coming session: the last one that was held."""
    held = (each.starts_at for each in worksessions.since(db, team, now - ROUND) if each.starts_at <= now)
    return max(held, default=now - ROUND)


def _declined(db: Session, team: str, regions: Iterable[str], now: datetime) -> list[str]:
    """Return the regions whom it does not suit in the coming session."""
    since = _since(db, team, now)
    said = ((region, timetable.last(db, team, _rule(region))) for region in regions)
    return [region for region, at in said if at is not None and at > since]


def _rule(region: str) -> str:
    return f"trail.intervision_no:{region}"


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


async def decline(click: Click, world: World) -> Answer:
    """It does not suit a region now: `value` is "<group> <region>". The message says so in everybody's place, and the
    coordinator hears for whom to look again."""
    group, _, code = click.value.partition(" ")

    def work(db: Session) -> None:
        here = spot(db, world, click, code, Action.APPROVE_TRAIL)
        regions = together.regions_of(db, click.team, group)
        gone = timetable.taken(db, click.team, _rule(code), group)
        if code not in regions and not gone:
            raise Refused("trail.intervision.over")
        now = world.now()
        if code in regions and inbox.first(db, click.team, click.key, now):
            timetable.take(db, click.team, _rule(code), group, now, now)
            left = together.leave(db, click.team, group, code)
            _say_again(db, click.team, group, code, now)
            for user in coordinators(db, click.team):
                delivery.plan(
                    db,
                    team=click.team,
                    key=f"trail.intervision_no:{group}:{code}:{user}",
                    kind="trail.intervision_no",
                    arguments={"region": code, "others": [each for each in regions if each != code], "left": left},
                    user=user,
                    now=now,
                    not_before=next_sending_time(now, here.asker.settings.timezone, is_dutch_holiday),
                )

    await world.write(work)
    return Answer()


def _say_again(db: Session, team: str, group: str, left: str, now: datetime) -> None:
    """The message of everybody in a group says who is together now."""
    for member in programme.members(db, team):
        key = f"trail.intervision:{group}:{member.user}"
        delivery.plan_change(db, team=team, of=key, why=f"no:{left}", now=now)


def declined(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To a coordinator: whom it does not suit, and who can be put together with others again."""
    names = {region.id: region.name for region in programme.regions(db, settings.team)}
    who, left = str(arguments["region"]), [str(each) for each in arguments["left"]]
    others = [str(each) for each in arguments["others"]]
    return Body(*views.declined(who, others, left, names, words))


def told(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To a facilitator: with which regions theirs comes together, and why, as far as they may read it."""
    regions = together.regions_of(db, settings.team, str(arguments["id"]))
    mine, now = str(arguments["region"]), datetime.fromisoformat(str(arguments["on"]))
    if mine not in regions:
        said_no = timetable.taken(db, settings.team, _rule(mine), str(arguments["id"]))
        return Body(*views.not_together(words, said_no=said_no))
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
    others = [each for each in regions if each != mine]
    return Body(*views.told(reasons, str(arguments["id"]), mine, others, names, coming[:1], words))


def on_part(db: Session, here: Spot, part: object, entries: Sequence[Entry], now: datetime) -> list[views.Draw]:
    """The way to the groups, for the coordinator on the page of the programme."""
    return [views.offer] if here.region is None and here.may(Action.SHAPE_PROGRAMME) else []


ACTIONS = {"trail.intervision": open_groups, "trail.intervision_tell": tell, "trail.intervision_no": decline}
MESSAGES: dict[str, Render] = {"trail.intervision": told, "trail.intervision_no": declined}
