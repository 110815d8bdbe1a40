"""Handing in by form: from the button of a group, or from a message; and changing it within a day."""

import hashlib
from dataclasses import replace
from functools import partial

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
    fits,
    own_groups,
    place_of,
    read_fields,
)
from bot.privacy import check_names
from bot.problem import Problem, Refused
from bot.programme import Action, allow, may, missing
from bot.selection import Group
from bot.worksessions import State, WorkSession
from handlers.impressions import drafting
from handlers.impressions.keeping import group_of, group_of_thread, keep, leave_out, refuse_double
from handlers.privacy import check_contents
from handlers.routing import Answer, Click, metadata_of, problems_ack
from handlers.views import impressions_form as views
from handlers.views.privacy import INVOLVED
from handlers.world import Asker, World
from storage import drafts, impressions, inbox, selection, worksessions
from storage import harvest as articles


async def open_form(click: Click, world: World) -> Answer:
    """Somebody pressed "share impression" for a group."""

    def look(db: Session) -> tuple[Asker, WorkSession, Group, views.Filling | None]:
        asker = world.asker(db, click)
        session, group = shareable(db, asker, click.value)
        return asker, session, group, drafting.restored(db, asker, world, [group.id])

    asker, session, group, filling = await world.database.read(look)
    view = views.share_form([(session, group)], asker.words, metadata={"group": group.id}, filling=filling)
    return Answer(then=[world.open(click, view)])


async def open_from_message(click: Click, world: World) -> Answer:
    """Somebody wants to share a message as the impression of their group; what its labels name is read from it."""
    message = click.body.get("message") or {}
    ours = bool(message.get("bot_id"))
    text = "" if ours else as_typed(str(message.get("text") or ""))
    read = read_fields(text)
    contents = read if fits(read) else Contents(text[:LONGEST])
    form_id = world.ids("fm")

    def keep(db: Session) -> tuple[Asker, list[tuple[WorkSession, Group]], views.Filling | None]:
        asker = world.asker(db, click)
        choices = _choices(db, asker, click)
        if not ours:
            refuse_double(db, click.team, click.channel, click.ts)
        sha = _sha(contents.takeaway) if contents.takeaway == text else ""
        data = {"channel": click.channel, "ts": click.ts, "sha": sha} if not ours else {}
        worksessions.save_form(db, form_id, click.team, click.user, data, world.now())
        return asker, choices, drafting.restored(db, asker, world, [group.id for _, group in choices])

    asker, choices, filling = await world.database.write(keep)
    if filling is not None:
        filling = drafting.with_message(filling, contents, asker.words)
    else:
        note = asker.words("impressions.shortened", most=LONGEST) if not fits(read) else ""
        filling = views.Filling(contents, note=note)
    view = views.share_form(
        choices,
        asker.words,
        metadata={"form": form_id, "group": choices[0][1].id if len(choices) == 1 else ""},
        filling=filling,
    )
    return Answer(then=[world.open(click, view)])


async def share(click: Click, world: World) -> Answer:
    """The form was handed in: kept, posted in the thread and confirmed, in one transaction.

    A text with labels that was pasted in the first field is read into the others; where it does not say what the
    group takes away, the form shows what was read and asks for it.
    """
    asker, problems, unfinished = await world.write(partial(_share, click, world))
    if unfinished is not None:
        return Answer(ack={"response_action": "update", "view": drafting.refilled(click, unfinished, asker.words)})
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


def _share(click: Click, world: World, db: Session) -> tuple[Asker, list[Problem], Contents | None]:
    asker, now, given = world.asker(db, click), world.now(), metadata_of(click)
    if inbox.seen(db, click.team, click.key):
        return asker, [], None
    session, group = shareable(db, asker, given.get("group") or click.text("group"))
    typed = drafting.read_parts(click)
    names = click.text(INVOLVED)
    _, sensitive = check_contents(db, asker.settings, session.id, typed)
    problems = [*check(typed), *sensitive, *check_names(INVOLVED, names)]
    if problems:
        return asker, problems, None
    if typed == Contents(typed.takeaway) and not read_fields(typed.takeaway).takeaway.strip():
        drafting.finish(db, click, world)
        return asker, [], read_fields(typed.takeaway)
    source = drafts.one(db, click.team, click.user, given.get("group", ""))
    drafting.shared(db, click, world, given.get("group", ""), group.id)
    typed = read_fields(typed.takeaway) if typed == Contents(typed.takeaway) else typed
    if given.get("form"):
        data = worksessions.form(db, click.team, click.user, given["form"])
        if data is None:
            raise Refused("impressions.no_group")
    else:
        data = {"channel": source.channel, "ts": source.ts, "sha": source.sha} if source else {}
    channel, ts = str(data.get("channel") or "") or None, str(data.get("ts") or "") or None
    before = refuse_double(db, click.team, channel, ts) if channel and ts else None
    inbox.first(db, click.team, click.key, now)
    leave_out(db, world, asker.settings, session, names)
    contents, _ = check_contents(db, asker.settings, session.id, typed)
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
        follows_message=bool(channel) and data.get("sha") == _sha(typed.takeaway),
    )
    if channel and ts and before:
        known = impressions.heard(db, click.team, channel, ts) or Heard()
        impressions.remember_heard(db, click.team, channel, ts, replace(known, declined=False))
    if given.get("form"):
        worksessions.drop_form(db, click.team, given["form"])
    keep(db, world, asker.settings, session, group, impression)
    return asker, [], None


