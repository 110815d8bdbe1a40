"""What somebody writes, pastes or dictates to the bot itself: the impression of their group, or of one they choose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.impressions import (
    Heard,
    Impression,
    Source,
    as_typed,
    fits,
    is_newer,
    place_of,
    read_fields,
    reads_as_impression,
    speaks_for,
)
from bot.memory.asking import reads_as_question
from bot.problem import Problem, Refused
from bot.programme import Action, Member, Programme, Role, allow
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.delivery import Body
from handlers.impressions.keeping import group_of, group_of_thread, keep, refuse_double
from handlers.impressions.listening import SPOKEN, tells_anew
from handlers.impressions.sharing import open_groups
from handlers.posts import owe_change
from handlers.privacy import check_contents, check_texts, refusal
from handlers.routing import Answer, Click
from handlers.views import impressions_direct as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, drafts, impressions, inbox, programme

WHICH = "impressions.which"
"""The question of which group a message is, asked once per message."""


@dataclass(frozen=True)
class _Told:
    """What the writer of a message reads at once: why it was not kept. What is kept is told through the outbox."""

    words: Words
    problems: Sequence[Problem] = ()
    group: Group | None = None
    text: str = ""


async def heard(click: Click, world: World) -> Answer:
    """Somebody wrote to the bot."""
    message = click.body
    if not _is_direct(click) or str(message.get("subtype") or "") not in SPOKEN or message.get("bot_id"):
        return Answer()
    return await _receive(click, world, message, edited="")


async def edited(click: Click, world: World) -> Answer:
    """Somebody changed what they wrote to the bot."""
    message = click.body.get("message") or {}
    if not _is_direct(click) or message.get("subtype") == "tombstone" or not tells_anew(click):
        return Answer()
    return await _receive(click, world, message, edited=str(message["edited"].get("ts") or click.ts))


async def deleted(click: Click, world: World) -> Answer:
    """A message that waited for its group, or from which a form was opened, was taken away: so are its words here."""
    message = click.body.get("message") or {}
    ts = str(click.body.get("deleted_ts") or (message.get("ts") if message.get("subtype") == "tombstone" else "") or "")

    def drop(db: Session) -> None:
        if ts and inbox.first(db, click.team, f"{click.key}:drop", world.now()):
            drafts.drop_of_message(db, click.team, click.channel, ts)
            _ask_no_more(db, world, click.team, click.channel, ts)

    if ts:
        await world.write(drop)
    return Answer()


async def choose(click: Click, world: World) -> Answer:
    """Somebody said of which group their message is."""
    told = await world.write(partial(_choose, click, world))
    return Answer(then=[_whispered(click, world, told)] if told else [])


async def let_go(click: Click, world: World) -> Answer:
    """Somebody does not want their message to be kept after all."""

    def drop(db: Session) -> None:
        channel, ts = _waiting_at(db, click)
        if drafts.waiting(db, click.team, click.user, channel, ts) is None:
            _allow_twice(db, click, channel, ts)
            return
        known = impressions.heard(db, click.team, channel, ts) or Heard()
        impressions.remember_heard(db, click.team, channel, ts, replace(known, declined=True))
        drafts.drop_waiting(db, click.team, channel, ts)
        _ask_no_more(db, world, click.team, channel, ts)

    await world.write(drop)
    return Answer()


def which(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The question of which group a message is; once that is settled, what became of it."""
    team, user = settings.team, str(arguments["user"])
    channel, ts = str(arguments["channel"]), str(arguments["ts"])
    waits = drafts.waiting(db, team, user, channel, ts)
    if waits is not None:
        groups = open_groups(db, team)
        text, blocks = views.which([groups[each] for each in waits.groups if each in groups], words)
        return Body(text, blocks)
    kept = impressions.of_message(db, team, channel, ts)
    number = group_of(db, team, kept.group)[1].number if kept and kept.withdrawn_at is None else None
    text, blocks = views.settled(number, words)
    return Body(text, blocks)


