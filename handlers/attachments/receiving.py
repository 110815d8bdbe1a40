"""Somebody dropped files: each is written down in one transaction, and what is to be read is fetched after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.attachments import Attachment, Kind, State, clean_name, keep_or_refuse, kind_of, most_to_read
from bot.impressions import place_of, speaks_for
from bot.problem import Problem
from bot.programme import Action, Member, may
from bot.selection import Group
from bot.worksessions import WorkSession
from handlers.attachments.places import Spot, choices, list_anew, place_in, screened, spot_of
from handlers.attachments.settling import fetch
from handlers.routing import Answer, Click
from handlers.views import attachments as views
from handlers.views.frame import escaped
from handlers.words import Words
from handlers.world import World
from storage import attachments, delivery, impressions, inbox, programme
from storage import harvest as articles

SPOKEN = ("", "thread_broadcast", "file_share")
"""Subtypes of messages with which a person can send a file."""
MOST_AT_ONCE = 20
READABLE = (Kind.TEXT, Kind.WORD)


@dataclass
class _Tray:
    """What became of the files of one message."""

    words: Words
    session: WorkSession | None = None
    group: Group | None = None
    kept: list[Attachment] = field(default_factory=list)
    to_read: list[Attachment] = field(default_factory=list)
    refused: list[tuple[str, Problem]] = field(default_factory=list)
    published: bool = False
    may_hand_in: bool = False
    turned_away: str = ""


async def heard(click: Click, world: World) -> Answer:
    """Somebody wrote a message with files: in the thread of a group, under a session's post, or to the bot alone."""
    message = click.body
    if not message.get("files") or message.get("bot_id") or str(message.get("subtype") or "") not in SPOKEN:
        return Answer()
    direct = message.get("channel_type") == "im"
    if not direct and not click.thread_ts:
        return Answer()
    if not await world.database.read(
        lambda db: direct or spot_of(db, click.team, click.channel, click.thread_ts) is not None
    ):
        return Answer()
    tray = await world.write(partial(_receive, click, world))
    if tray is None:
        return Answer()
    fetching = [fetch(world, click.team, file.id) for file in tray.to_read if file.state is State.WAITING]
    text, blocks = _told(tray, click)
    return Answer(then=[*([world.whisper(click, text, blocks)] if text else []), *fetching])


def _receive(click: Click, world: World, db: Session) -> _Tray | None:
    """Keep, refuse or put aside every file, once; a message that is gone already leaves nothing."""
    now, message = world.now(), click.body
    if not inbox.first(db, click.team, f"{click.key}:files", now):
        return None
    known = impressions.heard(db, click.team, click.channel, click.ts)
    settings = programme.programme(db, click.team)
    if settings is None or (known is not None and known.gone):
        return None
    member = programme.member(db, click.team, click.user)
    tray = _Tray(world.words_for(member, settings))
    files = [
        raw for raw in message["files"][:MOST_AT_ONCE] if str(raw.get("mode")) not in ("tombstone", "hidden_by_limit")
    ]
    new = [_read(click, world, raw) for raw in files]
    new = [file for file in new if _is_new(db, file)]
    spot = spot_of(db, click.team, click.channel, click.thread_ts)
    if not new:
        return None
    if spot is None:
        _take_direct(db, click, world, tray, member, new)
    else:
        _take_in_thread(db, tray, spot, member, new, now)
    for file in (*tray.kept, *tray.to_read):
        attachments.save(db, screened(db, settings, file))
    for file in tray.to_read if spot is None else ():
        delivery.plan(
            db,
            team=click.team,
            key=f"attachments.which:{file.id}",
            kind="attachments.which",
            arguments={"id": file.id},
            user=click.user,
            now=now,
        )
    list_anew(db, world, settings, *tray.kept)
    return tray


def _is_new(db: Session, file: Attachment) -> bool:
    """One file is one row; a file that its sender took back can be shared anew in another message."""
    known = attachments.of_file(db, file.team, file.file)
    return known is None or (known.state is State.DECLINED and (known.channel, known.ts) != (file.channel, file.ts))


