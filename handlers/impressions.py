"""What groups hand in: by form, by shortcut on a message, or by a plain reply; edits and deletions follow through."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.impressions import (
    CHANGE_WINDOW,
    LONGEST,
    Contents,
    Heard,
    Impression,
    Source,
    as_typed,
    change,
    check,
    is_newer,
    own_groups,
    place_of,
    reads_as_impression,
    speaks_for,
    withdraw,
)
from bot.problem import Problem, Refused
from bot.programme import Action, Programme, allow, may
from bot.selection import Group
from bot.worksessions import State, WorkSession
from handlers import harvest
from handlers.delivery import Body
from handlers.posts import owe_pages, page_of
from handlers.routing import Answer, Click, Routes, metadata_of, problems_ack
from handlers.views import impressions as views
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, impressions, inbox, programme, selection, worksessions
from storage import harvest as articles

SPOKEN = ("", "thread_broadcast", "file_share", "me_message")
"""Subtypes of messages in which a person says something."""


async def open_form(click: Click, world: World) -> Answer:
    """Somebody pressed "share impression" for a group."""

    def look(db: Session) -> tuple[Asker, WorkSession, Group]:
        asker = world.asker(db, click)
        session, group = _group(db, click.team, click.value)
        allow(asker.member, Action.SHARE_IMPRESSION, place_of(group, click.user))
        return asker, session, group

    asker, session, group = await world.database.read(look)
    view = views.share_form([(session, group)], asker.words, metadata={"group": group.id})
    return Answer(then=[world.open(click, view)])


async def open_from_message(click: Click, world: World) -> Answer:
    """Somebody wants to share a message as the impression of their group."""
    message = click.body.get("message") or {}
    ours = bool(message.get("bot_id"))
    text = "" if ours else as_typed(str(message.get("text") or ""))
    form_id = world.ids("fm")

    def keep(db: Session) -> tuple[Asker, list[tuple[WorkSession, Group]]]:
        asker = world.asker(db, click)
        choices = _choices(db, asker, click)
        if not ours:
            _refuse_double(db, click.team, click.channel, click.ts)
        data = {"channel": click.channel, "ts": click.ts, "sha": _sha(text[:LONGEST])} if not ours else {}
        worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
        return asker, choices

    asker, choices = await world.database.write(keep)
    view = views.share_form(
        choices,
        asker.words,
        metadata={"form": form_id, "group": choices[0][1].id if len(choices) == 1 else ""},
        contents=Contents(text[:LONGEST]),
        shortened=len(text) > LONGEST,
    )
    return Answer(then=[world.open(click, view)])


async def share(click: Click, world: World) -> Answer:
    """The form was handed in: kept, posted in the thread and confirmed, in one transaction."""
    asker, problems = await world.write(partial(_share, click, world))
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


def _share(click: Click, world: World, db: Session) -> tuple[Asker, list[Problem]]:
    asker, now, given = world.asker(db, click), world.now(), metadata_of(click)
    if inbox.seen(db, click.team, click.key):
        return asker, []
    session, group = _group(db, click.team, given.get("group") or click.text("group"))
    allow(asker.member, Action.SHARE_IMPRESSION, place_of(group, click.user))
    contents = _contents(click)
    problems = check(contents)
    if problems:
        return asker, problems
    data = worksessions.form(db, click.team, click.user, given["form"]) if given.get("form") else {}
    if data is None:
        raise Refused("impressions.no_group")
    channel, ts = str(data.get("channel") or "") or None, str(data.get("ts") or "") or None
    before = _refuse_double(db, click.team, channel, ts) if channel and ts else None
    inbox.first(db, click.team, click.key, now)
    impression = Impression(
        id=before.id if before else world.ids("im"),
        team=click.team,
        work_session=session.id,
        group=group.id,
        source=Source.MESSAGE if channel else Source.FORM,
        author=click.user,
        contents=contents,
        created_at=now,
        updated_at=now,
        version=before.version + 1 if before else 1,
        channel=channel,
        ts=ts,
        follows_message=bool(channel) and data.get("sha") == _sha(contents.takeaway),
    )
    if channel and ts and before:
        known = impressions.heard(db, click.team, channel, ts) or Heard()
        impressions.remember_heard(db, click.team, channel, ts, replace(known, declined=False))
    if given.get("form"):
        worksessions.drop_form(db, given["form"])
    _keep(db, world, asker.settings, session, group, impression)
    return asker, []


async def open_change(click: Click, world: World) -> Answer:
    """The author wants to change what was shared, within a day."""

    def look(db: Session) -> tuple[Asker, WorkSession, Group, Impression]:
        return _changeable(db, world, click, click.value)

    asker, session, group, impression = await world.database.read(look)
    return Answer(then=[world.open(click, views.change_form(session, group, impression, asker.words))])


async def save_change(click: Click, world: World) -> Answer:
    """What was shared is changed: a next version, which the thread and a draft follow."""

    def save(db: Session) -> tuple[Asker, list[Problem]]:
        found = metadata_of(click).get("impression", "")
        asker, session, group, impression = _changeable(db, world, click, found)
        contents = _contents(click)
        problems = check(contents)
        if problems or not inbox.first(db, click.team, click.key, world.now()):
            return asker, problems
        if contents != impression.contents:
            _keep(db, world, asker.settings, session, group, change(impression, contents, world.now()))
        return asker, []

    asker, problems = await world.write(save)
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


async def decline(click: Click, world: World) -> Answer:
    """Who replied in the thread does not want the reply to be kept."""

    def save(db: Session) -> Asker:
        asker = world.asker(db, click)
        impression = impressions.one(db, click.team, click.value)
        if impression is None:
            raise Refused("impressions.gone")
        session, group = _group(db, click.team, impression.group)
        if impression.author != click.user:
            allow(asker.member, Action.CHANGE_IMPRESSION, place_of(group, click.user))
        if not inbox.first(db, click.team, click.key, world.now()) or impression.withdrawn_at is not None:
            return asker
        if impression.channel and impression.ts:
            known = impressions.heard(db, click.team, impression.channel, impression.ts) or Heard()
            impressions.remember_heard(db, click.team, impression.channel, impression.ts, replace(known, declined=True))
        _keep(db, world, asker.settings, session, group, withdraw(impression, world.now()))
        return asker

    asker = await world.write(save)
    text = asker.words("impressions.declined")
    return Answer(then=[world.whisper(click, text, replace=True)])


async def heard(click: Click, world: World) -> Answer:
    """Somebody wrote a message; in a group's thread it may be the group's impression."""
    message = click.body
    if str(message.get("subtype") or "") not in SPOKEN or message.get("bot_id") or not click.thread_ts:
        return Answer()
    return await _follow(click, world, message, edited="")


async def edited(click: Click, world: World) -> Answer:
    """Somebody changed a message. Slack says so too when it only found a language or a link: then nothing changed."""
    message, before = click.body.get("message") or {}, click.body.get("previous_message") or {}
    if message.get("subtype") == "tombstone":
        return await _forget(click, world, str(message.get("ts") or ""))
    if message.get("bot_id") or not message.get("edited") or message.get("text") == before.get("text"):
        return Answer()
    return await _follow(click, world, message, edited=str(message["edited"].get("ts") or click.ts))


async def deleted(click: Click, world: World) -> Answer:
    """Somebody took a message away."""
    if (click.body.get("previous_message") or {}).get("bot_id"):
        return Answer()
    return await _forget(click, world, str(click.body.get("deleted_ts") or ""))


async def _follow(click: Click, world: World, message: Mapping[str, Any], edited: str) -> Answer:
    ts, thread = str(message.get("ts") or ""), str(message.get("thread_ts") or "")

    def concerns_us(db: Session) -> bool:
        taken = bool(edited) and impressions.of_message(db, click.team, click.channel, ts) is not None
        return taken or _group_of_thread(db, click.team, click.channel, thread) is not None

    if not await world.database.read(concerns_us):
        return Answer()
    told = await world.write(partial(_take, click, world, message, edited))
    if told is None:
        return Answer()
    words, group, impression = told
    author = replace(click, user=str(message.get("user") or ""), thread_ts=thread)
    if impression is None:
        return Answer(then=[world.whisper(author, words("impressions.reply_too_long", most=LONGEST))])
    text, blocks = views.kept_reply(group, impression, words)
    return Answer(then=[world.whisper(author, text, blocks)])


def _take(
    click: Click, world: World, message: Mapping[str, Any], edited: str, db: Session
) -> tuple[Words, Group, Impression | None] | None:
    """Bring what is kept in step with the newest words of a message, in whatever order they are heard.

    Returns what its writer is to be told: that it is kept from now on, or (None) that it is too long.
    """
    now, ts, text = world.now(), str(message.get("ts") or ""), as_typed(str(message.get("text") or ""))
    known = impressions.heard(db, click.team, click.channel, ts)
    if not inbox.first(db, click.team, click.key, now) or not is_newer(known, edited):
        return None
    settings = programme.programme(db, click.team)
    impression = impressions.of_message(db, click.team, click.channel, ts)
    at = _group_of_thread(db, click.team, click.channel, str(message.get("thread_ts") or ""))
    place = impression.group if impression else at
    if settings is None or place is None:
        return None
    impressions.remember_heard(db, click.team, click.channel, ts, Heard(edited))
    session, group = _group(db, click.team, place)
    author = programme.member(db, click.team, str(message.get("user") or ""))
    words = world.words_for(author, settings)
    too_long = (words, group, None) if len(text) > LONGEST else None
    if impression is not None and (impression.withdrawn_at is None or impression.source is Source.MESSAGE):
        _rewrite(db, world, settings, session, group, impression, text)
        return too_long
    if not speaks_for(author, group):
        return None
    if not reads_as_impression(text):
        return too_long
    new = Impression(
        id=impression.id if impression else world.ids("im"),
        team=click.team,
        work_session=session.id,
        group=group.id,
        source=Source.REPLY,
        author=author.user,
        contents=Contents(text),
        created_at=now,
        updated_at=now,
        version=impression.version + 1 if impression else 1,
        channel=click.channel,
        ts=ts,
        follows_message=True,
    )
    _keep(db, world, settings, session, group, new)
    return words, group, new


def _rewrite(
    db: Session,
    world: World,
    settings: Programme,
    session: WorkSession,
    group: Group,
    impression: Impression,
    text: str,
) -> None:
    """The message behind an impression was changed. One that its author rewrote in the form stays as it is."""
    if impression.withdrawn_at is not None or not impression.follows_message or text == impression.contents.takeaway:
        return
    now = world.now()
    fits = reads_as_impression(text) if impression.source is Source.REPLY else 0 < len(text.strip()) <= LONGEST
    contents = replace(impression.contents, takeaway=text)
    value = change(impression, contents, now, from_message=True) if fits else withdraw(impression, now)
    _keep(db, world, settings, session, group, value)


async def _forget(click: Click, world: World, ts: str) -> Answer:
    def save(db: Session) -> None:
        if not ts or not inbox.first(db, click.team, click.key, world.now()):
            return
        impressions.remember_heard(db, click.team, click.channel, ts, Heard(gone=True))
        impression = impressions.of_message(db, click.team, click.channel, ts)
        settings = programme.programme(db, click.team)
        if impression is None or impression.withdrawn_at is not None or settings is None:
            return
        session, group = _group(db, click.team, impression.group)
        _keep(db, world, settings, session, group, withdraw(impression, world.now()))

    await world.write(save)
    return Answer()


def _keep(
    db: Session, world: World, settings: Programme, session: WorkSession, group: Group, impression: Impression
) -> None:
    """Write an impression, owe what is said about it, and let the article follow, in the caller's transaction."""
    themes = [topic.theme for topic in session.topics if topic.id in group.topics and topic.theme]
    impressions.save(db, impression, themes)
    if impression.source is not Source.REPLY:
        author = programme.member(db, impression.team, impression.author)
        words = world.channel_words(settings)
        _, pages = views.post(session, group, impression, author, words)
        owe_pages(
            db,
            team=impression.team,
            key=f"impressions.post:{impression.id}",
            kind="impressions.post",
            arguments={"id": impression.id},
            pages=len(pages),
            version=impression.version,
            now=world.now(),
            channel=session.channel,
            thread_key=f"selection.group:{group.id}",
        )
        owe_pages(
            db,
            team=impression.team,
            key=f"impressions.shared:{impression.id}",
            kind="impressions.shared",
            arguments={"id": impression.id},
            pages=1,
            version=impression.version,
            now=world.now(),
            user=impression.author,
        )
    harvest.follow(db, world, settings, session)


