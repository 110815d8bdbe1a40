"""A topic that goes by words of a note gets another name at once when the note is withdrawn; a coordinator is asked.

People chose it, and it may have a group: it stays, with its choices and its notes, and only its name is another.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from bot.delivery import Operation
from bot.impressions import Impression
from bot.programme import Action, Programme, may
from bot.worksessions import WorkSession
from handlers.delivery import Body, Render
from handlers.themes.telling import repaint
from handlers.views import themes_unnaming as views
from handlers.words import Words
from handlers.world import World
from storage import delivery, programme, selection, trail, worksessions
from storage.delivery.rows import OutboxRow
from storage.themes import changing, unnaming
from storage.themes.unnaming import Named

KIND = "themes.unnamed"
TELLING = ("worksessions.", "selection.", "followup.", "prompting.", "proposals.", "digest.post", "harvest.")
"""With what the kinds of messages begin that name topics."""


def names_of(db: Session, known: Impression | None, now: Impression) -> list[Named]:
    """Return the names that are words of a note, which it says no more; to be asked before anything follows it."""
    if known is None:
        return []
    return [one for one in unnaming.names_of(db, known) if not trail.still_says(now, one.words)]


def let_names_go(db: Session, world: World, settings: Programme, note: Impression, found: Sequence[Named]) -> None:
    """Give what went by these words another name, let every message follow, and ask the coordinators for a name."""
    if not found:
        return
    words, team, now = world.channel_words(settings), settings.team, world.now()
    done = unnaming.let_names_go(db, team, found, lambda session, place: views.neutral(session, place, words))
    why = f"unnamed:{note.id}v{note.version}"
    for session in {session.id: session for session, _, _ in done}.values():
        follow(db, session, why, world)
    repaint(db, world, team)
    coordinators = [each for each in programme.members(db, team) if may(each, Action.CURATE_THEMES)]
    for session, topic, name in done:
        place = next((n for n, each in enumerate(session.topics, 1) if each.id == topic), 0)
        if name != views.neutral(session, place, words):
            continue
        for member in coordinators:
            delivery.plan(
                db, team=team, key=f"{KIND}:{topic}:{note.id}:{member.user}", kind=KIND,
                arguments={"session": session.id, "topic": topic, "name": name}, user=member.user, now=now,
            )  # fmt: skip


def name_again(db: Session, world: World, settings: Programme, theme: str, was: str) -> None:
    """A theme got a name in the place of a neutral one: so do its topics, and what shows them."""
    card = changing.card(db, settings.team, theme)
    if card is None or card.name == was:
        return
    words, waiting, sessions = world.channel_words(settings), [], []
    for topic, (session_id, place) in unnaming.topics_called(
        db, settings.team, changing.family(db, settings.team, theme), was
    ).items():
        session = worksessions.one(db, settings.team, session_id)
        if session is not None and views.neutral(session, place, words) == was:
            waiting.append(topic)
            sessions.append(session)
    if not waiting:
        return
    unnaming.give_name(db, settings.team, waiting, card.name, card.short_name or card.name[:20].rstrip(), was)
    for session in {each.id: each for each in sessions}.values():
        follow(db, session, f"named:{theme}v{card.version}", world)
    for topic in waiting:
        for key in delivery.keys(db, settings.team, KIND, topic):
            delivery.plan_change(db, team=settings.team, of=key, why=f"named v{card.version}", now=world.now())


def follow(db: Session, session: WorkSession, why: str, world: World) -> None:
    """Owe whatever names the topics of a session what it says now: card, threads, call, digests and messages."""
    team, now = session.team, world.now()
    groups = selection.groups_of(db, team, session.id)
    query = select(OutboxRow.key, OutboxRow.kind).where(
        OutboxRow.team_id == team, OutboxRow.operation == Operation.POST.value, col(OutboxRow.target_key).is_(None)
    )
    known = {session.id, *(group.id for group in groups)}
    for key, kind in db.exec(query).all():
        if not kind.startswith(TELLING):
            continue
        posted = delivery.parcel(db, team, key)
        if posted is None or not (kind == "digest.post" or known & {str(each) for each in posted.arguments.values()}):
            continue
        again = {**posted.arguments, "again": True} if kind == "digest.post" else None
        delivery.plan_change(db, team=team, of=key, why=why, arguments=again, now=now)


def asked(db: Session, settings: Programme, arguments: Mapping[str, Any], words: Words) -> Body | None:
    """The message that asks for a name; once there is one it says so."""
    session = worksessions.one(db, settings.team, str(arguments["session"]))
    topic = session.topic(str(arguments["topic"])) if session else None
    if session is None or topic is None:
        return None
    return Body(*views.asked(session, topic, is_named=topic.name != arguments["name"], words=words))


MESSAGES: dict[str, Render] = {KIND: asked}
