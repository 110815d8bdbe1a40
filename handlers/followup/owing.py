"""What follows from a date: the invitation, who hears of a change, files for agendas, and every text that names it."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from bot.calendar import is_dutch_holiday
from bot.delivery import Operation
from bot.followup import (
    Answer,
    Decided,
    Decision,
    SessionMove,
    concerned,
    meetings,
    reminder_at,
    reminder_period,
)
from bot.programme import Programme
from bot.proposals import go_on, of_scope
from bot.selection import Wish
from bot.worksessions import State, WorkSession
from handlers import digest
from handlers.proposals import telling
from handlers.selection.cards import owe_change as owe_card_change
from handlers.world import World
from storage import delivery, followup, harvest, programme, proposals, selection, timetable, worksessions


def owe(
    db: Session,
    session: WorkSession,
    kind: str,
    key: str,
    now: datetime,
    *,
    channel: str | None = None,
    user: str | None = None,
    operation: Operation = Operation.POST,
    arguments: Mapping[str, object] | None = None,
    not_after: datetime | None = None,
) -> None:
    """Owe a message about a session."""
    delivery.plan(
        db,
        team=session.team,
        key=key,
        kind=kind,
        arguments=arguments or {"id": session.id},
        channel=channel,
        user=user,
        operation=operation,
        now=now,
        not_after=not_after,
    )


def owe_invitation(db: Session, session: WorkSession, now: datetime) -> None:
    """Owe the channel the invitation to a session."""
    owe(db, session, "followup.invitation", f"followup.invitation:{session.id}", now, channel=session.channel)


def owe_invitation_change(db: Session, session: WorkSession, why: str, now: datetime) -> None:
    """Owe the invitation as it is now, where there is one."""
    delivery.plan_change(db, team=session.team, of=f"followup.invitation:{session.id}", why=why, now=now)


def owe_file(db: Session, session: WorkSession, user: str, now: datetime) -> None:
    """Owe somebody the session as a file for their agenda, in the version of today."""
    times = followup.moving.give_copy(db, session.team, session.id, user, session.calendar_sequence, now)
    owe(
        db,
        session,
        "followup.calendar",
        f"followup.calendar:{session.id}:{user}:{times}",
        now,
        user=user,
        operation=Operation.FILE,
        arguments={"id": session.id, "user": user, "times": times},
    )


def owe_next_line(db: Session, session: WorkSession, why: str, now: datetime) -> None:
    """Let the published article of the session before this one name its date, every page of it."""
    before = worksessions.predecessor(db, session.team, session.id)
    article = harvest.of_session(db, session.team, before) if before else None
    if article is None:
        return
    page, key = 0, f"harvest.article:{article.id}"
    while delivery.parcel(db, session.team, key) is not None:
        delivery.plan_change(db, team=session.team, of=key, why=f"next:{why}", now=now)
        page += 1
        key = f"harvest.article:{article.id}:p{page}"


def hearers(db: Session, session: WorkSession, by: str) -> frozenset[str]:
    """Return who hears that a session gets another date, or none.

    Who said so, who chose a topic, who has the file, and who read the date in a reminder and did not say no.
    """
    answers = followup.answers(db, session.team, session.id)
    reminded = {user for user in _reminded(db, session) if answers.get(user) is not Answer.NO}
    choosing = {pick.user for pick in selection.picks_of(db, session.team, session.id) if pick.wish is not Wish.ABSENT}
    known = {member.user for member in programme.members(db, session.team) if member.takes_part}
    holders = followup.moving.holders(db, session.team, session.id)
    return concerned(answers, choosing | reminded, holders, by) & known


def _reminded(db: Session, session: WorkSession) -> set[str]:
    """Return who has a reminder of this session among their messages."""
    found = delivery.keys(db, session.team, "followup.reminder", session.id)
    return {key.rsplit(":", 1)[1] for key in found if delivery.sent(db, session.team, key)}


def change_date(
    db: Session, world: World, settings: Programme, before: WorkSession, session: WorkSession, by: str, reason: str = ""
) -> WorkSession:
    """Give a session its new date, in the caller's transaction, with all that follows from it; returns it as kept.

    The move goes into the trail, agendas get the same session with a higher number, whoever counted on the old date is
    told and asked anew, and every text that names the date follows.
    """
    now, team = world.now(), session.team
    told = hearers(db, before, by)
    worksessions.save(db, session, now)
    sequence = worksessions.raise_sequence(db, session.team, session.id)
    move = SessionMove(
        world.ids("mv"),
        session.id,
        before.starts_at,
        before.ends_at,
        session.starts_at,
        session.ends_at,
        by,
        reason,
        now,
    )
    earlier = followup.moving.trail(db, team, session.id)
    followup.moving.add(db, team, move)
    _follow_in_series(db, before, earlier, session, by, now)
    kept = worksessions.one(db, team, session.id)
    assert kept is not None
    followup.forget_answers(db, team, session.id)
    for user in sorted(told):
        arguments = {"id": session.id, "user": user, "sequence": sequence}
        key = f"followup.moved:{session.id}:{user}:{sequence}"
        owe(db, kept, "followup.moved", key, now, user=user, arguments=arguments, not_after=kept.ends_at)
    for user in followup.moving.holders(db, team, session.id):
        owe_file(db, kept, user, now)
    if kept.closes_at is not None:
        delivery.keep_until(db, team, f"selection.reminder:{session.id}:", kept.closes_at)
    skip_late_reminder(db, kept, settings, now)
    _follow(db, kept, f"moved:{sequence}", now)
    return kept


def call_off(db: Session, world: World, session: WorkSession, by: str, reason: str) -> tuple[WorkSession, int]:
    """Cancel a session in the caller's transaction: everybody concerned hears it, agendas take it out, nothing is
    reminded of any more. Returns it as kept, and how many people are told. What people promised stands.
    """
    now, team = world.now(), session.team
    told = hearers(db, session, by)
    worksessions.set_state(db, session.team, session.id, State.CANCELLED)
    sequence = worksessions.raise_sequence(db, session.team, session.id)
    earlier = followup.moving.trail(db, team, session.id)
    followup.moving.add(
        db,
        team,
        SessionMove(world.ids("mv"), session.id, session.starts_at, session.ends_at, None, None, by, reason, now),
    )
    _follow_in_series(db, session, earlier, None, by, now)
    kept = worksessions.one(db, team, session.id)
    assert kept is not None
    for user in sorted(told):
        arguments = {"id": session.id, "user": user}
        key = f"followup.cancelled:{session.id}:{user}"
        owe(db, kept, "followup.cancelled", key, now, user=user, arguments=arguments, not_after=kept.ends_at)
    for user in followup.moving.holders(db, team, session.id):
        owe_file(db, kept, user, now)
    waiting = of_scope(proposals.waiting(db, team), session.id)
    proposals.save(db, [go_on(each) for bundle in waiting for each in bundle.members])
    _follow(db, kept, f"cancelled:{sequence}", now)
    return kept, len(told)


def skip_late_reminder(db: Session, session: WorkSession, settings: Programme, now: datetime) -> None:
    """A date that is set so late that its reminder would come at once gets none: the invitation itself is one."""
    if reminder_at(session, settings.timezone, is_dutch_holiday) <= now:
        timetable.take(db, session.team, rule_of(session), reminder_period(session), now, now, "skipped")


def rule_of(session: WorkSession) -> str:
    """Name the reminder of a session among what is due."""
    return f"followup.reminder:{session.id}"


def _follow(db: Session, session: WorkSession, why: str, now: datetime) -> None:
    owe_invitation_change(db, session, why, now)
    owe_card_change(db, session, now, why)
    telling.owe_change(db, session, now, why)
    owe_next_line(db, session, why, now)
    digest.session_moved(db, session, why, now)
    if previous := worksessions.predecessor(db, session.team, session.id):
        delivery.plan_change(db, team=session.team, of=f"followup.proposal:{previous}", why=why, now=now)


def _follow_in_series(
    db: Session,
    before: WorkSession,
    earlier: list[SessionMove],
    after: WorkSession | None,
    by: str,
    now: datetime,
) -> None:
    """Let the series of a session know that this date of it went elsewhere, or is left out."""
    found = followup.series.one(db, before.team, before.series) if before.series else None
    if found is None:
        return
    first = earlier[0].from_starts_at if earlier else before.starts_at
    meeting = next((each for each in meetings(found) if each.starts_at == first), None)
    known = next((each.day for each in found.decided if each.moved_to == first.astimezone(found.zone).date()), None)
    day = known or (meeting.day if meeting else first.astimezone(found.zone).date())
    if after is None:
        decided = Decided(day, Decision.SKIP)
    else:
        to = after.starts_at.astimezone(found.zone).date()
        decided = Decided(day, Decision.KEEP) if to == day else Decided(day, Decision.MOVE, to)
    followup.series.decide(db, before.team, found.id, decided, by, now)