def _group(db: Session, team: str, group_id: str) -> tuple[WorkSession, Group]:
    group = selection.group(db, team, group_id)
    session = worksessions.one(db, team, group.work_session) if group else None
    if group is None or session is None:
        raise Refused("impressions.no_group")
    return session, group


def _changeable(
    db: Session, world: World, click: Click, impression_id: str
) -> tuple[Asker, WorkSession, Group, Impression]:
    asker = world.asker(db, click)
    impression = impressions.one(db, click.team, impression_id)
    if impression is None or impression.withdrawn_at is not None:
        raise Refused("impressions.gone")
    session, group = _group(db, click.team, impression.group)
    allow(asker.member, Action.CHANGE_IMPRESSION, place_of(group, click.user))
    if world.now() - impression.created_at > CHANGE_WINDOW:
        raise Refused("impressions.change_late")
    return asker, session, group, impression


def _choices(db: Session, asker: Asker, click: Click) -> list[tuple[WorkSession, Group]]:
    """The groups for which this person can share this message: that of its thread, else their own open ones."""
    at = _group_of_thread(db, click.team, click.channel, click.thread_ts)
    if at is not None:
        session, group = _group(db, click.team, at)
        if may(asker.member, Action.SHARE_IMPRESSION, place_of(group, click.user)):
            return [(session, group)]
    open_groups = {
        group.id: (session, group)
        for session in worksessions.newest(db, click.team)
        if session.state is State.GROUPED and articles.state_of(db, click.team, session.id) != "published"
        for group in selection.groups_of(db, session.id)
    }
    found = own_groups(asker.member, [group for _, group in open_groups.values()])
    if not found:
        allow(asker.member, Action.SHARE_IMPRESSION)
        raise Refused("impressions.no_open_group")
    return [open_groups[group.id] for group in found]


