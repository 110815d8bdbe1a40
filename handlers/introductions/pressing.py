"""The buttons of an introduction: wanting it, seeing first what will be asked, saying yes or no, taking it back."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.introductions import Introduction, State, agree, ask, can_be_asked, decline, take_back
from bot.problem import Refused
from bot.programme import Action, Place, Role, allow, missing
from bot.trail import Entry, Kind
from handlers.introductions.owing import owe_ask, owe_asked, owe_digest, owe_met
from handlers.introductions.telling import Side, Told, live
from handlers.routing import Answer, Click, Handler, metadata_of
from handlers.views import introductions as views
from handlers.world import Asker, World
from storage import harvest, inbox, introductions, nudges, programme, selection, trail


async def show(click: Click, world: World) -> Answer:
    """Somebody of the region wants to meet the other: show the text that will be sent, before anything is."""

    def read(db: Session) -> tuple[Asker, Told]:
        asker, told = _for_region(db, world, click, click.value)
        if not can_be_asked(told.introduction, world.now()):
            ask(told.introduction, click.user, "", world.now())  # says why not
        return asker, told

    asker, told = await world.database.read(read)
    return Answer(then=[world.open(click, views.form_(told, asker.words), push=click.in_form)])


async def start(click: Click, world: World) -> Answer:
    """The text was read and is to be sent: put it to one person of the other region."""
    asker, told = await world.write(partial(_start, click, world))
    return Answer(ack={"response_action": "update", "view": views.sent(told, asker.words).to_dict()})


def _start(click: Click, world: World, db: Session) -> tuple[Asker, Told]:
    now = world.now()
    asker, told = _for_region(db, world, click, metadata_of(click).get("id", ""))
    return asker, put(db, click, asker, told, now)


def put(db: Session, click: Click, asker: Asker, told: Told, now: datetime) -> Told:
    """Put it to one person of the other region. Raises Refused when it is too late, or nobody is there to ask."""
    found = told.introduction
    if found.starter == click.user and found.state in (State.ASKED, State.DECLINED):
        return told  # a doubled hand-in
    person = _who_answers(db, told, click.user)
    if person is None:
        raise Refused("introductions.nobody")
    after = ask(found, click.user, person, now)
    if inbox.first(db, click.team, click.key, now):
        introductions.save(db, after)
        owe_asked(db, after, now)
        owe_ask(db, after, asker.settings, now)
        owe_digest(db, after, now)
    return Told(after, told.question, told.answer, told.asking, told.answering)


async def say_yes(click: Click, world: World) -> Answer:
    """The other side wants it too: both get each other's name, once."""

    def save(db: Session) -> tuple[Asker, Introduction]:
        now = world.now()
        asker, found = _for_answerer(db, world, click)
        if found.state is State.MET:
            return asker, found  # a doubled tap
        if live(db, found) is None or not programme.member(db, click.team, found.starter or "").takes_part:
            raise Refused("introductions.over")
        after = agree(found, now)
        if inbox.first(db, click.team, click.key, now):
            _settle(db, after, now)
            owe_met(db, after, now)
        return asker, after

    return await _answered(click, world, save)


async def say_no(click: Click, world: World) -> Answer:
    """The other side would rather not: only they get to read that."""

    def save(db: Session) -> tuple[Asker, Introduction]:
        asker, found = _for_answerer(db, world, click)
        if found.state is State.DECLINED:
            return asker, found
        after = decline(found, world.now())
        if inbox.first(db, click.team, click.key, world.now()):
            introductions.save(db, after)
            nudges.drop(db, click.team, "introductions.ask", after.id)
            introductions.say_again_to_answerer(db, after, "answered", world.now())
        return asker, after

    return await _answered(click, world, save)