async def open_change(click: Click, world: World) -> Answer:
    """The author wants to change what was shared, within a day."""

    def look(db: Session) -> tuple[Asker, WorkSession, Group, Impression, views.Filling | None]:
        found = _changeable(db, world, click, click.value)
        return *found, drafting.restored(db, found[0], world, [found[3].id])

    asker, session, group, impression, filling = await world.database.read(look)
    return Answer(then=[world.open(click, views.change_form(session, group, impression, asker.words, filling))])


async def save_change(click: Click, world: World) -> Answer:
    """What was shared is changed: a next version, which the thread and a draft follow."""

    def save(db: Session) -> tuple[Asker, list[Problem]]:
        given = metadata_of(click)
        found = given.get("impression", "")
        asker, session, group, impression = _changeable(db, world, click, found)
        if given.get("version", str(impression.version)) != str(impression.version):
            raise Refused("impressions.sign.changed_since")  # somebody else changed it while the form was open
        typed = drafting.read_parts(click, impression.contents)
        names = click.text(INVOLVED)
        _, sensitive = check_contents(db, asker.settings, session.id, typed)
        problems = [*check(typed), *sensitive, *check_names(INVOLVED, names)]
        if problems or not inbox.first(db, click.team, click.key, world.now()):
            return asker, problems
        leave_out(db, world, asker.settings, session, names)
        asker, session, group, impression = _changeable(db, world, click, found)  # it may hold one of the names
        contents, _ = check_contents(db, asker.settings, session.id, typed)
        drafting.shared(db, click, world, impression.id, "")
        if contents != impression.contents:
            keep(db, world, asker.settings, session, group, change(impression, contents, world.now(), by=click.user))
        return asker, []

    asker, problems = await world.write(save)
    return Answer(ack=problems_ack(click, world, asker.words, problems)) if problems else Answer()


def shareable(db: Session, asker: Asker, group_id: str) -> tuple[WorkSession, Group]:
    """Return a group for which somebody may hand in, with its session. Raises Refused; so for another's practice."""
    try:
        session, group = group_of(db, asker.member.team, group_id)
    except Refused as gone:
        raise missing(asker.member, Action.SHARE_IMPRESSION, gone.key) from None
    if not _is_theirs(session, asker):
        raise missing(asker.member, Action.SHARE_IMPRESSION, "impressions.no_group")
    allow(asker.member, Action.SHARE_IMPRESSION, place_of(group, asker.member.user))
    return session, group


def _is_theirs(session: WorkSession, asker: Asker) -> bool:
    return not session.is_practice or session.created_by == asker.member.user


def _changeable(
    db: Session, world: World, click: Click, impression_id: str
) -> tuple[Asker, WorkSession, Group, Impression]:
    asker = world.asker(db, click)
    impression = impressions.one(db, click.team, impression_id)
    if impression is None:
        raise missing(asker.member, Action.CHANGE_IMPRESSION, "impressions.gone")
    session, group = group_of(db, click.team, impression.group)
    allow(asker.member, Action.CHANGE_IMPRESSION, place_of(group, click.user))
    if impression.withdrawn_at is not None:
        raise Refused("impressions.gone")
    if world.now() - impression.created_at > CHANGE_WINDOW:
        raise Refused("impressions.change_late")
    return asker, session, group, impression


def _choices(db: Session, asker: Asker, click: Click) -> list[tuple[WorkSession, Group]]:
    """The groups for which this person can share this message: that of its thread, else their own open ones."""
    at = group_of_thread(db, click.team, click.channel, click.thread_ts)
    if at is not None:
        session, group = group_of(db, click.team, at)
        if _is_theirs(session, asker) and may(asker.member, Action.SHARE_IMPRESSION, place_of(group, click.user)):
            return [(session, group)]
    groups = {id_: each for id_, each in open_groups(db, click.team).items() if _is_theirs(each[0], asker)}
    found = own_groups(asker.member, [group for _, group in groups.values()])
    if not found:
        allow(asker.member, Action.SHARE_IMPRESSION)
        raise Refused("impressions.no_open_group")
    return [groups[group.id] for group in found]


def open_groups(db: Session, team: str) -> dict[str, tuple[WorkSession, Group]]:
    """Return by id the groups of sessions whose article is not published yet, newest session first."""
    return {
        group.id: (session, group)
        for session in worksessions.newest(db, team)
        if session.state is State.GROUPED and articles.state_of(db, team, session.id) != "published"
        for group in selection.groups_of(db, session.team, session.id)
    }


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
