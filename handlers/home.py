"""The App Home: what waits for this person, and for the coordinator everything that can be done now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot.article import GroupBoard, readers
from bot.followup import Answer as Rsvp
from bot.programme import Action, Region, may
from bot.proposals import Bundle, of_scope, takes_proposals
from bot.selection import Duty, Group, Pick, Why, duty_of, leaderless
from bot.worksessions import State, WorkSession, invited
from handlers.delivery import Render
from handlers.routing import Answer, Click, Routes
from handlers.selection.seating import reason_of
from handlers.views import home as views
from handlers.world import Asker, World
from storage import delivery, followup, harvest, inbox, programme, proposals, selection, worksessions

RECENT = timedelta(days=120)
"""So long a past session stays on the Home: longer than the months between two meetings."""


@dataclass(frozen=True)
class Desk:
    """One session as the coordinator sees it: how many chose, which group misses what, whether the article is out."""

    session: WorkSession
    chosen: int
    board: tuple[GroupBoard, ...]
    article: str | None
    proposed: int = 0
    asked: bool = False
    open_for_proposals: bool = False
    leaderless: tuple[Group, ...] = ()
    waiting: int = 0


@dataclass(frozen=True)
class OpenChoice:
    """A session in which this person can still choose: what they chose so far, and where the message is."""

    session: WorkSession
    pick: Pick | None
    link: str | None


@dataclass(frozen=True)
class Home:
    """What the Home shows one person."""

    asker: Asker
    first_time: bool
    regions: tuple[Region, ...]
    desks: tuple[Desk, ...]
    groups: tuple[tuple[WorkSession, Group], ...]
    upcoming: tuple[tuple[WorkSession, Rsvp | None], ...]
    proposals: tuple[Bundle, ...] = ()
    proposed_for: Mapping[str, WorkSession] = field(default_factory=dict)
    why: Mapping[str, Why] = field(default_factory=dict)
    choices: tuple[OpenChoice, ...] = ()
    may_swap: frozenset[str] = frozenset()


async def opened(click: Click, world: World) -> Answer:
    """Somebody opened the Home."""
    if click.body.get("tab", "home") != "home":
        return Answer()
    await world.write(lambda db: inbox.first(db, click.team, click.key, world.now()))
    return Answer(then=[publish(world, click)])


async def publish(world: World, click: Click) -> None:
    """Draw the Home of whoever clicked; of somebody new, Slack is asked first who they are."""
    if not await world.knows(click):
        await world.enrol(click.team, click.user)
    home = await world.database.write(partial(_look, world, click))
    view = views.home(home, home.asker.words)
    try:
        await world.slack.views_publish(user_id=click.user, view=view.to_dict())
    except SlackApiError as error:
        if error.response.get("error") != "not_enabled":
            raise


async def follow(world: World, click: Click) -> None:
    """Let the Home of whoever clicked follow what they did in it, or in a form above it; nobody's is drawn unasked."""
    if await world.database.read(partial(programme.is_welcomed, team=click.team, user=click.user)):
        await publish(world, click)


def _look(world: World, click: Click, db: Session) -> Home:
    asker, now = world.asker(db, click), world.now()
    sessions = [
        session
        for session in worksessions.newest(db, click.team)
        if session.ends_at > now - RECENT and readers(session, [asker.member])
    ]
    takes_part = may(asker.member, Action.PROPOSE_THEME)
    waiting, proposed_for = proposals.visible(db, asker.member) if takes_part else ([], {})
    desks = []
    if may(asker.member, Action.SEE_DRAFT):
        for session in sessions:
            board = tuple(harvest.board(db, click.team, session.id)) if session.state is State.GROUPED else ()
            chosen = selection.count_picks(db, session.id) if session.state is State.CHOOSING else 0
            article = harvest.state_of(db, click.team, session.id)
            planned = session.state is State.PLANNED
            proposed = len(of_scope(waiting, session.id)) if planned else 0
            asked = planned and proposals.was_asked(db, click.team, session.id)
            open_ = takes_proposals(session, now)
            without, unseated = _to_seat(db, session, now)
            desks.append(Desk(session, chosen, board, article, proposed, asked, open_, without, unseated))
    mine = [
        (session, group)
        for session in sessions
        if session.state is State.GROUPED
        for group in selection.groups_of(db, session.id)
        if group.has(click.user)
    ]
    choosing = [
        session
        for session in sessions
        if session.state is State.CHOOSING and session.closes_at and now < session.closes_at
        if invited(session, [asker.member])
    ]
    plain = [session for session, group in mine if duty_of(group, click.user) is Duty.PARTICIPANT]
    return Home(
        asker=asker,
        first_time=programme.welcome_once(db, click.team, click.user, now),
        regions=tuple(programme.regions(db, click.team)),
        desks=tuple(desks),
        groups=tuple(mine),
        upcoming=tuple(followup.upcoming(db, click.team, click.user, now)),
        proposals=tuple(waiting),
        proposed_for=proposed_for,
        why={session.id: reason_of(db, session, group, click.user) for session, group in mine},
        choices=tuple(_open_choice(db, session, click.user) for session in choosing),
        may_swap=frozenset(session.id for session in plain if now < session.ends_at),
    )


def _open_choice(db: Session, session: WorkSession, user: str) -> OpenChoice:
    at = delivery.sent(db, session.team, f"selection.card:{session.id}")
    return OpenChoice(session, selection.pick_of(db, session.id, user), delivery.link(*at) if at else None)


def _to_seat(db: Session, session: WorkSession, now: datetime) -> tuple[tuple[Group, ...], int]:
    """Return the groups without a facilitator and how many people have no place; nothing once the session is over."""
    if session.state is not State.GROUPED or now >= session.ends_at:
        return (), 0
    groups = selection.groups_of(db, session.id)
    leading = [group.facilitator for group in groups if group.facilitator]
    away = {member.user for member in programme.members(db, session.team, leading) if not member.takes_part}
    return tuple(leaderless(groups, away)), len(selection.unseated(db, session.id))


async def refresh(click: Click, world: World) -> Answer:
    """Somebody wants to see the newest state: every click in the Home brings that."""
    return Answer()


async def help_(click: Click, world: World) -> Answer:
    """`/oogst` without more: what can be done here."""
    asker = await world.database.read(partial(world.asker, click=click))
    text, blocks = views.help_(asker.member, asker.words)
    return Answer(then=[world.whisper(click, text, blocks)])


async def spoken_to(click: Click, world: World) -> Answer:
    """Somebody mentions the bot, or writes to it: say what it can do here, to them alone."""
    direct = click.name == "message" and click.body.get("channel_type") == "im"
    if click.body.get("bot_id") or click.body.get("subtype") or not (direct or click.name == "app_mention"):
        return Answer()
    if not await world.write(lambda db: inbox.first(db, click.team, f"{click.key}:help", world.now())):
        return Answer()
    return await help_(click, world)


ROUTES = Routes(
    actions={"home.refresh": refresh},
    commands={"": help_, "hulp": help_, "help": help_},
    events={"app_home_opened": [opened], "app_mention": [spoken_to], "message": [spoken_to]},
)
MESSAGES: dict[str, Render] = {}