async def back(click: Click, world: World) -> Answer:
    """Who asked would rather not after all."""

    def save(db: Session) -> tuple[Asker, Introduction]:
        asker = world.asker(db, click)
        found = introductions.one(db, click.team, click.value)
        if found is None:
            raise missing(asker.member, Action.ASK_INTRODUCTION, "introductions.over")
        allow(asker.member, Action.ASK_INTRODUCTION, Place(wrote=found.starter == click.user))
        if found.state is State.TAKEN_BACK:
            return asker, found
        after = take_back(found)
        if inbox.first(db, click.team, click.key, world.now()):
            nudges.drop(db, click.team, "introductions.ask", after.id)
            _settle(db, after, world.now())
        return asker, after

    asker, after = await world.write(save)
    return Answer(then=[world.whisper(click, *views.asked(after, None, asker.words))])


def _settle(db: Session, after: Introduction, now: datetime) -> None:
    introductions.save(db, after)
    introductions.say_again(db, after, "settled", now)


async def _answered(click: Click, world: World, save: Callable[[Session], tuple[Asker, Introduction]]) -> Answer:
    asker, after = await world.write(save)
    if click.view_id:
        return Answer()
    return Answer(then=[world.whisper(click, *views.answered(after, None, asker.words))])


def _for_region(db: Session, world: World, click: Click, introduction_id: str) -> tuple[Asker, Told]:
    """Read an introduction for somebody of the region that asks, or of the group whose question it is."""
    asker = world.asker(db, click)
    found = introductions.one(db, click.team, introduction_id)
    if found is None:
        raise missing(asker.member, Action.ASK_INTRODUCTION, "introductions.over")
    told = live(db, found)
    if told is None:
        raise Refused("introductions.over")
    group = selection.group(db, click.team, told.question.group) if told.question.group else None
    ours = asker.member.region == told.asking.id or (group is not None and group.has(click.user))
    allow(asker.member, Action.ASK_INTRODUCTION, Place(seated=ours))
    return asker, told


def _for_answerer(db: Session, world: World, click: Click) -> tuple[Asker, Introduction]:
    asker = world.asker(db, click)
    found = introductions.one(db, click.team, click.value)
    if found is None:
        raise missing(asker.member, Action.ANSWER_INTRODUCTION, "introductions.over")
    allow(asker.member, Action.ANSWER_INTRODUCTION, Place(wrote=found.answerer == click.user))
    return asker, found


def _who_answers(db: Session, told: Told, starter: str) -> str | None:
    """Who is asked on the other side: the giver of an offer, the facilitator of the group, or who sat in it from there.

    Of what stands in the trail: who is named in it or wrote it, the region's own contact, and its facilitators.
    Nobody of the region that asks, and nobody who left.
    """
    team = told.introduction.team
    if told.answer.entry is not None:
        return _of_region(db, told, told.answer.entry, starter)
    group = selection.group(db, team, told.answer.group) if told.answer.group else None
    leading = [*_givers(db, team, told.answer), *([group.facilitator, group.note_taker] if group else [])]
    order = [user for user in dict.fromkeys([*leading, *(group.people if group else ())]) if user and user != starter]
    members = {member.user: member for member in programme.members(db, team, order)}
    for user in order:
        member = members.get(user)
        if member is None or not member.takes_part or member.region == told.asking.id:
            continue
        if user in leading or member.region == told.answering.id:
            return user
    return None


def _of_region(db: Session, told: Told, entry: Entry, starter: str) -> str | None:
    team, there = told.introduction.team, told.answering.id
    named = [value.user for value in entry.values.values() if value.user]
    contacts = trail.entries(db, team, regions=[there], kinds=[Kind.CONTACT])
    known = {member.user: member for member in programme.members(db, team) if member.region == there}
    leading = sorted(user for user, member in known.items() if Role.FACILITATOR in member.roles)
    order = [*named, entry.made_by, *(each.user() for each in contacts if each.confirmed), *leading]
    free = (user for user in order if user in known and user != starter and known[user].takes_part)
    return next(free, None)


def _givers(db: Session, team: str, answer: Side) -> list[str]:
    told = harvest.promised(db, team, [answer.id]).get(answer.id, ())
    return [each.promise.owner for each in told if each.promise.stands]


ACTIONS: dict[str, Handler] = {
    "introductions.show": show,
    "introductions.yes": say_yes,
    "introductions.no": say_no,
    "introductions.back": back,
}
FORMS: dict[str, Handler] = {"introductions.ask": start}