def _group_of_thread(db: Session, team: str, channel: str, thread_ts: str) -> str | None:
    found = delivery.key_at(db, team, channel, thread_ts) if thread_ts else None
    return str(found[2]["id"]) if found and found[1] == "selection.group" else None


def _refuse_double(db: Session, team: str, channel: str, ts: str) -> Impression | None:
    """Return the withdrawn impression of a message, if there is one. Raises Refused for one that counts or is gone."""
    known = impressions.heard(db, team, channel, ts)
    if known is not None and known.gone:
        raise Refused("impressions.message_gone")
    impression = impressions.of_message(db, team, channel, ts)
    if impression is not None and impression.withdrawn_at is None:
        _, group = _group(db, team, impression.group)
        raise Refused("impressions.taken", group=group.number)
    return impression


def _contents(click: Click) -> Contents:
    return Contents(click.text("takeaway"), click.text("quote"), click.text("question"), click.text("offer"))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def post(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The impression in the thread of its group."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    if impression is None:
        return None
    session, group = _group(db, settings.team, impression.group)
    author = programme.member(db, settings.team, impression.author)
    text, pages = views.post(session, group, impression, author, words)
    return page_of(text, pages, int(arguments["page"]), words)


def shared(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """What its author is told."""
    impression = impressions.one(db, settings.team, str(arguments["id"]))
    if impression is None:
        return None
    session, group = _group(db, settings.team, impression.group)
    article = articles.of_session(db, settings.team, session.id)
    too_late = article is not None and article.published_at is not None and impression.id not in article.sources
    text, blocks = views.shared(group, impression, too_late, words)
    return Body(text, blocks)


def ask(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The question to a facilitator whose group has not handed in."""
    session, group = _group(db, settings.team, str(arguments["id"]))
    text, blocks = views.ask(session, group, words)
    return Body(text, blocks)


ROUTES = Routes(
    actions={
        "impressions.share": open_form,
        "impressions.change": open_change,
        "impressions.decline": decline,
    },
    forms={"impressions.share": share, "impressions.change": save_change},
    shortcuts={"impressions.share": open_from_message},
    events={"message": [heard], "message_changed": [edited], "message_deleted": [deleted]},
)
MESSAGES = {"impressions.post": post, "impressions.shared": shared, "impressions.ask": ask}
