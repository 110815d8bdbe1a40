"""The messages of a session: topics to choose from, later the groups, and the head of each group's thread."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.programme import Programme
from bot.selection import Group, chosen_first, unserved
from bot.trail.follow_ups import Via
from bot.worksessions import State, WorkSession
from handlers.delivery import Body, Render
from handlers.trail import cross_themes, follow_ups
from handlers.views import followup_moving as moving_views
from handlers.views import selection as views
from handlers.views import selection_groups as group_views
from handlers.words import Words
from storage import delivery, followup, selection, themes, worksessions


def owe_card(db: Session, session: WorkSession, now: datetime) -> None:
    """Owe the channel the message in which people choose, in the transaction that makes the session."""
    _owe(db, session, "selection.card", session.id, now)


def owe_change(db: Session, session: WorkSession, now: datetime, why: str) -> None:
    """Owe the channel the message as it is now; `why` makes the key of this change."""
    _owe_change(db, session, "selection.card", session.id, now, why)


def owe_group(db: Session, session: WorkSession, group: Group, now: datetime) -> None:
    """Owe the channel the message that opens the thread of a group."""
    _owe(db, session, "selection.group", group.id, now)


def owe_group_change(db: Session, session: WorkSession, group_id: str, now: datetime, why: str) -> None:
    """Owe the head of a group's thread as it is now."""
    _owe_change(db, session, "selection.group", group_id, now, why)


def _owe(db: Session, session: WorkSession, kind: str, subject: str, now: datetime) -> None:
    team, channel = session.team, session.channel
    delivery.plan(
        db, team=team, key=f"{kind}:{subject}", kind=kind, arguments={"id": subject}, channel=channel, now=now
    )


def _owe_change(db: Session, session: WorkSession, kind: str, subject: str, now: datetime, why: str) -> None:
    delivery.plan_change(db, team=session.team, of=f"{kind}:{subject}", why=why, now=now)


def card(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message of a session: topics to choose from, and later the groups."""
    session = worksessions.one(db, settings.team, str(arguments["id"]))
    if session is None:
        return None
    if session.state is State.CANCELLED:
        moves = followup.moving.trail(db, settings.team, session.id)
        return Body(*moving_views.cancelled(session, moves, words))
    wishes = selection.wishes(db, session.team, session.id)
    if session.state is not State.GROUPED:
        counts = chosen_first(session, selection.counts(db, session.team, session.id))
        known = themes.remembered(
            db,
            session.team,
            [topic.theme for topic in session.topics],
            practising=session.created_by if session.is_practice else "",
        )
        remembered = [topic for topic in session.topics if known[topic.theme]]
        places = chosen_first(session, selection.places(db, session)) if session.is_limited else counts
        text, blocks = views.choices(session, counts, wishes, words, remembered, places)
        told = follow_ups.told(db, settings, Via.SESSION, session.id, session.channel, words, session.title)
        along = cross_themes.told(db, session, words)
        return Body(text, [*blocks[:1], *told, *blocks[1:2], *along, *blocks[2:]])
    groups = selection.groups_of(db, session.team, session.id)
    threads = {
        group.id: link
        for group in groups
        if (at := delivery.sent(db, settings.team, f"selection.group:{group.id}")) and (link := delivery.link(*at))
    }
    left_over, waiting = unserved(session, groups), selection.unseated(db, session.team, session.id)
    return Body(*group_views.groups(session, groups, left_over, threads, wishes, waiting, words))


def group_post(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that opens the thread of a group."""
    group = selection.group(db, settings.team, str(arguments["id"]))
    session = worksessions.one(db, settings.team, group.work_session) if group else None
    if group is None or session is None:
        return None
    text, blocks = group_views.group_thread(session, group, words)
    return Body(text, [*blocks[:1], *cross_themes.told(db, session, words, group=True), *blocks[1:]])


def repaint_all(db: Session) -> list[tuple[str, str]]:
    """Return team and id of the sessions in which people are choosing: a restart may have lost their counters."""
    return [(session.team, session.id) for session in worksessions.in_state(db, [State.CHOOSING])]


MESSAGES: dict[str, Render] = {"selection.card": card, "selection.group": group_post}