def _read(click: Click, world: World, raw: Mapping[str, Any]) -> Attachment:
    """Read Slack's description of a file; in large or shared channels there is only an id, and no name yet."""
    name = str(raw.get("name") or raw.get("title") or "")
    return Attachment(
        id=world.ids("at"),
        team=click.team,
        file=str(raw.get("id") or ""),
        state=State.KEPT,
        channel=click.channel,
        ts=click.ts,
        added_by=click.user,
        added_at=world.now(),
        name=clean_name(name) if name else "",
        kind=kind_of(name, str(raw.get("filetype") or "")),
        size=int(raw.get("size") or 0),
        permalink=str(raw.get("permalink") or ""),
    )


def _take_in_thread(db: Session, tray: _Tray, spot: Spot, member: Member, new: list[Attachment], now: Any) -> None:
    session, group = spot.session, spot.group
    tray.session, tray.group = session, group
    tray.published = articles.state_of(db, member.team, session.id) == "published"
    hands_in = group is not None and speaks_for(member, group)
    tray.may_hand_in = group is not None and may(member, Action.SHARE_IMPRESSION, place_of(group, member.user))
    if not may(member, Action.ADD_ATTACHMENT, place_in(db, session, member.user)):
        tray.turned_away = "programme.refused.add_attachment"
        return
    kept = attachments.number_kept(db, member.team, session.id, group.id if group else None)
    for file in new:
        at = replace(_same_row(db, file), work_session=session.id, group=group.id if group else None)
        readable = at.kind in READABLE and 0 < at.size <= most_to_read(at.kind)
        if not at.name or (hands_in and readable):
            tray.to_read.append(replace(at, state=State.WAITING, try_at=now))
        elif problem := keep_or_refuse(at.kind, at.size, kept + len(tray.kept)):
            tray.refused.append((at.name, problem))
        else:
            tray.kept.append(at)


def _take_direct(db: Session, click: Click, world: World, tray: _Tray, member: Member, new: list[Attachment]) -> None:
    groups = choices(db, member, world.now(), click.channel, click.thread_ts)
    if not groups:
        allowed = may(member, Action.SHARE_IMPRESSION)
        tray.turned_away = "impressions.no_open_group" if allowed else "programme.refused.share_impression"
        return
    for file in new:
        at = _same_row(db, file)
        if at.name and at.kind not in READABLE:
            nowhere = keep_or_refuse(at.kind, at.size, 0)  # what no thread takes either is not sent to one
            tray.refused.append((at.name, nowhere or Problem("file", "attachments.refused.direct")))
        elif at.name and at.size > most_to_read(at.kind):
            most = most_to_read(at.kind) // (1024 * 1024)
            tray.refused.append((at.name, Problem("file", "attachments.refused.size", {"most": most})))
        elif len(groups) > 1:
            tray.to_read.append(replace(at, state=State.ASKED))
        else:
            (session, group), now = groups[0], world.now()
            tray.to_read.append(replace(at, state=State.WAITING, try_at=now, work_session=session.id, group=group.id))


def _same_row(db: Session, file: Attachment) -> Attachment:
    known = attachments.of_file(db, file.team, file.file)
    return replace(file, id=known.id) if known else file


def _told(tray: _Tray, click: Click) -> tuple[str, list[Any]]:
    """What whoever dropped the files is told at once, to them alone."""
    words = tray.words
    if tray.turned_away:
        return words(tray.turned_away), []
    lines = [words(problem.key, name=escaped(name or "-"), **problem.values) for name, problem in tray.refused]
    number = tray.group.number if tray.group else 0
    reading = sum(1 for file in tray.to_read if file.name) if tray.session is not None else 0
    if reading and number:
        lines.append(words.count("attachments.reading", reading, group=number))
    if tray.kept:
        kept = len(tray.kept)
        said = (
            words.count("attachments.kept_group", kept, group=number)
            if number
            else words.count("attachments.kept_session", kept)
        )
        lines.append(f"{said} {words('attachments.kept_after' if tray.published else 'attachments.kept_later')}")
    unread = tray.may_hand_in and any(file.kind in (Kind.PDF, Kind.DOCUMENT) for file in tray.kept)
    if unread:
        lines.append(words("attachments.tip"))
    if not lines:
        return "", []
    return views.received(
        lines,
        f"{click.channel}:{click.ts}",
        words,
        takes_back=bool(tray.kept or reading),
        only_keep=bool(reading),
        hand_in=tray.may_hand_in and any(file.kind in READABLE for file in tray.kept),
    )
