"""Reading everything that one person's Home shows; the number of statements does not grow with groups or people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from slack_sdk.models.blocks import Block
from sqlmodel import Session

from bot.article import PUBLISH_WITHIN, readers
from bot.followup import Answer as Rsvp
from bot.programme import Action, Region, may
from bot.proposals import Bundle
from bot.selection import Duty, Group, Pick, Why, duty_of
from bot.worksessions import State, WorkSession, invited
from bot.writing import Mode
from handlers import digest, impressions
from handlers import followup as dating
from handlers.home.desk import Desk, desks
from handlers.home.waiting import in_order, is_ahead, waiting_for
from handlers.routing import Click
from handlers.selection.seating import reason_of
from handlers.views import home as views
from handlers.waiting import Urgency, Waiting
from handlers.words import Words
from handlers.world import Asker, World
from storage import delivery, followup, programme, prompting, proposals, selection, worksessions, writing
from storage.trail.follow_ups import sessions_naming

RECENT = timedelta(days=120)
"""So long a past session stays on the Home: longer than the months between two meetings."""
ASKED_AHEAD = 3
"""So many invitations wait for an answer at once, the next ones; a series has many more."""


@dataclass(frozen=True)
class OpenChoice:
    """A session in which this person can still choose: what they chose so far, and where the message is."""

    session: WorkSession
    pick: Pick | None
    link: str | None


@dataclass(frozen=True)
class Home:
    """What the Home shows one person: what waits for them first; what is `ahead` they need not do yet.

    `groups` are those they sit in or lead, newest session first; `begun` are ids of sessions, `handed_in` of groups.
    `dates` draw the polls and series that a coordinator runs, `quotes` the person's own quotes that stand somewhere,
    `digests` what the person's region reads, `model` which language model may read that region's texts.
    """

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
    waiting: tuple[Waiting, ...] = ()
    ahead: tuple[Waiting, ...] = ()
    begun: frozenset[str] = frozenset()
    handed_in: frozenset[str] = frozenset()
    quiet: bool = False
    dates: tuple[Callable[[Words], list[Block]], ...] = ()
    quotes: tuple[Callable[[Words], list[Block]], ...] = ()
    digests: tuple[Callable[[Words], list[Block]], ...] = ()
    model: Mode = Mode.NONE


def look(world: World, click: Click, db: Session) -> Home:
    """Return what the Home of whoever clicked shows now."""
    asker, now = world.asker(db, click), world.now()
    member = asker.member
    sessions = [each for each in worksessions.since(db, click.team, now - RECENT) if readers(each, [member])]
    takes_part = may(member, Action.PROPOSE_THEME)
    proposed, proposed_for = proposals.visible(db, member) if takes_part else ([], {})
    grouped = [each for each in sessions if each.state is State.GROUPED]
    groups = selection.groups_of_all(db, click.team, [each.id for each in grouped])
    mine = [
        (session, group)
        for session in reversed(sessions)
        for group in groups.get(session.id, ())
        if group.has(click.user)
    ]
    coming = [(session, group) for session, group in mine if now < session.ends_at]
    choosing = [
        _open_choice(db, session, click.user)
        for session in sessions
        if session.state is State.CHOOSING and session.closes_at and now < session.closes_at
        if invited(session, [member])
    ]
    answers = followup.own_answers(db, click.team, click.user, now)
    upcoming = [
        (each, answers.get(each.id)) for each in sessions if now < each.starts_at and each.state is not State.CANCELLED
    ]
    open_ = [each for each, answer in upcoming if answer is None and each.state is State.PLANNED]
    named = sessions_naming(db, click.team, click.user) if not all(invited(each, [member]) for each in open_) else ()
    unanswered = [each for each in open_ if each.id in named or invited(each, [member])][:ASKED_AHEAD]
    desk = desks(db, asker, sessions, groups, proposed, now) if may(member, Action.SEE_DRAFT) else ()
    waiting = [*waiting_for(db, click.team, click.user, now), *_to_choose(choosing), *_to_answer(unanswered)]
    waiting += _to_publish(desk, now)
    dates = dating.running(db, click.team, now) if may(member, Action.RUN_DATE_POLL) else []
    return Home(
        asker=asker,
        first_time=programme.welcome_once(db, click.team, click.user, now),
        regions=tuple(programme.regions(db, click.team)),
        desks=desk,
        groups=tuple(mine),
        upcoming=tuple((session, answer) for session, answer in upcoming if session not in unanswered),
        proposals=tuple(proposed),
        proposed_for=proposed_for,
        why={session.id: reason_of(db, session, group, click.user) for session, group in coming},
        choices=tuple(choice for choice in choosing if choice.pick is not None),
        may_swap=frozenset(s.id for s, group in coming if duty_of(group, click.user) is Duty.PARTICIPANT),
        waiting=in_order([each for each in waiting if not is_ahead(each, now)]),
        ahead=in_order([each for each in waiting if is_ahead(each, now)]),
        begun=frozenset(session.id for session, _ in mine if session.starts_at <= now),
        handed_in=prompting.answered(db, click.team, [session.id for session, _ in mine]).now,
        quiet=member.quiet_until is not None and now < member.quiet_until,
        dates=tuple(dates),
        quotes=tuple(impressions.own_quotes(db, click.team, click.user)),
        digests=tuple(digest.home_lines(db, asker.settings, member, now)),
        model=writing.limits(db, click.team, world.model_mode).of_region(member.region or ""),
    )


def _to_publish(found: Sequence[Desk], now: datetime) -> list[Waiting]:
    """The drafts in which nothing is missing any more: only the coordinator's check, of the oldest session first."""
    return [
        Waiting(Urgency.PUBLISH, partial(views.draft, desk.session, now), desk.session.starts_at + PUBLISH_WITHIN)
        for desk in found
        if desk.begun and not desk.published and desk.groups and desk.handed_in == desk.groups
        if not (desk.board and desk.board.gaps)
    ]


def _to_choose(choices: Sequence[OpenChoice]) -> list[Waiting]:
    return [
        Waiting(Urgency.CHOOSE, partial(views.open_choice, choice), choice.session.closes_at)
        for choice in choices
        if choice.pick is None
    ]


def _to_answer(sessions: Sequence[WorkSession]) -> list[Waiting]:
    return [Waiting(Urgency.INVITED, partial(views.invitation, each), each.starts_at) for each in sessions]


def _open_choice(db: Session, session: WorkSession, user: str) -> OpenChoice:
    at = delivery.sent(db, session.team, f"selection.card:{session.id}")
    return OpenChoice(
        session, selection.pick_of(db, session.team, session.id, user), delivery.link(*at) if at else None
    )