async def _receive(click: Click, world: World, message: Mapping[str, Any], edited: str) -> Answer:
    told = await world.write(partial(_take, click, world, message, edited))
    author = replace(click, user=str(message.get("user") or ""), thread_ts=str(message.get("thread_ts") or ""))
    return Answer(then=[_whispered(author, world, told)] if told else [])


def _take(click: Click, world: World, message: Mapping[str, Any], edited: str, db: Session) -> _Told | None:
    """Keep what a message tells, ask of which group it is, or say why it is not kept. A remark gets the help."""
    team, channel, ts, now = click.team, click.channel, str(message.get("ts") or ""), world.now()
    settings = programme.programme(db, team)
    if settings is None or not inbox.first(db, team, f"{click.key}:direct", now):
        return None
    thread = str(message.get("thread_ts") or "")
    if group_of_thread(db, team, channel, thread) or impressions.of_message(db, team, channel, ts):
        _answered(db, click, world)
        return None
    known = impressions.heard(db, team, channel, ts)
    if not is_newer(known, edited):
        return None
    if edited:
        impressions.remember_heard(db, team, channel, ts, Heard(edited))
    user, typed = str(message.get("user") or ""), as_typed(str(message.get("text") or ""))
    member = programme.member(db, team, user)
    asker = Asker(member, settings, world.words_for(member, settings))
    drafts.drop_waiting(db, team, channel, ts)
    told = _sort(db, click, world, asker, ts, thread, typed)
    if told is not None and message.get("files") and not told.problems:
        told = None  # the files are answered (`handlers.attachments`), one answer is enough
    if drafts.waiting(db, team, user, channel, ts) is None:
        _ask_no_more(db, world, team, channel, ts)
    return told


def _sort(db: Session, click: Click, world: World, asker: Asker, ts: str, thread: str, typed: str) -> _Told | None:
    team, channel, user, words = click.team, click.channel, asker.member.user, asker.words
    too_long = not fits(read_fields(typed))
    if not too_long and (not reads_as_impression(typed) or reads_as_question(typed)):
        return None  # a question is looked up (`handlers.memory`)
    groups = [
        (session, group)
        for session, group in open_groups(db, team).values()
        if session.starts_at <= world.now()
        and (not session.is_practice or (session.created_by == user and world.now() <= session.ends_at))
    ]
    mine = _asked_about(db, click, thread, _own(asker.member, groups))
    if not mine:
        return _of_somebody_else(db, click, world, asker, [group for _, group in groups if group.has(user)])
    _answered(db, click, world)
    if too_long:
        return _Told(words, text=words("impressions.direct_too_long"))
    text, problems = typed, list[Problem]()
    for session_id in dict.fromkeys(session.id for session, _ in mine):
        screened = check_texts(db, asker.settings, session_id, {"takeaway": text})
        text, problems = screened.texts["takeaway"], [*screened.problems]
    if problems:
        return _Told(words, problems=problems, group=mine[0][1])
    if len(mine) == 1:
        _keep(db, world, asker, mine[0], channel, ts, typed)
        return None
    drafts.keep_waiting(db, team, user, channel, ts, text, [group.id for _, group in mine], world.now())
    _ask_which(db, world, team, user, channel, ts)
    return None


def _own(member: Member, groups: Iterable[tuple[WorkSession, Group]]) -> list[tuple[WorkSession, Group]]:
    """Return the groups that somebody leads, or sits in as the one who takes notes."""
    return [(session, group) for session, group in groups if speaks_for(member, group)]


def _asked_about(
    db: Session, click: Click, thread: str, mine: list[tuple[WorkSession, Group]]
) -> list[tuple[WorkSession, Group]]:
    """Who answers below our question about one group means that group."""
    found = delivery.key_at(db, click.team, click.channel, thread) if thread else None
    about = str(found[2].get("id") or found[2].get("group") or "") if found else ""
    return [(session, group) for session, group in mine if group.id == about] or mine


def _of_somebody_else(db: Session, click: Click, world: World, asker: Asker, groups: Sequence[Group]) -> _Told | None:
    """Who takes part in a group hears who can hand in for it; anybody else gets the help."""
    if not groups:
        return None
    _answered(db, click, world)
    group = groups[0]
    people = programme.members(db, click.team, [*filter(None, [group.facilitator]), *group.people])
    names = [each.name for each in people if each.user == group.facilitator or Role.NOTE_TAKER in each.roles]
    if not names:
        return _Told(asker.words, text=asker.words("impressions.nobody_shares", group=group.number))
    text = asker.words("impressions.who_shares", group=group.number, names=asker.words.list(names))
    return _Told(asker.words, text=text)


