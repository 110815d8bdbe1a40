"""What waits for a person: a coordinator is told once, in one message for all of it, and settles it with buttons."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.calendar import next_sending_time
from bot.delivery import NOTICE, SAID_THERE, Reason, RowState, reason_of
from bot.problem import Refused
from bot.programme import Action, Member, Programme, allow, may
from handlers.delivery.healing import heal
from handlers.delivery.letters import Body, Render
from handlers.delivery.pausing import probe
from handlers.routing import Answer, Click, Routes
from handlers.ticker import Rhythm
from handlers.views import delivery as views
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from handlers.world import World
from storage import delivery, inbox, programme
from storage.delivery import Decision, Parcel

GATHERED = timedelta(minutes=2)
"""What goes wrong together is told together."""
NOT_AGAIN = timedelta(hours=1)
"""However much goes wrong, a coordinator gets no second message within an hour; the Home shows it at once."""
NO_CODE = frozenset({Reason.OUTAGE, Reason.UNSURE, Reason.UNFOUND, Reason.LOST})
"""Reasons that are whole without Slack's word for them."""
MOST = 150
"""Parcels of which one message tells; the others are told of once these are settled."""


async def tick(world: World, now: datetime) -> None:
    """Tell of what waits for a person, look after doubles, and ask paused workspaces whether it is over."""
    await probe(world, now)
    for settings in await world.database.read(programme.programmes):
        number, oldest = await world.database.read(partial(delivery.untold, team=settings.team))
        if number and (oldest is None or now - oldest >= GATHERED):
            await world.write(partial(_tell, settings, now))
    await heal(world, now)


def _tell(settings: Programme, now: datetime, db: Session) -> None:
    """Owe everybody who can settle it one message about all that waits, once; in sending hours."""
    last = delivery.last_notice(db, settings.team)
    if last is not None and now - last < NOT_AGAIN:
        return
    waiting = [each.parcel.id for each in delivery.parked(db, settings.team)][:MOST]
    users = [member.user for member in deciders(db, settings.team)]
    at = next_sending_time(now, settings.timezone, lambda day: False)
    for user in users:
        delivery.plan(
            db,
            team=settings.team,
            key=f"{NOTICE}:{waiting[0]}:{now.isoformat(timespec='seconds')}:{user}",
            kind=NOTICE,
            arguments={"rows": waiting, "user": user},
            user=user,
            now=now,
            not_before=at,
        )
    delivery.mark_told(db, settings.team, waiting, now)


def deciders(db: Session, team: str) -> list[Member]:
    """Return who is told: the coordinators, or the administrators where there are none."""
    able = [
        member for member in programme.members(db, team) if member.takes_part and may(member, Action.DECIDE_DELIVERY)
    ]
    return [member for member in able if member.coordinates] or able


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when there is something to tell of; the rest of it is done as time passes."""
    moments = []
    for settings in programme.programmes(db):
        number, oldest = delivery.untold(db, settings.team)
        if number and oldest is not None:
            last = delivery.last_notice(db, settings.team)
            moments.append(max(oldest + GATHERED, last + NOT_AGAIN if last else oldest))
    return min(moments, default=None)


def notice(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message, as it stands now: what waits still, and what was decided."""
    rows = delivery.told(db, settings.team, arguments["rows"])
    groups = grouped(rows)
    if not groups or not (arguments.get("again") or any(not group.outcome for group in groups)):
        return None  # whatever it was about is settled before anybody was told
    return Body(*views.notice(groups, 0, words))


def grouped(rows: list[tuple[Parcel, str]]) -> list[views.Group]:
    """Put together what waits for the same reason at the same place, or what was decided of it."""
    found: dict[tuple[object, ...], views.Group] = {}
    for parcel, error in rows:
        outcome = _outcome(parcel, error)
        if outcome is None:
            continue
        reason = reason_of(error)
        code = error.removeprefix("missing_scope ") if reason is Reason.NO_RIGHT else error
        if reason in NO_CODE or outcome:
            code = ""
        kind = parcel.kind.partition(".")[0]
        name = (kind, parcel.channel, reason, code, outcome)
        known = found.get(name)
        users = (parcel.user,) if parcel.user else ()
        if known is None:
            found[name] = views.Group(kind, parcel.channel, users, reason, code, (parcel.id,), outcome)
        else:
            found[name] = replace(known, users=(*known.users, *users), numbers=(*known.numbers, parcel.id))
    return list(found.values())


def _outcome(parcel: Parcel, error: str) -> str | None:
    if parcel.state is RowState.PARKED:
        return ""
    if error == SAID_THERE:
        return Decision.THERE.value if parcel.state is RowState.SENT else "looking"
    decided = error.removeprefix("decided: ").partition(",")[0]
    if parcel.state is RowState.DROPPED and decided != error:
        return decided
    return Decision.AGAIN.value if parcel.attempt else None


async def decide(click: Click, world: World) -> Answer:
    """Somebody said what is to be done with messages that wait."""
    numbers = [int(each) for each in click.value.split(",") if each.isdecimal()][:MOST]
    try:
        decision = Decision(click.argument)
    except ValueError:
        raise Refused("slack.unknown") from None

    def save(db: Session) -> list[int]:
        asker = world.asker(db, click)
        allow(asker.member, Action.DECIDE_DELIVERY)
        if not inbox.first(db, click.team, click.key, world.now()):
            return numbers
        done = delivery.decide(db, click.team, numbers, decision, world.now())
        if done:
            delivery.show_decided(db, click.team, done, decision.value, world.now())
        return done

    if not await world.write(save):
        raise Refused("delivery.settled")
    return Answer(then=[_show_form(click, world)] if click.in_form else [])


async def show(click: Click, world: World) -> Answer:
    """Somebody wants to see on their Home what waits."""

    def look(db: Session) -> tuple[list[views.Group], int, Words]:
        asker = world.asker(db, click)
        allow(asker.member, Action.DECIDE_DELIVERY)
        return (*_open(db, click.team), asker.words)

    groups, more, words = await world.database.read(look)
    return Answer(then=[world.open(click, views.notice_form(groups, more, words))])


async def _show_form(click: Click, world: World) -> None:
    groups, more = await world.database.read(partial(_open, team=click.team))
    words = await world.words_of(click.team, click.user)
    await world.show(click.team, click.view_id, views.notice_form(groups, more, words))


def _open(db: Session, team: str) -> tuple[list[views.Group], int]:
    found = [(each.parcel, each.why) for each in delivery.parked(db, team)]
    return grouped(found[:MOST]), len(found[MOST:])


def waiting_for(db: Session, team: str, user: str, now: datetime) -> list[Waiting]:
    """On the Home of who can settle it: one line about what did not arrive."""
    if not may(programme.member(db, team, user), Action.DECIDE_DELIVERY):
        return []
    found = delivery.parked(db, team)
    if not found:
        return []
    return [Waiting(Urgency.PUBLISH, partial(views.waiting, len(found)), found[0].since)]


ROUTES = Routes(actions={"delivery.decide": decide, "delivery.open": show})
MESSAGES: dict[str, Render] = {NOTICE: notice}
RHYTHM = Rhythm(tick, next_due)
