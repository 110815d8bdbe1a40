"""The group says whether its record is right: yes, no with a reason, or by silence once the stated time is over."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.impressions import Impression, SignOff, Standing, Verdict, check_reason, place_of, withdraw
from bot.impressions.signing import deadline
from bot.problem import Problem, Refused
from bot.programme import Action, Programme, allow, missing
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers import harvest
from handlers.delivery import Body
from handlers.impressions.keeping import group_of
from handlers.impressions.owing import owe_card, owe_objections
from handlers.privacy import check_texts
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.ticker import Rhythm
from handlers.views import impressions_signing as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import impressions, inbox, programme, worksessions


async def agree(click: Click, world: World) -> Answer:
    """Somebody of the group says that its record is right."""

    def save(db: Session) -> Asker:
        asker, session, group, impression = signable(db, world, click, click.value)
        if inbox.first(db, click.team, click.key, world.now()):
            _answer(db, world, asker, session, group, impression, SignOff(click.user, Verdict.AGREES, world.now()))
        return asker

    asker = await world.write(save)
    return Answer(then=[] if click.view_id else [world.whisper(click, asker.words("impressions.sign.noted"))])


async def open_objection(click: Click, world: World) -> Answer:
    """Somebody of the group says that its record is not right: ask why."""
    asker, _, group, impression = await world.database.read(partial(_signable, world, click, click.value))
    return Answer(then=[world.open(click, views.objection_form(group, impression, asker.words))])


async def save_objection(click: Click, world: World) -> Answer:
    """The reason was handed in; until it is taken back, the record is in no article."""

    def save(db: Session) -> tuple[Asker, list[Problem]]:
        given = metadata_of(click)
        value = f"{given.get('impression', '')}:{given.get('version', '')}"
        asker, session, group, impression = signable(db, world, click, value)
        why = click.text("reason")
        screened = check_texts(db, asker.settings, session.id, {"reason": why})
        problems = [*check_reason(why), *screened.problems]
        if problems or not inbox.first(db, click.team, click.key, world.now()):
            return asker, problems
        answer = SignOff(click.user, Verdict.OBJECTS, world.now(), " ".join(screened.texts["reason"].split()))
        _answer(db, world, asker, session, group, impression, answer)
        return asker, []

    asker, problems = await world.write(save)
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


def signable(
    db: Session, world: World, click: Click, value: str, *, writes: bool = True
) -> tuple[Asker, WorkSession, Group, Impression]:
    """Return the version that somebody of its group was shown. Raises Refused for others, and for an older version.

    With `writes`, nobody else answers or publishes until the caller's transaction is done.
    """
    impression_id, _, version = value.partition(":")
    asker = world.asker(db, click)
    if writes:
        impressions.hold(db, click.team, [impression_id])
    impression = impressions.one(db, click.team, impression_id)
    if impression is None:
        raise missing(asker.member, Action.SIGN_OFF, "impressions.gone")
    session, group = group_of(db, click.team, impression.group)
    allow(asker.member, Action.SIGN_OFF, place_of(group, click.user))
    if impression.withdrawn_at is not None:
        raise Refused("impressions.gone")
    if version != str(impression.version):
        raise Refused("impressions.sign.changed_since")
    return asker, session, group, impression


def _signable(world: World, click: Click, value: str, db: Session) -> tuple[Asker, WorkSession, Group, Impression]:
    return signable(db, world, click, value, writes=False)


def _answer(
    db: Session,
    world: World,
    asker: Asker,
    session: WorkSession,
    group: Group,
    impression: Impression,
    answer: SignOff,
) -> None:
    now = world.now()
    before = impressions.standing_of(db, session, group, impression, now)
    impressions.save_answer(db, impression, answer)
    after = impressions.standing_of(db, session, group, impression, now)
    owe_card(db, world, session, group, impression)
    if before.objections != after.objections:
        owe_objections(db, world, group, impression)
    if _told(before) != _told(after):
        harvest.hear(db, world, asker.settings, session, impression)


def _told(standing: Standing) -> Any:
    """What the coordinator is told of it."""
    return standing.state, standing.objections


async def tick(world: World, now: datetime) -> None:
    """End the answering of every version whose time is over."""
    for team, impression_id in await world.database.read(partial(_due, now=now)):
        await world.write(partial(_close, world, team, impression_id, now))


def _due(db: Session, now: datetime) -> list[tuple[str, str]]:
    return [(one.team, one.id) for one, until in _open(db) if until <= now]


def _open(db: Session) -> list[tuple[Impression, datetime]]:
    sessions: dict[str, WorkSession | None] = {}
    found = []
    for one in impressions.to_close(db):
        if one.work_session not in sessions:
            sessions[one.work_session] = worksessions.one(db, one.team, one.work_session)
        session = sessions[one.work_session]
        if session is not None:
            found.append((one, deadline(session, one.updated_at, is_dutch_holiday)))
    return found


def _close(world: World, team: str, impression_id: str, now: datetime, db: Session) -> None:
    impression, settings = impressions.one(db, team, impression_id), programme.programme(db, team)
    if impression is None or impression.withdrawn_at is not None or settings is None:
        return
    session, group = group_of(db, team, impression.group)
    until = deadline(session, impression.updated_at, is_dutch_holiday)
    before = impressions.standing_of(db, session, group, impression)
    if until > now or not impressions.close(db, impression, until, now):
        return
    owe_card(db, world, session, group, impression)
    if _told(before) != _told(impressions.standing_of(db, session, group, impression)):
        harvest.hear(db, world, settings, session, impression)


def next_due(db: Session, now: datetime) -> datetime | None:
    """Return when answering ends next."""
    return min((until for _, until in _open(db)), default=None)


def card(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The question in the group's thread whether its record is right, and where that stands."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    if impression is None:
        return None
    session, group = group_of(db, settings.team, str(arguments["group"]))
    _, own = group_of(db, settings.team, impression.group)
    standing = impressions.standing_of(db, session, own, impression)
    people = programme.members(db, settings.team, [impression.author, impression.changed_by])
    names = {member.user: member.name for member in people}
    return Body(*views.card(session, group, impression, standing, names, words))


def objections(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """Who objects and why, for the author and the facilitator of the group, as long as they are that."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    if impression is None:
        return None
    session, group = group_of(db, settings.team, impression.group)
    standing = impressions.standing_of(db, session, group, impression)
    if str(arguments["user"]) not in (impression.author, group.facilitator):
        impression = withdraw(impression, impression.updated_at)
    names = {m.user: m.name for m in programme.members(db, settings.team, [o.user for o in standing.objections])}
    return Body(*views.objections(session, group, impression, standing, names, words))


RHYTHM = Rhythm(tick, next_due)
