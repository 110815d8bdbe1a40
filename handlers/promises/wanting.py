"""Who wants too what somebody promised: counted once each, and told to the giver once a day."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.problem import Refused
from bot.programme import Action, allow
from bot.promises import next_telling, tells_takers
from handlers.promises.recording import Found, find
from handlers.routing import Answer, Click
from handlers.views import promises_shown as views
from handlers.world import World
from storage import delivery, inbox, programme, promises, timetable


async def want(click: Click, world: World) -> Answer:
    """Somebody wants it too."""
    return await _set(click, world, on=True)


async def want_not(click: Click, world: World) -> Answer:
    """Somebody no longer wants it."""
    return await _set(click, world, on=False)


async def _set(click: Click, world: World, *, on: bool) -> Answer:
    found = await world.write(partial(_want, click, world, on))
    world.repaint(click.team, "promises.card", found.promise.id)
    text, blocks = (views.wanted if on else views.not_wanted)(found.told, found.asker.words)
    return Answer(then=[world.whisper(click, text, blocks, replace=click.argument == "own")])


def _want(click: Click, world: World, on: bool, db: Session) -> Found:
    found = find(db, world, click, click.value, Action.WANT_PROMISE)
    allow(found.asker.member, Action.WANT_PROMISE)
    if found.session.is_practice and click.user != found.session.created_by:
        raise Refused("promises.gone")
    if found.promise.agreed_at is None and not found.is_owner:
        raise Refused("promises.gone")  # who was asked and did not say yes is named nowhere
    if on and found.is_owner:
        raise Refused("promises.your_own")
    if on and not (found.promise.stands and found.promise.is_public):
        raise Refused("promises.no_more_wanting", name=found.told.owner_name)
    if inbox.first(db, click.team, click.key, world.now()):
        promises.want(db, click.team, found.promise.id, click.user, world.now(), on=on)
    return found


async def tell_givers(world: World, now: datetime) -> None:
    """Tell every giver who wants what they offered since they last heard: one message a day for all of it."""
    teams = await world.database.read(partial(_waiting, now=now))
    for team in teams:
        await world.write(partial(_tell, team, now))


def _waiting(db: Session, now: datetime) -> list[str]:
    """The workspaces in which it is time to tell and somebody is to be told."""
    found = []
    for settings in programme.programmes(db):
        if tells_takers(now, settings.timezone, is_dutch_holiday) and promises.untold(db, settings.team):
            found.append(settings.team)
    return found


def _tell(team: str, now: datetime, db: Session) -> None:
    settings = programme.programme(db, team)
    if settings is None:
        return
    day = now.astimezone(ZoneInfo(settings.timezone)).date()
    by_owner: dict[str, list[str]] = {}
    for _, promise_id in promises.untold(db, team):
        promise = promises.one(db, team, promise_id)
        if promise is not None and promise.is_public:
            by_owner.setdefault(promise.owner, []).append(promise.id)
    for owner, ids in by_owner.items():
        if not timetable.take(db, team, f"promises.news:{team}:{owner}", day.isoformat(), now, now):
            continue
        promises.tell(db, team, ids, day)
        delivery.plan(
            db, team=team, key=f"promises.news:{owner}:{day}", kind="promises.news",
            arguments={"user": owner, "day": day.isoformat()}, user=owner, now=now,
        )  # fmt: skip


def next_news(db: Session, now: datetime) -> datetime | None:
    """Return when givers are told next, if there is anything to tell."""
    teams = {team for team, _ in promises.untold(db)}
    found = [
        next_telling(now, settings.timezone, is_dutch_holiday)
        for settings in programme.programmes(db)
        if settings.team in teams
    ]
    return min(found, default=None)
