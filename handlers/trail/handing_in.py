"""An application is handed in, and the coordinator decides on it; both sides hear it."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.models.views import View
from sqlmodel import Session

from bot.calendar import is_dutch_holiday, next_sending_time
from bot.problem import Problem, Refused
from bot.programme import Action, Programme
from bot.trail import NO_TRAIL, Entry, Kind
from bot.trail import joining as rules
from bot.trail.partial import read_partial
from handlers.delivery import Body, Render
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.trail import pages
from handlers.trail.deeds import tell_deed
from handlers.trail.hearers import coordinators, facilitators
from handlers.trail.joining import framework, today_in
from handlers.trail.places import Spot, entry_at
from handlers.trail.redrawing import follow, redraw
from handlers.views import trail_joining as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, inbox, programme, trail
from storage.audit import Deed


async def hand_in(click: Click, world: World) -> Answer:
    """A region hands its application in, when nothing is missing and it is not too late; the coordinators hear it."""

    def work(db: Session) -> None:
        here, found = entry_at(db, world, click, click.value, Action.APPROVE_TRAIL)
        here.allow(Action.APPROVE_TRAIL, found)
        if found.kind is not Kind.APPLICATION or not found.stands:
            raise Refused(NO_TRAIL)
        if inbox.seen(db, click.team, click.key):
            return
        settings, now = here.asker.settings, world.now()
        today = today_in(settings, now)
        criteria, closes = framework(db, click.team, today)
        values = rules.hand_in(found, criteria, closes, today)
        inbox.first(db, click.team, click.key, now)
        trail.change(db, found, values, click.user, now)
        for user in coordinators(db, click.team):
            delivery.plan(
                db,
                team=click.team,
                key=f"trail.handed_in:{found.id}:{user}",
                kind="trail.handed_in",
                arguments={"id": found.id, "user": user},
                user=user,
                now=now,
                not_before=next_sending_time(now, settings.timezone, is_dutch_holiday),
            )

    await world.write(work)
    return Answer(then=[redraw(click, world, click.value)])


async def open_decision(click: Click, world: World) -> Answer:
    """The coordinator wants to decide on an application."""

    def read(db: Session) -> View:
        here, found = _handed_in(db, world, click, click.value)
        today = today_in(here.asker.settings, world.now())
        asked = rules.checked(found, framework(db, click.team, today)[0])
        return views.decision(
            here.code, found, asked, today, here.asker.words, pages.beneath(click) if click.in_form else ""
        )

    return Answer(then=[pages.over(click, world, await world.database.read(read))])


def _handed_in(db: Session, world: World, click: Click, entry_id: str) -> tuple[Spot, Entry]:
    here, found = entry_at(db, world, click, entry_id, Action.SHAPE_PROGRAMME)
    here.allow(Action.SHAPE_PROGRAMME)
    if found.kind is not Kind.APPLICATION or not found.stands:
        raise Refused(NO_TRAIL)
    if found.text("standing") in ("", "draft"):
        raise Refused("trail.joining_not_handed_in")
    return here, found


async def save_decision(click: Click, world: World) -> Answer:
    """The coordinator decided: with its day and the contact person, told to the region."""

    def work(db: Session) -> tuple[Spot, list[Problem]]:
        here, found = _handed_in(db, world, click, metadata_of(click).get("entry", ""))
        if inbox.seen(db, click.team, click.key):
            return here, []
        contact, on = " ".join(click.text("contact").split()), read_partial(click.text("decided_on"))
        problems = check_texts(db, here.asker.settings, None, {"contact": contact}).problems
        if on is None or not on.day:
            problems = [*problems, Problem("decided_on", "trail.joining_day")]
        if not contact:
            problems = [*problems, Problem("contact", "trail.problem.empty")]
        if problems or on is None:
            return here, list(problems)
        inbox.first(db, click.team, click.key, world.now())
        values = rules.decide(found, click.text("outcome"), contact[:200], on.first)
        trail.change(db, found, values, click.user, world.now())
        tell_deed(db, world, click, Deed.ANSWERED, found)
        _owe_decided(db, trail.one(db, click.team, found.id) or found, here.asker.settings, world.now())
        return here, []

    here, problems = await world.write(work)
    if problems:
        return Answer(ack=problems_ack(click, world, here.asker.words, problems))
    given = metadata_of(click)
    if not given.get("below"):
        return Answer()
    view = await world.database.read(partial(pages.entry, world, click, given.get("entry", ""), 0, False))
    return Answer(ack={"response_action": "update", "view": view.to_dict()}, then=[follow(click, world)])


def _owe_decided(db: Session, found: Entry, settings: Programme, now: datetime) -> None:
    """Owe the region the decision: in its channel, and to its facilitators where it has none."""
    region = programme.region(db, found.team, found.region or "")
    people = [] if region and region.channel else facilitators(db, found.team, found.region or "")
    places: list[dict[str, str]] = [{"channel": region.channel}] if region and region.channel else []
    for place in [*places, *({"user": user} for user in people)]:
        delivery.plan(
            db,
            team=found.team,
            key=f"trail.decided:{found.id}:{found.version}:{next(iter(place.values()))}",
            kind="trail.decided",
            arguments={"id": found.id, "user": place.get("user", "")},
            now=now,
            channel=place.get("channel"),
            user=place.get("user"),
            not_before=next_sending_time(now, settings.timezone, is_dutch_holiday),
        )


# Messages


def handed_in(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To the coordinator: an application is complete and waits for a decision; nothing once it is decided."""
    found = trail.one(db, settings.team, str(arguments["id"]))
    if found is None or not found.stands or found.text("standing") != "handed_in":
        return None
    if arguments.get("user") and arguments["user"] not in coordinators(db, settings.team):
        return None
    region = programme.region(db, settings.team, found.region or "")
    return Body(*views.handed_in(found, region.name if region else "", words))


def decided(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To a region: what was decided, when, and who to ask."""
    found = trail.one(db, settings.team, str(arguments["id"]))
    if found is None or not found.stands or found.text("standing") not in ("accepted", "declined"):
        return None
    if arguments.get("user") and arguments["user"] not in facilitators(db, settings.team, found.region or ""):
        return None
    return Body(*views.decided(found, words))


ACTIONS = {"trail.hand_in": hand_in, "trail.decide": open_decision}
FORMS = {"trail.decide": save_decision}
MESSAGES: dict[str, Render] = {"trail.handed_in": handed_in, "trail.decided": decided}
