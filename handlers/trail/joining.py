"""Joining in Slack: what an application misses, parties that sign, and what was declared."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.calendar import is_dutch_holiday, next_sending_time
from bot.problem import Refused
from bot.programme import Action, Programme, allow
from bot.trail import NO_TRAIL, Entry, Kind, Part, place_of
from bot.trail import joining as rules
from handlers.delivery import Body, Render
from handlers.posts import owe_change
from handlers.routing import Answer, Click
from handlers.trail.deeds import tell_deed
from handlers.trail.places import Spot, entry_at
from handlers.trail.redrawing import redraw
from handlers.views import trail_joining as views
from handlers.views.trail_beside import Draw
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, inbox, programme, trail
from storage.audit import Deed

STANDINGS = ("asked", "agreed", "against")


def framework(db: Session, team: str, today: date) -> tuple[list[Entry], date | None]:
    """Return what the programme asks of an application, and the day on which it closes."""
    found = trail.entries(db, team, regions=[None], kinds=[Kind.CRITERION, Kind.MILEPOST])
    return found, rules.closing(found, today)


def today_in(settings: Programme, now: datetime) -> date:
    """Return the day on the wall where the programme is."""
    return now.astimezone(ZoneInfo(settings.timezone)).date()


# On the pages


def on_entry(db: Session, here: Spot, entry: Entry, now: datetime) -> list[Draw]:
    """On an application what is still to do and what can be done; on a party its answer, for who may give it."""
    today, member = today_in(here.asker.settings, now), here.asker.member
    if entry.kind is Kind.PARTY and entry.stands and entry.parent:
        above = trail.one(db, entry.team, entry.parent)
        signs = entry.user() == member.user or (not entry.user() and here.may(Action.KEEP_TRAIL, entry))
        return [partial(views.party, entry)] if signs and above and above.text("standing") in ("", "draft") else []
    if entry.kind is not Kind.APPLICATION or not entry.stands or not here.may(Action.KEEP_TRAIL, entry):
        return []
    criteria, closes = framework(db, entry.team, today)
    waiting = [each for each in entry.under(Kind.PARTY) if each.user() and each.text("standing") == "asked"]
    state = views.Standing(
        entry=entry,
        missing=rules.missing(entry, criteria),
        criteria=rules.checked(entry, criteria),
        closes=closes,
        today=today,
        unasked=sum(not _was_asked(db, each) for each in waiting),
        decides=here.may(Action.SHAPE_PROGRAMME),
    )
    return [partial(views.application, state)]


def on_part(db: Session, here: Spot, part: Part, entries: Sequence[Entry], now: datetime) -> list[Draw]:
    """On the part about joining the register of what was declared: how many signed, who and when."""
    found = rules.declared(entries) if part is Part.JOINING else ()
    return [partial(views.register, found)] if found else []


# Parties


def _sign_key(party: Entry) -> str:
    return f"trail.sign:{party.id}:{party.user()}"


def _was_asked(db: Session, party: Entry) -> bool:
    return delivery.parcel(db, party.team, _sign_key(party)) is not None


async def ask_parties(click: Click, world: World) -> Answer:
    """Somebody wants the parties of an application to sign: those who are in the workspace get a message, once."""

    def work(db: Session) -> None:
        here, found = _draft(db, world, click, click.value)
        if not inbox.first(db, click.team, click.key, world.now()):
            return
        for party in found.under(Kind.PARTY):
            if party.stands and party.user() and party.text("standing") in ("", "asked"):
                _owe_sign(db, party, here.asker.settings, world.now())

    await world.write(work)
    return Answer(then=[redraw(click, world, click.value)])


def _owe_sign(db: Session, party: Entry, settings: Programme, now: datetime) -> None:
    delivery.plan(
        db,
        team=party.team,
        key=_sign_key(party),
        kind="trail.sign",
        arguments={"id": party.id, "user": party.user()},
        user=party.user(),
        now=now,
        not_before=next_sending_time(now, settings.timezone, is_dutch_holiday),
    )


def _draft(db: Session, world: World, click: Click, entry_id: str) -> tuple[Spot, Entry]:
    here, found = entry_at(db, world, click, entry_id, Action.KEEP_TRAIL)
    here.allow(Action.KEEP_TRAIL, found)
    if found.kind is not Kind.APPLICATION or not found.stands:
        raise Refused(NO_TRAIL)
    if found.text("standing") not in ("", "draft"):
        raise Refused("trail.joining_handed_in")
    return here, found


async def sign(click: Click, world: World) -> Answer:
    """A party says what it thinks: `value` is "<standing> <party>". Its own person, or who keeps it."""
    standing, _, entry_id = click.value.partition(" ")

    def work(db: Session) -> tuple[Asker, Entry]:
        here, found = entry_at(db, world, click, entry_id, Action.CONFIRM_CONTACT)
        above = trail.one(db, click.team, found.parent) if found.parent else None
        if found.kind is not Kind.PARTY or above is None or not found.stands or standing not in STANDINGS:
            raise Refused(NO_TRAIL)
        if found.user():
            allow(here.asker.member, Action.CONFIRM_CONTACT, place_of(here.asker.member, None, found))
        else:
            here.allow(Action.KEEP_TRAIL, found)
        rules.may_sign(found, above, click.user)
        if inbox.first(db, click.team, click.key, world.now()):
            day = today_in(here.asker.settings, world.now())
            trail.change(db, found, rules.sign(found, standing, day), click.user, world.now())
            tell_deed(db, world, click, Deed.CONFIRMED if standing == "agreed" else Deed.ANSWERED, found)
            if _was_asked(db, found):
                owe_change(db, world, click.team, _sign_key(found))
        return here.asker, trail.one(db, click.team, found.id) or found

    asker, after = await world.write(work)
    if click.view_id:
        return Answer(then=[redraw(click, world, entry_id)])
    return Answer(then=[world.whisper(click, *views.signed(after, asker.words))])


def changed(db: Session, world: World, before: Entry, by: str) -> None:
    """An application or a party reads differently: who signed other words, or was another person, did not sign this."""
    now = world.now()
    after = trail.one(db, before.team, before.id)
    if after is None:
        return
    fallen: tuple[Entry, ...] = ()
    if after.kind is Kind.APPLICATION:
        fallen = rules.signed_anew(after, before.values)
    elif after.kind is Kind.PARTY and after.text("standing") not in ("", "asked"):
        same = all(after.values.get(name) == before.values.get(name) for name in ("title", "who", "person"))
        fallen = () if same else (after,)
    for party in fallen:
        trail.change(db, party, rules.sign(party, "asked", now.date()), by, now)
        if _was_asked(db, party):
            owe_change(db, world, party.team, _sign_key(party))


# Messages


def ask_to_sign(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """To the person of a party: the application, with yes and no; afterwards what they said."""
    party = trail.one(db, settings.team, str(arguments["id"]))
    above = trail.one(db, settings.team, party.parent) if party and party.parent else None
    gone = party is None or above is None or not party.stands or not above.stands
    if party is None or above is None or gone or party.user() != str(arguments["user"]):
        return Body(*views.no_longer(words)) if arguments.get("again") else None
    region = programme.region(db, settings.team, party.region or "")
    if party.text("standing") != "asked" or above.text("standing") not in ("", "draft"):
        return Body(*views.signed(party, words))
    return Body(*views.ask(party, above, region.name if region else "", words))


ACTIONS = {"trail.ask_parties": ask_parties, "trail.sign": sign}
MESSAGES: dict[str, Render] = {"trail.sign": ask_to_sign}