def _choose(click: Click, world: World, db: Session) -> _Told | None:
    asker = world.asker(db, click)
    channel, ts = _waiting_at(db, click)
    waits = drafts.waiting(db, click.team, click.user, channel, ts)
    if waits is None:
        _allow_twice(db, click, channel, ts)
        return None
    session, group = group_of(db, click.team, click.value)
    allow(asker.member, Action.SHARE_IMPRESSION, place_of(group, click.user))
    drafts.drop_waiting(db, click.team, channel, ts)
    _, problems = check_contents(db, asker.settings, session.id, read_fields(waits.text))
    if not problems:
        before = refuse_double(db, click.team, channel, ts)
        _keep(db, world, asker, (session, group), channel, ts, waits.text, before)
    _ask_no_more(db, world, click.team, channel, ts)
    return _Told(asker.words, problems=problems, group=group) if problems else None


def _keep(
    db: Session,
    world: World,
    asker: Asker,
    of: tuple[WorkSession, Group],
    channel: str,
    ts: str,
    typed: str,
    before: Impression | None = None,
) -> None:
    (session, group), now = of, world.now()
    contents, _ = check_contents(db, asker.settings, session.id, read_fields(typed))
    if impressions.heard(db, asker.member.team, channel, ts) is None:
        impressions.remember_heard(db, asker.member.team, channel, ts, Heard())
    new = Impression(
        id=before.id if before else world.ids("im"),
        team=asker.member.team,
        work_session=session.id,
        group=group.id,
        source=Source.DIRECT,
        author=asker.member.user,
        contents=contents,
        created_at=now,
        updated_at=now,
        version=before.version + 1 if before else 1,
        channel=channel,
        ts=ts,
        follows_message=True,
    )
    keep(db, world, asker.settings, session, group, new)


def _ask_which(db: Session, world: World, team: str, user: str, channel: str, ts: str) -> None:
    key, arguments = _key(channel, ts), {"channel": channel, "ts": ts, "user": user}
    if not delivery.plan(db, team=team, key=key, kind=WHICH, arguments=arguments, user=user, now=world.now()):
        owe_change(db, world, team, key)


def _ask_no_more(db: Session, world: World, team: str, channel: str, ts: str) -> None:
    """Let the question of which group a message is say what became of it, if it was asked."""
    owe_change(db, world, team, _key(channel, ts))


def _waiting_at(db: Session, click: Click) -> tuple[str, str]:
    """Return channel and ts of the message about which a question was asked. Raises Refused when there is none."""
    found = delivery.key_at(db, click.team, click.channel, click.ts)
    if found is None or found[1] != WHICH:
        raise Refused("impressions.waiting_gone")
    return str(found[2]["channel"]), str(found[2]["ts"])


def _allow_twice(db: Session, click: Click, channel: str, ts: str) -> None:
    """Let an impatient finger pass. Raises Refused where the message is gone without its writer having answered."""
    kept, known = impressions.of_message(db, click.team, channel, ts), impressions.heard(db, click.team, channel, ts)
    if not (kept and kept.author == click.user) and not (known and known.declined):
        raise Refused("impressions.waiting_gone")


def _key(channel: str, ts: str) -> str:
    return f"{WHICH}:{channel}:{ts}"


def _is_direct(click: Click) -> bool:
    return click.body.get("channel_type") == "im"


def _answered(db: Session, click: Click, world: World) -> None:
    """What is answered here gets no help as well (`handlers.home.showing.spoken_to`)."""
    inbox.first(db, click.team, f"{click.key}:help", world.now())


async def _whispered(click: Click, world: World, told: _Told) -> None:
    if told.problems and told.group is not None:
        await world.whisper(click, *refusal(told.group.id, told.problems, told.words))
    else:
        await world.whisper(click, told.text)
